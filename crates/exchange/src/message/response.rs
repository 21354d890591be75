//! A proof response: each criterion of a request with the presentations that fulfil it.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    Proof, VerifiableCredential,
    criterion::{self, Criterion},
    members::{Members, one_or_many},
    request::Syntax,
};

/// The type of a presentation in zero knowledge, and the proof type that `accept` names for it.
pub const CL_PRESENTATION: &str = "CLSignature2019";

/// A holder's response to a request. Section "Proof Response Message Structure" of the draft.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ProofResponse {
    /// The contexts of the JSON-LD form; empty in the JSON form.
    #[serde(
        rename = "@context",
        alias = "context",
        default,
        deserialize_with = "one_or_many",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub context: Vec<Value>,
    /// The response's own id: a UUID or a URI.
    pub id: String,
    /// `ProofResponse` in the JSON-LD form; empty in the JSON form.
    #[serde(
        rename = "type",
        default,
        deserialize_with = "one_or_many",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub types: Vec<String>,
    /// The id of the request that it answers.
    #[serde(rename = "proofRequestId")]
    pub proof_request_id: String,
    /// The criteria, each with its presentations.
    #[serde(rename = "FulfilledCriteria")]
    pub fulfilled: Vec<FulfilledCriterion>,
    /// The holder's signature.
    #[serde(default, deserialize_with = "one_or_many", skip_serializing_if = "Vec::is_empty")]
    pub proof: Vec<Proof>,
    /// Members that are only carried along.
    #[serde(flatten)]
    pub other: Members,
}

/// A criterion of the request, and the presentations that fulfil it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FulfilledCriterion {
    /// The criterion, repeated.
    #[serde(rename = "Criterion", serialize_with = "criterion::in_response")]
    pub criterion: Criterion,
    /// The presentations.
    #[serde(rename = "Presentations")]
    pub presentations: Vec<Presentation>,
    /// Members that are only carried along.
    #[serde(flatten)]
    pub other: Members,
}

/// A verifiable presentation: credentials, or a proof in zero knowledge, signed by the holder.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Presentation {
    /// The contexts.
    #[serde(rename = "@context", alias = "context", deserialize_with = "one_or_many")]
    pub context: Vec<Value>,
    /// When it was made, in RFC 3339.
    pub created: String,
    /// The presentation's own id: a UUID or a URI.
    pub id: String,
    /// The holder's signature.
    #[serde(default, deserialize_with = "one_or_many", skip_serializing_if = "Vec::is_empty")]
    pub proof: Vec<Proof>,
    /// `VerifiablePresentation`; beside it [`CL_PRESENTATION`] if it holds a proof in zero knowledge.
    #[serde(rename = "type", deserialize_with = "one_or_many")]
    pub types: Vec<String>,
    /// The credentials, each with the attributes that are shown. Empty beside a proof in zero knowledge.
    #[serde(rename = "verifiableCredential")]
    pub credentials: Vec<VerifiableCredential>,
    /// An AnonCreds presentation, if its type is [`CL_PRESENTATION`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub presentation: Option<Value>,
    /// Members that are only carried along.
    #[serde(flatten)]
    pub other: Members,
}

impl ProofResponse {
    /// Returns JSON-LD if it has contexts, else JSON.
    pub fn syntax(&self) -> Syntax {
        match self.context.is_empty() {
            true => Syntax::Json,
            false => Syntax::JsonLd,
        }
    }
}

impl Presentation {
    /// Returns whether it holds a proof in zero knowledge.
    pub fn is_cl(&self) -> bool {
        self.types.iter().any(|kind| kind == CL_PRESENTATION)
    }
}
