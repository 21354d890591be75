//! `mathematics/indy-credx`, `mathematics/cl`, and the policy about them.

use proofs::{Case, Check, Engine, EngineSet, Engines, Outcome, Policy, explain};
use serde_json::Value;

use super::cases::*;

/// A library that always says the same, of requests too.
struct Says {
    answer: Result<bool, String>,
    request_error: Option<String>,
}

impl Says {
    fn of_proofs(answer: Result<bool, String>) -> Self {
        Self { answer, request_error: None }
    }
}

impl Engine for Says {
    fn verify(&self, _case: &Case) -> Result<bool, String> {
        self.answer.clone()
    }

    fn request_error(&self, _request: &Value) -> Option<String> {
        self.request_error.clone()
    }
}

fn both(library: &dyn Engine) -> EngineSet<'_> {
    EngineSet { library: Some(library), cl: Some(&*CL) }
}

#[test]
fn all_valid_cases_are_verified() {
    for json in [ONE, TWO, OPERATORS] {
        let case = case(json);
        let library = Accepts::proof_of(&case);
        let verdict = explain(&case, &Policy::default(), both(&library), None);
        assert!(verdict.verified(), "{:#?}", verdict.failed().collect::<Vec<_>>());
        assert_eq!(verdict.relaxed().count(), 0);
    }
}

#[test]
fn both_engines_must_accept() {
    let refuses = Says::of_proofs(Ok(false));
    let verdict = explain(&case(ONE), &Policy::default(), both(&refuses), None);
    assert_eq!(failed(&verdict), [Check::MathematicsLibrary]);
    assert!(!verdict.verified());

    let other_nonce =
        altered(ONE, |case| case.presentation_request["nonce"] = "123432421213".into());
    let accepts = Says::of_proofs(Ok(true));
    let verdict = explain(&other_nonce, &Policy::default(), both(&accepts), None);
    assert_eq!(failed(&verdict), [Check::MathematicsCl]);
    assert!(said(&verdict, Check::MathematicsCl).contains("made for another nonce"));
    assert!(!verdict.verified());
}

#[test]
fn an_engine_without_an_answer_does_not_accept() {
    let panics = Says::of_proofs(Err("it panicked".to_owned()));
    let verdict = explain(&case(ONE), &Policy::default(), both(&panics), None);
    assert_eq!(failed(&verdict), [Check::MathematicsLibrary]);
    assert!(said(&verdict, Check::MathematicsLibrary).contains("no answer: it panicked"));

    let none = explain(&case(ONE), &Policy::default(), EngineSet::default(), None);
    assert_eq!(failed(&none), [Check::MathematicsLibrary, Check::MathematicsCl]);
    assert!(!none.verified());
}

#[test]
fn a_policy_may_ask_one_engine_and_the_verdict_says_so() {
    let accepts = Says::of_proofs(Ok(true));
    let refuses = Says::of_proofs(Ok(false));
    for (engines, library, left_out) in [
        (Engines::Cl, &refuses, Check::MathematicsLibrary),
        (Engines::IndyCredx, &accepts, Check::MathematicsCl),
    ] {
        let policy = Policy { engines, ..Policy::default() };
        let verdict = explain(&case(ONE), &policy, both(library), None);
        assert!(verdict.verified());
        assert_eq!(verdict.outcome(left_out), Outcome::NotReached);
        assert_eq!(verdict.relaxed().collect::<Vec<_>>(), [left_out]);
    }
}

#[test]
fn a_relaxed_check_is_reported_and_does_not_reject() {
    let changed = altered(ONE, |case| {
        *at(&mut case.presentation, "/requested_proof/revealed_attrs/attr1_referent/raw") =
            "Alexander".into();
    });
    let policy = Policy { engines: Engines::Cl, relaxed: [Check::Encoding].into() };
    let verdict =
        explain(&changed, &policy, EngineSet { cl: Some(&*CL), ..EngineSet::default() }, None);
    assert!(verdict.verified());
    assert_eq!(failed(&verdict), [Check::Encoding]);
    assert!(verdict.relaxed().any(|check| check == Check::Encoding));
}

#[test]
fn no_engine_sees_what_no_honest_prover_makes() {
    let idle = altered(ONE, |case| {
        let e = at(&mut case.presentation, "/proof/proofs/0/primary_proof/eq_proof/e");
        *e = format!("0{}", e.as_str().unwrap()).into();
    });
    let verdict = explain(&idle, &Policy::default(), both(&Says::of_proofs(Ok(true))), None);
    assert_eq!(failed(&verdict), [Check::NumberForm]);
    assert_eq!(verdict.outcome(Check::MathematicsLibrary), Outcome::NotReached);
    assert_eq!(verdict.outcome(Check::MathematicsCl), Outcome::NotReached);
    assert!(!verdict.verified());
}

#[test]
fn a_request_that_the_library_refuses_is_reported() {
    let library =
        Says { request_error: Some("unknown member".to_owned()), ..Says::of_proofs(Ok(true)) };
    let verdict = explain(&case(ONE), &Policy::default(), both(&library), None);
    assert_eq!(failed(&verdict), [Check::RequestShape]);
    assert!(said(&verdict, Check::RequestShape).contains("unknown member"));
}

#[test]
fn another_key_under_the_same_identifier_is_another_key() {
    assert_verified(&case(ONE));
    let other = altered(ONE, |case| {
        set(case.cred_defs.get_mut(GVT_CRED_DEF).unwrap(), "/value/primary", "z", "4");
    });
    assert_eq!(failures(&other), [Check::MathematicsCl]);
    assert_verified(&case(ONE));
}
