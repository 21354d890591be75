//! The exercises: a directory for a learner, and what a machine lacks. What they check,
//! `tests/exercises/run` tries.

use std::{fs, path::Path};

use serde_json::Value;
use test_support::program::{Finished, Sandbox};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

fn run(sandbox: &Sandbox, arguments: &[&str]) -> Finished {
    let mut program = sandbox.program();
    program.arg("workshop").args(arguments);
    Finished::of(program)
}

fn sandbox() -> Sandbox {
    Sandbox::new(env!("CARGO_BIN_EXE_negotiate-proof"))
}

#[test]
fn the_directory_of_a_learner_uses_the_crates_of_the_repository() {
    let sandbox = sandbox();
    let init = ["init", "own", "--repository", ROOT];
    run(&sandbox, &init).succeeded();
    let read = |name: &str| fs::read_to_string(sandbox.path("own").join(name)).unwrap();
    let manifest = read("Cargo.toml");
    let paths = manifest.split("path = \"").filter_map(|rest| rest.split('"').next());
    let crates: Vec<_> = paths.filter(|path| path.starts_with('/')).collect();
    assert!(crates.len() >= 4, "{crates:?}");
    for path in crates {
        assert!(Path::new(path).join("Cargo.toml").is_file(), "{path}");
    }
    let target = Path::new(ROOT).canonicalize().unwrap().join("target");
    assert!(read(".cargo/config.toml").contains(&format!("target-dir = \"{}\"", target.display())));
    let exercise = "exercises/01_steps/step3_request.rs";
    assert_eq!(
        read(exercise),
        fs::read_to_string(Path::new(ROOT).join("exercises").join(exercise)).unwrap()
    );

    // a learner's work is never overwritten
    run(&sandbox, &init).failed(2, &["own is not empty", "name a new directory"]);
}

/// As in a hook of git, or in `git rebase --exec`.
#[test]
fn a_learners_directory_is_a_repository_of_its_own_whatever_git_was_told() {
    let sandbox = sandbox();
    fs::create_dir(sandbox.path("other")).unwrap();
    let mut program = sandbox.program();
    program.env("GIT_DIR", sandbox.path("other"));
    program.args(["workshop", "init", "own", "--repository", ROOT]);
    Finished::of(program).succeeded();
    assert!(sandbox.path("own/.git/HEAD").is_file());
    // nor may what git is configured to do change what is committed
    fs::create_dir(sandbox.path("template")).unwrap();
    fs::write(sandbox.path("template/config"), "[core]\n\tworktree = /tmp\n").unwrap();
    let mut program = sandbox.program();
    program.env("GIT_TEMPLATE_DIR", sandbox.path("template")).env("GIT_AUTHOR_DATE", "garbage");
    program.args(["workshop", "init", "again", "--repository", ROOT, "--json"]);
    assert_eq!(Finished::of(program).succeeded().last_line()["can_be_reset"], true);
    let committed = std::process::Command::new("git")
        .args(["ls-files", "--error-unmatch", "Cargo.toml", "info.toml"])
        .current_dir(sandbox.path("again"))
        .status();
    assert!(committed.unwrap().success());
    assert_eq!(fs::read_dir(sandbox.path("other")).unwrap().count(), 0);
}

/// As on a full disk: the advice is to run the command again.
#[test]
fn what_cannot_be_made_is_not_left_half_made() {
    let sandbox = sandbox();
    fs::create_dir_all(sandbox.path("repository/exercises")).unwrap();
    fs::create_dir_all(sandbox.path("repository/crates/workshop")).unwrap();
    fs::write(sandbox.path("repository/exercises/info.toml"), "").unwrap();
    fs::write(sandbox.path("repository/exercises/Cargo.lock"), "").unwrap();
    let init = ["init", "own", "--repository", "repository"];
    for _ in 0..2 {
        run(&sandbox, &init).failed(2, &["cannot copy"]);
        assert_eq!(fs::read_dir(sandbox.path("own")).unwrap().count(), 0);
    }
}

#[cfg(unix)]
#[test]
fn a_directory_may_have_a_name_that_is_not_utf_8() {
    use std::{ffi::OsStr, os::unix::ffi::OsStrExt};

    let sandbox = sandbox();
    let mut program = sandbox.program();
    program.args(["workshop", "init", "--repository", ROOT, "--json"]);
    program.arg(OsStr::from_bytes(b"own\xff"));
    let line = Finished::of(program).succeeded().last_line();
    assert_eq!(line["directory"], "own\u{fffd}");
}

#[test]
fn without_a_repository_the_program_says_how_to_name_it() {
    let sandbox = Sandbox::new("./negotiate-proof");
    fs::copy(env!("CARGO_BIN_EXE_negotiate-proof"), sandbox.path("negotiate-proof")).unwrap();
    run(&sandbox, &["init", "own"]).failed(2, &["--repository DIR"]);
    run(&sandbox, &["init", "own", "--repository", "."])
        .failed(2, &[". has no exercises/info.toml"]);
}

#[test]
fn the_doctor_names_what_is_missing_and_what_to_do() {
    let sandbox = sandbox();
    let mut program = sandbox.program();
    program.env("PATH", sandbox.path("temporary"));
    program.args(["workshop", "doctor", "--json", "--repository", ROOT]);
    let finished = Finished::of(program);
    assert_eq!(finished.code, Some(1), "{finished:?}");
    let found: Value = serde_json::from_str(&finished.stdout).unwrap();
    let findings = found["findings"].as_array().unwrap();
    for (what, advice) in [
        ("Rust", "https://rustup.rs"),
        ("Clippy", "rustup component add clippy"),
        ("rustlings", "cargo install rustlings@"),
        ("C compiler", "install gcc"),
    ] {
        let finding = findings.iter().find(|finding| finding["what"] == what).unwrap();
        assert_eq!(finding["good"], false, "{finding}");
        assert!(finding["found"].as_str().unwrap().contains(advice), "{finding}");
    }
}
