//! A prover with two credentials, and a verifier.

use anoncreds::{
    AnoncredsError, CredDefs, Policy, Presentation, ProofRequest, RequestedCredentials,
    RevocationRegistries, RevocationRegistryDefinitions, RevocationStates, Schemas, Verdict,
    prover_create_proof, verifier_explain_proof, verifier_verify_proof,
};
use serde_json::{Value, json};

use test_support::credentials::{LINK_SECRET, Parties};

use crate::classes::{ALEX, GOVERNMENT, MASTER, define_degree, define_gvt};

/// A prover with Alex's government credential and degree, and the public data of both.
pub struct ProofTest {
    pub parties: Parties,
    pub schemas: Schemas,
    pub cred_defs: CredDefs,
}

impl ProofTest {
    pub async fn new() -> Self {
        let parties = Parties::new().await;
        let (gvt, degree) = (define_gvt(&parties).await, define_degree(&parties).await);
        parties.hold(&gvt, &["alex"], &ALEX).await;
        parties.hold(&degree, &["master"], &MASTER).await;
        let mut test = Self { parties, schemas: Schemas::new(), cred_defs: CredDefs::new() };
        for class in [gvt, degree] {
            test.schemas.insert(class.schema_id(), class.schema);
            test.cred_defs.insert(class.cred_def.id().to_string(), class.cred_def);
        }
        test
    }

    pub async fn prove(
        &self,
        request: &ProofRequest,
        requested: &RequestedCredentials,
    ) -> Result<Presentation, AnoncredsError> {
        prover_create_proof(
            &self.parties.prover,
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
        self.prove(&tutorial_request(), &tutorial_choice()).await.unwrap()
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
