//! Signatures: the bytes that a proof type signs, and how it writes the signature.
//!
//! The draft names the members of a proof (section "Proof Request Message Structure"), not the
//! bytes. The same company's later open-source library, `ledger-common`, defines them; this module
//! is byte-compatible with it. `eddsa-jcs-2022` is W3C's, Data Integrity EdDSA Cryptosuites 1.0.

mod base58;
mod contexts;
mod jcs;
mod jws;
mod linked_data;
mod linked_proof;
mod sign;
mod signed;
mod verify;

use std::fmt;

use chrono::{DateTime, Utc};

use crate::{
    key::{KeyKind, SignError},
    message::{DATA_INTEGRITY, Syntax},
};

pub use contexts::{CREDENTIALS_CONTEXT, Contexts, EXCHANGE_CONTEXT};
pub(crate) use contexts::{CREDENTIALS_WITHOUT_WWW, is_built_in_context};
pub use jcs::canonical_json;
pub use sign::sign;
pub use signed::Signed;
pub use verify::verify;

/// Why something cannot be signed, or a signature is refused. Keys are named as the proof refers to
/// them.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// The document has no canonical form, or one that leaves something out.
    #[error("the document cannot be brought into canonical form: {0}")]
    NotCanonical(String),
    /// The signature does not belong to these bytes and this key.
    #[error("the signature does not verify with the key {0}")]
    Wrong(String),
    /// The proof is malformed, or of a type that is not known here or needs another kind of key.
    #[error("{0}")]
    Refused(String),
    /// The private key did not sign.
    #[error(transparent)]
    NotSigned(#[from] SignError),
}

fn not_canonical(reason: impl Into<String>) -> SignatureError {
    SignatureError::NotCanonical(reason.into())
}

/// Returns that a member of a proof is missing or malformed, or is not acted on here.
fn malformed(member: &str, problem: &str) -> SignatureError {
    SignatureError::Refused(format!("the proof's {member} {problem}"))
}

fn other_key(proof_type: ProofType, reference: &str) -> SignatureError {
    SignatureError::Refused(format!("{proof_type} needs another kind of key than {reference} is"))
}

/// How a signature is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ProofType {
    /// `Ed25519VerificationKey2018`: JCS and a nonce, as in the draft.
    Ed25519VerificationKey2018,
    /// `JcsEd25519Signature2020`: JCS with the proof's own members.
    JcsEd25519Signature2020,
    /// `Ed25519Signature2018`: URDNA2015 and a detached JWS.
    Ed25519Signature2018,
    /// `RsaSignature2018`: the same with RSA.
    RsaSignature2018,
    /// `eddsa-jcs-2022`: a Data Integrity proof of W3C, over digests of JCS. Credentials of today
    /// bear it; the draft does not know it.
    EddsaJcs2022,
}

/// The member of a proof that names the key.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum KeyMember {
    /// `creator`, as in the draft's examples.
    #[default]
    Creator,
    /// `verificationMethod`.
    VerificationMethod,
}

/// What a new signature says of itself.
#[derive(Debug, Clone)]
pub struct SignatureOptions {
    /// The proof type.
    pub proof_type: ProofType,
    /// When it is made.
    pub created: DateTime<Utc>,
    /// A text that makes it unique: a new UUID, unless a test needs the same again. Only the two
    /// proof types with a `signatureValue` write it.
    pub nonce: String,
    /// The member that names the key; `creator` is possible with `Ed25519VerificationKey2018` only.
    pub key_member: KeyMember,
}

impl ProofType {
    /// All proof types.
    pub const ALL: [Self; 5] = [
        Self::Ed25519VerificationKey2018,
        Self::JcsEd25519Signature2020,
        Self::Ed25519Signature2018,
        Self::RsaSignature2018,
        Self::EddsaJcs2022,
    ];

    /// Returns the proof type of a name.
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Returns its name, as `accept` lists it: the `type` of its proofs, or the `cryptosuite` of a
    /// Data Integrity proof.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ed25519VerificationKey2018 => "Ed25519VerificationKey2018",
            Self::JcsEd25519Signature2020 => "JcsEd25519Signature2020",
            Self::Ed25519Signature2018 => "Ed25519Signature2018",
            Self::RsaSignature2018 => "RsaSignature2018",
            Self::EddsaJcs2022 => "eddsa-jcs-2022",
        }
    }

    /// Returns the `type` of its proofs.
    fn type_member(self) -> &'static str {
        match self {
            Self::EddsaJcs2022 => DATA_INTEGRITY,
            other => other.name(),
        }
    }

    /// Returns whether its signatures are over linked data, so that it belongs to the syntax
    /// JSON-LD.
    pub fn is_linked(self) -> bool {
        matches!(self, Self::Ed25519Signature2018 | Self::RsaSignature2018)
    }

    /// Returns the syntax of the messages that it signs.
    pub(crate) fn syntax(self) -> Syntax {
        match self.is_linked() {
            true => Syntax::JsonLd,
            false => Syntax::Json,
        }
    }

    /// Returns the kind of key that it is made with.
    pub fn key_kind(self) -> KeyKind {
        match self {
            Self::RsaSignature2018 => KeyKind::Rsa,
            _ => KeyKind::Ed25519,
        }
    }
}

impl fmt::Display for ProofType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
