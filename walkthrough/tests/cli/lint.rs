//! Examining proof requests before they are sent.

use std::fs;

use serde_json::{Value, json};

use test_support::program::Finished;

use crate::walkthrough::Walkthrough;

/// Returns a request without a finding.
fn sound() -> Value {
    json!({
        "nonce": "822341096514423177893041", "name": "n", "version": "1.0",
        "requested_attributes": {
            "who": {"name": "name", "restrictions": {"cred_def_id": "Th7MpTaRZVRYnPiabds81Y:3:CL:8:TAG1"}},
        },
        "requested_predicates": {},
    })
}

/// Returns a request with a tag that does not exist.
fn with_misspelt_tag() -> Value {
    let mut request = sound();
    request["requested_attributes"]["who"]["restrictions"] =
        json!({"cred_def_di": "Th7MpTaRZVRYnPiabds81Y:3:CL:8:TAG1"});
    request
}

fn lint(request: impl AsRef<[u8]>, arguments: &[&str]) -> Finished {
    let walkthrough = Walkthrough::new();
    fs::write(walkthrough.path("request.json"), request).unwrap();
    walkthrough.run(&[&["lint", "request.json"], arguments].concat())
}

#[test]
fn a_sound_request_is_reported_as_such() {
    let outcome = lint(sound().to_string(), &[]).succeeded();
    assert_eq!(outcome.stdout, "Nothing is wrong with this request.\n");
    assert_eq!(lint(sound().to_string(), &["--json"]).succeeded().stdout, "");
}

#[test]
fn a_finding_has_its_place_its_reason_and_a_remedy() {
    let outcome = lint(with_misspelt_tag().to_string(), &[]);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (Some(1), ""));
    for line in [
        "error: unknown-tag in who",
        "  at     /requested_attributes/who/restrictions/cred_def_di",
        "  do     did you mean \"cred_def_id\"?",
    ] {
        assert!(outcome.stdout.lines().any(|printed| printed == line), "{}", outcome.stdout);
    }
    let last = outcome.stdout.lines().last().unwrap();
    assert!(last.starts_with("1 error, "), "{last}");
}

#[test]
fn findings_in_json_are_one_a_line() {
    let outcome = lint(with_misspelt_tag().to_string(), &["--json"]);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (Some(1), ""));
    let lines = outcome.lines();
    let tag = lines.iter().find(|line| line["lint"] == "unknown-tag").unwrap();
    assert_eq!(tag["severity"], "error");
    assert_eq!(tag["referent"], "who");
    assert_eq!(tag["pointer"], "/requested_attributes/who/restrictions/cred_def_di");
    for member in ["found", "why", "remedy"] {
        assert!(tag[member].is_string(), "{tag}");
    }
}

#[test]
fn warnings_alone_are_not_a_failure() {
    let mut request = sound();
    request["nonce"] = json!("1");
    let outcome = lint(request.to_string(), &[]).succeeded();
    assert!(outcome.stdout.starts_with("warning: nonce-short\n"), "{}", outcome.stdout);
    assert!(outcome.stdout.ends_with("0 errors, 1 warning.\n"), "{}", outcome.stdout);
}

#[test]
fn names_are_compared_with_a_schema() {
    let walkthrough = Walkthrough::new();
    fs::write(walkthrough.path("request.json"), sound().to_string()).unwrap();
    let schema = json!({"ver": "1.0", "id": "Th7MpTaRZVRYnPiabds81Y:2:gvt:1.0", "name": "gvt",
        "version": "1.0", "attrNames": ["names", "age"], "seqNo": 8});
    fs::write(walkthrough.path("schema.json"), schema.to_string()).unwrap();
    let outcome = walkthrough.run(&["lint", "request.json", "--schema", "schema.json"]);
    // no error: the credential definition may be on another schema
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    assert!(outcome.stdout.contains("warning: unknown-attribute in who"), "{}", outcome.stdout);
    assert!(outcome.stdout.contains("did you mean \"names\"?"), "{}", outcome.stdout);

    fs::write(walkthrough.path("schema.json"), "{}").unwrap();
    let outcome = walkthrough.run(&["lint", "request.json", "--schema", "schema.json"]);
    outcome.failed(2, &["cannot use schema.json; name a file with the schema's JSON"]);
}

#[test]
fn a_request_is_read_from_standard_input() {
    let walkthrough = Walkthrough::new();
    let mut program = walkthrough.program_without_key();
    program.args(["lint", "-"]);
    Finished::with_input(program, &sound().to_string()).succeeded();
}

#[test]
fn quiet_gives_only_the_exit_code() {
    let outcome = lint(with_misspelt_tag().to_string(), &["--quiet"]);
    assert_eq!((outcome.code, outcome.stdout + &outcome.stderr), (Some(1), String::new()));
}

