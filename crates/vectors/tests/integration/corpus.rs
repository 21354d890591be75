//! The corpus itself: its rules, its schemas, and that we are right on every test of it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use serde_json::Value;
use vectors::runner::{Outcome, Startable, run};
use vectors::{Corpus, Expected, Kind, Placed};

use crate::generator::written::{different, directory};

pub fn corpus() -> Corpus {
    Corpus::read(&directory()).unwrap()
}

#[test]
fn the_files_are_those_that_the_generator_writes() {
    let differ = different(crate::generator::files());
    let differ: Vec<&String> = differ.iter().map(|(name, _)| name).collect();
    assert!(differ.is_empty(), "write them again with `just vectors-generate`: {differ:?}");
}

#[test]
fn the_files_keep_the_rules_of_the_corpus() {
    let faults = corpus().faults();
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn each_file_fits_its_schema() {
    for name in corpus().files.keys() {
        let read = |path: PathBuf| -> Value {
            serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
        };
        let file = read(directory().join(format!("{name}.json")));
        let schema = read(directory().join("schemas").join(file["schema"].as_str().unwrap()));
        let validator = jsonschema::validator_for(&schema).unwrap();
        let faults: Vec<String> = validator
            .iter_errors(&file)
            .take(5)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(faults.is_empty(), "{name}: {faults:#?}");
    }
}

/// No test takes longer than this in our own code, even while other tests run.
pub const LIMIT: Duration = Duration::from_secs(30);

#[test]
fn we_are_right_on_every_test_for_the_stated_reason() {
    let corpus = corpus();
    let tests: Vec<_> = corpus.tests().collect();
    let run = run(&tests, &Startable::Ours, 2, LIMIT).unwrap();
    assert_eq!(run.tested.len(), tests.len());
    let wrong: Vec<String> = run
        .tested
        .iter()
        .filter(|tested| match tested.outcome {
            Outcome::Right => false,
            // these are another program's
            Outcome::Skipped(_) => !is_of_the_exchange(tested.placed.group.kind),
            _ => true,
        })
        .map(|tested| format!("{}: {:?}", tested.placed.test.id, tested.outcome))
        .collect();
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

fn is_of_the_exchange(kind: Kind) -> bool {
    matches!(kind, Kind::ExchangeMessage | Kind::ExchangeSignature)
}

/// What every released library may accept and should not is not published, except what is known to
/// the public.
#[test]
fn the_library_refuses_what_is_invalid_and_not_known_to_be_accepted() {
    const KNOWN: [&str; 4] = ["RAW_CHANGED", "VALUE_OF_HIDDEN", "TWO_HOLDERS", "MEMBER_TWICE"];
    let corpus = corpus();
    let is_concerned = |placed: &Placed<'_>| {
        placed.group.kind == Kind::Verify && placed.test.result == Expected::Invalid
    };
    let tests: Vec<_> = corpus.tests().filter(is_concerned).collect();
    for library in [Startable::IndyCredx, Startable::Cl] {
        let run = run(&tests, &library, 2, LIMIT).unwrap();
        let accepted: Vec<&str> = run
            .tested
            .iter()
            .filter(|tested| {
                let test = tested.placed.test;
                matches!(tested.outcome, Outcome::Wrong(_))
                    && !KNOWN.iter().any(|flag| test.flags.iter().any(|given| given == flag))
            })
            .map(|tested| tested.placed.test.id.as_str())
            .collect();
        assert!(accepted.is_empty(), "{} accepts {accepted:#?}", run.description.name);
    }
}

#[test]
fn the_corpus_has_enough_of_everything() {
    let corpus = corpus();
    let tests: Vec<_> = corpus.tests().map(|placed| placed.test).collect();
    let invalid = tests.iter().filter(|test| test.result == Expected::Invalid).count();
    assert!(tests.len() >= 500, "{} tests", tests.len());
    assert!(invalid >= 250, "{invalid} invalid ones");
    let mut by_check: BTreeMap<&str, usize> = BTreeMap::new();
    for check in tests.iter().flat_map(|test| &test.reason) {
        *by_check.entry(check).or_default() += 1;
    }
    let few: BTreeSet<_> = proofs::Check::ALL
        .iter()
        .map(|check| (check.name(), by_check.get(check.name()).copied().unwrap_or_default()))
        .filter(|(_, count)| *count < 5)
        .collect();
    assert!(few.is_empty(), "fewer than five tests: {few:?}");
}
