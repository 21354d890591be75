//! Verdicts of both engines, on presentations from the library.

use std::{sync::Arc, time::Duration};

use anoncreds::{
    AcceptedInMemory, AcceptedOnce, AnoncredsError, Case, Check, CredDefs, Decision, Engines,
    MemoryFailure, Outcome, Policy, Presentation, ProofRequest, RequestedCredentials, Schemas,
    Verdict, Verifier, generate_nonce,
};
use serde_json::{Value, json};

use test_support::credentials::Parties;

use crate::{
    classes::{GOVERNMENT, define_gvt},
    proof_test::{ProofTest, altered, request, tutorial_request},
};

const REVEALED: &str = "/requested_proof/revealed_attrs/attr1_referent";

fn failed(verdict: &Verdict) -> Vec<Check> {
    verdict.failed().map(|report| report.check).collect()
}

fn engines(engines: Engines) -> Policy {
    Policy { engines, ..Policy::default() }
}

/// The case that the verifier of `test` would receive.
fn case(test: &ProofTest, request: &ProofRequest, presentation: &Presentation) -> Case {
    serde_json::from_value(json!({
        "presentation_request": request,
        "presentation": presentation,
        "schemas": test.schemas,
        "cred_defs": test.cred_defs,
    }))
    .unwrap()
}

#[tokio::test]
async fn a_valid_proof_passes_every_check_of_both_engines() {
    let test = ProofTest::new().await;
    let proof = test.tutorial_proof().await;
    let verdict = test.explain(&tutorial_request(), &proof, &Policy::default()).await;
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
    let test = ProofTest::new().await;
    let proof = test.tutorial_proof().await;
    let mut another = tutorial_request();
    another.nonce = generate_nonce().unwrap();
    let verdict = test.explain(&another, &proof, &Policy::default()).await;
    assert_eq!(failed(&verdict), [Check::MathematicsLibrary, Check::MathematicsCl]);
}

