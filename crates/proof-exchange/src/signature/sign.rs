//! Making a proof.

use chrono::SecondsFormat;
use serde_json::{Map, Value};

use super::{
    Contexts, Covers, KeyMember, ProofType, SignatureError, SignatureOptions, base58, jcs,
};
use crate::{
    key::{KeyKind, Signer},
    message::{Members, Proof},
};

/// Signs a document, and returns the proof to be put into it.
///
/// `document` is what is to be signed; a `proof` that it has already is not covered. With [`Covers::Claim`] it is
/// the credential reduced to one entry (see [`crate::message::claim_document`]).
///
/// # Errors
///
/// [`SignatureError`], never [`SignatureError::Wrong`].
pub async fn sign(
    document: &Value,
    covers: Covers,
    options: &SignatureOptions,
    signer: &dyn Signer,
    _contexts: &Contexts,
) -> Result<Proof, SignatureError> {
    let document = members(document)?;
    let mut proof = unsigned(options, signer)?;
    let bytes = match options.proof_type {
        ProofType::Ed25519VerificationKey2018 => jcs::with_nonce(document, covers, &options.nonce)?,
        ProofType::JcsEd25519Signature2020 => jcs::with_proof(document, &written(&proof)?)?,
        ProofType::Ed25519Signature2018 | ProofType::RsaSignature2018 => {
            return Err(SignatureError::UnknownType {
                proof_type: options.proof_type.name().to_owned(),
            });
        }
    };
    let signature = signer
        .sign(&bytes)
        .await
        .map_err(|error| SignatureError::NotSigned {
            reason: error.to_string(),
        })?;
    proof.signature_value = Some(base58::encode(&signature));
    Ok(proof)
}

/// The proof before it is signed.
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
    let reference = || signer.reference().to_owned();
    Ok(Proof {
        kind: kind.name().to_owned(),
        created: options.created.to_rfc3339_opts(SecondsFormat::Secs, true),
        creator: by_creator.then(reference),
        verification_method: (!by_creator).then(reference),
        purpose: None,
        nonce: Some(options.nonce.clone()),
        signature_value: None,
        jws: None,
        other: Members::new(),
    })
}

/// The proof's members, as they will be written.
fn written(proof: &Proof) -> Result<Map<String, Value>, SignatureError> {
    match serde_json::to_value(proof) {
        Ok(Value::Object(members)) => Ok(members),
        Ok(_) => Err(SignatureError::NotCanonical {
            reason: "a proof is an object".to_owned(),
        }),
        Err(error) => Err(SignatureError::NotCanonical {
            reason: error.to_string(),
        }),
    }
}

/// The members of a document: only objects are signed.
pub(super) fn members(document: &Value) -> Result<&Map<String, Value>, SignatureError> {
    document
        .as_object()
        .ok_or_else(|| SignatureError::NotCanonical {
            reason: "it is no JSON object; sign a message, or an attribute of a credential"
                .to_owned(),
        })
}

impl ProofType {
    /// The kind of key that it is made with.
    pub fn key_kind(self) -> KeyKind {
        match self {
            Self::RsaSignature2018 => KeyKind::Rsa,
            _ => KeyKind::Ed25519,
        }
    }
}
