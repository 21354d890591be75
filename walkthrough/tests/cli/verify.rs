//! Verifying cases in files.

use std::fs;

use serde_json::{Value, json};

use test_support::program::Finished;

use crate::walkthrough::Walkthrough;

/// Valid cases, each on a line.
pub const ONE: &str =
    include_str!("../../../crates/proofs/tests/fixtures/cases/one-credential.json");
pub const TWO: &str =
    include_str!("../../../crates/proofs/tests/fixtures/cases/two-credentials.json");
pub const OPERATORS: &str =
    include_str!("../../../crates/proofs/tests/fixtures/cases/operators.json");
pub const REVOCABLE: &str =
    include_str!("../../../crates/proofs/tests/fixtures/cases/revocable.json");

pub const REVEALED: &str = "/presentation/requested_proof/revealed_attrs/attr1_referent/raw";

/// Returns a valid case without a name.
pub fn nameless() -> String {
    altered(|_| ()).to_string()
}

/// Returns a valid case with a name.
pub fn named(id: &str) -> Value {
    altered(|case| case["id"] = json!(id))
}

/// Returns a valid case without a name, altered.
pub fn altered(alter: impl FnOnce(&mut Value)) -> Value {
    let mut case: Value = serde_json::from_str(ONE).unwrap();
    case.as_object_mut().unwrap().remove("id");
    alter(&mut case);
    case
}

/// Returns a case whose revealed text is not the one that was signed.
pub fn with_other_text(text: &str) -> Value {
    altered(|case| *case.pointer_mut(REVEALED).unwrap() = json!(text))
}

pub fn verify_input(input: impl Into<Vec<u8>>, arguments: &[&str]) -> Finished {
    let walkthrough = Walkthrough::new();
    fs::write(walkthrough.path("cases"), input.into()).unwrap();
    walkthrough.run(&[&["verify", "cases"], arguments].concat())
}

/// Returns the ids and verdicts of lines of JSON.
pub fn verdicts(outcome: &Finished) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let lines = outcome.lines();
    lines.iter().map(|line| (text(&line["id"]), text(&line["verdict"]))).collect()
}

#[track_caller]
pub fn has_verdicts(outcome: &Finished, expected: &[(&str, &str)]) {
    let found = verdicts(outcome);
    let found: Vec<(&str, &str)> =
        found.iter().map(|(id, verdict)| (id.as_str(), verdict.as_str())).collect();
    assert_eq!(found, expected, "{}", outcome.stderr);
}

/// Returns how a check went, from a line of JSON.
pub fn check<'l>(line: &'l Value, name: &str) -> &'l Value {
    let checks = line["checks"].as_array().unwrap();
    checks.iter().find(|check| check["check"] == name).unwrap()
}

#[test]
fn a_verified_case_is_one_line() {
    let outcome = verify_input(nameless(), &[]).succeeded();
    let line = "cases:1: verified; nonce-fresh was left out (no record of used nonces was given)\n";
    assert_eq!(outcome.stdout, line);
    let outcome = verify_input(nameless(), &["--used-nonces", "used.txt"]).succeeded();
    assert_eq!(outcome.stdout, "cases:1: verified\n");
}

#[test]
fn all_checks_are_listed_if_they_are_asked_for() {
    let outcome = verify_input(nameless(), &["--all"]).succeeded();
    let lines: Vec<&str> = outcome.stdout.lines().collect();
    assert!(lines[0].starts_with("cases:1: verified;"), "{}", outcome.stdout);
    assert!(lines[1].starts_with(" 1 ✓ size "), "{}", outcome.stdout);
    assert!(lines[20].starts_with("20 ✓ mathematics/cl "));
    let below = [
        "   ! one-sided-bound predicate1_referent: age >= 18 has no upper bound — ",
        "     attr1_referent: name is \"Alex\" (credential definition NcYxiDXkpYi6ov5FcYDi1e:3:CL:15:TAG1)",
        "     predicate1_referent: age >= 18 is proved (credential definition ",
    ];
    assert_eq!(lines.len(), 21 + below.len(), "{}", outcome.stdout);
    for (line, beginning) in lines[21..].iter().zip(below) {
        assert!(line.starts_with(beginning), "{line}");
    }
}

