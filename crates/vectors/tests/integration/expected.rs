//! Lists of known failures.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use vectors::Corpus;
use vectors::expected::{DIRECTORY, ExpectedFailures};
use vectors::report::{JudgedRun, Standing};
use vectors::runner::{Startable, run};

use crate::fake::{self, LIMIT, program};

fn list(failures: &Value) -> Value {
    json!({"implementation": "fake", "version": "1", "failures": failures})
}

fn failure(id: &str) -> Value {
    json!({"id": id, "reason": "it is known"})
}

/// Reads a list, which must have a mistake.
#[track_caller]
fn mistake(list: &Value) -> String {
    let (directory, corpus) = fake::corpus(2);
    fs::write(directory.path().join("fake.json"), list.to_string()).unwrap();
    ExpectedFailures::read(directory.path(), "fake", &corpus).unwrap_err().to_string()
}

#[test]
fn a_list_with_a_mistake_says_which_in_which_file() {
    let with = |name: &str, value: Value| {
        let mut list = list(&json!([]));
        list[name] = value;
        list
    };
    for (list, words) in [
        (list(&json!([failure("fake::9")])), "\"fake::9\", and the corpus has no such test"),
        (list(&json!([failure("fake::1"), failure("fake::1")])), "\"fake::1\" twice"),
        (list(&json!([{"id": "fake::1", "reason": " "}])), "no reason for \"fake::1\""),
        (list(&json!([{"id": "fake::1"}])), "missing field `reason`"),
        (with("comment", json!("")), "unknown field `comment`"),
        (with("implementation", json!("other")), "about \"other\", and its name says \"fake\""),
        (json!([]), "is not a list of expected failures"),
    ] {
        let mistake = mistake(&list);
        assert!(mistake.contains(words) && mistake.contains("fake.json"), "{mistake}");
    }
}

#[test]
fn a_name_that_leads_elsewhere_has_no_list() {
    let (directory, corpus) = fake::corpus(1);
    let text = json!({"implementation": "../fake", "version": "1", "failures": []}).to_string();
    fs::write(directory.path().join("fake.json"), text).unwrap();
    let inner = directory.path().join("inner");
    fs::create_dir(&inner).unwrap();
    for name in ["../fake", "", ".", "a/b", "no-such-list"] {
        let read = ExpectedFailures::read(&inner, name, &corpus).unwrap();
        assert_eq!(read, None, "{name:?}");
    }
}

#[test]
fn a_listed_failure_is_expected_and_a_listed_success_is_not() {
    let (directory, corpus) = fake::corpus(4);
    let failures = json!(["fake::1", "fake::2", "fake::4"].map(failure));
    fs::write(directory.path().join("fake.json"), list(&failures).to_string()).unwrap();
    let read = ExpectedFailures::read(directory.path(), "fake", &corpus).unwrap().unwrap();
    let program = program(
        r#"1) exit 1;; 3) echo '{"tcId":3,"verdict":"invalid"}';; 4) echo '{"tcId":4,"verdict":"unsupported"}';;"#,
    );
    let tests: Vec<_> = corpus.tests().collect();
    let run = run(&tests, &Startable::Program(program), 1, LIMIT).unwrap();
    let judged = JudgedRun::new(run.description, run.tested, Some(&read));
    let standings: Vec<_> = judged.results.iter().map(|judged| judged.standing).collect();
    // what was not given or not answered is neither
    let expected =
        [Standing::KnownFailure, Standing::UnexpectedlyRight, Standing::Wrong, Standing::Skipped];
    assert_eq!(standings, expected);
    assert_eq!(judged.unexpected().count(), 2);
    assert_eq!(judged.listed_version, None);
}

#[test]
fn the_lists_of_the_corpus_have_no_mistake() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors");
    let corpus = Corpus::read(&directory).unwrap();
    let lists = directory.join(DIRECTORY);
    for entry in fs::read_dir(&lists).into_iter().flatten() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let implementation = name.strip_suffix(".json").unwrap();
        let list = ExpectedFailures::read(&lists, implementation, &corpus).unwrap();
        assert!(list.is_some(), "{name} is not the name of a list");
    }
}
