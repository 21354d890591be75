//! Verdicts through both engines, on presentations that the library made.

use std::time::Duration;

use indy::{
    anoncreds::{
        Case, Check, CredDefs, Engines, MemoryNonces, Outcome, Policy, Presentation, ProofRequest,
        RequestedCredentials, Schemas, Verdict, Verifier, generate_nonce,
    },
    error::AnoncredsError,
};
use serde_json::{Value, json};

use crate::{
    play::{Play, altered, request, tutorial_request},
    scene::GOVERNMENT,
};

const REVEALED: &str = "/requested_proof/revealed_attrs/attr1_referent";

fn failed(verdict: &Verdict) -> Vec<Check> {
    verdict.failed().map(|report| report.check).collect()
}

fn engines(engines: Engines) -> Policy {
    Policy {
        engines,
        ..Policy::default()
    }
}

/// The case that a verifier of `play` would receive.
fn case(play: &Play, request: &ProofRequest, presentation: &Presentation) -> Case {
    serde_json::from_value(json!({
        "presentation_request": request,
        "presentation": presentation,
        "schemas": play.schemas,
        "cred_defs": play.cred_defs,
    }))
    .unwrap()
}

#[tokio::test]
async fn a_valid_proof_passes_every_check_through_both_engines() {
    let play = Play::set().await;
    let proof = play.tutorial_proof().await;
    let verdict = play
        .explain(&tutorial_request(), &proof, &Policy::default())
        .await;
    assert!(verdict.verified(), "{verdict}");
    for report in &verdict.reports {
        let expected = match report.check {
            Check::NonceFresh => Outcome::NotReached,
            _ => Outcome::Passed,
        };
        assert_eq!(report.outcome, expected, "{}", report.check);
    }
}

#[tokio::test]
async fn both_engines_refuse_a_proof_for_another_nonce() {
    let play = Play::set().await;
    let proof = play.tutorial_proof().await;
    let mut another = tutorial_request();
    another.nonce = generate_nonce().unwrap();
    let verdict = play.explain(&another, &proof, &Policy::default()).await;
    assert_eq!(
        failed(&verdict),
        [Check::MathematicsLibrary, Check::MathematicsCl]
    );
}

#[tokio::test]
async fn both_engines_refuse_a_proof_under_another_issuer_s_key() {
    let play = Play::set().await;
    let proof = play.tutorial_proof().await;
    // another key under the identifiers of the first
    let other = play.cred_defs.values().find(|other| {
        let id = other.id().to_string();
        proof.identifiers.iter().all(|own| own.cred_def_id.0 != id)
    });
    let mut case = case(&play, &tutorial_request(), &proof);
    let other = serde_json::to_value(other.unwrap()).unwrap();
    let own = proof.identifiers[0].cred_def_id.0.clone();
    let (own, other) = (case.cred_defs.get_mut(&own).unwrap(), &other);
    for number in ["n", "s", "z", "rctxt"] {
        own["value"]["primary"][number] = other["value"]["primary"][number].clone();
    }
    let verdict = Verifier::new(Policy::default()).explain(case).await;
    assert!(!verdict.verified());
    assert!(verdict.outcome(Check::MathematicsLibrary) != Outcome::Passed);
    assert!(verdict.outcome(Check::MathematicsCl) != Outcome::Passed);
}

#[tokio::test]
async fn a_changed_raw_value_fails_encoding_and_nothing_else() {
    let play = Play::set().await;
    let proof = play.tutorial_proof().await;
    let forged = altered(&proof, |value| {
        *value.pointer_mut(REVEALED).unwrap().get_mut("raw").unwrap() = json!("Alice");
    });
    let verdict = play
        .explain(&tutorial_request(), &forged, &Policy::default())
        .await;
    assert_eq!(failed(&verdict), [Check::Encoding]);
    assert_eq!(verdict.outcome(Check::MathematicsLibrary), Outcome::Passed);
    assert_eq!(verdict.outcome(Check::MathematicsCl), Outcome::Passed);
    assert!(!play.verify(&tutorial_request(), &forged).await.unwrap());

    let tolerant = Policy {
        relaxed: [Check::Encoding].into(),
        ..Policy::default()
    };
    let verdict = play.explain(&tutorial_request(), &forged, &tolerant).await;
    assert!(verdict.verified());
    assert_eq!(verdict.relaxed().collect::<Vec<_>>(), [Check::Encoding]);
    let json = serde_json::to_value(&verdict).unwrap();
    assert_eq!(json["relaxed"], json!(["encoding"]));
}

#[tokio::test]
async fn a_hidden_attribute_under_a_value_restriction_is_rejected() {
    let play = Play::set().await;
    let asked = |restrictions: Value| {
        let attribute = json!({"name": "name", "restrictions": restrictions});
        request(json!({"r": attribute}), json!({}))
    };
    // the prover answers a request without the restriction; the verifier has one
    let choice = RequestedCredentials::default().hide("r", "alex");
    let proof = play
        .prove(&asked(json!({"issuer_did": GOVERNMENT})), &choice)
        .await
        .unwrap();
    let restricted = asked(json!({"attr::name::value": "Alex"}));
    let verdict = play
        .explain(&restricted, &proof, &engines(Engines::Cl))
        .await;
    assert_eq!(failed(&verdict), [Check::Restrictions]);
}