#[test]
fn a_rejected_case_says_what_was_expected_and_found() {
    let outcome = verify_input(with_other_text("Mallory").to_string(), &[]);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (Some(1), ""));
    for words in [
        "cases:1: rejected — encoding\n",
        "  ✗ encoding: attr1_referent\n    expected  ",
        "    found     the text \"Mallory\"",
        " (77 digits)\n    do        ",
        "\n  18 other checks passed, 1 was left out; --all lists them\n",
        "do not rely on the text",
    ] {
        assert!(outcome.stdout.contains(words), "{}", outcome.stdout);
    }
}

/// Runs `verify` on a case whose revealed text was changed, in so many columns.
fn verify_in_columns(columns: usize, arguments: &[&str]) -> String {
    let walkthrough = Walkthrough::new();
    fs::write(walkthrough.path("cases"), with_other_text("Mallory").to_string()).unwrap();
    let mut program = walkthrough.program_with(&["verify", "cases"]);
    program.args(arguments).env("COLUMNS", columns.to_string());
    Finished::of(program).stdout
}

#[test]
fn a_verdict_is_wrapped_to_the_columns() {
    for columns in [40, 80, 120] {
        for arguments in [&[][..], &["--all"]] {
            let text = verify_in_columns(columns, arguments);
            for line in text.lines() {
                assert!(line.chars().count() <= columns, "{columns} columns: {line:?} in {text}");
            }
        }
    }
    let rows = verify_in_columns(80, &[]).lines().count();
    assert!(rows <= 12, "{rows} rows");
    // what "Mallory" encodes to
    let number = "66996165436522441157558484887477254427480251139389098156119719757197993307762";
    assert!(!verify_in_columns(80, &[]).contains(number));
    assert!(verify_in_columns(100, &["--full"]).contains(number));
}

#[test]
fn a_file_of_another_kind_does_not_fill_the_screen() {
    let page = "<p>\n".repeat(500);
    let outcome = verify_input(page.clone(), &[]);
    assert_eq!(outcome.code, Some(2));
    assert_eq!(outcome.stderr.lines().count(), 21, "{}", outcome.stderr);
    assert!(outcome.stderr.contains("more than 20 inputs are not cases"), "{}", outcome.stderr);
    assert!(outcome.stdout.contains("500 could not be read"), "{}", outcome.stdout);
    assert_eq!(verify_input(page.clone(), &["--json"]).lines().len(), 500);
    assert_eq!(verify_input(page, &["--quiet"]).stderr.lines().count(), 21);

    // files that cannot be read do not hide that
    let walkthrough = Walkthrough::new();
    fs::write(walkthrough.path("twenty"), "<p>\n".repeat(20)).unwrap();
    fs::write(walkthrough.path("five"), "<p>\n".repeat(5)).unwrap();
    let outcome = walkthrough.run(&["verify", "twenty", "nowhere", "five"]);
    assert!(outcome.stderr.contains("more than 20 inputs are not cases"), "{}", outcome.stderr);
}

#[test]
fn verdicts_in_json_are_one_a_line() {
    let outcome = verify_input(with_other_text("Mallory").to_string(), &["--json"]);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (Some(1), ""));
    let line = outcome.last_line();
    let checks = line["checks"].as_array().unwrap();
    assert_eq!(checks.len(), 20);
    let encoding = check(&line, "encoding");
    assert_eq!(encoding["outcome"], "failed");
    assert_eq!(encoding["referent"], "attr1_referent");
    for member in ["expected", "got", "remedy"] {
        assert!(encoding[member].is_string(), "{encoding}");
    }
    assert_eq!(check(&line, "mathematics/cl")["outcome"], "passed");
}

#[test]
fn files_of_every_form_are_verified_in_order() {
    let walkthrough = Walkthrough::new();
    let lines = format!("{}\n\n{}\n", named("first"), with_other_text("Mallory"));
    fs::write(walkthrough.path("lines.jsonl"), lines).unwrap();
    fs::write(walkthrough.path("one.json"), format!("{:#}", named("one"))).unwrap();
    let list = json!([named("a"), altered(|_| ())]);
    fs::write(walkthrough.path("list.json"), list.to_string()).unwrap();

    let arguments = ["verify", "--json", "one.json", "list.json"];
    let outcome = walkthrough.run(&arguments).succeeded();
    let fine = [("one", "verified"), ("a", "verified"), ("list.json:1#2", "verified")];
    has_verdicts(&outcome, &fine);

    let all = [&arguments[..], &["lines.jsonl"]].concat();
    let outcome = walkthrough.run(&all);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (Some(1), ""));
    let bad = [("first", "verified"), ("lines.jsonl:3", "rejected")];
    has_verdicts(&outcome, &[&fine[..], &bad].concat());

    let text = walkthrough.run(&["verify", "one.json", "lines.jsonl"]);
    let last = text.stdout.lines().last().unwrap();
    assert_eq!(last, "3 cases: 2 verified, 1 rejected.");
}

