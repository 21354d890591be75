//! Outputs that depend on nothing but the input: the same bytes from each process, whose sets and
//! maps have an order of their own each time.

use std::{collections::BTreeSet, fs};

use serde_json::json;
use test_support::hidden::spoilt;

use crate::walkthrough::{Walkthrough, action_number};

/// With four attribute names, a set that is not sorted is written alike five times once in 330,000
/// runs.
const RUNS: usize = 5;

#[track_caller]
fn prints_the_same(walkthrough: &Walkthrough, arguments: &[&str]) {
    let runs = (0..RUNS).map(|_| walkthrough.run(arguments));
    let outputs: BTreeSet<_> = runs.map(|run| (run.code, run.stdout, run.stderr)).collect();
    assert_eq!(outputs.len(), 1, "{arguments:?}: {outputs:#?}");
}

#[test]
fn commands_on_a_home_print_the_same_each_time() {
    let walkthrough = Walkthrough::after_step(4);
    let home = walkthrough.home();
    let home = home.to_str().unwrap();
    let request = json!({
        "nonce": "1", "name": "n", "version": "1.0",
        "requested_attributes": {
            "a": {"names": ["name", "sex", "height"]}, "b": {"name": "age"}, "c": {"name": "colour"},
            "d": {"name": "name", "restrictions": [{"issuer_did": "x"}, {"schema_version": "2.0"}]},
        },
        "requested_predicates": {"e": {"name": "age", "p_type": ">=", "p_value": 18}},
    });
    fs::write(walkthrough.path("request.json"), request.to_string()).unwrap();
    for format in ["json", "text"] {
        let with = |arguments: &[&str]| {
            prints_the_same(&walkthrough, &[arguments, &["--format", format]].concat());
        };
        with(&["case", "--home", home]);
        with(&["search", "request.json", "--home", home, "--explain"]);
        with(&["disclose", "request.json", "--home", home]);
        with(&["lint", "request.json"]);
    }
}

#[test]
fn verdicts_are_the_same_each_time() {
    let walkthrough = Walkthrough::new();
    let cases = include_str!("../../../crates/proofs/tests/fixtures/cases/two-credentials.json");
    let cases = spoilt(&serde_json::from_str(cases).unwrap());
    let lines: String = cases.iter().map(|case| format!("{case}\n")).collect();
    fs::write(walkthrough.path("cases.jsonl"), lines).unwrap();
    prints_the_same(&walkthrough, &["verify", "cases.jsonl", "--json"]);
    prints_the_same(&walkthrough, &["verify", "cases.jsonl", "--all", "--full"]);
}

#[test]
fn the_schema_is_shown_with_its_names_in_order() {
    let run = Walkthrough::new().run(&["--until", "2", "--json"]).succeeded();
    let lines = run.lines();
    let schema = lines.iter().find(|line| action_number(line).as_deref() == Some("8")).unwrap();
    assert_eq!(schema["value"]["Schema"]["attrNames"], json!(["age", "height", "name", "sex"]));
}
