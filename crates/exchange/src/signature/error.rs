//! Why something cannot be signed, or a signature is refused.

use super::ProofType;
use crate::key::SignError;

/// Why something cannot be signed, or a signature is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// The proof type is not one that this crate supports.
    #[error("the proof type {proof_type:?} is not known; sign with one of {known}", known = ProofType::ALL.map(ProofType::name).join(", "))]
    UnknownType {
        /// As the proof names it.
        proof_type: String,
    },
    /// The proof lacks a member, or has one that is malformed or not acted on here.
    #[error("the proof's {member} {problem}")]
    Malformed {
        /// The member, for example `signatureValue`.
        member: String,
        /// What is wrong with it, for example "is missing".
        problem: String,
    },
    /// The key is of another kind than the proof type needs.
    #[error("{proof_type} needs another kind of key than {reference} is")]
    OtherKey {
        /// The proof type's name.
        proof_type: &'static str,
        /// The key, as the proof refers to it.
        reference: String,
    },
    /// The document has no canonical form, or one that leaves something out.
    #[error("the document cannot be brought into canonical form: {reason}")]
    NotCanonical {
        /// Why, and what to do, as a clause.
        reason: String,
    },
    /// The signature does not belong to these bytes and this key.
    #[error("the signature does not verify with the key {reference}")]
    Wrong {
        /// The key, as the proof refers to it.
        reference: String,
    },
    /// The private key did not sign.
    #[error(transparent)]
    NotSigned(#[from] SignError),
}
