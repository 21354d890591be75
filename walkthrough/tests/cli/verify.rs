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
    // that our own engine does not compute non-revocation proofs rejects none
    verify_input(REVOCABLE, &["--quiet"]).succeeded();
    verify_input(REVOCABLE, &["--quiet", "--engine", "indy-credx"]).succeeded();
    let alone = verify_input(REVOCABLE, &["--json", "--engine", "cl"]);
    assert_eq!(alone.code, Some(2), "{}", alone.stderr);
    has_verdicts(&alone, &[("revocable", "undecided")]);
}

#[test]
fn a_policy_comes_from_options_and_a_file() {
    let by_option = verify_input(TWO, &["--json", "--engine", "cl", "--require-revealed"]);
    assert_eq!(check(&by_option.last_line(), "referents")["outcome"], "failed");
    let together = ["--json", "--engine", "cl", "--same-credential", "given name,graduate"];
    let outcome = verify_input(TWO, &together);
    assert_eq!(check(&outcome.last_line(), "referents")["outcome"], "failed");
    let ranges = verify_input(nameless(), &["--json", "--require-ranges"]);
    assert_eq!(check(&ranges.last_line(), "predicates")["outcome"], "failed");
    let keys = verify_input(nameless(), &["--json", "--key-bits", "3072"]);
    assert_eq!(check(&keys.last_line(), "hidden-set")["outcome"], "failed");
    let short = verify_input(nameless(), &["--json", "--max-bytes", "1024"]);
    assert_eq!(check(&short.last_line(), "size")["outcome"], "failed");

    let walkthrough = Walkthrough::new();
    fs::write(walkthrough.path("cases"), TWO).unwrap();
    let verify = |policy: &str, arguments: &[&str]| {
        fs::write(walkthrough.path("policy"), policy).unwrap();
        walkthrough.run(&[&["verify", "cases", "--json", "--policy", "policy"], arguments].concat())
    };
    let refused = verify(r#"{"engines": "cl", "require_revealed": true}"#, &[]);
    assert_eq!(check(&refused.last_line(), "referents")["outcome"], "failed");
    assert_eq!(refused.last_line()["relaxed"], json!(["mathematics/indy-credx"]));
    // an option comes before the file
    let line = verify(r#"{"engines": "cl"}"#, &["--engine", "indy-credx"]).succeeded().last_line();
    assert_eq!(line["relaxed"], json!(["mathematics/cl"]));
    verify(r#"{"require_reveal": true}"#, &[])
        .failed(2, &["cannot use policy", "unknown field `require_reveal`"]);
    verify(r#"{"key_bits": [3000, 2000]}"#, &[]).failed(2, &["exchange the two"]);
    // one engine must accept, whatever is relaxed
    let relaxed = ["--relax", "mathematics/cl", "--relax", "mathematics/indy-credx"];
    let mut other = named("other");
    other["presentation_request"]["nonce"] = json!("1");
    assert_eq!(
        verify_input(other.to_string(), &[&relaxed[..], &["--quiet"]].concat()).code,
        Some(1)
    );
    verify_input(TWO, &["--same-credential", "graduate"]).failed(2, &["two referents or more"]);
}

#[test]
fn a_verdict_is_compared_with_what_the_case_expects() {
    let bad = altered(|case| {
        case["id"] = json!("bad");
        *case.pointer_mut(REVEALED).unwrap() = json!("Mallory");
        case["expected"] = json!("rejected");
        case["expected_failures"] = json!(["encoding"]);
    });
    let good = altered(|case| case["expected"] = json!("verified"));
    let engine = ["--engine", "cl"];
    let both = verify_input(format!("{bad}\n{good}"), &engine).succeeded().stdout;
    assert_eq!(both.matches("\n  as expected\n").count(), 2, "{both}");
    assert!(both.ends_with("2 cases: 1 verified, 1 rejected; 2 of 2 as expected.\n"), "{both}");

    let mut other = bad.clone();
    other["expected_failures"] = json!(["predicates"]);
    let outcome = verify_input(other.to_string(), &["--json", "--engine", "cl"]);
    assert_eq!(outcome.code, Some(1));
    assert_eq!(
        outcome.last_line()["expectation"],
        json!({"met": false, "differences": ["expected predicates to fail, got encoding"]})
    );
    other["expected"] = json!("verified");
    other["expected_failures"] = json!([]);
    let outcome = verify_input(other.to_string(), &engine);
    let said = "  not as expected: expected verified, got rejected; expected no check to fail, got encoding\n";
    assert_eq!(outcome.code, Some(1));
    assert!(outcome.stdout.contains(said), "{}", outcome.stdout);

    let mut misspelt = bad;
    misspelt["expected_failures"] = json!(["encodin"]);
    verify_input(misspelt.to_string(), &engine).failed(2, &["there is no check \"encodin\""]);
}

#[test]
fn verdicts_can_be_tests_for_other_programs() {
    let bad = altered(|case| {
        case["id"] = json!("<bad> & #1");
        *case.pointer_mut(REVEALED).unwrap() = json!("Mallory");
    });
    let input = format!("{}\n{bad}\nnull\n", named("good"));
    let arguments = ["--engine", "cl", "--format"];
    let tap = verify_input(input.as_str(), &[&arguments[..], &["tap"]].concat());
    assert_eq!(tap.code, Some(1));
    let lines: Vec<&str> = tap.stdout.lines().collect();
    assert_eq!(lines[..3], ["TAP version 14", "ok 1 - good", r"not ok 2 - <bad> & \#1"]);
    assert_eq!((lines[3], lines[4]), ("  ---", "  verdict: rejected"));
    assert!(lines.contains(&"not ok 3 - cases:3"), "{}", tap.stdout);
    assert_eq!(lines.last(), Some(&"1..3"));

    let junit = verify_input(input, &[&arguments[..], &["junit"]].concat()).stdout;
    for words in [
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n",
        "<testcase classname=\"verify\" name=\"good\"/>\n",
        "name=\"&lt;bad&gt; &amp; #1\"><failure type=\"rejected\" message=\"the check encoding failed: ",
        "name=\"cases:3\"><error type=\"unreadable\" message=\"",
        "</testsuite>\n</testsuites>\n",
    ] {
        assert!(junit.contains(words), "{words}: {junit}");
    }
}

#[test]
fn a_file_that_cannot_be_read_is_a_test_too() {
    let walkthrough = Walkthrough::new();
    fs::write(walkthrough.path("good.json"), named("good").to_string()).unwrap();
    let verify = ["verify", "missing.json", "good.json", "--engine", "cl", "--format"];
    let tap = walkthrough.run(&[&verify[..], &["tap"]].concat());
    assert_eq!(tap.code, Some(2), "{}", tap.stderr);
    let lines: Vec<&str> = tap.stdout.lines().filter(|line| !line.starts_with(' ')).collect();
    assert_eq!(lines, ["TAP version 14", "not ok 1 - missing.json", "ok 2 - good", "1..2"]);
    let junit = walkthrough.run(&[&verify[..], &["junit"]].concat()).stdout;
    let error =
        "name=\"missing.json\"><error type=\"unreadable\" message=\"cannot read missing.json;";
    assert!(junit.contains(error), "{junit}");
}

#[test]
fn several_jobs_print_in_the_order_of_the_input() {
    let many: Vec<String> = (0..40)
        .map(|number| match number % 3 {
            0 => named(&number.to_string()).to_string(),
            1 => "null".to_owned(),
            _ => altered(|case| {
                case["id"] = json!(number.to_string());
                *case.pointer_mut(REVEALED).unwrap() = json!("Mallory");
            })
            .to_string(),
        })
        .collect();
    let input = many.join("\n");
    let one = verify_input(input.as_str(), &["--json", "--engine", "cl"]);
    let four = verify_input(input.as_str(), &["--json", "--engine", "cl", "--jobs", "4"]);
    assert_eq!((one.code, one.stdout, one.stderr), (four.code, four.stdout, four.stderr));
    verify_input(input, &["--jobs", "2", "--used-nonces", "used.txt"])
        .failed(2, &["--jobs", "--used-nonces"]);
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
fn used_nonces_that_were_shortened_or_emptied_are_refused() {
    let walkthrough = Walkthrough::new();
    fs::write(walkthrough.path("case"), ONE).unwrap();
    let arguments = ["verify", "--used-nonces", "used.txt", "case"];
    walkthrough.run(&arguments).succeeded();
    let whole = fs::read_to_string(walkthrough.path("used.txt")).unwrap();
    let first_line = whole.split_inclusive('\n').next().unwrap();
    for shortened in [first_line, ""] {
        fs::write(walkthrough.path("used.txt"), shortened).unwrap();
        let words = ["used.txt has 0 used nonces, and 1 were accepted", "from a copy"];
        let failed = walkthrough.run(&arguments).failed(2, &words);
        assert_eq!(failed.stdout, "");
        assert_eq!(fs::read_to_string(walkthrough.path("used.txt")).unwrap(), shortened);
    }
    // the advice
    fs::write(walkthrough.path("used.txt"), whole).unwrap();
    let again = walkthrough.run(&arguments);
    assert!(again.stdout.contains("rejected — nonce-fresh"), "{again:?}");
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
