//! Output that its reader closes, or that a full disk does not take; homes on a full disk.

use std::{fs, process::Command};

use test_support::{
    disk::{on_small_disk, with_full_output, without_error_reader, without_reader},
    program::Running,
};

use crate::walkthrough::{Walkthrough, read_up_to};

const CASE: &str = include_str!("../../../crates/proofs/tests/fixtures/cases/one-credential.json");

/// The corpus of test vectors.
const CORPUS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/vectors");

/// Every command that prints something, in a home whose step 4 is finished.
const COMMANDS: [&[&str]; 24] = [
    &["--help"],
    &["--version"],
    &["help", "verify"],
    &["completions", "bash"],
    &["man"],
    &["--home", "home"],
    &["--json", "--home", "home"],
    &["step", "4", "--home", "home"],
    &["step", "5", "--json", "--home", "home"],
    &["search", "request.json", "--home", "home"],
    &["search", "request.json", "--json", "--explain", "--home", "home"],
    &["disclose", "request.json", "--home", "home"],
    &["disclose", "request.json", "--json", "--home", "home"],
    &["lint", "request.json"],
    &["lint", "request.json", "--json"],
    &["case", "--home", "home"],
    &["case", "from", "case.json"],
    &["convert", "--to", "anoncreds", "case.json"],
    &["verify", "case.json"],
    &["verify", "--json", "case.json"],
    &["vectors", "--corpus", CORPUS, "--filter", "basic::one-attribute"],
    &["vectors", "mutate", "case.json", "--limit-cases", "1"],
    &["wallet", "rebuild", "--home", "home"],
    &["wallet", "import", "nothing.jsonl", "--home", "home"],
];

/// Returns the program in a home whose step 4 is finished, for each command.
fn commands(walkthrough: &Walkthrough) -> impl Iterator<Item = (&'static [&'static str], Command)> {
    let request = walkthrough.state(3)["data"]["proof_request"].to_string();
    fs::write(walkthrough.path("request.json"), request).unwrap();
    fs::write(walkthrough.path("case.json"), CASE).unwrap();
    fs::write(walkthrough.path("nothing.jsonl"), "").unwrap();
    COMMANDS.into_iter().map(|arguments| (arguments, walkthrough.program_with(arguments)))
}

#[test]
fn a_closed_pipe_ends_every_command_quietly_with_141() {
    let walkthrough = Walkthrough::after_step(4);
    for (arguments, program) in commands(&walkthrough) {
        let (code, stderr) = without_reader(program);
        assert_eq!(code, Some(141), "{arguments:?}: {stderr}");
        // with --json, notes for a person are on standard error
        assert!(!stderr.contains("error"), "{arguments:?}: {stderr}");
    }
    // nothing that was finished is lost
    walkthrough.run_at_home(&[]).succeeded();
}

#[test]
fn every_command_says_that_its_output_finds_a_full_disk() {
    let walkthrough = Walkthrough::after_step(4);
    for (arguments, program) in commands(&walkthrough) {
        let (code, stderr) = with_full_output(program);
        assert_eq!(code, Some(2), "{arguments:?}: {stderr}");
        assert!(stderr.contains("cannot write the output: No space left on device"), "{stderr}");
        assert!(stderr.contains("free some space "), "{arguments:?}: {stderr}");
    }
}

#[test]
fn closed_standard_error_does_not_change_the_exit_code() {
    let walkthrough = Walkthrough::after_step(4);
    let code = |arguments: &[&str]| without_error_reader(walkthrough.program_with(arguments));
    fs::write(walkthrough.path("case.json"), CASE).unwrap();
    for (arguments, expected) in [
        (&["--json", "--home", "home"][..], 0),
        (&["verify", "case.json"], 0),
        (&["verify", "missing.json"], 2),
        (&["--no-such-option"], 2),
    ] {
        assert_eq!(code(arguments), Some(expected), "{arguments:?}");
    }
}

#[test]
fn a_pipe_that_closes_after_a_rejected_case_is_not_success() {
    let walkthrough = Walkthrough::new();
    let rejected = CASE.replacen("\"raw\":\"", "\"raw\":\"x", 1);
    fs::write(walkthrough.path("cases"), format!("{rejected}\n").repeat(40)).unwrap();
    let program = walkthrough.program_with(&["verify", "--json", "--engine", "cl", "cases"]);
    let mut running = Running::start(program);
    assert_eq!(running.read_line().unwrap()["verdict"], "rejected");
    let (code, stderr) = running.close_output();
    assert_eq!((code, stderr.as_str()), (Some(141), ""));
}

#[test]
fn a_walkthrough_whose_reader_leaves_deletes_what_it_does_not_keep() {
    let walkthrough = Walkthrough::new();
    let mut program = walkthrough.program();
    program.arg("--json");
    let mut running = Running::start(program);
    read_up_to(&mut running, "1");
    let (code, stderr) = running.close_output();
    assert_eq!((code, stderr.as_str()), (Some(141), ""));
    assert!(walkthrough.left_behind().is_empty());
}

#[test]
fn a_walkthrough_on_a_full_disk_says_so_and_can_be_continued() {
    let walkthrough = Walkthrough::new();
    let mut program = walkthrough.program();
    program.args(["--quiet", "--home", "home"]);
    for kibibytes in [8, 16, 40, 120, 200, 290, 400] {
        let Some((full, again)) = on_small_disk(&program, &walkthrough.path(""), kibibytes) else {
            return;
        };
        let full = full.failed(2, &["full", "free some space"]);
        assert!(full.stderr.contains("go on with `negotiate-proof --home "), "{}", full.stderr);
        again.unwrap().succeeded();
    }
}

#[test]
fn a_nonce_that_finds_no_room_is_no_verdict() {
    let walkthrough = Walkthrough::new();
    fs::write(walkthrough.path("case.json"), CASE).unwrap();
    let program =
        walkthrough.program_with(&["verify", "--used-nonces", "used.txt", "../case.json"]);
    // `temporary` and the empty file of nonces take no room
    let Some((full, again)) = on_small_disk(&program, &walkthrough.path(""), 0) else { return };
    if let Some(again) = again {
        let full = full.failed(2, &["cannot write", "used.txt", "free some space"]);
        assert!(!full.stdout.contains("rejected"), "{}", full.stdout);
        again.succeeded();
    }
}
