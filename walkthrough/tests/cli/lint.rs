//! Looking at proof requests before they are sent.

use std::fs;

use serde_json::{Value, json};

use crate::scene::{Outcome, Scene};

/// A request that nothing is wrong with.
fn sound() -> Value {
    json!({
        "nonce": "822341096514423177893041", "name": "n", "version": "1.0",
        "requested_attributes": {
            "who": {"name": "name", "restrictions": {"cred_def_id": "Th7MpTaRZVRYnPiabds81Y:3:CL:8:TAG1"}},
        },
        "requested_predicates": {},
    })
}

/// A request with a tag that there is not.
fn with_misspelt_tag() -> Value {
    let mut request = sound();
    request["requested_attributes"]["who"]["restrictions"] =
        json!({"cred_def_di": "Th7MpTaRZVRYnPiabds81Y:3:CL:8:TAG1"});
    request
}

fn lint(request: impl AsRef<[u8]>, arguments: &[&str]) -> Outcome {
    let scene = Scene::new();
    fs::write(scene.path("request.json"), request).unwrap();
    scene.run(&[&["lint", "request.json"], arguments].concat())
}

#[test]
fn a_sound_request_is_told_as_such() {
    let outcome = lint(sound().to_string(), &[]).succeeded();
    assert_eq!(outcome.stdout, "Nothing is wrong with this request.\n");
    assert_eq!(
        lint(sound().to_string(), &["--json"]).succeeded().stdout,
        ""
    );
}

#[test]
fn an_error_is_told_with_its_place_what_is_there_why_it_matters_and_what_to_do() {
    let outcome = lint(with_misspelt_tag().to_string(), &[]);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (Some(1), ""));
    for line in [
        "error: unknown-tag in who",
        "  at     /requested_attributes/who/restrictions/cred_def_di",
        "  do     did you mean \"cred_def_id\"?",
    ] {
        assert!(
            outcome.stdout.lines().any(|told| told == line),
            "{}",
            outcome.stdout
        );
    }
    let last = outcome.stdout.lines().last().unwrap();
    assert!(last.starts_with("1 error, "), "{last}");
}

#[test]
fn for_a_program_each_finding_is_a_line() {
    let outcome = lint(with_misspelt_tag().to_string(), &["--json"]);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (Some(1), ""));
    let lines = outcome.lines();
    let tag = lines
        .iter()
        .find(|line| line["lint"] == "unknown-tag")
        .unwrap();
    assert_eq!(tag["severity"], "error");
    assert_eq!(tag["referent"], "who");
    assert_eq!(
        tag["pointer"],
        "/requested_attributes/who/restrictions/cred_def_di"
    );
    for member in ["found", "why", "remedy"] {
        assert!(tag[member].is_string(), "{tag}");
    }
}

#[test]
fn warnings_alone_are_no_failure() {
    let mut request = sound();
    request["nonce"] = json!("1");
    let outcome = lint(request.to_string(), &[]).succeeded();
    assert!(
        outcome.stdout.starts_with("warning: nonce-short\n"),
        "{}",
        outcome.stdout
    );
    assert!(
        outcome.stdout.ends_with("0 errors, 1 warning.\n"),
        "{}",
        outcome.stdout
    );
}

#[test]
fn a_schema_lets_it_compare_names() {
    let scene = Scene::new();
    fs::write(scene.path("request.json"), sound().to_string()).unwrap();
    let schema = json!({"ver": "1.0", "id": "Th7MpTaRZVRYnPiabds81Y:2:gvt:1.0", "name": "gvt",
        "version": "1.0", "attrNames": ["names", "age"], "seqNo": 8});
    fs::write(scene.path("schema.json"), schema.to_string()).unwrap();
    let outcome = scene.run(&["lint", "request.json", "--schema", "schema.json"]);
    // no error: the credential definition may be on another schema
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    assert!(
        outcome.stdout.contains("warning: unknown-attribute in who"),
        "{}",
        outcome.stdout
    );
    assert!(
        outcome.stdout.contains("did you mean \"names\"?"),
        "{}",
        outcome.stdout
    );

    fs::write(scene.path("schema.json"), "{}").unwrap();
    let outcome = scene.run(&["lint", "request.json", "--schema", "schema.json"]);
    outcome.failed(
        2,
        &["cannot use schema.json; name a file with the schema's JSON"],
    );
}

#[test]
fn a_request_comes_from_standard_input_too() {
    let scene = Scene::new();
    let mut program = scene.program();
    program.args(["lint", "-"]);
    Outcome::with_input(program, &sound().to_string()).succeeded();
}

#[test]
fn quiet_says_it_with_the_exit_code() {
    let outcome = lint(with_misspelt_tag().to_string(), &["--quiet"]);
    assert_eq!(
        (outcome.code, outcome.stdout + &outcome.stderr),
        (Some(1), String::new())
    );
}

#[test]
fn what_is_no_request_is_a_finding() {
    let deep = "[".repeat(100_000);
    for text in ["", "nonsense", "[]", "{}", deep.as_str()] {
        let outcome = lint(text, &["--json"]);
        assert_eq!(
            (outcome.code, outcome.stderr.as_str()),
            (Some(1), ""),
            "{outcome:?}"
        );
        assert_eq!(outcome.lines()[0]["severity"], "error");
    }
}

#[test]
fn a_request_with_ten_thousand_faults_is_told_in_part_and_counted_as_a_whole() {
    let mut request = sound();
    let faults = (0..10_000).map(|number| (format!("r{number}"), json!({"name": ""})));
    request["requested_attributes"] = Value::Object(faults.collect());
    let lines = lint(request.to_string(), &["--json"]).lines();
    let more = lines.last().unwrap();
    let listed = lines.len() - 1;
    let counted = more["more_errors"].as_u64().unwrap() + more["more_warnings"].as_u64().unwrap();
    assert!(
        listed < 1_000 && counted + listed as u64 >= 10_000,
        "{more}"
    );
}

#[test]
fn what_cannot_be_read_is_named() {
    let scene = Scene::new();
    let outcome = scene.run(&["lint", "missing.json"]);
    let said = "cannot read missing.json; name a file with a proof request in JSON";
    outcome.failed(2, &[said]);
    lint(b"\xff\xfe", &[]).failed(2, &["cannot read request.json", "utf-8"]);
    let long = " ".repeat((1 << 20) + 1);
    lint(long, &[]).failed(
        2,
        &["cannot use request.json: it has more than 1048576 bytes"],
    );
}

#[test]
fn what_a_request_says_cannot_steer_the_terminal() {
    let mut request = sound();
    request["requested_attributes"] =
        json!({"\u{1b}[2J": {"name": "a", "restrictions": {"\u{1b}x": "y"}}});
    let outcome = lint(request.to_string(), &[]);
    assert_eq!(outcome.code, Some(1));
    assert!(!outcome.stdout.contains('\u{1b}'), "{}", outcome.stdout);
}
