//! What a verifier has learned from an answer.

use std::collections::BTreeMap;

use serde::Serialize;

/// What was learned, by referent.
pub type Learned = BTreeMap<String, LearnedAnswer>;

/// What the answer to one referent says. A request may use one name both for an attribute and for a
/// predicate; then this has what both say.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct LearnedAnswer {
    /// Values that were shown, by attribute.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub shown: BTreeMap<String, String>,
    /// The predicate that was proved, such as `age >= 18`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proved: Option<String>,
    /// Attributes that the prover holds and did not show.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub held: Vec<String>,
    /// What the prover says without a credential, by attribute.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub self_attested: BTreeMap<String, String>,
    /// The credential behind it; none behind what is self-attested.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub credential: Option<LearnedCredential>,
}

/// The credential behind an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LearnedCredential {
    /// The schema's identifier.
    pub schema_id: String,
    /// The credential definition's identifier.
    pub cred_def_id: String,
    /// The issuer, if the public data says who that is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issuer: Option<String>,
}
