//! A small corpus, and programs that answer it as told.

use std::fs;
use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;
use vectors::Corpus;
use vectors::implementation::adapter::Program;

/// How long a program of these tests may take, even while other tests run.
pub const LIMIT: Duration = Duration::from_secs(5);

/// A directory with a corpus of so many valid tests, `fake::1`, `fake::2`, ..., and room for other
/// files.
pub fn corpus(count: usize) -> (TempDir, Corpus) {
    let directory = tempfile::tempdir().unwrap();
    write_corpus(directory.path(), count);
    let corpus = Corpus::read(directory.path()).unwrap();
    (directory, corpus)
}

fn write_corpus(directory: &Path, count: usize) {
    let tests: Vec<Value> = (1..=count)
        .map(|number| {
            json!({
                "tcId": number, "id": format!("fake::{number}"), "comment": "A test.",
                "flags": ["NORMAL"], "features": ["verify"], "importance": "low", "input": {},
                "result": "valid",
            })
        })
        .collect();
    let file = json!({
        "algorithm": "none", "schema": "verify_schema.json", "license": "0BSD", "header": [],
        "numberOfTests": count,
        "notes": {"NORMAL": {"bugType": "BASIC", "description": "Nothing special."}},
        "testGroups": [{
            "type": "verify", "source": {"name": "none", "version": "0"}, "public": {}, "tests": tests,
        }],
    });
    fs::write(directory.join("verify_fake.json"), file.to_string()).unwrap();
}

/// A program in shell. For each test it runs `cases`, the branches of a `case` by the test's number
/// `$n`; the function `answer` says that the test is valid.
pub fn program(cases: &str) -> Program {
    program_that_begins("", cases)
}

/// A program that runs `beginning` before it says what it is.
pub fn program_that_begins(beginning: &str, cases: &str) -> Program {
    let script = format!(
        r#"{beginning}
answer() {{ printf '{{"tcId":%s,"verdict":"valid"}}\n' "$n"; }}
read -r start
echo '{{"name":"fake","version":"1","features":["verify"]}}'
while read -r line; do
  n=${{line#*'"tcId":'}}; n=${{n%%[!0-9]*}}
  case $n in
    {cases}
    *) answer;;
  esac
done"#
    );
    Program::new(vec!["sh".to_owned(), "-c".to_owned(), script], LIMIT)
}
