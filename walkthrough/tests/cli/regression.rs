//! `verify` as a runner of regression tests.

use std::fs;

use serde_json::json;

use crate::verify::{REVEALED, altered, named, verify_input};
use crate::walkthrough::Walkthrough;

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
