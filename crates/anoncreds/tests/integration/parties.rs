//! A prover with two credentials, and a verifier who reads what both need.

use indy::{
    anoncreds::{
        CredDefs, Policy, Presentation, ProofRequest, RequestedCredentials, RevocationRegistries,
        RevocationRegistryDefinitions, RevocationStates, Schemas, Verdict, prover_create_proof,
        verifier_explain_proof, verifier_verify_proof,
    },
    error::AnoncredsError,
};
use serde_json::{Value, json};

use crate::scene::{ALEX, GOVERNMENT, LINK_SECRET, MASTER, Scene};

/// A prover with Alex's government credential and degree, and the public data of both.
pub struct Play {
    pub scene: Scene,
    pub schemas: Schemas,
    pub cred_defs: CredDefs,
}

impl Play {
    pub async fn set() -> Self {
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

    pub async fn prove(
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

    pub async fn verify(
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

impl Play {
    pub async fn explain(
        &self,
        request: &ProofRequest,
        presentation: &Presentation,
        policy: &Policy,
    ) -> Verdict {
        verifier_explain_proof(
            request,
            presentation,
            &self.schemas,
            &self.cred_defs,
            &RevocationRegistryDefinitions::new(),
            &RevocationRegistries::new(),
            policy,
        )
        .await
        .unwrap()
    }

    /// The tutorial's proof.
    pub async fn tutorial_proof(&self) -> Presentation {
        self.prove(&tutorial_request(), &tutorial_choice())
            .await
            .unwrap()
    }
}

pub fn request(attributes: Value, predicates: Value) -> ProofRequest {
    ProofRequest::from_value(&json!({
        "nonce": "123432421212", "name": "proof_req_1", "version": "0.1",
        "requested_attributes": attributes, "requested_predicates": predicates,
    }))
    .unwrap()
}

pub fn tutorial_request() -> ProofRequest {
    request(
        json!({"attr1_referent": {"name": "name", "restrictions": {"issuer_did": GOVERNMENT}}}),
        json!({"predicate1_referent": {"name": "age", "p_type": ">=", "p_value": 18}}),
    )
}

pub fn tutorial_choice() -> RequestedCredentials {
    RequestedCredentials::default()
        .reveal("attr1_referent", "alex")
        .prove("predicate1_referent", "alex")
}

/// A copy of a presentation with one change.
pub fn altered(presentation: &Presentation, change: impl FnOnce(&mut Value)) -> Presentation {
    let mut value = serde_json::to_value(presentation).unwrap();
    change(&mut value);
    serde_json::from_value(value).unwrap()
}