#[test]
fn a_text_that_is_not_a_request_is_a_finding() {
    let deep = "[".repeat(100_000);
    for text in ["", "nonsense", "[]", "{}", deep.as_str()] {
        let outcome = lint(text, &["--json"]);
        assert_eq!((outcome.code, outcome.stderr.as_str()), (Some(1), ""), "{outcome:?}");
        assert_eq!(outcome.lines()[0]["severity"], "error");
    }
}

#[test]
fn of_ten_thousand_findings_some_are_shown_and_all_counted() {
    let mut request = sound();
    let faults = (0..10_000).map(|number| (format!("r{number}"), json!({"name": ""})));
    request["requested_attributes"] = Value::Object(faults.collect());
    let lines = lint(request.to_string(), &["--json"]).lines();
    let more = lines.last().unwrap();
    let listed = lines.len() - 1;
    let counted = more["more_errors"].as_u64().unwrap() + more["more_warnings"].as_u64().unwrap();
    assert!(listed < 1_000 && counted + listed as u64 >= 10_000, "{more}");
}

#[test]
fn an_unreadable_file_is_named() {
    let walkthrough = Walkthrough::new();
    let outcome = walkthrough.run(&["lint", "missing.json"]);
    let said = "cannot read missing.json; name a file with a proof request in JSON";
    outcome.failed(2, &[said]);
    lint(b"\xff\xfe", &[]).failed(2, &["cannot read request.json", "utf-8"]);
    let long = " ".repeat((1 << 20) + 1);
    lint(long, &[]).failed(2, &["cannot use request.json: it has more than 1048576 bytes"]);
}

#[test]
fn a_request_cannot_steer_the_terminal() {
    let mut request = sound();
    request["requested_attributes"] =
        json!({"\u{1b}[2J": {"name": "a", "restrictions": {"\u{1b}x": "y"}}});
    let outcome = lint(request.to_string(), &[]);
    assert_eq!(outcome.code, Some(1));
    assert!(!outcome.stdout.contains('\u{1b}'), "{}", outcome.stdout);
}

/// Returns a request for a date of birth on or before a day, as a number.
fn born_by(day: u32) -> Value {
    let mut request = sound();
    request["requested_predicates"] = json!({"adult": {
        "name": "birthdate_dateint", "p_type": "<=", "p_value": day,
        "restrictions": {"cred_def_id": "Th7MpTaRZVRYnPiabds81Y:3:CL:8:TAG1"}}});
    request
}

#[test]
fn dates_of_birth_are_compared_with_today_or_another_day() {
    let request = born_by(21_000_101).to_string();
    let outcome = lint(&request, &[]).succeeded();
    assert!(outcome.stdout.contains("warning: date-bound-always in adult"), "{}", outcome.stdout);
    let outcome = lint(&request, &["--date", "2118-01-01"]).succeeded();
    assert_eq!(outcome.stdout, "Nothing is wrong with this request.\n");
    for day in ["2026-02-29", "tomorrow", "20260228"] {
        lint(&request, &["--date", day]).failed(2, &["a day of the calendar as YYYY-MM-DD"]);
    }
}

#[test]
fn a_note_alone_is_not_a_failure() {
    let mut request = born_by(20_000_101);
    request["requested_predicates"]["adult"]["name"] = json!("age");
    request["requested_predicates"]["adult"]["p_type"] = json!(">=");
    let outcome = lint(request.to_string(), &[]).succeeded();
    assert!(outcome.stdout.starts_with("note: one-sided-bound in adult\n"), "{}", outcome.stdout);
    assert!(outcome.stdout.ends_with("0 errors, 0 warnings, 1 note.\n"), "{}", outcome.stdout);
}

#[test]
fn a_request_inside_something_else_is_found_and_said_to_be() {
    let inside =
        json!({"connection_id": "c", "presentation_request": {"indy": with_misspelt_tag()}});
    let outcome = lint(inside.to_string(), &[]);
    assert_eq!(outcome.code, Some(1));
    let beginning = "linting /presentation_request/indy\n\nerror: unknown-tag in who\n  at     \
                     /presentation_request/indy/requested_attributes/who/";
    assert!(outcome.stdout.starts_with(beginning), "{}", outcome.stdout);
    let lines = lint(inside.to_string(), &["--json"]).lines();
    assert_eq!(lines[0], linting("/presentation_request/indy"));
    assert_eq!(lines[1]["lint"], "unknown-tag");

    let sound = json!({"proof_request": sound()}).to_string();
    let outcome = lint(&sound, &[]).succeeded();
    assert_eq!(outcome.stdout, "linting /proof_request\n\nNothing is wrong with this request.\n");
    assert_eq!(lint(&sound, &["--json"]).succeeded().lines(), [linting("/proof_request")]);
}

fn linting(inside: &str) -> Value {
    json!({"format": 1, "linting": inside})
}
