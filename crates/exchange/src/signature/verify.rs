//! Checking a proof.

use std::{cell::RefCell, collections::VecDeque, sync::LazyLock};

use chrono::{DateTime, Utc};
use curve25519_dalek::constants::EIGHT_TORSION;
use ed25519_dalek::{Signature, Verifier as _, VerifyingKey};
use ring::signature::{
    RSA_PKCS1_2048_8192_SHA256, RSA_PSS_2048_8192_SHA256, RsaParameters, RsaPublicKeyComponents,
};
use serde_json::{Map, Value};
use stdx::text::shorten;

use super::{
    Contexts, ProofType, SignatureError, Signed, base58, jcs,
    jws::{self, Algorithm, Jws},
    linked_proof, malformed, other_key,
};
use crate::{
    date,
    did::PublicKey,
    message::{DATA_INTEGRITY, PROOF_MEMBERS},
};

/// An error shows at most this many characters of a foreign text.
const MAX_SHOWN: usize = 160;

/// Verifies a proof: that it is of `signed`, made with `key`, for a purpose that fits, and has not
/// expired by `now`.
///
/// `proof` is as it stands in the document. Whether the key may be used is the caller's to check,
/// with [`DidDocument::key_for`](crate::did::DidDocument::key_for).
///
/// An Ed25519 signature is checked strictly: besides what RFC 8032 demands, keys and commitments of
/// small order are refused, with which one signature would fit many messages. No honest signature
/// has one.
///
/// A proof with a signed member that is not acted on is refused.
///
/// # Errors
///
/// [`SignatureError`].
pub fn verify(
    signed: Signed<'_>,
    proof: &Value,
    key: &PublicKey,
    contexts: &Contexts,
    now: DateTime<Utc>,
) -> Result<(), SignatureError> {
    signed.purposes_of(proof)?;
    let proof = ProofMembers::of(proof)?;
    let proof_type = proof.proof_type()?;
    let reference = proof.key_reference()?;
    proof.check_members(signed, now)?;
    if proof_type != ProofType::Ed25519VerificationKey2018 {
        proof.text("verificationMethod")?;
    }
    let verified = match proof_type {
        ProofType::Ed25519VerificationKey2018 => {
            let bytes = jcs::with_nonce(signed, proof.text("nonce")?)?;
            ed25519(&bytes, &proof.signature_value()?, key)
        }
        ProofType::JcsEd25519Signature2020 => {
            proof.text("nonce")?;
            let bytes = jcs::with_proof(signed, proof.0)?;
            ed25519(&bytes, &proof.signature_value()?, key)
        }
        ProofType::EddsaJcs2022 => {
            proof.text("proofPurpose")?;
            let bytes = jcs::digests(signed, proof.0)?;
            ed25519(&bytes, &proof.proof_value()?, key)
        }
        ProofType::Ed25519Signature2018 | ProofType::RsaSignature2018 => {
            let jws = proof.jws(proof_type)?;
            let payload = linked_proof::payload(signed, proof.0, contexts)?;
            let bytes = jws::signed_bytes(jws.header, &payload);
            match jws.algorithm {
                Algorithm::EdDsa => ed25519(&bytes, &jws.signature, key),
                Algorithm::Rs256 => rsa(&bytes, &jws.signature, key, &RSA_PKCS1_2048_8192_SHA256),
                Algorithm::Ps256 => rsa(&bytes, &jws.signature, key, &RSA_PSS_2048_8192_SHA256),
            }
        }
    };
    match verified {
        Some(true) => Ok(()),
        Some(false) => Err(SignatureError::Wrong(shown(reference))),
        None => Err(other_key(proof_type, &shown(reference))),
    }
}

/// Returns whether a signature verifies; `None` if the key is for another algorithm.
fn ed25519(bytes: &[u8], signature: &[u8], key: &PublicKey) -> Option<bool> {
    let PublicKey::Ed25519(key) = key else { return None };
    let verified = || {
        let signature = Signature::from_slice(signature).ok()?;
        let is_small = SMALL_ORDER.contains(signature.r_bytes());
        let key = decompressed(key).filter(|key| !is_small && !key.is_weak())?;
        key.verify(bytes, &signature).ok()
    };
    Some(verified().is_some())
}

