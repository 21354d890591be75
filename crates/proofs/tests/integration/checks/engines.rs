//! `mathematics/indy-credx`, `mathematics/cl`, and the policy about them.

use std::sync::Mutex;
use std::time::Duration;

use proofs::{
    Case, Check, Decision, Engine, EngineError, EngineSet, Engines, Outcome, Policy, explain,
};
use serde_json::json;

use super::cases::*;

/// A library that always says the same.
struct Says(Result<bool, EngineError>);

impl Engine for Says {
    fn verify(&self, _case: &Case) -> Result<bool, EngineError> {
        self.0.clone()
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
    let refuses = Says(Ok(false));
    let verdict = explain(&case(ONE), &Policy::default(), both(&refuses), None);
    assert_eq!(failed(&verdict), [Check::MathematicsLibrary]);
    assert!(!verdict.verified());

    let other_nonce =
        altered(ONE, |case| case.presentation_request["nonce"] = "123432421213".into());
    let accepts = Says(Ok(true));
    let verdict = explain(&other_nonce, &Policy::default(), both(&accepts), None);
    assert_eq!(failed(&verdict), [Check::MathematicsCl]);
    assert!(said(&verdict, Check::MathematicsCl).contains("made for another nonce"));
    assert!(!verdict.verified());
}

#[test]
fn an_engine_without_an_answer_does_not_accept() {
    let panics = Says(Err(EngineError::Refused("it panicked".to_owned())));
    let verdict = explain(&case(ONE), &Policy::default(), both(&panics), None);
    assert_eq!(failed(&verdict), [Check::MathematicsLibrary]);
    assert!(said(&verdict, Check::MathematicsLibrary).contains("no answer: it panicked"));

    let none = explain(&case(ONE), &Policy::default(), EngineSet::default(), None);
    assert_eq!(failed(&none), [Check::MathematicsLibrary, Check::MathematicsCl]);
    assert!(!none.verified());
}

#[test]
fn a_policy_may_ask_one_engine_and_the_verdict_says_so() {
    let accepts = Says(Ok(true));
    let refuses = Says(Ok(false));
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
    let policy =
        Policy { engines: Engines::Cl, relaxed: [Check::Encoding].into(), ..Policy::default() };
    let verdict =
        explain(&changed, &policy, EngineSet { cl: Some(&*CL), ..EngineSet::default() }, None);
    assert!(verdict.verified());
    assert_eq!(failed(&verdict), [Check::Encoding]);
    assert!(verdict.relaxed().any(|check| check == Check::Encoding));
}

#[test]
fn one_engine_must_accept_whatever_is_relaxed() {
    let relaxed = [Check::MathematicsLibrary, Check::MathematicsCl];
    let refuses = Says(Ok(false));
    let other_nonce = altered(ONE, |case| case.presentation_request["nonce"] = "1".into());
    for engines in [Engines::Both, Engines::IndyCredx, Engines::Cl] {
        let policy = Policy { engines, relaxed: relaxed.into(), ..Policy::default() };
        assert!(!explain(&other_nonce, &policy, both(&refuses), None).verified(), "{engines:?}");
    }
}

#[test]
fn an_engine_that_is_relaxed_leaves_no_proof_uncomputed() {
    let refuses = Says(Ok(false));
    let policy = Policy { relaxed: [Check::MathematicsLibrary].into(), ..Policy::default() };
    let verdict = explain(&case(REVOCABLE), &policy, both(&refuses), None);
    assert_eq!(verdict.decision(), Decision::Undecided);
    assert_eq!(verdict.outcome(Check::MathematicsCl), Outcome::Undecided);
    // one that accepts decides, whatever is relaxed
    let library = Accepts::proof_of(&case(REVOCABLE));
    assert!(explain(&case(REVOCABLE), &policy, both(&library), None).verified());
}

#[test]
fn no_engine_sees_what_no_honest_prover_makes() {
    let idle = altered(ONE, |case| {
        let e = at(&mut case.presentation, "/proof/proofs/0/primary_proof/eq_proof/e");
        *e = format!("0{}", e.as_str().unwrap()).into();
    });
    let verdict = explain(&idle, &Policy::default(), both(&Says(Ok(true))), None);
    assert_eq!(failed(&verdict), [Check::NumberForm]);
    assert_eq!(verdict.outcome(Check::MathematicsLibrary), Outcome::NotReached);
    assert_eq!(verdict.outcome(Check::MathematicsCl), Outcome::NotReached);
    assert!(!verdict.verified());
}

#[test]
fn an_engine_that_cannot_compute_a_proof_does_not_decide() {
    let unable = Says(Err(EngineError::Unable("no such mathematics".to_owned())));
    let verdict = explain(&case(ONE), &Policy::default(), both(&unable), None);
    assert!(verdict.verified());
    assert_eq!(verdict.outcome(Check::MathematicsLibrary), Outcome::NotReached);

    // one that can must accept all the same
    let other_nonce =
        altered(ONE, |case| case.presentation_request["nonce"] = "123432421213".into());
    let verdict = explain(&other_nonce, &Policy::default(), both(&unable), None);
    assert_eq!(failed(&verdict), [Check::MathematicsCl]);
    assert_eq!(verdict.decision(), Decision::Rejected);

    let alone = Policy { engines: Engines::IndyCredx, ..Policy::default() };
    let verdict = explain(&case(ONE), &alone, both(&unable), None);
    assert_eq!(verdict.decision(), Decision::Undecided);
    assert_eq!(verdict.outcome(Check::MathematicsLibrary), Outcome::Undecided);
}

#[test]
fn an_engine_that_does_not_finish_decides_nothing() {
    let late = Says(Err(EngineError::TimedOut(Duration::from_secs(10))));
    let verdict = explain(&case(ONE), &Policy::default(), both(&late), None);
    assert_eq!(verdict.decision(), Decision::Undecided);
    assert!(verdict.reason().unwrap().contains("no answer in 10s"));
}

/// A library that keeps what it was asked.
#[derive(Default)]
struct Keeps(Mutex<Option<Case>>);

impl Engine for Keeps {
    fn verify(&self, case: &Case) -> Result<bool, EngineError> {
        *self.0.lock().unwrap() = Some(case.clone());
        Err(EngineError::Refused(format!("about {}", case.cred_defs.keys().next().unwrap())))
    }
}

#[test]
fn an_engine_sees_the_mathematics_alone_and_its_words_are_translated() {
    let library = Keeps::default();
    let asked = altered(OPERATORS, |case| {
        case.presentation_request["non_revoked"] = json!({"to": 1_700_000_000});
    });
    let verdict = explain(&asked, &Policy::default(), both(&library), None);
    let seen = library.0.lock().unwrap().take().unwrap();
    let text = serde_json::to_string(&seen).unwrap();
    for absent in ["restrictions", "non_revoked", "Alex", "did:sov"] {
        assert!(!text.contains(absent), "{absent}");
    }
    let given = asked.cred_defs.keys().next().unwrap();
    let reason = verdict.reason().unwrap();
    assert!(reason.contains(&format!("no answer: about {given}")), "{reason}");
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
