//! A shell in which a reader follows a page.

use std::{
    fs,
    os::unix::{fs::symlink, process::CommandExt},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use tempfile::TempDir;
use workspace_tests::root;

/// The longest session. A longer one waits for something that never comes.
const TIMEOUT: Duration = Duration::from_secs(600);

/// Runs a program in a network of its own, so that the ports on the pages are free; and ends with
/// it all processes that it started. Not every system permits this: without it, the ports are the
/// machine's.
const ISOLATED: &str = "exec unshare --user --map-root-user --net --pid --fork --kill-child \
                        sh -c 'ip link set lo up && exec \"$@\"' sh \"$@\"";

/// What a session begins with. The reader stands in the repository, and has not set `PATH`.
/// `cargo run` is the program that is built already.
const BEGIN: &str = r#"
cargo() {
    if [ "$1 $2" != "run --release" ]; then
        echo "the test builds nothing; say above the block why it is not run: cargo $*"
        return 127
    fi
    shift 2
    if [ "${1:-}" = -- ]; then shift; fi
    "$SESSION/repository/target/release/negotiate-proof" "$@"
}
cd "$SESSION/repository"
session_code=0
"#;

/// What comes after each command. A job in the background is ready when it has printed something,
/// or has ended. `jobs` forgets those that have ended, as a prompt does, so that the next one is
/// `%1` again.
const AFTER: &str = r#"
session_code=$?
if [ "${!:-}" != "${session_job:-}" ]; then
    session_job=$!
    until [ -s "$session_output" ] || ! kill -0 "$session_job" 2>/dev/null; do sleep 0.05; done
fi
jobs > /dev/null
cp "$session_output" "$session_output.first"
echo "$session_code" > "$session_output.code"
"#;

/// What a session ends with: jobs that were told to end get ten seconds for it.
const END: &str = r#"
for _ in {1..100}; do
    if [ -z "$(jobs -r -p)" ]; then break; fi
    sleep 0.1
done
jobs -r > "$SESSION/left"
"#;

/// A directory in which commands are run.
pub struct Session {
    directory: TempDir,
}

/// A session that has ended.
pub struct Ended {
    /// One for each command that has ended.
    pub outcomes: Vec<Outcome>,
    /// The jobs that ran at the end, as the shell lists them.
    pub left_running: String,
}

/// How a command ended.
pub struct Outcome {
    /// What it printed on standard output and standard error; a background job, until it was ready.
    pub output: String,
    /// Its exit code.
    pub code: i32,
}

impl Session {
    /// Makes a directory that looks like the repository after a build, with the programs in a
    /// directory.
    pub fn new(programs: &Path) -> Self {
        let directory = tempfile::tempdir().unwrap();
        fs::create_dir_all(directory.path().join("repository/target")).unwrap();
        fs::create_dir(directory.path().join("temporary")).unwrap();
        symlink(programs, directory.path().join("repository/target/release")).unwrap();
        // cases that pages verify, a credential that one of them imports, and the exercises
        for name in ["crates", "exercises", "rust-toolchain.toml", "rustfmt.toml", "tests"] {
            symlink(root().join(name), directory.path().join("repository").join(name)).unwrap();
        }
        Self { directory }
    }

    /// Runs commands one after the other in one shell, without input, to their end.
    pub fn run(&self, commands: &[&str]) -> Ended {
        let mut script = BEGIN.to_owned();
        for (index, command) in commands.iter().enumerate() {
            // the command finds the exit code of the one before
            script += &format!(
                "session_output=$SESSION/{index}\n(exit \"$session_code\")\n\
                 {{\n{command}\n}} > \"$session_output\" 2>&1 < /dev/null\n{AFTER}"
            );
        }
        fs::write(self.path("script"), script + END).unwrap();
        let mut shell = Group::start(self.shell());
        shell.wait();
        let outcomes = (0..commands.len()).map_while(|index| self.outcome(index)).collect();
        Ended { outcomes, left_running: fs::read_to_string(self.path("left")).unwrap_or_default() }
    }

    /// Returns the shell that runs the script, with a fresh environment.
    fn shell(&self) -> Command {
        let isolated = |program: &[&str]| {
            let mut command = Command::new("sh");
            command.args(["-c", ISOLATED, "sh"]).args(program);
            command
        };
        let works = isolated(&["true"]).stderr(Stdio::null()).status();
        let bash = ["bash", "--norc", "--noprofile"];
        let mut shell = match works.is_ok_and(|status| status.success()) {
            true => isolated(&bash),
            false => {
                let mut shell = Command::new(bash[0]);
                shell.args(&bash[1..]);
                shell
            }
        };
        let path = std::env::var_os("PATH").unwrap_or_default();
        shell
            .arg(self.path("script"))
            .env_clear()
            .envs([("PATH", path), ("LANG", "C.UTF-8".into())])
            .envs([("SESSION", self.directory.path()), ("HOME", self.directory.path())])
            .env("TMPDIR", self.path("temporary"));
        shell
    }

    fn outcome(&self, index: usize) -> Option<Outcome> {
        let code = fs::read_to_string(self.path(&format!("{index}.code"))).ok()?;
        let output = fs::read(self.path(&format!("{index}.first"))).ok()?;
        let output = String::from_utf8_lossy(&output).into_owned();
        Some(Outcome { output, code: code.trim().parse().ok()? })
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }
}

/// A process and all that it starts, which are killed at the end.
struct Group(Child);

impl Group {
    fn start(mut command: Command) -> Self {
        Self(command.process_group(0).stdin(Stdio::null()).spawn().unwrap())
    }

    /// Waits until the process has ended, or for [`TIMEOUT`].
    fn wait(&mut self) {
        let begun = Instant::now();
        while self.0.try_wait().unwrap().is_none() && begun.elapsed() < TIMEOUT {
            thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        let group = format!("-{}", self.0.id());
        let _ = Command::new("kill").args(["-KILL", "--", &group]).stderr(Stdio::null()).status();
        let _ = self.0.wait();
    }
}
