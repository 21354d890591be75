//! Creating proofs, and verifying them.

use anoncreds::{
    AnoncredsError, CredDefs, RequestedCredentials, RevocationRegistries,
    RevocationRegistryDefinitions, RevocationStates, Schemas, generate_nonce,
    prover_create_master_secret, prover_create_proof, verifier_verify_proof,
};
use serde_json::json;
use test_support::credentials::LINK_SECRET;

use crate::proof_test::{ProofTest, altered, request, tutorial_choice, tutorial_request};

#[tokio::test]
async fn the_tutorials_proof_is_verified_and_reveals_only_the_name() {
    let test = ProofTest::new().await;
    let proof = test.prove(&tutorial_request(), &tutorial_choice()).await.unwrap();
    assert!(test.verify(&tutorial_request(), &proof).await.unwrap());

    let requested = serde_json::to_value(&proof.requested_proof).unwrap();
    assert_eq!(requested["revealed_attrs"]["attr1_referent"]["raw"], "Alex");
    assert_eq!(requested["revealed_attrs"].as_object().unwrap().len(), 1);
    // one credential for two referents is presented once
    assert_eq!(proof.identifiers.len(), 1);
}

#[tokio::test]
async fn a_proof_with_every_kind_of_answer_is_verified() {
    let test = ProofTest::new().await;
    let request = request(
        json!({
            "shown": {"names": ["First Name", "degree"]},
            "hidden": {"name": "height"},
            "stated": {"name": "phone"},
        }),
        json!({
            "adult": {"name": "age", "p_type": ">", "p_value": 17},
            "recent": {"name": "year", "p_type": "<=", "p_value": 2020},
        }),
    );
    let choice = RequestedCredentials::default()
        .reveal("shown", "master")
        .hide("hidden", "alex")
        .self_attest("stated", "0123")
        .prove("adult", "alex")
        .prove("recent", "master");
    let proof = test.prove(&request, &choice).await.unwrap();
    assert!(test.verify(&request, &proof).await.unwrap());
    let requested = serde_json::to_value(&proof.requested_proof).unwrap();
    assert_eq!(requested["revealed_attr_groups"]["shown"]["values"]["degree"]["raw"], "MSc");
    assert!(requested["unrevealed_attrs"].get("hidden").is_some());
    assert_eq!(requested["self_attested_attrs"]["stated"], "0123");
    assert_eq!(proof.identifiers.len(), 2);
}

#[tokio::test]
async fn a_false_predicate_is_refused_before_the_library_is_called() {
    let test = ProofTest::new().await;
    let request =
        request(json!({}), json!({"older": {"name": "age", "p_type": ">=", "p_value": 29}}));
    let choice = RequestedCredentials::default().prove("older", "alex");
    let refused = test.prove(&request, &choice).await.unwrap_err();
    assert_eq!(
        refused.to_string(),
        "no proof was made: \"older\" wants \"age\" >= 29, and it is 28 in the credential \"alex\"; the \
         predicate is false and cannot be proved: choose another credential, or do not answer"
    );
}

#[tokio::test]
async fn everything_wrong_with_a_choice_is_reported_at_once() {
    let test = ProofTest::new().await;
    let choice = RequestedCredentials::default().reveal("attr1_referent", "missing");
    let refused = test.prove(&tutorial_request(), &choice).await.unwrap_err();
    assert_eq!(
        refused.to_string(),
        "no proof was made: (1) there is no credential \"missing\" to answer \"attr1_referent\"; choose one of \
         the wallet's; (2) nothing answers \"predicate1_referent\"; choose a credential for it"
    );
    assert_eq!(refused.code(), "CommonInvalidStructure");
}

#[tokio::test]
async fn referents_that_were_not_requested_are_refused() {
    let test = ProofTest::new().await;
    for choice in [
        tutorial_choice().reveal("attr2_referent", "alex"),
        // a predicate's referent under the attributes
        tutorial_choice().reveal("predicate1_referent", "alex"),
        tutorial_choice().prove("attr1_referent", "alex"),
        tutorial_choice().self_attest("phone", "0123"),
    ] {
        let refused = test.prove(&tutorial_request(), &choice).await;
        let Err(AnoncredsError::ProofRefused { refusals }) = refused else { panic!("{refused:?}") };
        assert_eq!(refusals.len(), 1, "{refusals:?}");
    }
}

