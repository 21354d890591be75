//! Verifying cases in files.

use std::{fs, process::Stdio};

use serde_json::{Value, json};

use crate::scene::{Outcome, Scene};

/// Valid cases, each on a line.
const ONE: &str = include_str!("../../../crates/proofs/tests/fixtures/cases/one-credential.json");
const TWO: &str = include_str!("../../../crates/proofs/tests/fixtures/cases/two-credentials.json");
const OPERATORS: &str = include_str!("../../../crates/proofs/tests/fixtures/cases/operators.json");
const REVOCABLE: &str = include_str!("../../../crates/proofs/tests/fixtures/cases/revocable.json");

const REVEALED: &str = "/presentation/requested_proof/revealed_attrs/attr1_referent/raw";

/// A valid case without a name.
fn nameless() -> String {
    altered(|_| ()).to_string()
}

/// A valid case under a name.
fn named(id: &str) -> Value {
    altered(|case| case["id"] = json!(id))
}

/// A valid case, without a name, after something was done to it.
fn altered(alter: impl FnOnce(&mut Value)) -> Value {
    let mut case: Value = serde_json::from_str(ONE).unwrap();
    case.as_object_mut().unwrap().remove("id");
    alter(&mut case);
    case
}

/// A case of which the revealed text is not the one that was signed.
fn with_other_text(text: &str) -> Value {
    altered(|case| *case.pointer_mut(REVEALED).unwrap() = json!(text))
}

fn verify_input(input: impl Into<Vec<u8>>, arguments: &[&str]) -> Outcome {
    let scene = Scene::new();
    fs::write(scene.path("cases"), input.into()).unwrap();
    scene.run(&[&["verify", "cases"], arguments].concat())
}

/// The ids and verdicts of lines of JSON.
fn verdicts(outcome: &Outcome) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let lines = outcome.lines();
    lines
        .iter()
        .map(|line| (text(&line["id"]), text(&line["verdict"])))
        .collect()
}

#[track_caller]
fn has_verdicts(outcome: &Outcome, expected: &[(&str, &str)]) {
    let found = verdicts(outcome);
    let found: Vec<(&str, &str)> = found
        .iter()
        .map(|(id, verdict)| (id.as_str(), verdict.as_str()))
        .collect();
    assert_eq!(found, expected, "{}", outcome.stderr);
}

/// How a check went, on a line of JSON.
fn check<'l>(line: &'l Value, name: &str) -> &'l Value {
    let checks = line["checks"].as_array().unwrap();
    checks.iter().find(|check| check["check"] == name).unwrap()
}

#[test]
fn a_case_that_is_verified_shows_all_checks() {
    let outcome = verify_input(nameless(), &[]).succeeded();
    let lines: Vec<&str> = outcome.stdout.lines().collect();
    assert_eq!(lines[0], "cases:1: verified");
    assert!(lines[1].starts_with(" 1 ✓ size "), "{}", outcome.stdout);
    assert!(lines[20].starts_with("20 ✓ mathematics/cl "));
    assert_eq!(lines.len(), 22, "{}", outcome.stdout);
}

#[test]
fn a_case_that_is_rejected_says_what_was_expected_and_found_and_what_to_do() {
    let outcome = verify_input(with_other_text("Mallory").to_string(), &[]);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (Some(1), ""));
    for words in [
        "cases:1: rejected\n",
        " 7 ✗ encoding ",
        "     attr1_referent: expected ",
        "found the text \"Mallory\"",
        "do not rely on the text",
    ] {
        assert!(outcome.stdout.contains(words), "{}", outcome.stdout);
    }
}

#[test]
fn for_a_program_each_case_is_a_line() {
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
fn files_of_every_form_are_verified_in_their_order_and_the_worst_decides() {
    let scene = Scene::new();
    let lines = format!("{}\n\n{}\n", named("first"), with_other_text("Mallory"));
    fs::write(scene.path("lines.jsonl"), lines).unwrap();
    fs::write(scene.path("one.json"), format!("{:#}", named("one"))).unwrap();
    let list = json!([named("a"), altered(|_| ())]);
    fs::write(scene.path("list.json"), list.to_string()).unwrap();

    let arguments = ["verify", "--json", "one.json", "list.json"];
    let outcome = scene.run(&arguments).succeeded();
    let fine = [
        ("one", "verified"),
        ("a", "verified"),
        ("list.json:1#2", "verified"),
    ];
    has_verdicts(&outcome, &fine);

    let all = [&arguments[..], &["lines.jsonl"]].concat();
    let outcome = scene.run(&all);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (Some(1), ""));
    let bad = [("first", "verified"), ("lines.jsonl:3", "rejected")];
    has_verdicts(&outcome, &[&fine[..], &bad].concat());

    let text = scene.run(&["verify", "one.json", "lines.jsonl"]);
    let last = text.stdout.lines().last().unwrap();
    assert_eq!(last, "3 cases: 2 verified, 1 rejected.");
}