#[tokio::test]
async fn both_engines_refuse_a_proof_under_another_issuers_key() {
    let test = ProofTest::new().await;
    let proof = test.tutorial_proof().await;
    // another key under the identifiers of the first
    let other = test.cred_defs.values().find(|other| {
        let id = other.id().to_string();
        proof.identifiers.iter().all(|own| own.cred_def_id.0 != id)
    });
    let mut case = case(&test, &tutorial_request(), &proof);
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
async fn a_changed_raw_value_fails_only_encoding() {
    let test = ProofTest::new().await;
    let proof = test.tutorial_proof().await;
    let forged = altered(&proof, |value| {
        *value.pointer_mut(REVEALED).unwrap().get_mut("raw").unwrap() = json!("Alice");
    });
    let verdict = test.explain(&tutorial_request(), &forged, &Policy::default()).await;
    assert_eq!(failed(&verdict), [Check::Encoding]);
    assert_eq!(verdict.outcome(Check::MathematicsLibrary), Outcome::Passed);
    assert_eq!(verdict.outcome(Check::MathematicsCl), Outcome::Passed);
    assert!(!test.verify(&tutorial_request(), &forged).await.unwrap());

    let tolerant = Policy { relaxed: [Check::Encoding].into(), ..Policy::default() };
    let verdict = test.explain(&tutorial_request(), &forged, &tolerant).await;
    assert!(verdict.verified());
    assert_eq!(verdict.relaxed().collect::<Vec<_>>(), [Check::Encoding]);
    let json = serde_json::to_value(&verdict).unwrap();
    assert_eq!(json["relaxed"], json!(["encoding"]));
}

#[tokio::test]
async fn a_hidden_attribute_under_a_value_restriction_is_rejected() {
    let test = ProofTest::new().await;
    let requested = |restrictions: Value| {
        let attribute = json!({"name": "name", "restrictions": restrictions});
        request(json!({"r": attribute}), json!({}))
    };
    // the prover answers a request without the restriction; the verifier has one
    let choice = RequestedCredentials::default().hide("r", "alex");
    let proof = test.prove(&requested(json!({"issuer_did": GOVERNMENT})), &choice).await.unwrap();
    let restricted = requested(json!({"attr::name::value": "Alex"}));
    let verdict = test.explain(&restricted, &proof, &engines(Engines::Cl)).await;
    assert_eq!(failed(&verdict), [Check::Restrictions]);
}

#[tokio::test]
async fn credentials_of_two_holders_are_rejected() {
    let test = ProofTest::new().await;
    let asked = request(json!({"one": {"name": "name"}, "other": {"name": "degree"}}), json!({}));
    let choice = RequestedCredentials::default().reveal("one", "alex").reveal("other", "master");
    let proof = test.prove(&asked, &choice).await.unwrap();
    assert!(test.verify(&asked, &proof).await.unwrap());

    let mixed = altered(&proof, |value| {
        let m = "/proof/proofs/1/primary_proof/eq_proof/m/master_secret";
        let response = value.pointer_mut(m).unwrap();
        let mut digits = response.as_str().unwrap().to_owned();
        let last = if digits.pop() == Some('7') { '8' } else { '7' };
        digits.push(last);
        *response = json!(digits);
    });
    let verdict = test.explain(&asked, &mixed, &Policy::default()).await;
    assert_eq!(failed(&verdict), [Check::SameHolder]);
}

#[tokio::test]
async fn the_verdict_shows_the_engines_that_the_policy_chose() {
    let test = ProofTest::new().await;
    let proof = test.tutorial_proof().await;
    for (choice, left_out) in
        [(Engines::Cl, Check::MathematicsLibrary), (Engines::IndyCredx, Check::MathematicsCl)]
    {
        let verdict = test.explain(&tutorial_request(), &proof, &engines(choice)).await;
        assert!(verdict.verified(), "{verdict}");
        assert_eq!(verdict.outcome(left_out), Outcome::NotReached);
        assert_eq!(verdict.relaxed().collect::<Vec<_>>(), [left_out]);
    }
}

#[tokio::test]
async fn the_library_checks_the_request_too() {
    let test = ProofTest::new().await;
    let proof = test.tutorial_proof().await;
    let mut case = case(&test, &tutorial_request(), &proof);
    // a restriction that our reader knows as a tag and the library refuses to read
    case.presentation_request["requested_attributes"]["attr1_referent"]["restrictions"] =
        json!({"issuer_did": {"$like": "N%"}});
    let verdict = Verifier::new(Policy::default()).explain(case).await;
    assert_eq!(verdict.outcome(Check::RequestShape), Outcome::Failed);
}

#[tokio::test]
async fn missing_public_data_is_in_the_verdict() {
    let mut test = ProofTest::new().await;
    let proof = test.tutorial_proof().await;
    test.schemas = Schemas::new();
    test.cred_defs = CredDefs::new();
    let verdict = test.explain(&tutorial_request(), &proof, &Policy::default()).await;
    assert_eq!(verdict.decision(), Decision::Undecided);
    assert_eq!(verdict.outcome(Check::PresentationShape), Outcome::Undecided);
    // a `false` would say that the proof is wrong
    let refused = test.verify(&tutorial_request(), &proof).await;
    assert!(matches!(refused, Err(AnoncredsError::Missing { .. })));
}

#[tokio::test]
async fn only_a_verified_presentation_uses_up_its_nonce() {
    let test = ProofTest::new().await;
    let proof = test.tutorial_proof().await;
    let good = case(&test, &tutorial_request(), &proof);
    let forged = altered(&proof, |value| {
        *value.pointer_mut(REVEALED).unwrap().get_mut("raw").unwrap() = json!("Alice");
    });
    let forged = case(&test, &tutorial_request(), &forged);

    let verifier = Verifier::new(engines(Engines::Cl));
    let nonces: Arc<dyn AcceptedOnce> = Arc::new(AcceptedInMemory::new());
    assert!(!verifier.explain_once(forged, &nonces).await.unwrap().verified());
    let verdict = verifier.explain_once(good.clone(), &nonces).await.unwrap();
    assert_eq!(verdict.outcome(Check::NonceFresh), Outcome::Passed);
    assert!(verdict.verified(), "{verdict}");
    // the same number in another form is no other nonce
    let nonce = good.presentation_request["nonce"].as_str().unwrap();
    let forms = [json!(nonce), json!(nonce.parse::<u64>().unwrap()), json!(format!("0{nonce}"))];
    for form in forms {
        let mut again = good.clone();
        again.presentation_request["nonce"] = form.clone();
        let verdict = verifier.explain_once(again, &nonces).await.unwrap();
        assert!(!verdict.verified(), "{form}: {verdict}");
    }
}

#[tokio::test]
async fn of_concurrent_presentations_for_a_nonce_one_is_accepted() {
    let test = ProofTest::new().await;
    let proof = test.tutorial_proof().await;
    let case = case(&test, &tutorial_request(), &proof);
    let verifier = Verifier::new(engines(Engines::Cl));
    let nonces: Arc<dyn AcceptedOnce> = Arc::new(AcceptedInMemory::new());
    let verdicts = [0; 4].map(|_| {
        let (verifier, case, nonces) = (verifier.clone(), case.clone(), nonces.clone());
        tokio::spawn(async move { verifier.explain_once(case, &nonces).await.unwrap().verified() })
    });
    let mut accepted = 0;
    for verdict in verdicts {
        accepted += usize::from(verdict.await.unwrap());
    }
    assert_eq!(accepted, 1);
}

/// A memory that cannot be written, or not even read.
struct Broken {
    can_be_read: bool,
}

impl AcceptedOnce for Broken {
    fn contains(&self, _: &str) -> Result<bool, MemoryFailure> {
        self.can_be_read.then_some(false).ok_or_else(|| MemoryFailure::new("the disk is gone"))
    }

    fn accept(&self, _: &str) -> Result<bool, MemoryFailure> {
        Err(MemoryFailure::new("the disk is full"))
    }
}

#[tokio::test]
async fn a_memory_that_fails_is_no_verdict() {
    let test = ProofTest::new().await;
    let proof = test.tutorial_proof().await;
    let case = case(&test, &tutorial_request(), &proof);
    let verifier = Verifier::new(engines(Engines::Cl));
    for (can_be_read, reason) in [(true, "the disk is full"), (false, "the disk is gone")] {
        let nonces: Arc<dyn AcceptedOnce> = Arc::new(Broken { can_be_read });
        let failure = verifier.explain_once(case.clone(), &nonces).await.unwrap_err();
        assert_eq!(failure, MemoryFailure::new(reason));
    }
}

#[tokio::test]
async fn a_library_without_time_decides_nothing() {
    let test = ProofTest::new().await;
    let proof = test.tutorial_proof().await;
    let case = case(&test, &tutorial_request(), &proof);
    let verifier = Verifier::new(Policy::default()).with_deadline(Duration::from_nanos(1));
    let verdict = verifier.explain(case).await;
    assert_eq!(verdict.decision(), Decision::Undecided);
    assert!(verdict.reason().unwrap().contains("no answer in 1ns"));
}

#[tokio::test]
async fn a_photo_of_900_kib_in_a_shown_value_verifies() {
    let photo = "Photo/".repeat(150 << 10);
    let parties = Parties::new().await;
    let class = define_gvt(&parties).await;
    let values = [("name", photo.as_str()), ("sex", "male"), ("age", "28"), ("height", "175")];
    parties.hold(&class, &["photo"], &values).await;
    let schemas = [(class.schema_id(), class.schema)].into();
    let cred_defs = [(class.cred_def.id().to_string(), class.cred_def)].into();
    let test = ProofTest { parties, schemas, cred_defs };
    let request = request(json!({"name": {"name": "name"}}), json!({}));
    let chosen = RequestedCredentials::default().reveal("name", "photo");
    let proof = test.prove(&request, &chosen).await.unwrap();
    let text = serde_json::to_string(&case(&test, &request, &proof)).unwrap();
    let verdict = Verifier::new(Policy::default()).explain(Case::from_json(&text).unwrap()).await;
    assert!(verdict.verified(), "{verdict}");
    assert_eq!(verdict.learned.unwrap()["name"].shown["name"], photo);
}
