//! The member `proof`: the signer's key, the date, the proof type, and the signature.

use serde::{Deserialize, Serialize};

use super::members::Members;

/// A signature with what is needed to check it: `Proof` in section "Proof Request Message Structure" of the draft.
///
/// Two shapes occur: `{created, creator, nonce, signatureValue, type}` in the JSON form, and
/// `{type, created, proofPurpose, verificationMethod, jws}` in the JSON-LD form. A member that a
/// shape does not have is absent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proof {
    /// The proof type, for example `Ed25519VerificationKey2018`: it decides which bytes are signed, and with
    /// which algorithm.
    #[serde(rename = "type")]
    pub kind: String,
    /// When it was signed, in RFC 3339.
    pub created: String,
    /// The signer's key, as the draft of 2019 names it: `did:work:...#key-1`, or `key-1` alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub creator: Option<String>,
    /// The signer's key, as later drafts of Verifiable Credentials name it.
    #[serde(rename = "verificationMethod", default, skip_serializing_if = "Option::is_none")]
    pub verification_method: Option<String>,
    /// What the signature is for, for example `assertionMethod`.
    #[serde(rename = "proofPurpose", default, skip_serializing_if = "Option::is_none")]
    pub purpose: Option<String>,
    /// A random text that makes every signature unique.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nonce: Option<String>,
    /// The signature in base58btc.
    #[serde(rename = "signatureValue", default, skip_serializing_if = "Option::is_none")]
    pub signature_value: Option<String>,
    /// The signature as a detached JWS: header, two dots, signature.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jws: Option<String>,
    /// Members that are only carried along.
    #[serde(flatten)]
    pub other: Members,
}

impl Proof {
    /// Returns the reference to the key that signed: `verificationMethod`, else `creator`.
    pub fn key_reference(&self) -> Option<&str> {
        self.verification_method.as_deref().or(self.creator.as_deref())
    }
}