#[test]
fn a_file_that_cannot_be_read_is_named_and_the_others_are_verified() {
    let scene = Scene::new();
    fs::write(scene.path("good.json"), named("good").to_string()).unwrap();
    fs::write(scene.path("empty.json"), "\n").unwrap();
    let files = ["missing.json", "temporary", "empty.json", "good.json"];
    let outcome = scene.run(&[&["verify", "--json"], &files[..]].concat());
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
fn cases_come_from_standard_input_too() {
    let scene = Scene::new();
    let mut program = scene.program();
    program.args(["verify", "--json", "-"]);
    let outcome = Outcome::with_input(program, &nameless()).succeeded();
    has_verdicts(&outcome, &[("-:1", "verified")]);
}

#[test]
fn quiet_says_it_with_the_exit_code() {
    let good = verify_input(nameless(), &["--quiet"]).succeeded();
    assert_eq!(good.stdout, "");
    let bad = verify_input(with_other_text("").to_string(), &["--quiet"]);
    assert_eq!(
        (bad.code, bad.stdout + &bad.stderr),
        (Some(1), String::new())
    );
    let unreadable = verify_input("{", &["--quiet"]);
    let said = unreadable.stdout + &unreadable.stderr;
    assert_eq!((unreadable.code, said), (Some(2), String::new()));
}

#[test]
fn what_cannot_be_read_is_one_rejection_and_never_the_end_of_the_run() {
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
        good.replacen("\"nonce\":", &format!("\"nonce\":{deep},\"\":"), 1)
            .into_bytes(),
        number.clone().into_bytes(),
        format!("{{\"presentation\": {number}}}").into_bytes(),
    ];
    let mut file = "\u{feff}".as_bytes().to_vec();
    let mut expected = Vec::new();
    for (index, bytes) in unreadable.iter().enumerate() {
        file.extend([b"null\r\n", &bytes[..], b"\n", good.as_bytes(), b"\n\n"].concat());
        let line = |nth| format!("cases:{}", 4 * index + nth);
        expected.extend([
            (line(1), "rejected"),
            (line(2), "rejected"),
            (line(3), "verified"),
        ]);
    }
    let outcome = verify_input(file, &["--json", "--engine", "cl"]);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (Some(2), ""));
    let expected: Vec<(&str, &str)> = expected
        .iter()
        .map(|(id, verdict)| (id.as_str(), *verdict))
        .collect();
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
fn what_can_be_read_and_is_too_much_is_a_rejection_like_any_other() {
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
fn a_relaxed_check_is_made_and_does_not_reject_and_the_verdict_says_so() {
    let case = with_other_text("Mallory").to_string();
    let outcome = verify_input(case.as_str(), &["--json", "--relax", "encoding"]).succeeded();
    let line = outcome.last_line();
    assert_eq!(line["verdict"], "verified");
    assert_eq!(line["relaxed"], json!(["encoding"]));
    assert_eq!(check(&line, "encoding")["outcome"], "failed");

    let text = verify_input(case, &["--relax", "encoding"])
        .succeeded()
        .stdout;
    assert!(
        text.starts_with("cases:1: verified, by a policy without encoding\n"),
        "{text}"
    );
    assert!(text.contains("(relaxed by the policy)"), "{text}");
}

#[test]
fn an_engine_alone_is_told_as_such() {
    for (engine, other) in [
        ("cl", "mathematics/indy-credx"),
        ("indy-credx", "mathematics/cl"),
    ] {
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
fn a_check_that_there_is_not_is_told_with_the_one_that_was_meant() {
    let outcome = verify_input(nameless(), &["--relax", "encodin"]);
    outcome.failed(2, &["'encodin'", "a similar value exists: 'encoding'"]);
}

#[test]
fn help_names_every_check_with_its_rule() {
    let help = Scene::new().run(&["verify", "--help"]).succeeded().stdout;
    for words in [
        "- same-holder:",
        "all credentials belong to one holder",
        "Examples:",
        "Exit codes:",
    ] {
        assert!(help.contains(words), "{help}");
    }
}

#[test]
fn a_nonce_is_accepted_once_in_a_run_and_in_the_next() {
    let scene = Scene::new();
    let other = altered(|case| case["presentation_request"]["nonce"] = json!("1"));
    let cases = format!(
        "{other}\n{}\n{}\n{}",
        named("a"),
        named("b"),
        TWO.replacen("\"id\":\"two-credentials\"", "\"id\":\"two\"", 1)
    );
    fs::write(scene.path("cases"), cases).unwrap();
    let arguments = ["verify", "--json", "--used-nonces", "used.txt", "cases"];
    let outcome = scene.run(&arguments);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (Some(1), ""));
    let expected = [
        ("cases:1", "rejected"),
        ("a", "verified"),
        ("b", "rejected"),
        ("two", "verified"),
    ];
    has_verdicts(&outcome, &expected);
    let lines = outcome.lines();
    assert_eq!(check(&lines[1], "nonce-fresh")["outcome"], "passed");
    assert_eq!(check(&lines[2], "nonce-fresh")["outcome"], "failed");
    // what is rejected for another reason uses no nonce up
    let used = fs::read_to_string(scene.path("used.txt")).unwrap();
    assert_eq!(used.lines().count(), 2, "{used}");
    assert!(!used.lines().any(|nonce| nonce == "1"), "{used}");

    let again = verdicts(&scene.run(&arguments));
    assert!(
        again.iter().all(|(_, verdict)| verdict == "rejected"),
        "{again:?}"
    );
    assert_eq!(fs::read_to_string(scene.path("used.txt")).unwrap(), used);
}

#[test]
fn a_line_of_used_nonces_that_was_cut_off_does_not_swallow_the_next() {
    let scene = Scene::new();
    fs::write(scene.path("case"), ONE).unwrap();
    fs::write(scene.path("used.txt"), "42\n17").unwrap();
    scene
        .run(&["verify", "--quiet", "--used-nonces", "used.txt", "case"])
        .succeeded();
    let used = fs::read_to_string(scene.path("used.txt")).unwrap();
    assert!(
        used.starts_with("42\n17\n") && used.ends_with('\n'),
        "{used}"
    );
    assert_eq!(used.lines().count(), 3, "{used}");
}

#[test]
fn a_file_that_is_not_of_used_nonces_is_left_alone() {
    let scene = Scene::new();
    fs::write(scene.path("case"), ONE).unwrap();
    let arguments = ["verify", "--used-nonces", "case", "case"];
    scene
        .run(&arguments)
        .failed(2, &["cannot use case: line 1 is no nonce; name a file"]);
    assert_eq!(fs::read_to_string(scene.path("case")).unwrap(), ONE);

    let arguments = ["verify", "--used-nonces", "nowhere/used.txt", "case"];
    let outcome = scene.run(&arguments);
    outcome.failed(
        2,
        &["cannot open nowhere/used.txt; name a file for used nonces"],
    );
}

#[cfg(unix)]
#[test]
fn a_run_that_is_killed_has_kept_the_nonce_of_every_verdict_that_it_told() {
    use std::io::{BufRead, BufReader, Write};

    let scene = Scene::new();
    let mut program = scene.program();
    program.args(["verify", "--json", "--used-nonces", "used.txt", "-"]);
    let mut child = program
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let input = child.stdin.as_mut().unwrap();
    input
        .write_all(format!("{}\n", ONE.trim()).as_bytes())
        .unwrap();
    input.flush().unwrap();
    let mut line = String::new();
    let mut told = BufReader::new(child.stdout.take().unwrap());
    told.read_line(&mut line).unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(line.contains(r#""verdict":"verified""#), "{line}");

    fs::write(scene.path("case"), ONE).unwrap();
    let again = scene.run(&["verify", "--json", "--used-nonces", "used.txt", "case"]);
    assert_eq!(
        check(&again.last_line(), "nonce-fresh")["outcome"],
        "failed"
    );
}

#[test]
fn what_a_case_says_cannot_steer_the_terminal() {
    let mut case = with_other_text("\u{1b}[2J\u{9b}31m");
    case["id"] = json!("\u{1b}]0;owned\u{7}\nx");
    let outcome = verify_input(case.to_string(), &[]);
    assert_eq!(outcome.code, Some(1));
    assert!(
        !outcome.stdout.contains(['\u{1b}', '\u{9b}', '\u{7}']),
        "{}",
        outcome.stdout
    );
    let first = outcome.stdout.lines().next().unwrap();
    assert_eq!(first, r"\u{1b}]0;owned\u{7}\nx: rejected");
}

#[test]
fn whoever_stops_listening_gets_no_complaint() {
    let scene = Scene::new();
    fs::write(scene.path("cases"), ONE.repeat(3)).unwrap();
    let mut program = scene.program();
    program
        .args(["verify", "cases"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = program.spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
}

#[test]
fn the_case_of_a_home_is_verified_with_nothing_but_itself() {
    let scene = Scene::after_step(4);
    let case = scene.run_at_home(&["case"]).succeeded().stdout;
    assert_eq!(case.lines().count(), 1);
    fs::write(scene.path("case.json"), &case).unwrap();
    let outcome = scene.run(&["verify", "--json", "case.json"]).succeeded();
    has_verdicts(&outcome, &[("home", "verified")]);

    // as somebody has changed it, not as it was
    scene.change_state(4, |state| {
        let path = "/data/presentation/requested_proof/revealed_attrs/attr1_referent/raw";
        *state.pointer_mut(path).unwrap() = json!("Mallory");
    });
    let case = scene.run_at_home(&["case"]).succeeded().stdout;
    fs::write(scene.path("case.json"), case).unwrap();
    let outcome = scene.run(&["verify", "--json", "case.json"]);
    assert_eq!(check(&outcome.last_line(), "encoding")["outcome"], "failed");
}

#[test]
fn a_home_without_a_presentation_has_no_case() {
    let scene = Scene::after_step(3);
    let outcome = scene.run_at_home(&["case"]);
    outcome.failed(2, &["step 4 has not been run in this home"]);
    let outcome = Scene::new().run(&["case"]);
    outcome.failed(2, &["name its directory with --home DIR"]);
}
