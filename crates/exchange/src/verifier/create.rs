//! The verifier's first step: creating a signed request.

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Map, Value, json};

use crate::{
    did::{Did, NotADid},
    id::{IdError, IdSource},
    key::Signer,
    linked_data,
    message::{Form, MessageError, Mode, ProofRequest, Received},
    signature::{self, Contexts, KeyMember, ProofType, SignatureError, SignatureOptions, Signed},
};

/// A request to be created.
#[derive(Debug, Clone)]
pub struct NewRequest {
    /// The request's id: a UUID, or a URI, which linked data need.
    pub id: String,
    /// The URL to which the response is sent.
    pub proof_url: String,
    /// The member `proofRequest`: `description`, `criteria`, and optional members such as `accept`.
    pub body: Map<String, Value>,
    /// When it is signed; the signature bears this date. Whole seconds are written.
    pub created: DateTime<Utc>,
    /// When it expires; never if `None`.
    pub expires: Option<DateTime<Utc>>,
    /// How the request is signed. It is written in JSON-LD if this signs linked data, else in JSON.
    pub proof_type: ProofType,
    /// The names that it uses. Linked data knows only those of the draft.
    pub form: Form,
    /// The member in which the signature names the verifier's key.
    pub key_member: KeyMember,
}

/// Why a request is not created.
#[derive(Debug, thiserror::Error)]
pub enum CreateRequestError {
    /// The key belongs to no DID.
    #[error("the verifier's key {reference:?} cannot be named in a request: {source}")]
    Verifier {
        /// How the key is referred to.
        reference: String,
        /// Why.
        source: NotADid,
    },
    /// The members do not make a valid request.
    #[error(transparent)]
    Request(#[from] MessageError),
    /// There is no nonce for it.
    #[error(transparent)]
    Id(#[from] IdError),
    /// The request cannot be signed.
    #[error("the request cannot be signed: {0}")]
    Signature(#[from] SignatureError),
}

/// Creates a request, and signs it. Section "Proof Request" of the draft. The verifier is the DID of `signer`'s key.
///
/// # Errors
///
/// [`CreateRequestError`]. The criteria are checked before anything is signed.
pub async fn create_request(
    new: &NewRequest,
    signer: &dyn Signer,
    ids: &mut dyn IdSource,
    contexts: &Contexts,
) -> Result<Received<ProofRequest>, CreateRequestError> {
    let reference = signer.reference();
    let verifier = Did::of_reference(reference).map_err(|source| CreateRequestError::Verifier {
        reference: reference.to_owned(),
        source,
    })?;
    let mut body = new.body.clone();
    body.insert("verifier".to_owned(), verifier.as_str().into());
    if let Some(expires) = new.expires {
        let expires = expires.to_rfc3339_opts(SecondsFormat::Secs, true);
        body.insert("expires".to_owned(), expires.into());
    }
    let names = new.form.names();
    let mut document = json!({names.id: new.id, names.url: new.proof_url, names.body: body});
    let is_linked = new.proof_type.is_linked();
    if is_linked {
        document["@context"] = linked_data::contexts(None, true);
    }
    if is_linked || new.form == Form::December2019 {
        document[names.kind] = json!([names.request]);
    }
    Received::<ProofRequest>::of(document.clone(), Mode::Usual)?;
    let options = SignatureOptions {
        proof_type: new.proof_type,
        created: new.created,
        nonce: ids.next_id()?.to_string(),
        key_member: new.key_member,
    };
    let proof = signature::sign(Signed::Message(&document), &options, signer, contexts).await?;
    document["proof"] = json!(proof);
    Ok(Received::of(document, Mode::Usual)?)
}
