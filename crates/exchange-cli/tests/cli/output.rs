//! Output that its reader closes, or that a full disk does not take; homes on a full disk.

use test_support::disk::{on_small_disk, with_full_output, without_reader};

use crate::{
    corpus::{CORPUS, TESTS},
    session::Session,
};

/// Every command that prints something.
const COMMANDS: [&[&str]; 19] = [
    &["--help"],
    &["--version"],
    &["help", "verify"],
    &["completions", "bash"],
    &["man"],
    &["example", "rental"],
    &["issue", "orders.json", "--home", "other"],
    &["issue", "orders.json", "--home", "third", "--json"],
    &["holder", "--home", "alex"],
    &["holder", "--home", "alex", "--json"],
    &["request", "criteria.json", "--home", "bank"],
    &["request", "criteria.json", "--home", "bank", "--json"],
    &["request", "criteria.json", "--home", "bank", "--qr"],
    &["serve", "--home", "bank", "--listen", "127.0.0.1:0"],
    &["respond", "request.json", "--home", "alex", "--dry-run"],
    &["respond", "request.json", "--home", "alex", "--dry-run", "--json"],
    &["verify", "request.json", "response.json"],
    &["verify", "request.json", "response.json", "--json"],
    &["vectors", "--corpus", CORPUS, "--filter", TESTS[0]],
];

fn session() -> Session {
    let session = Session::with_credentials();
    session.request("http://127.0.0.1:9");
    session.respond_in_file();
    session
}

#[test]
fn a_closed_pipe_ends_every_command_quietly_with_141() {
    let session = session();
    for arguments in COMMANDS {
        let ended = without_reader(session.program(arguments));
        assert_eq!(ended, (Some(141), String::new()), "{arguments:?}");
    }
}

#[test]
fn every_command_says_that_its_output_finds_a_full_disk() {
    let session = session();
    for arguments in COMMANDS {
        let (code, stderr) = with_full_output(session.program(arguments));
        assert_eq!(code, Some(2), "{arguments:?}: {stderr}");
        assert!(stderr.contains("cannot write the output: No space left on device"), "{stderr}");
        assert!(stderr.contains("free some space "), "{arguments:?}: {stderr}");
    }
}

#[test]
fn issuing_on_a_full_disk_says_so_and_can_be_continued() {
    let session = Session::with_files_of("credit-card");
    let program = session.program(&["issue", "../orders.json", "--home", "alex", "--quiet"]);
    for kibibytes in [8, 40, 120, 200, 290, 500] {
        let Some((full, again)) = on_small_disk(&program, &session.path(""), kibibytes) else {
            return;
        };
        full.failed(2, &["full", "free some space"]);
        again.unwrap().succeeded();
    }
}

#[test]
fn an_example_on_a_full_disk_can_be_written_again() {
    let session = Session::new();
    let program = session.program(&["example", "credit-card"]);
    let Some((full, again)) = on_small_disk(&program, &session.path(""), 8) else { return };
    full.failed(2, &["cannot write credit-card/", "the disk is full; free some space"]);
    again.unwrap().succeeded();
}

#[test]
fn a_verdict_on_a_response_is_wrapped_to_the_columns() {
    let session = session();
    session.write_changed("response.json", "changed.json", |response| {
        response["FulfilledCriteria"].as_array_mut().unwrap().pop();
    });
    for columns in [40, 80, 120] {
        for arguments in [&[][..], &["--all"]] {
            let mut program = session.program(&["verify", "request.json", "changed.json"]);
            program.args(arguments).env("COLUMNS", columns.to_string());
            let text = test_support::program::Finished::of(program).stdout;
            assert!(text.starts_with("changed.json: rejected —"), "{text}");
            for line in text.lines() {
                let is_word = !line.trim_start_matches([' ', '✗']).trim().contains(' ');
                assert!(line.chars().count() <= columns || is_word, "{columns}: {line:?}");
            }
            assert!(arguments.len() == 1 || columns < 80 || text.lines().count() <= 12, "{text}");
        }
    }
    let verified = session.run(&["verify", "request.json", "response.json"]).succeeded().stdout;
    assert_eq!(
        verified,
        "response.json: verified; answered-once was left out (no record of answered requests was given)\n"
    );
}
