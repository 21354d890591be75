//! The test vectors of messages and signatures: their files, and the command that runs them.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
};

use exchange::{check::ExchangeCheck, message::Rule};
use serde_json::Value;
use vectors::{Corpus, Expected, Kind, Placed};

use crate::{
    generator::{self, written},
    session::Session,
};

/// The corpus, from anywhere.
pub const CORPUS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/vectors");

/// A valid test of messages, and an invalid one.
pub const TESTS: [&str; 2] =
    ["exchange_messages::request-json", "exchange_messages::request-id-missing"];

fn run(session: &Session, arguments: &[&str]) -> test_support::program::Finished {
    session.run(&[&["vectors", "--corpus", CORPUS], arguments].concat())
}

#[test]
fn the_files_are_those_that_the_generator_writes() {
    let differ = written::different(generator::files());
    let differ: Vec<&String> = differ.iter().map(|(name, _)| name).collect();
    assert!(differ.is_empty(), "write them again with `just vectors-generate`: {differ:?}");
}

#[test]
fn we_are_right_on_every_test_for_the_stated_reason() {
    let corpus = Corpus::read(&written::directory()).unwrap();
    let ours = corpus.tests().filter(|placed| is_ours(*placed)).count();
    let outcome = run(&Session::new(), &["--json"]);
    let lines = outcome.lines();
    let wrong: Vec<&Value> = lines.iter().filter(|line| line.get("got").is_some()).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    let summary = outcome.succeeded().last_line();
    assert_eq!((&summary["tests"], &summary["counts"]["right"]), (&ours.into(), &ours.into()));
}

fn is_ours(placed: Placed<'_>) -> bool {
    matches!(placed.group.kind, Kind::ExchangeMessage | Kind::ExchangeSignature)
}

/// Returns how often a file gives each reason, and how many tests are valid and invalid.
fn counts(name: &str) -> (BTreeMap<String, usize>, [usize; 2]) {
    let corpus = Corpus::read(&written::directory()).unwrap();
    let tests: Vec<_> = corpus.tests().filter(|placed| placed.file == name).collect();
    let mut reasons = BTreeMap::new();
    for reason in tests.iter().flat_map(|placed| &placed.test.reason) {
        *reasons.entry(reason.clone()).or_default() += 1;
    }
    let of = |expected| tests.iter().filter(|placed| placed.test.result == expected).count();
    (reasons, [of(Expected::Valid), of(Expected::Invalid)])
}

#[test]
fn every_rule_of_the_messages_has_a_test() {
    let (reasons, [valid, invalid]) = counts("exchange_messages");
    let found: BTreeSet<&str> = reasons.keys().map(String::as_str).collect();
    let rules: BTreeSet<&str> = Rule::ALL.iter().map(|rule| rule.name()).chain(["json"]).collect();
    assert_eq!(found, rules);
    assert!(valid >= 30 && invalid >= 150, "{valid} valid, {invalid} invalid");
}

#[test]
fn every_check_of_a_response_has_five_tests() {
    let (reasons, [valid, invalid]) = counts("exchange_signatures");
    let few: Vec<_> = ExchangeCheck::ALL
        .iter()
        .map(|check| (check.name(), reasons.get(check.name()).copied().unwrap_or_default()))
        .filter(|(_, count)| *count < 5)
        .collect();
    assert!(few.is_empty(), "fewer than five tests: {few:?}");
    assert_eq!(reasons.len(), ExchangeCheck::ALL.len(), "{reasons:?}");
    assert!(valid >= 25 && invalid >= 150, "{valid} valid, {invalid} invalid");
}

#[test]
fn the_other_program_s_tests_are_left_to_it() {
    let outcome = run(&Session::new(), &["--filter", "basic::one-attribute"]);
    outcome.failed(2, &["no test of this program is left by the filter \"basic::one-attribute\""]);
    let outcome = run(&Session::new(), &["-i", "indy-credx"]);
    outcome.failed(2, &["cannot start indy-credx", "one of ours, "]);
    let outcome = run(&Session::new(), &["mutate"]);
    outcome.failed(2, &["unexpected argument 'mutate'"]);
}

#[cfg(unix)]
#[test]
fn a_wrong_answer_of_a_program_is_shown_and_ends_with_1() {
    const ADAPTER: &str = r#"
read -r start
echo '{"name":"credulous","version":"1","features":["exchange-message"]}'
while read -r line; do
  id=${line##*'"tcId":'}
  echo "{\"tcId\":${id%%[!0-9]*},\"verdict\":\"valid\"}"
done
"#;
    let session = Session::new();
    fs::write(session.path("credulous.sh"), ADAPTER).unwrap();
    let filters = ["--filter", TESTS[0], "--filter", TESTS[1]];
    let outcome = run(&session, &[&["-i", "ours", "-i", "sh credulous.sh"], &filters[..]].concat());
    assert_eq!((outcome.code, outcome.stderr.as_str()), (Some(1), ""));
    for line in [
        &*format!("  wrong: {}", TESTS[1]),
        "    comment   /id is missing.",
        "    expected  invalid: schema",
        "    got       valid",
    ] {
        assert!(outcome.stdout.lines().any(|one| one == line), "no {line}: {}", outcome.stdout);
    }
}