#[tokio::test]
async fn a_hidden_attribute_does_not_answer_a_restriction_on_its_value() {
    let test = ProofTest::new().await;
    let restricted = json!({"name": "name", "restrictions": {"attr::name::value": "Alex"}});
    let request = request(json!({"r": restricted}), json!({}));
    let hidden = RequestedCredentials::default().hide("r", "alex");
    let refused = test.prove(&request, &hidden).await;
    let reason = refused.unwrap_err().to_string();
    assert!(reason.contains("would keep it hidden"), "{reason}");

    let shown = RequestedCredentials::default().reveal("r", "alex");
    let proof = test.prove(&request, &shown).await.unwrap();
    assert!(test.verify(&request, &proof).await.unwrap());
}

#[tokio::test]
async fn a_proof_needs_link_secret_schema_and_credential_definition() {
    let test = ProofTest::new().await;
    let (request, choice) = (tutorial_request(), tutorial_choice());
    let states = RevocationStates::new();
    let (no_schemas, no_cred_defs) = (Schemas::new(), CredDefs::new());
    let prover = &test.parties.prover;
    for (link_secret, schemas, cred_defs, code) in [
        ("other", &test.schemas, &test.cred_defs, "WalletItemNotFound"),
        (LINK_SECRET, &no_schemas, &test.cred_defs, "CommonInvalidStructure"),
        (LINK_SECRET, &test.schemas, &no_cred_defs, "CommonInvalidStructure"),
    ] {
        let refused = prover_create_proof(
            prover,
            &request,
            &choice,
            link_secret,
            schemas,
            cred_defs,
            &states,
        );
        assert_eq!(refused.await.unwrap_err().code(), code);
    }
    let proof = test.prove(&request, &choice).await.unwrap();
    for (schemas, cred_defs) in [(&no_schemas, &test.cred_defs), (&test.schemas, &no_cred_defs)] {
        let refused = verifier_verify_proof(
            &request,
            &proof,
            schemas,
            cred_defs,
            &RevocationRegistryDefinitions::new(),
            &RevocationRegistries::new(),
        )
        .await;
        assert!(matches!(refused, Err(AnoncredsError::Missing { .. })));
    }
}

#[tokio::test]
async fn a_proof_with_another_link_secret_is_rejected() {
    let test = ProofTest::new().await;
    prover_create_master_secret(&test.parties.prover, "second").await.unwrap();
    let proof = prover_create_proof(
        &test.parties.prover,
        &tutorial_request(),
        &tutorial_choice(),
        "second",
        &test.schemas,
        &test.cred_defs,
        &RevocationStates::new(),
    )
    .await
    .unwrap();
    assert!(!test.verify(&tutorial_request(), &proof).await.unwrap());
}

#[tokio::test]
async fn a_proof_answers_one_nonce_only() {
    let test = ProofTest::new().await;
    let proof = test.prove(&tutorial_request(), &tutorial_choice()).await.unwrap();
    let mut another = tutorial_request();
    another.nonce = generate_nonce().unwrap();
    assert!(!test.verify(&another, &proof).await.unwrap());
}

#[tokio::test]
async fn a_proof_with_another_encoded_value_is_rejected() {
    let test = ProofTest::new().await;
    let proof = test.prove(&tutorial_request(), &tutorial_choice()).await.unwrap();
    let forged = altered(&proof, |value| {
        let shown = &mut value["requested_proof"]["revealed_attrs"]["attr1_referent"];
        shown["encoded"] = json!("1");
    });
    assert!(!test.verify(&tutorial_request(), &forged).await.unwrap());
}

#[tokio::test]
async fn a_proof_that_leaves_a_referent_out_is_rejected() {
    let test = ProofTest::new().await;
    let proof = test.prove(&tutorial_request(), &tutorial_choice()).await.unwrap();
    let lacking = altered(&proof, |value| {
        value["requested_proof"]["predicates"] = json!({});
    });
    assert!(!test.verify(&tutorial_request(), &lacking).await.unwrap());
}

#[tokio::test]
async fn a_proof_with_another_issuers_credential_is_rejected() {
    let test = ProofTest::new().await;
    let proof = test.prove(&tutorial_request(), &tutorial_choice()).await.unwrap();
    let stricter = request(
        json!({"attr1_referent": {"name": "name", "restrictions": {"issuer_did": "V4SGRU86Z58d6TV7PBUe6f"}}}),
        json!({"predicate1_referent": {"name": "age", "p_type": ">=", "p_value": 18}}),
    );
    assert!(!test.verify(&stricter, &proof).await.unwrap());
}

#[test]
fn nonces_have_at_most_80_bits_and_differ() {
    let (first, second) = (generate_nonce().unwrap(), generate_nonce().unwrap());
    assert!(first.parse::<u128>().unwrap() < 1 << 80);
    assert_ne!(first, second);
}
