//! What the JSON-LD form of a message has and the JSON form does not have.

use serde_json::{Value, json};

use crate::{
    id::{IdError, IdSource},
    signature::{CREDENTIALS_CONTEXT, EXCHANGE_CONTEXT},
};

/// The context of Verifiable Credentials without `www.`, as in the draft's responses.
pub(crate) const CREDENTIALS_WITHOUT_WWW: &str = "https://w3.org/2018/credentials/v1";

/// Returns the contexts of a document: that of Verifiable Credentials, one of its own, and, where it is
/// signed as linked data, the one that gives a meaning to the members of this exchange.
pub(crate) fn contexts(own: Option<&str>, is_linked: bool) -> Value {
    let exchange = is_linked.then_some(EXCHANGE_CONTEXT);
    let contexts: Vec<&str> =
        [Some(CREDENTIALS_CONTEXT), own, exchange].into_iter().flatten().collect();
    json!(contexts)
}

/// Returns a new id: a UUID, written as a URI where linked data need one.
pub(crate) fn new_id(ids: &mut dyn IdSource, as_uri: bool) -> Result<String, IdError> {
    let id = ids.next_id()?;
    Ok(match as_uri {
        true => id.urn().to_string(),
        false => id.to_string(),
    })
}