/// The encodings of the points of small order.
///
/// `verify` computes the commitment and compares the encodings, so that none has another than
/// these. The library's `verify_strict` finds the point of the commitment instead, which takes a
/// tenth of the time of all the rest.
static SMALL_ORDER: LazyLock<[[u8; 32]; 8]> =
    LazyLock::new(|| EIGHT_TORSION.map(|point| point.compress().to_bytes()));

/// Returns the point of a public key. The last ones are kept: one key signs many attributes, and
/// finding its point takes a tenth of the time of a verification too.
fn decompressed(key: &[u8; 32]) -> Option<VerifyingKey> {
    const MAX_KEPT: usize = 16;
    thread_local! {
        static KEPT: RefCell<VecDeque<VerifyingKey>> = const { RefCell::new(VecDeque::new()) };
    }
    KEPT.with_borrow_mut(|kept| {
        if let Some(known) = kept.iter().find(|known| known.as_bytes() == key) {
            return Some(*known);
        }
        let point = VerifyingKey::from_bytes(key).ok()?;
        kept.truncate(MAX_KEPT - 1);
        kept.push_front(point);
        Some(point)
    })
}

/// Does the same for RSA.
fn rsa(bytes: &[u8], signature: &[u8], key: &PublicKey, how: &RsaParameters) -> Option<bool> {
    let PublicKey::Rsa { modulus, exponent } = key else { return None };
    let key = RsaPublicKeyComponents { n: modulus, e: exponent };
    Some(key.verify(how, bytes, signature).is_ok())
}

fn shown(text: &str) -> String {
    shorten(text, MAX_SHOWN).into_owned()
}

/// The members of a proof, as it stands in the document.
struct ProofMembers<'a>(&'a Map<String, Value>);

impl<'a> ProofMembers<'a> {
    fn of(proof: &'a Value) -> Result<Self, SignatureError> {
        let members = proof.as_object().map(Self);
        members.ok_or_else(|| malformed("type", "is missing, for the proof is not a JSON object"))
    }

    /// Refuses members that are not acted on, and a proof that has expired. The caller checks
    /// `created`; `nonce` and `id` only make the proof unique.
    fn check_members(&self, signed: Signed<'_>, now: DateTime<Utc>) -> Result<(), SignatureError> {
        if let Some(member) = self.0.keys().find(|name| !PROOF_MEMBERS.contains(&name.as_str())) {
            return Err(malformed(&shown(member), "is not acted on here; sign without it"));
        }
        if self.0.contains_key("expires") {
            let expires = self.text("expires")?;
            if date::parse(expires).is_none_or(|expires| expires <= now) {
                let problem = format!("is {:?}, so that it holds no longer", shown(expires));
                return Err(malformed("expires", &problem));
            }
        }
        // the specification lets a document have further contexts at the end, which no one has
        // signed
        let context = self.0.get("@context");
        if context.is_some() && context != signed.context() {
            return Err(malformed("@context", "is not that of the document"));
        }
        Ok(())
    }

    /// Returns a required member, which is a text.
    fn text(&self, member: &str) -> Result<&'a str, SignatureError> {
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

    /// Decodes the signature of a Data Integrity proof: multibase, base58btc.
    fn proof_value(&self) -> Result<[u8; base58::LENGTH], SignatureError> {
        let digits = self.text("proofValue")?.strip_prefix('z');
        digits.and_then(base58::decode).ok_or_else(|| {
            malformed(
                "proofValue",
                "is not z and the base58 of the 64 bytes of an Ed25519 signature",
            )
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
        let kind = self.text("type")?;
        let name = if kind == DATA_INTEGRITY { self.text("cryptosuite")? } else { kind };
        ProofType::of_name(name).filter(|known| known.type_member() == kind).ok_or_else(|| {
            let known = ProofType::ALL.map(ProofType::name).join(", ");
            SignatureError::Refused(format!(
                "the proof type {:?} is not known; sign with one of {known}",
                shown(name)
            ))
        })
    }

    /// Returns the reference to the key. Where both members name one, it must be the same: else two
    /// verifiers could check with two keys.
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
