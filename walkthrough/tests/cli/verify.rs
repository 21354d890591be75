//! Verifying cases in files.

use std::{fs, process::Stdio};

use serde_json::{Value, json};

use test_support::program::Finished;

use crate::walkthrough::Walkthrough;

/// Valid cases, each on a line.
const ONE: &str = include_str!("../../../crates/proofs/tests/fixtures/cases/one-credential.json");
const TWO: &str = include_str!("../../../crates/proofs/tests/fixtures/cases/two-credentials.json");
const OPERATORS: &str = include_str!("../../../crates/proofs/tests/fixtures/cases/operators.json");
const REVOCABLE: &str = include_str!("../../../crates/proofs/tests/fixtures/cases/revocable.json");

const REVEALED: &str = "/presentation/requested_proof/revealed_attrs/attr1_referent/raw";

/// Returns a valid case without a name.
fn nameless() -> String {
    altered(|_| ()).to_string()
}

/// Returns a valid case with a name.
fn named(id: &str) -> Value {
    altered(|case| case["id"] = json!(id))
}

/// Returns a valid case without a name, altered.
fn altered(alter: impl FnOnce(&mut Value)) -> Value {
    let mut case: Value = serde_json::from_str(ONE).unwrap();
    case.as_object_mut().unwrap().remove("id");
    alter(&mut case);
    case
}

/// Returns a case whose revealed text is not the one that was signed.
fn with_other_text(text: &str) -> Value {
    altered(|case| *case.pointer_mut(REVEALED).unwrap() = json!(text))
}

fn verify_input(input: impl Into<Vec<u8>>, arguments: &[&str]) -> Finished {
    let walkthrough = Walkthrough::new();
    fs::write(walkthrough.path("cases"), input.into()).unwrap();
    walkthrough.run(&[&["verify", "cases"], arguments].concat())
}

/// Returns the ids and verdicts of lines of JSON.
fn verdicts(outcome: &Finished) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let lines = outcome.lines();
    lines.iter().map(|line| (text(&line["id"]), text(&line["verdict"]))).collect()
}

#[track_caller]
fn has_verdicts(outcome: &Finished, expected: &[(&str, &str)]) {
    let found = verdicts(outcome);
    let found: Vec<(&str, &str)> =
        found.iter().map(|(id, verdict)| (id.as_str(), verdict.as_str())).collect();
    assert_eq!(found, expected, "{}", outcome.stderr);
}

/// Returns how a check went, from a line of JSON.
fn check<'l>(line: &'l Value, name: &str) -> &'l Value {
    let checks = line["checks"].as_array().unwrap();
    checks.iter().find(|check| check["check"] == name).unwrap()
}

#[test]
fn a_verified_case_is_one_line() {
    let outcome = verify_input(nameless(), &[]).succeeded();
    let line = "cases:1: verified; nonce-fresh was left out (no memory of used nonces was given)\n";
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
    assert_eq!(lines.len(), 21, "{}", outcome.stdout);
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
    let said = unreadable.stdout + &unreadable.stderr;
    assert_eq!((unreadable.code, said), (Some(2), String::new()));
}

