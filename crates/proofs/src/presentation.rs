//! A presentation, parsed as it was written.
//!
//! Numbers stay text: whether they are canonical is for a check to say. Unknown members are
//! ignored, as everywhere in the field. Objects must be written as objects: a list of an object's
//! values, which `serde` would accept, is refused.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, MapAccess, Visitor};

/// A prover's answer to a request, with its numbers as text.
#[derive(Debug, Clone, Deserialize)]
#[serde(remote = "Self")]
pub struct ParsedPresentation {
    /// The mathematics.
    pub proof: Proof,
    /// Which referent is answered where.
    pub requested_proof: RequestedProof,
    /// What each sub-proof is about.
    pub identifiers: Vec<Identifier>,
}

/// The sub-proofs, and the challenge that binds them.
#[derive(Debug, Clone, Deserialize)]
#[serde(remote = "Self")]
pub struct Proof {
    /// One for each credential.
    pub proofs: Vec<SubProof>,
    /// The challenge.
    pub aggregated_proof: AggregatedProof,
}

/// What is proved of one credential.
#[derive(Debug, Clone, Deserialize)]
#[serde(remote = "Self")]
pub struct SubProof {
    /// The signature and the predicates.
    pub primary_proof: PrimaryProof,
    /// That the credential is not revoked.
    #[serde(default)]
    pub non_revoc_proof: Option<NonRevocationProof>,
}

/// The signature and the predicates.
#[derive(Debug, Clone, Deserialize)]
#[serde(remote = "Self")]
pub struct PrimaryProof {
    /// Knowledge of a signature.
    pub eq_proof: EqualityProof,
    /// The predicates.
    #[serde(default)]
    pub ge_proofs: Vec<PredicateProof>,
}

/// Knowledge of an issuer's signature on the attributes.
#[derive(Debug, Clone, Deserialize)]
#[serde(remote = "Self")]
pub struct EqualityProof {
    /// Encoded values of the revealed attributes, by folded name.
    pub revealed_attrs: BTreeMap<String, String>,
    /// `A'`
    pub a_prime: String,
    /// The response for `e`.
    pub e: String,
    /// The response for `v`.
    pub v: String,
    /// The responses for the hidden attributes and the link secret, by folded name.
    pub m: BTreeMap<String, String>,
    /// The response for the link secret, where older provers put it.
    #[serde(default)]
    pub m1: Option<String>,
    /// The response for the credential's context.
    pub m2: String,
}

/// One predicate.
#[derive(Debug, Clone, Deserialize)]
#[serde(remote = "Self")]
pub struct PredicateProof {
    /// Responses for the roots of the four squares.
    pub u: BTreeMap<String, String>,
    /// Responses for the blinding of the commitments.
    pub r: BTreeMap<String, String>,
    /// The response for the attribute.
    pub mj: String,
    /// The response that ties the squares to the difference; the only one that may be negative.
    pub alpha: String,
    /// The commitments.
    pub t: BTreeMap<String, String>,
    /// What is proved.
    pub predicate: ProvedPredicate,
}

/// What a predicate proof says that it proves.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(remote = "Self")]
pub struct ProvedPredicate {
    /// The attribute, folded.
    pub attr_name: String,
    /// `GE`, `LE`, `GT` or `LT`.
    pub p_type: String,
    /// The bound.
    pub value: i32,
}

/// That a credential is not revoked, by the accumulator of its registry.
///
/// The library computes it; here it is only compared with what the challenge covers. Its numbers
/// are in hexadecimal, each point's coordinates one after the other.
#[derive(Debug, Clone, Deserialize)]
#[serde(remote = "Self")]
pub struct NonRevocationProof {
    /// The responses.
    pub x_list: BTreeMap<String, Option<String>>,
    /// The commitments.
    pub c_list: RevocationCommitments,
}

/// The commitments of a non-revocation proof, in the order in which the challenge covers them.
#[derive(Debug, Clone, Deserialize)]
#[serde(remote = "Self")]
pub struct RevocationCommitments {
    /// `E`, a point of the first group.
    pub e: String,
    /// `D`, a point of the first group.
    pub d: String,
    /// `A`, a point of the first group.
    pub a: String,
    /// `G`, a point of the first group.
    pub g: String,
    /// `W`, a point of the second group.
    pub w: String,
    /// `S`, a point of the second group.
    pub s: String,
    /// `U`, a point of the second group.
    pub u: String,
}

/// The challenge and what it covers.
#[derive(Debug, Clone, Deserialize)]
#[serde(remote = "Self")]
pub struct AggregatedProof {
    /// The challenge.
    pub c_hash: String,
    /// Numbers as big-endian bytes.
    pub c_list: Vec<Vec<u8>>,
}