#[tokio::test]
async fn credentials_of_two_holders_are_rejected() {
    let play = Play::set().await;
    let asked = request(
        json!({"one": {"name": "name"}, "other": {"name": "degree"}}),
        json!({}),
    );
    let choice = RequestedCredentials::default()
        .reveal("one", "alex")
        .reveal("other", "master");
    let proof = play.prove(&asked, &choice).await.unwrap();
    assert!(play.verify(&asked, &proof).await.unwrap());

    let mixed = altered(&proof, |value| {
        let m = "/proof/proofs/1/primary_proof/eq_proof/m/master_secret";
        let response = value.pointer_mut(m).unwrap();
        let mut digits = response.as_str().unwrap().to_owned();
        let last = if digits.pop() == Some('7') { '8' } else { '7' };
        digits.push(last);
        *response = json!(digits);
    });
    let verdict = play.explain(&asked, &mixed, &Policy::default()).await;
    assert_eq!(failed(&verdict), [Check::SameHolder]);
}

#[tokio::test]
async fn a_policy_chooses_the_engines_and_the_verdict_says_so() {
    let play = Play::set().await;
    let proof = play.tutorial_proof().await;
    for (choice, left_out) in [
        (Engines::Cl, Check::MathematicsLibrary),
        (Engines::IndyCredx, Check::MathematicsCl),
    ] {
        let verdict = play
            .explain(&tutorial_request(), &proof, &engines(choice))
            .await;
        assert!(verdict.verified(), "{verdict}");
        assert_eq!(verdict.outcome(left_out), Outcome::NotReached);
        assert_eq!(verdict.relaxed().collect::<Vec<_>>(), [left_out]);
    }
}

#[tokio::test]
async fn the_library_is_asked_about_the_request_too() {
    let play = Play::set().await;
    let proof = play.tutorial_proof().await;
    let mut case = case(&play, &tutorial_request(), &proof);
    // a restriction that our reader knows as a tag and the library refuses to read
    case.presentation_request["requested_attributes"]["attr1_referent"]["restrictions"] =
        json!({"issuer_did": {"$like": "N%"}});
    let verdict = Verifier::new(Policy::default()).explain(case).await;
    assert_eq!(verdict.outcome(Check::RequestShape), Outcome::Failed);
}

#[tokio::test]
async fn public_data_that_was_not_given_is_in_the_verdict() {
    let mut play = Play::set().await;
    let proof = play.tutorial_proof().await;
    play.schemas = Schemas::new();
    play.cred_defs = CredDefs::new();
    let verdict = play
        .explain(&tutorial_request(), &proof, &Policy::default())
        .await;
    assert_eq!(failed(&verdict), [Check::PresentationShape]);
    // about the proof this says nothing, and a bare `false` would
    let refused = play.verify(&tutorial_request(), &proof).await;
    assert!(matches!(refused, Err(AnoncredsError::Missing { .. })));
}

#[tokio::test]
async fn a_verifier_with_a_memory_accepts_a_nonce_once_and_only_what_is_verified_uses_it_up() {
    let play = Play::set().await;
    let proof = play.tutorial_proof().await;
    let good = case(&play, &tutorial_request(), &proof);
    let forged = altered(&proof, |value| {
        *value.pointer_mut(REVEALED).unwrap().get_mut("raw").unwrap() = json!("Alice");
    });
    let forged = case(&play, &tutorial_request(), &forged);

    let verifier = Verifier::new(engines(Engines::Cl)).with_nonces(MemoryNonces::new());
    assert!(!verifier.explain(forged).await.verified());
    let verdict = verifier.explain(good.clone()).await;
    assert_eq!(verdict.outcome(Check::NonceFresh), Outcome::Passed);
    assert!(verdict.verified(), "{verdict}");
    let again = verifier.clone().explain(good).await;
    assert_eq!(failed(&again), [Check::NonceFresh]);
}

#[tokio::test]
async fn of_two_who_come_at_the_same_time_one_is_accepted() {
    let play = Play::set().await;
    let proof = play.tutorial_proof().await;
    let case = case(&play, &tutorial_request(), &proof);
    let verifier = Verifier::new(engines(Engines::Cl)).with_nonces(MemoryNonces::new());
    let verdicts = [0; 4].map(|_| {
        let (verifier, case) = (verifier.clone(), case.clone());
        tokio::spawn(async move { verifier.explain(case).await.verified() })
    });
    let mut accepted = 0;
    for verdict in verdicts {
        accepted += usize::from(verdict.await.unwrap());
    }
    assert_eq!(accepted, 1);
}

#[tokio::test]
async fn a_library_that_has_no_time_at_all_does_not_verify() {
    let play = Play::set().await;
    let proof = play.tutorial_proof().await;
    let case = case(&play, &tutorial_request(), &proof);
    let verifier = Verifier::new(Policy::default()).with_deadline(Duration::from_nanos(1));
    let verdict = verifier.explain(case).await;
    assert_eq!(failed(&verdict), [Check::MathematicsLibrary]);
    assert!(verdict.reason().unwrap().contains("no answer: none in 1ns"));
}