#[test]
fn an_unreadable_file_is_named_and_the_others_verified() {
    let walkthrough = Walkthrough::new();
    fs::write(walkthrough.path("good.json"), named("good").to_string()).unwrap();
    fs::write(walkthrough.path("empty.json"), "\n").unwrap();
    let files = ["missing.json", "temporary", "empty.json", "good.json"];
    let outcome = walkthrough.run(&[&["verify", "--json"], &files[..]].concat());
    has_verdicts(&outcome, &[("good", "verified")]);
    outcome.failed(
        2,
        &[
            "error: cannot read missing.json; name a file of cases",
            "error: cannot read temporary; name a file of cases",
            "error: there is no case in empty.json;",
        ],
    );
}

#[test]
fn cases_are_read_from_standard_input() {
    let walkthrough = Walkthrough::new();
    let mut program = walkthrough.program_without_key();
    program.args(["verify", "--json", "-"]);
    let outcome = Finished::with_input(program, &nameless()).succeeded();
    has_verdicts(&outcome, &[("-:1", "verified")]);
}

#[test]
fn quiet_gives_only_the_exit_code() {
    let good = verify_input(nameless(), &["--quiet"]).succeeded();
    assert_eq!(good.stdout, "");
    let bad = verify_input(with_other_text("").to_string(), &["--quiet"]);
    assert_eq!((bad.code, bad.stdout + &bad.stderr), (Some(1), String::new()));
    let unreadable = verify_input("{", &["--quiet"]);
    assert_eq!((unreadable.code, unreadable.stdout.as_str()), (Some(2), ""));
    assert!(unreadable.stderr.contains("cases:1: "), "{}", unreadable.stderr);
}

#[test]
fn what_is_not_a_case_is_an_error_and_the_run_continues() {
    let good = nameless();
    let deep = "[".repeat(1_000) + &"]".repeat(1_000);
    let number = "1".repeat(1 << 20);
    let unreadable: [Vec<u8>; 10] = [
        b"nonsense".to_vec(),
        b"{".to_vec(),
        b"{\"id\": \"".to_vec(),
        b"[]]".to_vec(),
        b"null".to_vec(),
        b"{\"id\": \"\xff\"}".to_vec(),
        good.as_bytes()[..good.len() / 2].to_vec(),
        deep.clone().into_bytes(),
        number.clone().into_bytes(),
        format!("{{\"presentation\": {number}}}").into_bytes(),
    ];
    let mut file = "\u{feff}".as_bytes().to_vec();
    let mut expected = Vec::new();
    for (index, bytes) in unreadable.iter().enumerate() {
        file.extend([b"null\r\n", &bytes[..], b"\n", good.as_bytes(), b"\n\n"].concat());
        let line = |nth| format!("cases:{}", 4 * index + nth);
        expected.extend([(line(1), "undecided"), (line(2), "undecided"), (line(3), "verified")]);
    }
    let outcome = verify_input(file, &["--json", "--engine", "cl"]);
    assert_eq!(outcome.code, Some(2), "{}", outcome.stderr);
    assert_eq!(outcome.stderr.matches("error: cases:").count(), 20, "{}", outcome.stderr);
    let expected: Vec<(&str, &str)> =
        expected.iter().map(|(id, verdict)| (id.as_str(), *verdict)).collect();
    has_verdicts(&outcome, &expected);
    for line in outcome.lines() {
        if line["verdict"] == "undecided" {
            let size = check(&line, "size");
            assert_eq!(size["outcome"], "undecided", "{line}");
            assert!(size["remedy"].is_string(), "{line}");
        }
    }
}

