//! Output that cannot be written, and disks that are full.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::Path,
    process::{Command, Stdio},
};

use crate::program::Finished;

/// Runs a program whose standard output was closed by its reader. Returns the exit code and
/// standard error.
pub fn without_reader(mut program: Command) -> (Option<i32>, String) {
    let (reader, writer) = io::pipe().unwrap();
    drop(reader);
    ended(program.stdout(writer))
}

/// Runs a program whose standard error was closed by its reader. Returns the exit code.
pub fn without_error_reader(mut program: Command) -> Option<i32> {
    let (reader, writer) = io::pipe().unwrap();
    drop(reader);
    program.stdin(Stdio::null()).stdout(Stdio::null()).stderr(writer).status().unwrap().code()
}

/// Runs a program whose standard output goes to a full disk. Returns the exit code and standard
/// error.
pub fn with_full_output(mut program: Command) -> (Option<i32>, String) {
    let full = File::options().write(true).open("/dev/full").unwrap();
    ended(program.stdout(full))
}

fn ended(program: &mut Command) -> (Option<i32>, String) {
    let output = program.stdin(Stdio::null()).stderr(Stdio::piped()).output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(!stderr.contains("panicked"), "{stderr}");
    (output.status.code(), stderr)
}

/// Runs a program in a disk of so many KiB, mounted below this directory, and if it fails once more
/// when the disk has become larger. `None`, said on standard error, where such a disk cannot be
/// had.
pub fn on_small_disk(
    program: &Command,
    directory: &Path,
    kibibytes: u32,
) -> Option<(Finished, Option<Finished>)> {
    const SCRIPT: &str = r#"
        mount -t tmpfs -o "size=$SIZE" none disk || exit 99
        mkdir disk/temporary && export TMPDIR="$PWD/disk/temporary" && cd disk || exit 99
        "$@" > ../out 2> ../err; echo $? > ../code
        test "$(cat ../code)" = 0 && exit
        mount -o remount,size=50m "$PWD" || exit 99
        "$@" > ../out-again 2> ../err-again; echo $? > ../code-again
    "#;
    fs::create_dir_all(directory.join("disk")).unwrap();
    for file in ["code", "code-again"] {
        // left by the run before
        let _ = fs::remove_file(directory.join(file));
    }
    let mut script = Command::new("unshare");
    script.args(["--mount", "--map-root-user", "sh", "-c", SCRIPT, "sh"]);
    script.arg(program.get_program()).args(program.get_args());
    for (name, value) in program.get_envs() {
        match value {
            Some(value) => script.env(name, value),
            None => script.env_remove(name),
        };
    }
    script.current_dir(directory).env("SIZE", format!("{kibibytes}k"));
    let ended = script.stdin(Stdio::null()).stderr(Stdio::null()).status();
    if !ended.is_ok_and(|status| status.code() != Some(99)) || !directory.join("code").exists() {
        let _ = writeln!(io::stderr(), "SKIPPED: this user cannot mount a small disk");
        return None;
    }
    let read = |file: &str| fs::read_to_string(directory.join(file)).unwrap();
    let finished = |suffix: &str| Finished {
        code: read(&format!("code{suffix}")).trim().parse().ok(),
        stdout: read(&format!("out{suffix}")),
        stderr: read(&format!("err{suffix}")),
    };
    let again = directory.join("code-again").exists().then(|| finished("-again"));
    Some((finished(""), again))
}
