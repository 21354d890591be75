use proofs::{Check, ClEngine, Decision, EngineSet, Outcome, Policy, Verdict, explain};

use super::*;

/// A valid presentation, from the tests of `proofs`.
const VALID: &str = include_str!("../../../../proofs/tests/fixtures/cases/one-credential.json");

struct Panics;

impl Engine for Panics {
    fn verify(&self, _: &Case) -> Result<bool, EngineError> {
        panic!("of all things");
    }
}

struct Sleeps;

impl Engine for Sleeps {
    fn verify(&self, _: &Case) -> Result<bool, EngineError> {
        thread::sleep(Duration::from_secs(3_600));
        Ok(true)
    }
}

/// The verdict on a valid presentation, with this engine in place of the library.
fn verdict(library: &dyn Engine) -> Verdict {
    let engines = EngineSet { library: Some(library), cl: Some(&ClEngine::new()) };
    let case = Case::from_json(VALID).unwrap();
    explain(&case, &Policy::default(), engines, None)
}

#[test]
fn a_panic_rejects_the_presentation_and_the_other_engine_answers() {
    let verdict = verdict(&Isolated::new(Panics, Duration::from_secs(10)));
    assert!(!verdict.verified());
    let failed: Vec<_> = verdict.failed().collect();
    assert_eq!(failed.len(), 1);
    assert_eq!(failed[0].check, Check::MathematicsLibrary);
    assert_eq!(failed[0].failures[0].got, "no answer: it panicked");
    assert_eq!(verdict.outcome(Check::MathematicsCl), Outcome::Passed);
}

#[test]
fn an_engine_that_misses_the_deadline_decides_nothing() {
    let verdict = verdict(&Isolated::new(Sleeps, Duration::from_millis(50)));
    assert_eq!(verdict.decision(), Decision::Undecided);
    let undecided: Vec<_> = verdict.undecided().collect();
    assert_eq!(undecided[0].check, Check::MathematicsLibrary);
    assert_eq!(undecided[0].failures[0].got, "no answer in 50ms");
}
