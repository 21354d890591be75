//! A proof request: its verifier, its criteria, and where the response goes.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use serde_json::Value;

use super::{
    Proof,
    criterion::{self, Criterion},
    members::{Members, one_or_many},
};

/// A verifier's request for data. Section "Proof Request Message Structure" of the draft.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ProofRequest {
    /// The contexts of the JSON-LD form; empty in the JSON form.
    #[serde(
        rename = "@context",
        alias = "context",
        default,
        deserialize_with = "one_or_many",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub context: Vec<Value>,
    /// The request's own id: a UUID or a URI. The response repeats it.
    pub id: String,
    /// `ProofRequest` in the JSON-LD form; empty in the JSON form.
    #[serde(
        rename = "type",
        default,
        deserialize_with = "one_or_many",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub types: Vec<String>,
    /// The URL to which the response is sent.
    #[serde(rename = "proofURL")]
    pub proof_url: String,
    /// The criteria, and which verifier they come from.
    #[serde(rename = "proofRequest")]
    pub body: RequestBody,
    /// The verifier's signature.
    #[serde(
        default,
        deserialize_with = "one_or_many",
        serialize_with = "one_proof",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub proof: Vec<Proof>,
    /// Members that are only carried along.
    #[serde(flatten)]
    pub other: Members,
}

/// The member `proofRequest`: the criteria, and which verifier they come from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RequestBody {
    /// The syntaxes and proof types that the verifier will process, best first. Absent: anything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accept: Option<Vec<Accepted>>,
    /// The criteria.
    #[serde(serialize_with = "criterion::in_request")]
    pub criteria: Vec<Criterion>,
    /// What the request is about, for a person to read.
    pub description: String,
    /// The verifier's DID; a key of it signs the request.
    pub verifier: String,
    /// When the request expires, in RFC 3339. Our addition: the draft leaves it to the verifier.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<String>,
    /// Members that are only carried along.
    #[serde(flatten)]
    pub other: Members,
}

/// The syntax of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Syntax {
    /// `json`
    Json,
    /// `json-ld`
    JsonLd,
}

/// One element of `accept`: a syntax and a proof type, for example `json-ld/CLSignature2019`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    /// The syntax.
    pub syntax: Syntax,
    /// The proof type, whether or not this crate knows it.
    pub proof_type: String,
}

impl Accepted {
    /// Parses `<syntax>/<proof type>`.
    pub fn parse(text: &str) -> Option<Self> {
        let (syntax, proof_type) = text.split_once('/')?;
        let syntax = match syntax {
            "json" => Syntax::Json,
            "json-ld" => Syntax::JsonLd,
            _ => return None,
        };
        let proof_type = proof_type.to_owned();
        (!proof_type.is_empty()).then_some(Self { syntax, proof_type })
    }
}

impl fmt::Display for Accepted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let syntax = match self.syntax {
            Syntax::Json => "json",
            Syntax::JsonLd => "json-ld",
        };
        write!(f, "{syntax}/{}", self.proof_type)
    }
}

impl Serialize for Accepted {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Accepted {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text)
            .ok_or_else(|| D::Error::custom(format!("{text:?} is not json/... or json-ld/...")))
    }
}

impl ProofRequest {
    /// Returns JSON-LD if it has contexts, else JSON.
    pub fn syntax(&self) -> Syntax {
        match self.context.is_empty() {
            true => Syntax::Json,
            false => Syntax::JsonLd,
        }
    }
}

/// Writes a single proof as an object, as the draft's example of a request does.
fn one_proof<S: Serializer>(proofs: &[Proof], serializer: S) -> Result<S::Ok, S::Error> {
    match proofs {
        [proof] => proof.serialize(serializer),
        proofs => proofs.serialize(serializer),
    }
}
