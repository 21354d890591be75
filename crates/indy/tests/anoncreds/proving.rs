//! Proofs, and their verification.

use indy::{
    anoncreds::{
        CredDefs, Presentation, ProofRequest, RequestedCredentials, RevocationRegistries,
        RevocationRegistryDefinitions, RevocationStates, Schemas, generate_nonce,
        prover_create_master_secret, prover_create_proof, verifier_verify_proof,
    },
    error::AnoncredsError,
};
use serde_json::{Value, json};

use crate::scene::{ALEX, GOVERNMENT, LINK_SECRET, MASTER, Scene};

/// A prover with Alex's government credential and degree, and the public data of both.
struct Play {
    scene: Scene,
    schemas: Schemas,
    cred_defs: CredDefs,
}

impl Play {
    async fn set() -> Self {
        let scene = Scene::set().await;
        let (gvt, degree) = (scene.gvt().await, scene.degree().await);
        scene.hold(&gvt, "alex", &ALEX).await;
        scene.hold(&degree, "master", &MASTER).await;
        let mut play = Self {
            scene,
            schemas: Schemas::new(),
            cred_defs: CredDefs::new(),
        };
        for class in [gvt, degree] {
            play.schemas.insert(class.schema_id(), class.schema);
            play.cred_defs
                .insert(class.cred_def.id().to_string(), class.cred_def);
        }
        play
    }

    async fn prove(
        &self,
        request: &ProofRequest,
        requested: &RequestedCredentials,
    ) -> Result<Presentation, AnoncredsError> {
        prover_create_proof(
            &self.scene.prover,
            request,
            requested,
            LINK_SECRET,
            &self.schemas,
            &self.cred_defs,
            &RevocationStates::new(),
        )
        .await
    }

    async fn verify(
        &self,
        request: &ProofRequest,
        presentation: &Presentation,
    ) -> Result<bool, AnoncredsError> {
        verifier_verify_proof(
            request,
            presentation,
            &self.schemas,
            &self.cred_defs,
            &RevocationRegistryDefinitions::new(),
            &RevocationRegistries::new(),
        )
        .await
    }
}

fn request(attributes: Value, predicates: Value) -> ProofRequest {
    ProofRequest::from_value(&json!({
        "nonce": "123432421212", "name": "proof_req_1", "version": "0.1",
        "requested_attributes": attributes, "requested_predicates": predicates,
    }))
    .unwrap()
}

fn tutorial_request() -> ProofRequest {
    request(
        json!({"attr1_referent": {"name": "name", "restrictions": {"issuer_did": GOVERNMENT}}}),
        json!({"predicate1_referent": {"name": "age", "p_type": ">=", "p_value": 18}}),
    )
}

fn tutorial_choice() -> RequestedCredentials {
    RequestedCredentials::default()
        .reveal("attr1_referent", "alex")
        .prove("predicate1_referent", "alex")
}

/// A copy of a presentation with one change.
fn altered(presentation: &Presentation, change: impl FnOnce(&mut Value)) -> Presentation {
    let mut value = serde_json::to_value(presentation).unwrap();
    change(&mut value);
    serde_json::from_value(value).unwrap()
}

#[tokio::test]
async fn the_tutorial_s_proof_is_verified_and_shows_the_name_only() {
    let play = Play::set().await;
    let proof = play
        .prove(&tutorial_request(), &tutorial_choice())
        .await
        .unwrap();
    assert!(play.verify(&tutorial_request(), &proof).await.unwrap());

    let requested = serde_json::to_value(&proof.requested_proof).unwrap();
    assert_eq!(requested["revealed_attrs"]["attr1_referent"]["raw"], "Alex");
    assert_eq!(requested["revealed_attrs"].as_object().unwrap().len(), 1);
    // one credential for two referents is presented once
    assert_eq!(proof.identifiers.len(), 1);
}

#[tokio::test]
async fn a_proof_from_two_credentials_with_every_kind_of_answer_is_verified() {
    let play = Play::set().await;
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
    let proof = play.prove(&request, &choice).await.unwrap();
    assert!(play.verify(&request, &proof).await.unwrap());
    let requested = serde_json::to_value(&proof.requested_proof).unwrap();
    assert_eq!(
        requested["revealed_attr_groups"]["shown"]["values"]["degree"]["raw"],
        "MSc"
    );
    assert!(requested["unrevealed_attrs"].get("hidden").is_some());
    assert_eq!(requested["self_attested_attrs"]["stated"], "0123");
    assert_eq!(proof.identifiers.len(), 2);
}

#[tokio::test]
async fn a_false_predicate_cannot_be_proved() {
    let play = Play::set().await;
    let request = request(
        json!({}),
        json!({"older": {"name": "age", "p_type": ">=", "p_value": 29}}),
    );
    let choice = RequestedCredentials::default().prove("older", "alex");
    let refused = play.prove(&request, &choice).await;
    assert!(matches!(refused, Err(AnoncredsError::Library { .. })));
}

