//! The lab is a program of its own, which stands beside this one once it is built.

use std::{fs, os::unix::fs::PermissionsExt};

use test_support::program::{Finished, Sandbox};

/// A directory with a copy of the program, which runs from there.
fn copy() -> Sandbox {
    let sandbox = Sandbox::new("./negotiate-proof");
    fs::copy(env!("CARGO_BIN_EXE_negotiate-proof"), sandbox.path("negotiate-proof")).unwrap();
    sandbox
}

fn run(sandbox: &Sandbox, arguments: &[&str]) -> Finished {
    let mut program = sandbox.program();
    program.args(arguments);
    Finished::of(program)
}

#[test]
fn without_the_lab_beside_it_the_program_says_how_to_build_it() {
    let advice = "cargo build --release -p negotiate-lab";
    run(&copy(), &["lab", "--export", "lab.html"]).failed(2, &[advice]);
}

#[test]
fn the_lab_is_given_all_arguments_and_its_failure_is_passed_on() {
    let sandbox = copy();
    let lab = sandbox.path("negotiate-proof-lab");
    fs::write(&lab, "#!/bin/sh\necho \"given $*\"\n[ \"$1\" = --export ] || exit 2\n").unwrap();
    fs::set_permissions(&lab, fs::Permissions::from_mode(0o755)).unwrap();
    let finished = run(&sandbox, &["lab", "--export", "lab.html"]).succeeded();
    assert_eq!(finished.stdout, "given --export lab.html\n");
    assert_eq!(run(&sandbox, &["lab", "--other"]).code, Some(2));
}
