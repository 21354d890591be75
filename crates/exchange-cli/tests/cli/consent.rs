//! What a person sees before anything is signed, and who says yes to it.

use std::{
    io::{self, Write},
    process::Command,
};

use serde_json::{Value, json};
use test_support::program::Finished;

use crate::session::Session;

const RESPOND: [&str; 7] =
    ["respond", "request.json", "--home", "alex", "--no-send", "--output", "response.json"];

fn asked() -> Session {
    let session = Session::with_credentials();
    session.request("http://127.0.0.1:9");
    session
}

#[test]
fn who_asks_why_and_until_when_is_shown_before_signing() {
    let session = asked();
    let request = session.json("request.json");
    let text = |pointer: &str| request.pointer(pointer).and_then(Value::as_str).unwrap();
    let shown = session.run(&["respond", "request.json", "--home", "alex", "--dry-run"]);
    let shown = shown.succeeded().stdout;
    for words in [
        "Credit card application information",
        text("/proofRequest/verifier"),
        text("/proofURL"),
        text("/proofRequest/expires"),
        "Send information regarding your application",
        "6 different credentials",
        "6adb968b-52df-4da0-a720-4a0a6ac8f8db of did:work:Tn1XD2QPskjDCztVGuJC2w",
        "shows emailAddress \"alex@example.org\"",
        "hides street2 (--disclose 3:street2 shows it)",
        "hides Licence Class",
    ] {
        assert!(shown.contains(words), "no {words:?} in {shown}");
    }
}

#[test]
fn a_program_gets_all_of_it_as_one_object() {
    let session = asked();
    let request = session.json("request.json");
    let respond = [&RESPOND[..], &["--yes", "--disclose", "3:street2"]].concat();
    let (code, lines) = session.run_json(&respond);
    assert_eq!(code, Some(0));
    let offer = &lines[0];
    assert_eq!(offer["request"], request["id"]);
    assert_eq!(offer["proofURL"], request["proofURL"]);
    for member in ["verifier", "description", "expires"] {
        assert_eq!(offer[member], request["proofRequest"][member], "{member}");
    }
    let address = &offer["criteria"][2];
    assert_eq!(address["reason"], "Regulations require a billing address");
    assert_eq!((&address["min"], &address["max"]), (&json!(1), &json!(1)));
    let credential = &address["credentials"][0];
    assert_eq!(credential["issuer"], "did:work:W4Qi2D1DpBZig513ztvCFC");
    assert_eq!(credential["shows"]["street2"], "Apartment 12");
    assert_eq!(
        (&credential["optional"], &credential["hides"]),
        (&json!([]), &json!(["customerNumber"]))
    );
    assert_eq!(lines[1]["response"], "response.json");
}

#[test]
fn nothing_is_signed_where_no_one_can_be_asked() {
    let session = asked();
    for format in [[].as_slice(), &["--json"], &["--quiet"]] {
        let outcome = session.run(&[&RESPOND[..], format].concat());
        assert_eq!(outcome.stdout.contains("did:work:"), format != ["--quiet"], "{outcome:?}");
        outcome.failed(2, &["nothing is signed", "--yes"]);
        assert!(!session.path("response.json").exists());
    }
}

/// Runs `respond` on a terminal, and types a line.
fn typed(session: &Session, line: &str) -> Option<Finished> {
    let mut terminal = Command::new("script");
    let command = format!("{} {}", env!("CARGO_BIN_EXE_proof-exchange"), RESPOND.join(" "));
    terminal.args(["--quiet", "--return", "--command", &command, "/dev/null"]);
    terminal.current_dir(session.path("")).env("TERM", "dumb");
    let there = Command::new("script").arg("--version").output();
    match there.is_ok_and(|output| output.status.success()) {
        true => Some(Finished::with_input(terminal, line)),
        false => {
            let _ = writeln!(io::stderr(), "SKIPPED: there is no script to type in");
            None
        }
    }
}

#[test]
fn a_person_at_the_terminal_is_asked_and_a_yes_signs() {
    let session = asked();
    for line in ["n\n", "\n", "yesterday\n"] {
        let Some(outcome) = typed(&session, line) else {
            return;
        };
        assert_eq!(outcome.code, Some(1), "{outcome:?}");
        let before = outcome.stdout.find("hides").unwrap();
        let asked = outcome.stdout[before..].find("Sign this for did:key:").expect("a question");
        assert!(outcome.stdout[before + asked..].contains("? [y/N]"), "{outcome:?}");
        assert!(outcome.stdout.contains("Nothing is signed."), "{outcome:?}");
        assert!(!session.path("response.json").exists());
    }
    let outcome = typed(&session, "y\n").unwrap();
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    session.run(&["verify", "request.json", "response.json"]).succeeded();
}

#[test]
fn a_did_is_published_only_when_something_is_signed() {
    let session = asked();
    let document = session.path("registry/dids/did%3Awork%3AA1exA1exA1exA1exA1exA1.json");
    let did = ["--did", "did:work:A1exA1exA1exA1exA1exA1"];
    // no credential is about this DID, which is said
    assert_eq!(session.run(&[&RESPOND[..], &["--dry-run"], &did].concat()).code, Some(1));
    assert!(!document.exists(), "a dry run publishes");
    session.run(&[&["request", "orders.json", "--home", "bank"][..], &did].concat()).failed(2, &[]);
    assert!(!document.exists(), "a request that fails publishes");
    session.run(&[&["request", "criteria.json", "--home", "bank"][..], &did].concat()).succeeded();
    assert!(document.exists());
}