/// Which referent is answered where.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(remote = "Self")]
pub struct RequestedProof {
    /// Attributes that are shown.
    #[serde(default)]
    pub revealed_attrs: BTreeMap<String, RevealedAttribute>,
    /// Groups that are shown.
    #[serde(default)]
    pub revealed_attr_groups: BTreeMap<String, RevealedGroup>,
    /// Attributes that the prover states without a credential.
    #[serde(default)]
    pub self_attested_attrs: BTreeMap<String, String>,
    /// Attributes that a credential has and that stay hidden.
    #[serde(default)]
    pub unrevealed_attrs: BTreeMap<String, SubProofReference>,
    /// Predicates.
    #[serde(default)]
    pub predicates: BTreeMap<String, SubProofReference>,
}

/// An attribute that is shown.
#[derive(Debug, Clone, Deserialize)]
#[serde(remote = "Self")]
pub struct RevealedAttribute {
    /// The sub-proof that proves it, from 0.
    pub sub_proof_index: usize,
    /// Its text.
    pub raw: String,
    /// The value that is proved.
    pub encoded: String,
}

/// A group that is shown.
#[derive(Debug, Clone, Deserialize)]
#[serde(remote = "Self")]
pub struct RevealedGroup {
    /// The sub-proof that proves it, from 0.
    pub sub_proof_index: usize,
    /// Texts and proved values by the request's names.
    pub values: BTreeMap<String, RevealedValue>,
}

/// One value of a group.
#[derive(Debug, Clone, Deserialize)]
#[serde(remote = "Self")]
pub struct RevealedValue {
    /// Its text.
    pub raw: String,
    /// The value that is proved.
    pub encoded: String,
}

/// The sub-proof that answers a referent.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(remote = "Self")]
pub struct SubProofReference {
    /// From 0.
    pub sub_proof_index: usize,
}

/// What a sub-proof is about.
#[derive(Debug, Clone, Deserialize)]
#[serde(remote = "Self")]
pub struct Identifier {
    /// The schema.
    pub schema_id: String,
    /// The credential definition.
    pub cred_def_id: String,
    /// The revocation registry, if the credential can be revoked.
    #[serde(default)]
    pub rev_reg_id: Option<String>,
    /// The moment for which it is shown not to be revoked, in seconds since 1970.
    #[serde(default)]
    pub timestamp: Option<u64>,
}

/// Reads each of these from a JSON object only.
macro_rules! from_objects {
    ($($name:ident)*) => {$(
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Object;
                impl<'de> Visitor<'de> for Object {
                    type Value = $name;

                    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                        f.write_str("an object")
                    }

                    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<$name, A::Error> {
                        // The function that `remote = "Self"` derives.
                        $name::deserialize(MapAccessDeserializer::new(members))
                    }
                }
                deserializer.deserialize_map(Object)
            }
        }
    )*};
}

from_objects! {
    ParsedPresentation Proof SubProof PrimaryProof EqualityProof PredicateProof ProvedPredicate NonRevocationProof
    RevocationCommitments AggregatedProof RequestedProof RevealedAttribute RevealedGroup RevealedValue
    SubProofReference Identifier
}

/// How proofs and keys name the link secret among the attributes.
pub const LINK_SECRET: &str = "master_secret";

impl EqualityProof {
    /// Returns the responses for the hidden attributes and the link secret, by name, wherever they
    /// stand.
    ///
    /// A proof that has the link secret's response in both places yields it twice.
    pub fn hidden(&self) -> impl Iterator<Item = (&str, &str)> {
        let older = self.m1.iter().map(|m1| (LINK_SECRET, m1.as_str()));
        let responses = self.m.iter();
        responses.map(|(name, response)| (name.as_str(), response.as_str())).chain(older)
    }
}

impl ParsedPresentation {
    /// Returns each referent that is answered from a credential, with the kind of the answer and
    /// the index of the sub-proof.
    ///
    /// Self-attested answers have no sub-proof, and are not among them.
    pub fn answers(&self) -> impl Iterator<Item = (&str, AnswerKind, usize)> {
        let answered = &self.requested_proof;
        let revealed = answered.revealed_attrs.iter().map(|(referent, attribute)| {
            (referent, AnswerKind::Revealed, attribute.sub_proof_index)
        });
        let groups = answered
            .revealed_attr_groups
            .iter()
            .map(|(referent, group)| (referent, AnswerKind::Group, group.sub_proof_index));
        let unrevealed = answered
            .unrevealed_attrs
            .iter()
            .map(|(referent, answer)| (referent, AnswerKind::Unrevealed, answer.sub_proof_index));
        let predicates = answered
            .predicates
            .iter()
            .map(|(referent, answer)| (referent, AnswerKind::Predicate, answer.sub_proof_index));
        let all = revealed.chain(groups).chain(unrevealed).chain(predicates);
        all.map(|(referent, kind, index)| (referent.as_str(), kind, index))
    }
}

/// The ways to answer a referent from a credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum AnswerKind {
    /// One attribute, shown.
    Revealed,
    /// A group of attributes, shown.
    Group,
    /// One attribute or a group, hidden.
    Unrevealed,
    /// A predicate.
    Predicate,
}
