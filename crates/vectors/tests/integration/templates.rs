//! The templates of adapters: they run, and say that they can do nothing yet.

use std::path::Path;
use std::time::Duration;

use vectors::Corpus;
use vectors::corpus::Placed;
use vectors::implementation::adapter::Program;
use vectors::runner::{Outcome, Startable, run};

/// How long an interpreter may take for an answer, even while other tests run.
const LIMIT: Duration = Duration::from_secs(30);

/// Returns the outcomes of a valid test and an invalid one. `before` is a command that runs the
/// template.
fn outcomes(before: &[&str], template: &str) -> Vec<Outcome> {
    let vectors = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors");
    let path = vectors.join("adapters").join(template).to_str().unwrap().to_owned();
    let command = before.iter().map(|&word| word.to_owned()).chain([path]).collect();
    let corpus = Corpus::read(&vectors).unwrap();
    let is_chosen = |placed: &Placed<'_>| {
        ["basic::one-attribute", "basic::one-attribute.another-nonce"]
            .contains(&placed.test.id.as_str())
    };
    let tests: Vec<_> = corpus.tests().filter(is_chosen).collect();
    assert_eq!(tests.len(), 2);
    let startable = Startable::Program(Program::new(command, LIMIT));
    let run = run(&tests, &startable, 1, LIMIT).unwrap();
    run.tested.into_iter().map(|tested| tested.outcome).collect()
}

#[test]
fn the_template_in_python_says_that_it_has_no_implementation() {
    let skipped = Outcome::Skipped("call your implementation here".to_owned());
    assert_eq!(outcomes(&[], "template.py"), [skipped.clone(), skipped]);
}

#[test]
fn the_template_in_shell_says_that_it_has_no_command() {
    let skipped = Outcome::Skipped(String::new());
    assert_eq!(outcomes(&[], "template.sh"), [skipped.clone(), skipped]);
}

#[test]
fn the_template_in_shell_takes_the_verdict_of_its_command() {
    let accepting = outcomes(&["env", "VERIFIER=true"], "template.sh");
    assert!(matches!(&accepting[..], [Outcome::Right, Outcome::Wrong(_)]), "{accepting:?}");
    let refusing = outcomes(&["env", "VERIFIER=false"], "template.sh");
    assert!(matches!(&refusing[..], [Outcome::Wrong(_), Outcome::Right]), "{refusing:?}");
}
