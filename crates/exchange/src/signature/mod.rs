//! Signatures: which bytes a proof type signs, and how it writes the signature.
//!
//! The draft names the members of a proof (section "Proof Request Message Structure"), not the bytes. The same
//! company's later open-source library settles it; this module is byte-compatible with that library.

mod base58;
mod contexts;
mod error;
mod jcs;
mod jws;
mod linked_data;
mod linked_proof;
mod sign;
mod verify;

use std::fmt;

use chrono::{DateTime, Utc};

pub use contexts::{CREDENTIALS_CONTEXT, Contexts, EXCHANGE_CONTEXT};
pub use error::SignatureError;
pub use jcs::canonical_json;
pub use sign::sign;
pub use verify::verify;

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

    /// The proof type of a name.
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Its name, as a proof writes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ed25519VerificationKey2018 => "Ed25519VerificationKey2018",
            Self::JcsEd25519Signature2020 => "JcsEd25519Signature2020",
            Self::Ed25519Signature2018 => "Ed25519Signature2018",
            Self::RsaSignature2018 => "RsaSignature2018",
        }
    }
}

impl fmt::Display for ProofType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
