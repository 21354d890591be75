//! Checking a proof.

use ed25519_dalek::{Signature, VerifyingKey};
use serde_json::{Map, Value};

use super::{Contexts, Covers, ProofType, SignatureError, base58, jcs, sign::members};
use crate::did::PublicKey;

/// Of a text that nobody knows, an error shows at most this many characters.
const MAX_SHOWN: usize = 80;

/// Verifies a proof over a document.
///
/// `document` is as for [`sign`](super::sign()); `proof` is as it was written in the document.
///
/// An Ed25519 signature is checked strictly: besides what RFC 8032 demands, keys and commitments of small order
/// are refused, with which one signature would fit many messages. No honest signature has one.
///
/// # Errors
///
/// [`SignatureError`].
pub fn verify(
    document: &Value,
    covers: Covers,
    proof: &Value,
    key: &PublicKey,
    _contexts: &Contexts,
) -> Result<(), SignatureError> {
    let document = members(document)?;
    let proof = ProofMembers::of(proof)?;
    let proof_type = proof.proof_type()?;
    let reference = proof.key_reference()?;
    let bytes = match proof_type {
        ProofType::Ed25519VerificationKey2018 => {
            jcs::with_nonce(document, covers, proof.text("nonce")?)?
        }
        ProofType::JcsEd25519Signature2020 => {
            proof.text("verificationMethod")?;
            proof.text("nonce")?;
            jcs::with_proof(document, proof.0)?
        }
        ProofType::Ed25519Signature2018 | ProofType::RsaSignature2018 => {
            return Err(SignatureError::UnknownType {
                proof_type: proof_type.name().to_owned(),
            });
        }
    };
    let PublicKey::Ed25519(key) = key else {
        return Err(SignatureError::OtherKey {
            proof_type: proof_type.name(),
            reference: reference.to_owned(),
        });
    };
    let text = proof.text("signatureValue")?;
    let signature = base58::decode(text).ok_or_else(|| {
        malformed(
            "signatureValue",
            "is not the base58 of the 64 bytes of an Ed25519 signature",
        )
    })?;
    verify_ed25519(&bytes, &signature, key).ok_or_else(|| SignatureError::Wrong {
        reference: reference.to_owned(),
    })
}

fn verify_ed25519(bytes: &[u8], signature: &[u8; base58::LENGTH], key: &[u8; 32]) -> Option<()> {
    let key = VerifyingKey::from_bytes(key).ok()?;
    key.verify_strict(bytes, &Signature::from_bytes(signature))
        .ok()
}

/// The members of a proof, as it was written.
struct ProofMembers<'a>(&'a Map<String, Value>);

impl<'a> ProofMembers<'a> {
    fn of(proof: &'a Value) -> Result<Self, SignatureError> {
        proof
            .as_object()
            .map(Self)
            .ok_or_else(|| malformed("type", "is missing, for the proof is no JSON object"))
    }

    /// A member that must be there, as a text.
    fn text(&self, member: &'static str) -> Result<&'a str, SignatureError> {
        match self.0.get(member) {
            None => Err(malformed(member, "is missing")),
            Some(Value::String(text)) if !text.is_empty() => Ok(text),
            Some(_) => Err(malformed(member, "is no text, or an empty one")),
        }
    }

    fn proof_type(&self) -> Result<ProofType, SignatureError> {
        let name = self.text("type")?;
        ProofType::of_name(name).ok_or_else(|| SignatureError::UnknownType {
            proof_type: name.chars().take(MAX_SHOWN).collect(),
        })
    }

    /// Which key is said to have signed. Where both members name one, they name the same: else two readers could
    /// check two keys.
    fn key_reference(&self) -> Result<&'a str, SignatureError> {
        let has = |member| self.0.contains_key(member);
        match (has("verificationMethod"), has("creator")) {
            (true, false) => self.text("verificationMethod"),
            (true, true) if self.0.get("verificationMethod") != self.0.get("creator") => Err(
                malformed("creator", "names another key than verificationMethod does"),
            ),
            _ => self.text("creator"),
        }
    }
}

fn malformed(member: &'static str, problem: &str) -> SignatureError {
    SignatureError::Malformed {
        member,
        problem: problem.to_owned(),
    }
}