#[test]
fn an_unreadable_case_is_rejected_and_the_run_continues() {
    let good = nameless();
    let deep = "[".repeat(1_000) + &"]".repeat(1_000);
    let number = "1".repeat(1 << 20);
    let unreadable: [Vec<u8>; 11] = [
        b"nonsense".to_vec(),
        b"{".to_vec(),
        b"{\"id\": \"".to_vec(),
        b"[]]".to_vec(),
        b"null".to_vec(),
        b"{\"id\": \"\xff\"}".to_vec(),
        good.as_bytes()[..good.len() / 2].to_vec(),
        deep.clone().into_bytes(),
        good.replacen("\"nonce\":", &format!("\"nonce\":{deep},\"\":"), 1).into_bytes(),
        number.clone().into_bytes(),
        format!("{{\"presentation\": {number}}}").into_bytes(),
    ];
    let mut file = "\u{feff}".as_bytes().to_vec();
    let mut expected = Vec::new();
    for (index, bytes) in unreadable.iter().enumerate() {
        file.extend([b"null\r\n", &bytes[..], b"\n", good.as_bytes(), b"\n\n"].concat());
        let line = |nth| format!("cases:{}", 4 * index + nth);
        expected.extend([(line(1), "rejected"), (line(2), "rejected"), (line(3), "verified")]);
    }
    let outcome = verify_input(file, &["--json", "--engine", "cl"]);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (Some(2), ""));
    let expected: Vec<(&str, &str)> =
        expected.iter().map(|(id, verdict)| (id.as_str(), *verdict)).collect();
    has_verdicts(&outcome, &expected);
    for line in outcome.lines() {
        if line["verdict"] == "rejected" {
            let size = check(&line, "size");
            assert_eq!(size["outcome"], "failed", "{line}");
            assert!(size["remedy"].is_string(), "{line}");
        }
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
fn a_relaxed_check_does_not_reject_and_the_verdict_says_so() {
    let case = with_other_text("Mallory").to_string();
    let outcome = verify_input(case.as_str(), &["--json", "--relax", "encoding"]).succeeded();
    let line = outcome.last_line();
    assert_eq!(line["verdict"], "verified");
    assert_eq!(line["relaxed"], json!(["encoding"]));
    assert_eq!(check(&line, "encoding")["outcome"], "failed");

    let text = verify_input(case, &["--relax", "encoding"]).succeeded().stdout;
    assert!(text.starts_with("cases:1: verified, by a policy without encoding; "), "{text}");
    assert!(text.contains("(relaxed by the policy)"), "{text}");
}

#[test]
fn a_verdict_by_one_engine_says_so() {
    for (engine, other) in [("cl", "mathematics/indy-credx"), ("indy-credx", "mathematics/cl")] {
        let outcome = verify_input(nameless(), &["--json", "--engine", engine]).succeeded();
        let line = outcome.last_line();
        assert_eq!(line["relaxed"], json!([other]));
        assert_eq!(check(&line, other)["outcome"], "not reached");
    }
    // our own engine does not compute non-revocation proofs
    assert_eq!(verify_input(REVOCABLE, &["--quiet"]).code, Some(1));
    verify_input(REVOCABLE, &["--quiet", "--engine", "indy-credx"]).succeeded();
}

#[test]
fn presentations_of_several_kinds_are_verified() {
    verify_input(format!("{TWO}\n{OPERATORS}"), &["--quiet"]).succeeded();
}

#[test]
fn an_unknown_check_is_named_with_a_suggestion() {
    let outcome = verify_input(nameless(), &["--relax", "encodin"]);
    outcome.failed(2, &["'encodin'", "a similar value exists: 'encoding'"]);
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
fn a_nonce_is_accepted_once_in_all_runs() {
    let walkthrough = Walkthrough::new();
    let other = altered(|case| case["presentation_request"]["nonce"] = json!("1"));
    let cases = format!(
        "{other}\n{}\n{}\n{}",
        named("a"),
        named("b"),
        TWO.replacen("\"id\":\"two-credentials\"", "\"id\":\"two\"", 1)
    );
    fs::write(walkthrough.path("cases"), cases).unwrap();
    let arguments = ["verify", "--json", "--used-nonces", "used.txt", "cases"];
    let outcome = walkthrough.run(&arguments);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (Some(1), ""));
    let expected =
        [("cases:1", "rejected"), ("a", "verified"), ("b", "rejected"), ("two", "verified")];
    has_verdicts(&outcome, &expected);
    let lines = outcome.lines();
    assert_eq!(check(&lines[1], "nonce-fresh")["outcome"], "passed");
    assert_eq!(check(&lines[2], "nonce-fresh")["outcome"], "failed");
    // a case that is rejected for another reason does not use its nonce up
    let used = fs::read_to_string(walkthrough.path("used.txt")).unwrap();
    assert_eq!(used.lines().count(), 3, "{used}");
    assert!(used.starts_with("#accepted-once 2 used nonces\n"), "{used}");
    assert!(!used.lines().any(|line| line.starts_with("1 ")), "{used}");

    let again = verdicts(&walkthrough.run(&arguments));
    assert!(again.iter().all(|(_, verdict)| verdict == "rejected"), "{again:?}");
    assert_eq!(fs::read_to_string(walkthrough.path("used.txt")).unwrap(), used);
}

#[test]
fn used_nonces_of_an_older_version_are_read_and_rewritten() {
    let walkthrough = Walkthrough::new();
    fs::write(walkthrough.path("case"), ONE).unwrap();
    fs::write(walkthrough.path("used.txt"), "42\n123432421212").unwrap();
    let arguments = ["verify", "--json", "--used-nonces", "used.txt", "case"];
    let outcome = walkthrough.run(&arguments);
    assert_eq!(check(&outcome.last_line(), "nonce-fresh")["outcome"], "failed");
    let used = fs::read_to_string(walkthrough.path("used.txt")).unwrap();
    let nonces: Vec<_> = used.lines().map(|line| line.split(' ').next().unwrap()).collect();
    assert_eq!(nonces, ["#accepted-once", "42", "123432421212"]);
}

#[test]
fn used_nonces_with_one_changed_bit_are_refused() {
    let walkthrough = Walkthrough::new();
    fs::write(walkthrough.path("case"), ONE).unwrap();
    let arguments = ["verify", "--quiet", "--used-nonces", "used.txt", "case"];
    walkthrough.run(&arguments).succeeded();
    let mut used = fs::read(walkthrough.path("used.txt")).unwrap();
    let last = used.len() - 20;
    used[last] ^= 1;
    fs::write(walkthrough.path("used.txt"), &used).unwrap();
    walkthrough.run(&arguments).failed(2, &["used.txt is damaged at line 2", "from a copy"]);
    assert_eq!(fs::read(walkthrough.path("used.txt")).unwrap(), used);
}

#[test]
fn a_file_without_used_nonces_is_left_alone() {
    let walkthrough = Walkthrough::new();
    fs::write(walkthrough.path("case"), ONE).unwrap();
    let arguments = ["verify", "--used-nonces", "case", "case"];
    walkthrough.run(&arguments).failed(2, &["cannot use case: line 1 is no nonce; name a file"]);
    assert_eq!(fs::read_to_string(walkthrough.path("case")).unwrap(), ONE);

    let arguments = ["verify", "--used-nonces", "nowhere/used.txt", "case"];
    let outcome = walkthrough.run(&arguments);
    outcome.failed(2, &["cannot open nowhere/used.txt; name a file for used nonces"]);
}

#[cfg(unix)]
#[test]
fn a_killed_run_has_stored_the_nonce_of_each_printed_verdict() {
    use std::io::{BufRead, BufReader, Write};

    let walkthrough = Walkthrough::new();
    let mut program = walkthrough.program_without_key();
    program.args(["verify", "--json", "--used-nonces", "used.txt", "-"]);
    let mut child = program.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let input = child.stdin.as_mut().unwrap();
    input.write_all(format!("{}\n", ONE.trim()).as_bytes()).unwrap();
    input.flush().unwrap();
    let mut line = String::new();
    let mut printed = BufReader::new(child.stdout.take().unwrap());
    printed.read_line(&mut line).unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(line.contains(r#""verdict":"verified""#), "{line}");

    fs::write(walkthrough.path("case"), ONE).unwrap();
    let again = walkthrough.run(&["verify", "--json", "--used-nonces", "used.txt", "case"]);
    assert_eq!(check(&again.last_line(), "nonce-fresh")["outcome"], "failed");
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
