//! Checking a proof.

use ed25519_dalek::{Signature, VerifyingKey};
use ring::signature::{self, RsaPublicKeyComponents};
use serde_json::{Map, Value};
use stdx::text::shorten;

use super::{
    Contexts, Covers, ProofType, SignatureError, base58, jcs,
    jws::{self, Algorithm, Jws},
    linked_proof,
    sign::members,
};
use crate::did::PublicKey;

/// An error shows at most this many characters of a foreign text.
const MAX_SHOWN: usize = 160;

/// Verifies a proof over a document.
///
/// `document` is as for [`sign`](super::sign()); `proof` is as it stands in the document.
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
    contexts: &Contexts,
) -> Result<(), SignatureError> {
    let document = members(document)?;
    let proof = ProofMembers::of(proof)?;
    let proof_type = proof.proof_type()?;
    let reference = proof.key_reference()?;
    let verified = match proof_type {
        ProofType::Ed25519VerificationKey2018 => {
            let bytes = jcs::with_nonce(document, covers, proof.text("nonce")?)?;
            ed25519(&bytes, &proof.signature_value()?, key)
        }
        ProofType::JcsEd25519Signature2020 => {
            proof.text("verificationMethod")?;
            proof.text("nonce")?;
            let bytes = jcs::with_proof(document, proof.0)?;
            ed25519(&bytes, &proof.signature_value()?, key)
        }
        ProofType::Ed25519Signature2018 | ProofType::RsaSignature2018 => {
            proof.text("verificationMethod")?;
            let jws = proof.jws(proof_type)?;
            let payload = linked_proof::payload(document, proof.0, contexts)?;
            let bytes = jws::signed_bytes(jws.header, &payload);
            match jws.algorithm {
                Algorithm::EdDsa => ed25519(&bytes, &jws.signature, key),
                Algorithm::Rs256 => {
                    rsa(&bytes, &jws.signature, key, &signature::RSA_PKCS1_2048_8192_SHA256)
                }
                Algorithm::Ps256 => {
                    rsa(&bytes, &jws.signature, key, &signature::RSA_PSS_2048_8192_SHA256)
                }
            }
        }
    };
    match verified {
        Verified::Yes => Ok(()),
        Verified::No => Err(SignatureError::Wrong { reference: shown(reference) }),
        Verified::OtherKey => Err(SignatureError::OtherKey {
            proof_type: proof_type.name(),
            reference: shown(reference),
        }),
    }
}

/// The result of checking a signature with a key.
enum Verified {
    Yes,
    No,
    /// The key is for another algorithm.
    OtherKey,
}

impl From<bool> for Verified {
    fn from(verified: bool) -> Self {
        if verified { Self::Yes } else { Self::No }
    }
}

fn ed25519(bytes: &[u8], signature: &[u8], key: &PublicKey) -> Verified {
    let PublicKey::Ed25519(key) = key else {
        return Verified::OtherKey;
    };
    let verified = || {
        let signature = Signature::from_slice(signature).ok()?;
        let key = VerifyingKey::from_bytes(key).ok()?;
        key.verify_strict(bytes, &signature).ok()
    };
    verified().is_some().into()
}

fn rsa(
    bytes: &[u8],
    signature: &[u8],
    key: &PublicKey,
    how: &signature::RsaParameters,
) -> Verified {
    let PublicKey::Rsa { modulus, exponent } = key else {
        return Verified::OtherKey;
    };
    let key = RsaPublicKeyComponents { n: modulus, e: exponent };
    key.verify(how, bytes, signature).is_ok().into()
}

fn shown(text: &str) -> String {
    shorten(text, MAX_SHOWN).into_owned()
}

/// The members of a proof, as it stands in the document.
struct ProofMembers<'a>(&'a Map<String, Value>);

impl<'a> ProofMembers<'a> {
    fn of(proof: &'a Value) -> Result<Self, SignatureError> {
        proof
            .as_object()
            .map(Self)
            .ok_or_else(|| malformed("type", "is missing, for the proof is not a JSON object"))
    }

    /// Returns a required member, which is a text.
    fn text(&self, member: &'static str) -> Result<&'a str, SignatureError> {
        match self.0.get(member) {
            None => Err(malformed(member, "is missing")),
            Some(Value::String(text)) if !text.is_empty() => Ok(text),
            Some(_) => Err(malformed(member, "is not a text, or an empty one")),
        }
    }

    fn signature_value(&self) -> Result<[u8; base58::LENGTH], SignatureError> {
        base58::decode(self.text("signatureValue")?).ok_or_else(|| {
            malformed("signatureValue", "is not the base58 of the 64 bytes of an Ed25519 signature")
        })
    }

    /// Parses the detached JWS; its algorithm must be one of the proof type's.
    fn jws(&self, proof_type: ProofType) -> Result<Jws<'a>, SignatureError> {
        let jws = Jws::read(self.text("jws")?).map_err(|problem| malformed("jws", problem))?;
        let is_of_type = match jws.algorithm {
            Algorithm::EdDsa => proof_type == ProofType::Ed25519Signature2018,
            Algorithm::Rs256 | Algorithm::Ps256 => proof_type == ProofType::RsaSignature2018,
        };
        if !is_of_type {
            return Err(malformed(
                "jws",
                "is made with another algorithm than the proof's type says",
            ));
        }
        Ok(jws)
    }

    fn proof_type(&self) -> Result<ProofType, SignatureError> {
        let name = self.text("type")?;
        ProofType::of_name(name)
            .ok_or_else(|| SignatureError::UnknownType { proof_type: shown(name) })
    }

    /// Returns the reference to the key. Where both members name one, it must be the same: else two verifiers could
    /// check with two keys.
    fn key_reference(&self) -> Result<&'a str, SignatureError> {
        let has = |member| self.0.contains_key(member);
        match (has("verificationMethod"), has("creator")) {
            (true, false) => self.text("verificationMethod"),
            (true, true) if self.0.get("verificationMethod") != self.0.get("creator") => {
                Err(malformed("creator", "names another key than verificationMethod does"))
            }
            _ => self.text("creator"),
        }
    }
}

fn malformed(member: &'static str, problem: &str) -> SignatureError {
    SignatureError::Malformed { member, problem: problem.to_owned() }
}
