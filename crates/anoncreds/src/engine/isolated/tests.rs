use proofs::{Check, ClEngine, EngineSet, Outcome, Policy, Verdict, explain};

use super::*;

/// A valid presentation, from the tests of `proofs`.
const VALID: &str = include_str!("../../../../proofs/tests/fixtures/cases/one-credential.json");

struct Panics;

impl Engine for Panics {
    fn verify(&self, _: &Case) -> Result<bool, String> {
        panic!("of all things");
    }
}

struct Sleeps;

impl Engine for Sleeps {
    fn verify(&self, _: &Case) -> Result<bool, String> {
        thread::sleep(Duration::from_secs(3_600));
        Ok(true)
    }
}

struct PanicsOnRequests;

impl Engine for PanicsOnRequests {
    fn verify(&self, _: &Case) -> Result<bool, String> {
        Ok(true)
    }

    fn request_error(&self, _: &Value) -> Option<String> {
        panic!("at the sight of a request");
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
fn an_engine_that_misses_the_deadline_rejects() {
    let verdict = verdict(&Isolated::new(Sleeps, Duration::from_millis(50)));
    assert!(!verdict.verified());
    let failed: Vec<_> = verdict.failed().collect();
    assert_eq!(failed[0].check, Check::MathematicsLibrary);
    assert_eq!(failed[0].failures[0].got, "no answer: none in 50ms");
}

#[test]
fn a_panic_over_a_request_is_the_requests_error() {
    let verdict = verdict(&Isolated::new(PanicsOnRequests, Duration::from_secs(10)));
    assert_eq!(verdict.outcome(Check::RequestShape), Outcome::Failed);
    let reason = verdict.reason().unwrap();
    assert!(reason.contains("it panicked"), "{reason}");
    assert!(!reason.contains("at the sight"), "the panic's message may quote a secret: {reason}");
}

#[test]
fn an_engine_gets_only_what_the_presentation_names() {
    let mut case = Case::from_json(VALID).unwrap();
    case.schemas.insert("another".to_owned(), Value::Null);
    case.cred_defs.insert("another".to_owned(), Value::Null);
    let named = only_named(&case);
    assert_eq!((named.schemas.len(), named.cred_defs.len()), (1, 1));
    assert_eq!(named.presentation, case.presentation);
}
