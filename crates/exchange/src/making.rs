//! What requests, credentials and responses have in common when they are made: contexts, ids,
//! dates, signatures.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    did::Did,
    error::ExchangeError,
    id::IdSource,
    key::Signer,
    message::{Message, Mode, Received},
    signature::{
        self, CREDENTIALS_CONTEXT, Contexts, EXCHANGE_CONTEXT, KeyMember, ProofType,
        SignatureOptions, Signed,
    },
};

/// Makes the parts of a message that is signed with one key.
pub(crate) struct Maker<'a> {
    pub signer: &'a dyn Signer,
    pub ids: &'a mut IdSource<'a>,
    pub contexts: &'a Contexts,
    pub proof_type: ProofType,
    pub created: DateTime<Utc>,
    pub key_member: KeyMember,
}

impl Maker<'_> {
    /// Returns a new id: a UUID, written as a URI where linked data need one.
    pub(crate) fn id(&mut self, as_uri: bool) -> Result<String, ExchangeError> {
        let id = self.next_id()?;
        Ok(match as_uri {
            true => id.urn().to_string(),
            false => id.to_string(),
        })
    }

    fn next_id(&mut self) -> Result<Uuid, ExchangeError> {
        let none = "cannot get a new id: there is no random number, or the list of ids is exhausted; try again";
        self.ids.next().ok_or_else(|| ExchangeError::Other(none.to_owned()))
    }

    /// Signs a part of the message, and returns its proof.
    pub(crate) async fn sign(
        &mut self,
        what: &str,
        signed: Signed<'_>,
    ) -> Result<Value, ExchangeError> {
        let options = SignatureOptions {
            proof_type: self.proof_type,
            created: self.created,
            nonce: self.next_id()?.to_string(),
            key_member: self.key_member,
        };
        let proof = signature::sign(signed, &options, self.signer, self.contexts).await;
        let failed = |source| ExchangeError::Signature { what: what.to_owned(), source };
        Ok(json!(proof.map_err(failed)?))
    }
}

/// Returns a message that was made, if it breaks no rule; `before` is the beginning of the sentence
/// that says so.
pub(crate) fn made<M: Message>(
    document: Value,
    before: &'static str,
) -> Result<Received<M>, ExchangeError> {
    Received::of(document, Mode::Usual).map_err(|source| ExchangeError::Message { before, source })
}

/// Returns the DID of a key: of the party (`whose`) that a message (`what`) names with it.
pub(crate) fn did_of(signer: &dyn Signer, whose: &str, what: &str) -> Result<Did, ExchangeError> {
    let reference = signer.reference();
    Did::of_reference(reference).map_err(|error| {
        ExchangeError::Other(format!(
            "the {whose}'s key {reference:?} cannot be named in a {what}: {error}"
        ))
    })
}

/// Returns the contexts of a document: that of Verifiable Credentials, one of its own, and, where
/// it is signed as linked data, the one that gives a meaning to the members of this exchange.
pub(crate) fn contexts(own: Option<&str>, is_linked: bool) -> Value {
    let exchange = is_linked.then_some(EXCHANGE_CONTEXT);
    let contexts: Vec<&str> =
        [Some(CREDENTIALS_CONTEXT), own, exchange].into_iter().flatten().collect();
    json!(contexts)
}
