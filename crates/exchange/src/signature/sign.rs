//! Making a proof.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Map, Value};

use super::{
    Contexts, KeyMember, ProofType, SignatureError, SignatureOptions, Signed, base58, jcs,
    jws::{self, Algorithm},
    linked_proof, not_canonical, other_key,
};
use crate::{
    date,
    did::Purpose,
    key::{KeyKind, Signer},
    message::{DATA_INTEGRITY, Proof},
};

/// Signs a document, or an attribute of a credential, and returns the proof to be put into it.
///
/// # Errors
///
/// [`SignatureError`], never [`SignatureError::Wrong`].
pub async fn sign(
    signed: Signed<'_>,
    options: &SignatureOptions,
    signer: &dyn Signer,
    contexts: &Contexts,
) -> Result<Proof, SignatureError> {
    let mut proof = unsigned(signed, options, signer)?;
    match options.proof_type {
        ProofType::Ed25519VerificationKey2018 => {
            let bytes = jcs::with_nonce(signed, &options.nonce)?;
            proof.signature_value = Some(base58::encode(&signer.sign(&bytes).await?));
        }
        ProofType::JcsEd25519Signature2020 => {
            let bytes = jcs::with_proof(signed, &written(&proof)?)?;
            proof.signature_value = Some(base58::encode(&signer.sign(&bytes).await?));
        }
        ProofType::EddsaJcs2022 => {
            let bytes = jcs::digests(signed, &written(&proof)?)?;
            let value = format!("z{}", base58::encode(&signer.sign(&bytes).await?));
            proof.proof_value = Some(value);
        }
        ProofType::Ed25519Signature2018 | ProofType::RsaSignature2018 => {
            let header = match signer.kind() {
                KeyKind::Ed25519 => Algorithm::EdDsa,
                KeyKind::Rsa => Algorithm::Rs256,
            }
            .header();
            let payload = linked_proof::payload(signed, &written(&proof)?, contexts)?;
            let bytes = jws::signed_bytes(&header, &payload);
            let signature = URL_SAFE_NO_PAD.encode(signer.sign(&bytes).await?);
            proof.jws = Some(format!("{header}..{signature}"));
        }
    }
    Ok(proof)
}

/// Returns the proof before it is signed. Those of the draft's JSON form have a nonce, the others a
/// purpose.
fn unsigned(
    signed: Signed<'_>,
    options: &SignatureOptions,
    signer: &dyn Signer,
) -> Result<Proof, SignatureError> {
    let kind = options.proof_type;
    if signer.kind() != kind.key_kind() {
        return Err(other_key(kind, signer.reference()));
    }
    let by_creator =
        options.key_member == KeyMember::Creator && kind == ProofType::Ed25519VerificationKey2018;
    let has_nonce =
        matches!(kind, ProofType::Ed25519VerificationKey2018 | ProofType::JcsEd25519Signature2020);
    let is_data_integrity = kind.type_member() == DATA_INTEGRITY;
    let reference = || signer.reference().to_owned();
    Ok(Proof {
        kind: kind.type_member().to_owned(),
        cryptosuite: is_data_integrity.then(|| kind.name().to_owned()),
        context: signed.context().filter(|_| is_data_integrity).cloned(),
        created: Some(date::written(options.created)),
        creator: by_creator.then(reference),
        verification_method: (!by_creator).then(reference),
        // as in the draft's example
        purpose: (!has_nonce).then(|| Purpose::AssertionMethod.name().to_owned()),
        nonce: has_nonce.then(|| options.nonce.clone()),
        ..Proof::default()
    })
}

/// Returns the proof's members, as they will be written.
fn written(proof: &Proof) -> Result<Map<String, Value>, SignatureError> {
    match serde_json::to_value(proof) {
        Ok(Value::Object(members)) => Ok(members),
        Ok(_) => Err(not_canonical("a proof is an object")),
        Err(error) => Err(not_canonical(error.to_string())),
    }
}
