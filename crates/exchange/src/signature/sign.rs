//! Making a proof.

use chrono::SecondsFormat;
use serde_json::{Map, Value};

use super::{
    Contexts, Covers, KeyMember, ProofType, SignatureError, SignatureOptions, base58, jcs,
    jws::{self, Algorithm},
    linked_proof,
};
use crate::{
    key::{KeyKind, Signer},
    message::Proof,
};

/// The purpose of a signature of linked data, as in the draft's example.
const PURPOSE: &str = "assertionMethod";

/// Signs a document, and returns the proof to be put into it.
///
/// `document` is what is signed; a `proof` that it has already is not covered. With [`Covers::Claim`] it is the
/// credential reduced to one entry (see [`crate::message::claim_document`]).
///
/// # Errors
///
/// [`SignatureError`], never [`SignatureError::Wrong`].
pub async fn sign(
    document: &Value,
    covers: Covers,
    options: &SignatureOptions,
    signer: &dyn Signer,
    contexts: &Contexts,
) -> Result<Proof, SignatureError> {
    let document = members(document)?;
    let mut proof = unsigned(options, signer)?;
    match options.proof_type {
        ProofType::Ed25519VerificationKey2018 => {
            let bytes = jcs::with_nonce(document, covers, &options.nonce)?;
            proof.signature_value = Some(base58::encode(&signature(signer, &bytes).await?));
        }
        ProofType::JcsEd25519Signature2020 => {
            let bytes = jcs::with_proof(document, &written(&proof)?)?;
            proof.signature_value = Some(base58::encode(&signature(signer, &bytes).await?));
        }
        ProofType::Ed25519Signature2018 | ProofType::RsaSignature2018 => {
            let header = match signer.kind() {
                KeyKind::Ed25519 => Algorithm::EdDsa,
                KeyKind::Rsa => Algorithm::Rs256,
            }
            .header();
            let payload = linked_proof::payload(document, &written(&proof)?, contexts)?;
            let bytes = jws::signed_bytes(&header, &payload);
            proof.jws = Some(jws::written(&header, &signature(signer, &bytes).await?));
        }
    }
    Ok(proof)
}

async fn signature(signer: &dyn Signer, bytes: &[u8]) -> Result<Vec<u8>, SignatureError> {
    signer
        .sign(bytes)
        .await
        .map_err(|error| SignatureError::NotSigned { reason: error.to_string() })
}

/// Returns the proof before it is signed.
fn unsigned(options: &SignatureOptions, signer: &dyn Signer) -> Result<Proof, SignatureError> {
    let kind = options.proof_type;
    if signer.kind() != kind.key_kind() {
        return Err(SignatureError::OtherKey {
            proof_type: kind.name(),
            reference: signer.reference().to_owned(),
        });
    }
    let by_creator =
        options.key_member == KeyMember::Creator && kind == ProofType::Ed25519VerificationKey2018;
    let has_jws = matches!(kind, ProofType::Ed25519Signature2018 | ProofType::RsaSignature2018);
    let reference = || signer.reference().to_owned();
    Ok(Proof {
        kind: kind.name().to_owned(),
        created: Some(options.created.to_rfc3339_opts(SecondsFormat::Secs, true)),
        creator: by_creator.then(reference),
        verification_method: (!by_creator).then(reference),
        purpose: has_jws.then(|| PURPOSE.to_owned()),
        nonce: (!has_jws).then(|| options.nonce.clone()),
        ..Proof::default()
    })
}

/// Returns the proof's members, as they will be written.
fn written(proof: &Proof) -> Result<Map<String, Value>, SignatureError> {
    match serde_json::to_value(proof) {
        Ok(Value::Object(members)) => Ok(members),
        Ok(_) => Err(SignatureError::NotCanonical { reason: "a proof is an object".to_owned() }),
        Err(error) => Err(SignatureError::NotCanonical { reason: error.to_string() }),
    }
}

/// Returns the members of a document: only objects are signed.
pub(super) fn members(document: &Value) -> Result<&Map<String, Value>, SignatureError> {
    document.as_object().ok_or_else(|| SignatureError::NotCanonical {
        reason: "it is not a JSON object; sign a message, or an attribute of a credential"
            .to_owned(),
    })
}

impl ProofType {
    /// Returns the kind of key that it is made with.
    pub fn key_kind(self) -> KeyKind {
        match self {
            Self::RsaSignature2018 => KeyKind::Rsa,
            _ => KeyKind::Ed25519,
        }
    }
}
