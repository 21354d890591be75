//! The verifier's first step: a request, signed.

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Map, Value, json};

use crate::{
    did::{Did, NotADid},
    fresh::{Ids, NoFreshId},
    key::Signer,
    linked_data,
    message::{MessageError, Mode, ProofRequest, Received},
    signature::{self, Contexts, Covers, KeyMember, ProofType, SignatureError, SignatureOptions},
};

/// What a verifier wants to ask.
#[derive(Debug, Clone)]
pub struct Question {
    /// The request's id: a UUID, or a URI, which linked data need.
    pub id: String,
    /// The URL to which the answer is sent.
    pub proof_url: String,
    /// `description`, `criteria`, and whatever else belongs into `proofRequest`, as `accept`.
    pub asks: Map<String, Value>,
    /// When it is asked; the signature bears this date. Whole seconds are written.
    pub asked: DateTime<Utc>,
    /// Until when an answer is accepted; for ever if `None`.
    pub expires: Option<DateTime<Utc>>,
    /// How the request is signed. It is written in JSON-LD if this signs linked data, else in JSON.
    pub proof_type: ProofType,
    /// Where the signature names the verifier's key.
    pub key_member: KeyMember,
}

/// Why a question is not asked.
#[derive(Debug, thiserror::Error)]
pub enum AskError {
    /// The key belongs to no DID.
    #[error("the verifier's key {reference:?} cannot be named in a request: {source}")]
    Verifier {
        /// How the key is referred to.
        reference: String,
        /// Why.
        source: NotADid,
    },
    /// What is to be asked makes no request.
    #[error(transparent)]
    Request(#[from] MessageError),
    /// No nonce can be had.
    #[error(transparent)]
    NoFreshId(#[from] NoFreshId),
    /// The request cannot be signed.
    #[error("the request cannot be signed: {0}")]
    Signature(#[from] SignatureError),
}

/// Makes a request, and signs it. Section "Proof Request" of the draft. The verifier is the DID of `signer`'s key.
///
/// # Errors
///
/// [`AskError`]; what is wrong with the criteria comes before anything is signed.
pub async fn ask(
    question: &Question,
    signer: &dyn Signer,
    ids: &mut dyn Ids,
    contexts: &Contexts,
) -> Result<Received<ProofRequest>, AskError> {
    let reference = signer.reference();
    let verifier = Did::of_reference(reference).map_err(|source| AskError::Verifier {
        reference: reference.to_owned(),
        source,
    })?;
    let mut asks = question.asks.clone();
    asks.insert("verifier".to_owned(), verifier.as_str().into());
    if let Some(expires) = question.expires {
        let expires = expires.to_rfc3339_opts(SecondsFormat::Secs, true);
        asks.insert("expires".to_owned(), expires.into());
    }
    let mut document = json!({
        "id": question.id,
        "proofURL": question.proof_url,
        "proofRequest": asks,
    });
    if linked_data::is_needed_by(question.proof_type) {
        document["@context"] = linked_data::contexts(None, true);
        document["type"] = json!(["ProofRequest"]);
    }
    Received::<ProofRequest>::of(document.clone(), Mode::Usual)?;
    let options = SignatureOptions {
        proof_type: question.proof_type,
        created: question.asked,
        nonce: ids.next_id()?.to_string(),
        key_member: question.key_member,
    };
    let proof = signature::sign(&document, Covers::Message, &options, signer, contexts).await?;
    document["proof"] = json!(proof);
    Ok(Received::of(document, Mode::Usual)?)
}
