//! What each step hands to the next. A home keeps it as `state/step<N>.json`.

use std::collections::BTreeMap;

use indy::anoncreds::{Candidate, Presentation, ProofRequest, RequestedCredentials};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What step 2 hands over: ids only. Schema and credential definition are public, and the later
/// steps read them from the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Issued {
    /// The steward's DID, the origin of the schema.
    pub steward_did: String,
    /// The trust anchor's DID, the issuer of the credential.
    pub trust_anchor_did: String,
    /// The prover's DID.
    pub prover_did: String,
    /// The schema's id on the ledger.
    pub schema_id: String,
    /// The credential definition's id on the ledger.
    pub cred_def_id: String,
    /// The name of the link secret in the prover's wallet.
    pub link_secret: String,
    /// The id of the credential in the prover's wallet.
    pub credential_id: String,
}

/// What step 3 hands over.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Found {
    /// The verifier's request.
    pub proof_request: ProofRequest,
    /// The credentials that can answer, by referent.
    pub candidates: BTreeMap<String, Vec<Candidate>>,
}

/// What step 4 hands over: the prover's choice, and what it sends to the verifier.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proven {
    /// The credential that the prover chose for each referent.
    pub requested_credentials: RequestedCredentials,
    /// The presentation.
    pub presentation: Presentation,
}

/// What step 5 finds: the end of the walkthrough.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "verdict", rename_all = "lowercase")]
pub enum Verdict {
    /// The presentation answers the request, and its mathematics holds.
    Verified {
        /// How each check went.
        #[serde(default)]
        checks: Value,
    },
    /// It does not.
    Rejected {
        /// Why: the first check that failed, and what it found.
        reason: String,
        /// How each check went.
        #[serde(default)]
        checks: Value,
    },
}
