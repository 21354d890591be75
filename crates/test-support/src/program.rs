//! Running a program: a directory of its own, the program's output, its end.

use std::{
    collections::BTreeMap,
    fs,
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Child, ChildStdout, Command, Stdio},
    time::{Duration, SystemTime},
};

use serde_json::Value;
use tempfile::TempDir;

/// The longest run. A program that runs longer waits for something that never comes.
const TIMEOUT: Duration = Duration::from_secs(300);

/// The caller's variables, which must not change a test.
const VARIABLES: [&str; 9] = [
    "NEGOTIATE_PROOF_REGISTRY",
    "NEGOTIATE_PROOF_WALLET",
    "NEGOTIATE_PROOF_GENESIS",
    "INDY_POOL_CLIENT",
    "NO_COLOR",
    "CLICOLOR",
    "CLICOLOR_FORCE",
    "TERM",
    "COLUMNS",
];

/// A directory in which a test runs a program.
pub struct Sandbox {
    directory: TempDir,
    program: PathBuf,
}

impl Sandbox {
    /// Makes an empty directory for this program: the test's `CARGO_BIN_EXE_...`.
    pub fn new(program: impl Into<PathBuf>) -> Self {
        let directory = tempfile::tempdir().unwrap();
        fs::create_dir(directory.path().join("temporary")).unwrap();
        Self { directory, program: program.into() }
    }

    /// Returns a path in the directory.
    pub fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// Returns what is left in the directory for temporary files.
    pub fn left_behind(&self) -> Vec<PathBuf> {
        let entries = fs::read_dir(self.path("temporary")).unwrap();
        entries.map(|entry| entry.unwrap().path()).collect()
    }

    /// Returns the program, with an environment of its own.
    pub fn program(&self) -> Command {
        let mut program = Command::new(&self.program);
        for variable in VARIABLES {
            program.env_remove(variable);
        }
        program.env("TMPDIR", self.path("temporary")).current_dir(self.directory.path());
        program
    }
}

/// A run that has ended.
#[derive(Debug)]
pub struct Finished {
    /// The exit code.
    pub code: Option<i32>,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
}

impl Finished {
    /// Runs a program to its end. It may fail, but not panic.
    pub fn of(program: Command) -> Self {
        Self::with_input(program, "")
    }

    /// Runs a program that reads `input` and then finds its input closed.
    pub fn with_input(program: Command, input: &str) -> Self {
        let output = assert_cmd::Command::from_std(program)
            .timeout(TIMEOUT)
            .write_stdin(input)
            .output()
            .unwrap();
        let finished = Self {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        };
        assert!(!finished.stderr.contains("panicked"), "{finished:?}");
        finished
    }

    /// Asserts that the run ended well, with nothing on standard error.
    #[track_caller]
    pub fn succeeded(self) -> Self {
        assert_eq!(self.code, Some(0), "{}", self.stderr);
        assert_eq!(self.stderr, "");
        self
    }

    /// Asserts that the run failed with this exit code and an error with all these words.
    #[track_caller]
    pub fn failed(self, code: i32, words: &[&str]) -> Self {
        assert_eq!(self.code, Some(code), "{self:?}");
        let error = self.stderr.lines().find(|line| line.starts_with("error: "));
        assert!(error.is_some(), "no line starts with `error:`: {}", self.stderr);
        for words in words {
            assert!(self.stderr.contains(words), "not {words:?}: {}", self.stderr);
        }
        self
    }

    /// Returns the lines of standard output, each of which must be JSON.
    #[track_caller]
    pub fn lines(&self) -> Vec<Value> {
        let lines = self.stdout.lines();
        lines.map(|line| serde_json::from_str(line).expect(line)).collect()
    }

    /// Returns the last line of standard output; all must be JSON.
    #[track_caller]
    pub fn last_line(&self) -> Value {
        self.lines().pop().expect("output")
    }
}

/// A run with `--json` that has not ended.
pub struct Running {
    /// The process.
    pub child: Child,
    stdout: BufReader<ChildStdout>,
}

impl Running {
    /// Starts a program, whose standard output must be JSON.
    pub fn start(program: Command) -> Self {
        Self::start_with(program, Stdio::null(), Stdio::piped())
    }

    /// Starts a program whose standard error the caller holds.
    pub fn start_with_errors_to(errors: Stdio, program: Command) -> Self {
        Self::start_with(program, Stdio::null(), errors)
    }

    /// Starts a program that can wait for input.
    pub fn start_with_open_input(program: Command) -> Self {
        Self::start_with(program, Stdio::piped(), Stdio::piped())
    }

    fn start_with(mut program: Command, input: Stdio, errors: Stdio) -> Self {
        let mut child = program.stdin(input).stdout(Stdio::piped()).stderr(errors).spawn().unwrap();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        Self { child, stdout }
    }

    /// Reads the next line; `None` if the program has ended.
    #[track_caller]
    pub fn read_line(&mut self) -> Option<Value> {
        let mut line = String::new();
        match self.stdout.read_line(&mut line).unwrap() {
            0 => None,
            _ => Some(serde_json::from_str(&line).expect(&line)),
        }
    }

    /// Presses Enter.
    pub fn press_enter(&mut self) {
        self.child.stdin.as_mut().unwrap().write_all(b"\n").unwrap();
    }

    /// Reads the rest of the output, and waits for the end. Returns the exit code and standard
    /// error.
    pub fn finish(mut self) -> (Option<i32>, String) {
        std::io::copy(&mut self.stdout, &mut std::io::sink()).unwrap();
        self.close_output()
    }

    /// Closes the pipe, and waits for the end. Returns the exit code and standard error.
    pub fn close_output(self) -> (Option<i32>, String) {
        drop(self.stdout);
        let output = self.child.wait_with_output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert!(!stderr.contains("panicked"), "{stderr}");
        (output.status.code(), stderr)
    }
}

/// Interrupts a process as Ctrl-C does.
pub fn interrupt(process: u32) {
    send_signal("INT", process);
}

/// Sends a signal to a process. A process that has ended already is no error.
pub fn send_signal(signal: &str, process: u32) {
    let kill = format!("kill -{signal} {process}");
    let kill = Command::new("sh").args(["-c", &kill]).stderr(Stdio::null()).status();
    kill.unwrap();
}

/// Returns all files under a directory, with their contents and the times of their last change. The
/// lock file is left out: taking a lock may touch it.
pub fn contents(directory: &Path) -> BTreeMap<PathBuf, (Vec<u8>, SystemTime)> {
    let mut files = BTreeMap::new();
    let mut directories = vec![directory.to_owned()];
    while let Some(directory) = directories.pop() {
        for entry in fs::read_dir(directory).unwrap() {
            let entry = entry.unwrap();
            let path = entry.path();
            if entry.file_type().unwrap().is_dir() {
                directories.push(path);
            } else if entry.file_name() != ".lock" {
                let changed = entry.metadata().unwrap().modified().unwrap();
                files.insert(path.clone(), (fs::read(&path).unwrap(), changed));
            }
        }
    }
    files
}
