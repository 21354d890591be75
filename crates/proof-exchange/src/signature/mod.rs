//! Signatures: which bytes a proof type signs, and how it writes the signature.
//!
//! The draft names the members of a proof, not the bytes. The same company's later open-source library settles
//! it; this module is byte-compatible with that library.

mod contexts;

use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::{did::PublicKey, key::Signer, message::Proof};

pub use contexts::Contexts;

/// How a signature is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ProofType {
    /// `Ed25519VerificationKey2018`: JCS and a nonce, the draft's own.
    Ed25519VerificationKey2018,
    /// `JcsEd25519Signature2020`: JCS with the proof's own members.
    JcsEd25519Signature2020,
    /// `Ed25519Signature2018`: URDNA2015 and a detached JWS.
    Ed25519Signature2018,
    /// `RsaSignature2018`: the same with RSA.
    RsaSignature2018,
}

/// What is signed: it decides the bytes of [`ProofType::Ed25519VerificationKey2018`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Covers {
    /// A request, a presentation, a response.
    Message,
    /// One attribute of a credential.
    Claim,
}

/// Under which member of a proof the key is named.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum KeyMember {
    /// `creator`, as in the draft's examples.
    #[default]
    Creator,
    /// `verificationMethod`.
    VerificationMethod,
}

/// What a new signature is to say of itself.
#[derive(Debug, Clone)]
pub struct SignatureOptions {
    /// The proof type.
    pub proof_type: ProofType,
    /// When it is made.
    pub created: DateTime<Utc>,
    /// A text that makes it another than all others; a fresh UUID, unless a test needs the same again. Not
    /// written by the two proof types with a `jws`.
    pub nonce: String,
    /// Where the key is named; `creator` is possible with `Ed25519VerificationKey2018` only.
    pub key_member: KeyMember,
}

/// Why something cannot be signed, or a signature is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// The proof type is not one of ours.
    #[error("the proof type {proof_type:?} is not known; sign with one of {known}", known = ProofType::NAMES.join(", "))]
    UnknownType {
        /// As the proof names it.
        proof_type: String,
    },
    /// The proof lacks a member, or has one that is malformed.
    #[error("the proof's {member} {problem}")]
    Malformed {
        /// The member, as `signatureValue`.
        member: &'static str,
        /// What is wrong with it, as "is missing".
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
    #[error("{reason}")]
    NotSigned {
        /// Why.
        reason: String,
    },
}

impl ProofType {
    /// All proof types.
    pub const ALL: [Self; 4] = [
        Self::Ed25519VerificationKey2018,
        Self::JcsEd25519Signature2020,
        Self::Ed25519Signature2018,
        Self::RsaSignature2018,
    ];

    /// Their names.
    pub const NAMES: [&'static str; 4] = [
        "Ed25519VerificationKey2018",
        "JcsEd25519Signature2020",
        "Ed25519Signature2018",
        "RsaSignature2018",
    ];
}

/// Signs a document, and returns the proof to be put into it.
///
/// `document` is what is to be signed, without a `proof`; with [`Covers::Claim`] it is the credential reduced to one
/// entry (see [`crate::issuer`]).
///
/// # Errors
///
/// [`SignatureError`], never [`SignatureError::Wrong`].
pub async fn sign(
    _document: &Value,
    _covers: Covers,
    _options: &SignatureOptions,
    _signer: &dyn Signer,
    _contexts: &Contexts,
) -> Result<Proof, SignatureError> {
    Err(SignatureError::UnknownType {
        proof_type: String::new(),
    })
}

/// Verifies a proof over a document.
///
/// `document` is as for [`sign`]; `proof` is as it was written in the document.
///
/// # Errors
///
/// [`SignatureError`].
pub fn verify(
    _document: &Value,
    _covers: Covers,
    _proof: &Value,
    _key: &PublicKey,
    _contexts: &Contexts,
) -> Result<(), SignatureError> {
    Err(SignatureError::UnknownType {
        proof_type: String::new(),
    })
}