#[test]
fn a_case_of_the_wrong_form_keeps_its_id() {
    let deep = "[".repeat(1_000) + &"]".repeat(1_000);
    let good = named("seven").to_string();
    for (case, number) in [
        (good.replacen("\"nonce\":", &format!("\"nonce\":{deep},\"\":"), 1), 1),
        (good.replacen("\"nonce\":", "\"nonce\":\"1\",\"nonce\":", 1), 2),
        (good.replacen("\"nonce\":", &format!("\"x\":{},\"nonce\":", "1".repeat(2_000)), 1), 3),
    ] {
        let outcome = verify_input(case, &["--json"]);
        assert_eq!((outcome.code, outcome.stderr.as_str()), (Some(1), ""), "{number}");
        has_verdicts(&outcome, &[("seven", "rejected")]);
        assert_eq!(check(&outcome.last_line(), "size")["outcome"], "failed");
    }
}

#[test]
fn an_oversized_case_is_rejected_and_the_run_continues() {
    let predicates = altered(|case| {
        let many = (0..10_000).map(|number| {
            let predicate = json!({"name": "age", "p_type": ">=", "p_value": number});
            (format!("predicate{number}"), predicate)
        });
        case["presentation_request"]["requested_predicates"] = Value::Object(many.collect());
    });
    let number = altered(|case| {
        let path = "/presentation/proof/proofs/0/primary_proof/eq_proof/e";
        *case.pointer_mut(path).unwrap() = json!("-".repeat(900_000));
    });
    for hostile in [predicates, number] {
        let hostile = hostile.to_string();
        assert!(hostile.len() < 1 << 20, "{}", hostile.len());
        let outcome = verify_input(format!("{hostile}\n{}", nameless()), &["--json"]);
        assert_eq!((outcome.code, outcome.stderr.as_str()), (Some(1), ""));
        let expected = [("cases:1", "rejected"), ("cases:2", "verified")];
        has_verdicts(&outcome, &expected);
    }
}

#[test]
fn presentations_of_several_kinds_are_verified() {
    verify_input(format!("{TWO}\n{OPERATORS}"), &["--quiet"]).succeeded();
}

#[test]
fn help_names_every_check_with_its_rule() {
    let help = Walkthrough::new().run(&["verify", "--help"]).succeeded().stdout;
    for words in
        ["- same-holder:", "all credentials belong to one holder", "Examples:", "Exit codes:"]
    {
        assert!(help.contains(words), "{help}");
    }
}

#[test]
fn a_case_cannot_steer_the_terminal() {
    let mut case = with_other_text("\u{1b}[2J\u{9b}31m");
    case["id"] = json!("\u{1b}]0;owned\u{7}\nx");
    let outcome = verify_input(case.to_string(), &[]);
    assert_eq!(outcome.code, Some(1));
    assert!(!outcome.stdout.contains(['\u{1b}', '\u{9b}', '\u{7}']), "{}", outcome.stdout);
    let first = outcome.stdout.lines().next().unwrap();
    assert_eq!(first, r"\u{1b}]0;owned\u{7}\nx: rejected — encoding");
}

#[test]
fn the_case_of_a_home_is_verified_by_itself() {
    let walkthrough = Walkthrough::after_step(4);
    let case = walkthrough.run_at_home(&["case"]).succeeded().stdout;
    assert_eq!(case.lines().count(), 1);
    fs::write(walkthrough.path("case.json"), &case).unwrap();
    let outcome = walkthrough.run(&["verify", "--json", "case.json"]).succeeded();
    has_verdicts(&outcome, &[("home", "verified")]);

    // the case has what is in the home now, not what the prover sent
    walkthrough.change_state(4, |state| {
        let path = "/data/presentation/requested_proof/revealed_attrs/attr1_referent/raw";
        *state.pointer_mut(path).unwrap() = json!("Mallory");
    });
    let case = walkthrough.run_at_home(&["case"]).succeeded().stdout;
    fs::write(walkthrough.path("case.json"), case).unwrap();
    let outcome = walkthrough.run(&["verify", "--json", "case.json"]);
    assert_eq!(check(&outcome.last_line(), "encoding")["outcome"], "failed");
}

#[test]
fn a_home_without_a_presentation_has_no_case() {
    let walkthrough = Walkthrough::after_step(3);
    let outcome = walkthrough.run_at_home(&["case"]);
    outcome.failed(2, &["step 4 has not been run in this home"]);
    let outcome = Walkthrough::new().run(&["case"]);
    outcome.failed(2, &["--home <DIR>"]);
}