#[tokio::test]
async fn a_choice_that_cannot_be_followed_is_refused_with_what_is_missing() {
    let play = Play::set().await;
    let unknown_credential = RequestedCredentials::default().reveal("attr1_referent", "nobody");
    let error = play
        .prove(&tutorial_request(), &unknown_credential)
        .await
        .unwrap_err();
    assert_eq!(error.code(), "WalletItemNotFound");

    for choice in [
        RequestedCredentials::default().reveal("attr2_referent", "alex"),
        // a predicate's referent under the attributes
        RequestedCredentials::default().reveal("predicate1_referent", "alex"),
        RequestedCredentials::default().prove("attr1_referent", "alex"),
        RequestedCredentials::default().self_attest("phone", "0123"),
    ] {
        let refused = play.prove(&tutorial_request(), &choice).await;
        assert!(matches!(
            refused,
            Err(AnoncredsError::UnknownReferent { .. })
        ));
    }
}

#[tokio::test]
async fn a_proof_needs_link_secret_schema_and_credential_definition() {
    let play = Play::set().await;
    let (request, choice) = (tutorial_request(), tutorial_choice());
    let states = RevocationStates::new();
    let (no_schemas, no_cred_defs) = (Schemas::new(), CredDefs::new());
    let prover = &play.scene.prover;
    for (link_secret, schemas, cred_defs, code) in [
        (
            "other",
            &play.schemas,
            &play.cred_defs,
            "WalletItemNotFound",
        ),
        (
            LINK_SECRET,
            &no_schemas,
            &play.cred_defs,
            "CommonInvalidStructure",
        ),
        (
            LINK_SECRET,
            &play.schemas,
            &no_cred_defs,
            "CommonInvalidStructure",
        ),
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
    let proof = play.prove(&request, &choice).await.unwrap();
    for (schemas, cred_defs) in [
        (&no_schemas, &play.cred_defs),
        (&play.schemas, &no_cred_defs),
    ] {
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
async fn a_proof_made_with_another_link_secret_of_the_wallet_is_not_verified() {
    let play = Play::set().await;
    prover_create_master_secret(&play.scene.prover, "second")
        .await
        .unwrap();
    let proof = prover_create_proof(
        &play.scene.prover,
        &tutorial_request(),
        &tutorial_choice(),
        "second",
        &play.schemas,
        &play.cred_defs,
        &RevocationStates::new(),
    )
    .await
    .unwrap();
    assert!(!play.verify(&tutorial_request(), &proof).await.unwrap());
}

#[tokio::test]
async fn a_proof_answers_one_nonce_only() {
    let play = Play::set().await;
    let proof = play
        .prove(&tutorial_request(), &tutorial_choice())
        .await
        .unwrap();
    let mut another = tutorial_request();
    another.nonce = generate_nonce().unwrap();
    assert!(!play.verify(&another, &proof).await.unwrap());
}

#[tokio::test]
async fn a_proof_with_another_encoded_value_is_rejected() {
    let play = Play::set().await;
    let proof = play
        .prove(&tutorial_request(), &tutorial_choice())
        .await
        .unwrap();
    let forged = altered(&proof, |value| {
        let shown = &mut value["requested_proof"]["revealed_attrs"]["attr1_referent"];
        shown["encoded"] = json!("1");
    });
    let error = play.verify(&tutorial_request(), &forged).await.unwrap_err();
    assert_eq!(error.code(), "AnoncredsProofRejected");
}

#[tokio::test]
async fn a_proof_that_leaves_a_referent_out_is_rejected() {
    let play = Play::set().await;
    let proof = play
        .prove(&tutorial_request(), &tutorial_choice())
        .await
        .unwrap();
    let lacking = altered(&proof, |value| {
        value["requested_proof"]["predicates"] = json!({});
    });
    let error = play
        .verify(&tutorial_request(), &lacking)
        .await
        .unwrap_err();
    assert_eq!(error.code(), "AnoncredsProofRejected");
}

#[tokio::test]
async fn a_proof_of_another_issuer_s_credential_is_rejected() {
    let play = Play::set().await;
    let proof = play
        .prove(&tutorial_request(), &tutorial_choice())
        .await
        .unwrap();
    let stricter = request(
        json!({"attr1_referent": {"name": "name", "restrictions": {"issuer_did": "V4SGRU86Z58d6TV7PBUe6f"}}}),
        json!({"predicate1_referent": {"name": "age", "p_type": ">=", "p_value": 18}}),
    );
    let error = play.verify(&stricter, &proof).await.unwrap_err();
    assert_eq!(error.code(), "AnoncredsProofRejected");
}

#[test]
fn a_nonce_has_at_most_eighty_bits_and_differs_from_the_next() {
    let (first, second) = (generate_nonce().unwrap(), generate_nonce().unwrap());
    assert!(first.parse::<u128>().unwrap() < 1 << 80);
    assert_ne!(first, second);
}
