//! The step crates are the tutorial: its actions, numbered, in order.

use std::fs;

use regex::Regex;
use workspace_tests::STEPS;

#[test]
fn every_action_of_the_tutorial_begins_once_in_its_crate_and_in_order() {
    let begin = Regex::new(r#"\.begin\(\s*"?(\d+[a-z]?)"?\s*,"#).unwrap();
    for step in STEPS {
        let source = fs::read_to_string(step.source()).unwrap();
        let begun: Vec<&str> = begin
            .captures_iter(&source)
            .map(|captures| captures.get(1).unwrap().as_str())
            .collect();
        assert_eq!(begun, step.actions, "actions begun in {}", step.package);
    }
}

#[test]
fn every_action_of_the_tutorial_stands_between_its_own_anchors() {
    let mark =
        Regex::new(r#"// (ANCHOR|ANCHOR_END): action-(\w+)|\.begin\(\s*"?(\w+)"?\s*,"#).unwrap();
    for step in STEPS {
        let source = fs::read_to_string(step.source()).unwrap();
        let found: Vec<(&str, &str)> = mark
            .captures_iter(&source)
            .map(|captures| match captures.get(1) {
                Some(kind) => (kind.as_str(), captures.get(2).unwrap().as_str()),
                None => ("begin", captures.get(3).unwrap().as_str()),
            })
            .collect();
        let wanted: Vec<(&str, &str)> = step
            .actions
            .iter()
            .flat_map(|&action| ["ANCHOR", "begin", "ANCHOR_END"].map(|kind| (kind, action)))
            .collect();
        assert_eq!(found, wanted, "anchors and actions in {}", step.package);
    }
}

#[test]
fn the_actions_are_numbered_as_in_the_tutorial() {
    let numbered: Vec<&str> = STEPS
        .iter()
        .flat_map(|step| step.actions)
        .copied()
        .filter(|&action| action != "11b")
        .collect();
    let wanted: Vec<String> = (1..=24).map(|number: u8| number.to_string()).collect();
    assert_eq!(numbered, wanted);
}
