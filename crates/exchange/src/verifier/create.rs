//! The verifier's first step: creating a signed request.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};

use crate::{
    date,
    error::ExchangeError,
    id::IdSource,
    key::Signer,
    making::{self, Maker, did_of, made},
    message::{Form, ProofRequest, Received},
    signature::{Contexts, KeyMember, ProofType, Signed},
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
}

/// Creates a request, and signs it. Section "Proof Request" of the draft. The verifier is the DID
/// of `signer`'s key.
///
/// # Errors
///
/// [`ExchangeError`]: [`Message`](ExchangeError::Message) if the members do not make a valid request. The criteria are
/// checked before anything is signed.
pub async fn create_request(
    new: &NewRequest,
    signer: &dyn Signer,
    ids: &mut IdSource<'_>,
    contexts: &Contexts,
) -> Result<Received<ProofRequest>, ExchangeError> {
    let mut body = new.body.clone();
    body.insert("verifier".to_owned(), did_of(signer, "verifier", "request")?.as_str().into());
    if let Some(expires) = new.expires {
        body.insert("expires".to_owned(), date::written(expires).into());
    }
    let names = new.form.names();
    let mut document = json!({names.id: new.id, names.url: new.proof_url, names.body: body});
    let is_linked = new.proof_type.is_linked();
    if is_linked {
        document["@context"] = making::contexts(None, true);
    }
    if is_linked || new.form == Form::December2019 {
        document[names.kind] = json!([names.request]);
    }
    made::<ProofRequest>(document.clone(), "")?;
    let (proof_type, created, key_member) = (new.proof_type, new.created, KeyMember::default());
    let mut maker = Maker { signer, ids, contexts, proof_type, created, key_member };
    document["proof"] = maker.sign("request", Signed::Message(&document)).await?;
    made(document, "")
}
