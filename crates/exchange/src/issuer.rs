//! Issuing credentials whose attributes are signed one by one.
//!
//! Section "Selective Disclosure via Individually Signed Attributes" of the draft. Each attribute is an entry of
//! `credentialSubjects` with a signature of its own. The signature covers that entry and the credential's metadata,
//! so that the holder can leave out any of them, and put none into another credential.

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Map, Value, json};

use crate::{
    did::{Did, NotADid},
    fresh::{Ids, NoFreshId},
    key::Signer,
    linked_data,
    message::{MessageError, Mode, Received, VerifiableCredential, Wanted, claim_document},
    signature::{self, Contexts, Covers, KeyMember, ProofType, SignatureError, SignatureOptions},
};

/// What is to be issued.
#[derive(Debug, Clone)]
pub struct Order {
    /// The credential's id. `None`: a new UUID, written as `urn:uuid:...` where linked data need a URI.
    pub id: Option<String>,
    /// Whom it is about: the holder.
    pub subject: Did,
    /// What describes its attributes.
    pub kind: Wanted,
    /// From when it is valid; its signatures bear this date too. Whole seconds are written.
    pub issued: DateTime<Utc>,
    /// Until when it is valid; for ever if `None`.
    pub expires: Option<DateTime<Utc>>,
    /// The attributes: name and value, in the order in which they will be written.
    pub attributes: Vec<(String, String)>,
    /// How they are signed.
    pub proof_type: ProofType,
    /// Where the signatures name the issuer's key.
    pub key_member: KeyMember,
}

/// Why a credential is not issued.
#[derive(Debug, thiserror::Error)]
pub enum IssueError {
    /// There is nothing to sign.
    #[error("a credential without attributes says nothing; give it at least one")]
    NoAttributes,
    /// The key belongs to no DID.
    #[error("the issuer's key {reference:?} cannot be named in a credential: {source}")]
    Issuer {
        /// How the key is referred to.
        reference: String,
        /// Why.
        source: NotADid,
    },
    /// No id can be had.
    #[error(transparent)]
    NoFreshId(#[from] NoFreshId),
    /// An attribute cannot be signed.
    #[error("the attribute {attribute:?} cannot be signed: {source}")]
    Signature {
        /// The attribute's name.
        attribute: String,
        /// Why.
        source: SignatureError,
    },
    /// What was ordered is no credential: an attribute twice, an end before the beginning, ...
    #[error("what was ordered is no credential: {0}")]
    Credential(#[from] MessageError),
}

/// Issues a credential: every attribute is signed on its own. The issuer is the DID of `signer`'s key.
///
/// # Errors
///
/// [`IssueError`].
pub async fn issue(
    order: &Order,
    signer: &dyn Signer,
    ids: &mut dyn Ids,
    contexts: &Contexts,
) -> Result<Received<VerifiableCredential>, IssueError> {
    if order.attributes.is_empty() {
        return Err(IssueError::NoAttributes);
    }
    let mut credential = unsigned(order, signer, ids)?;
    let mut signed = Vec::with_capacity(order.attributes.len());
    for (number, (attribute, _)) in order.attributes.iter().enumerate() {
        let failed = |source| IssueError::Signature {
            attribute: attribute.clone(),
            source,
        };
        let options = SignatureOptions {
            proof_type: order.proof_type,
            created: order.issued,
            nonce: ids.next_id()?.to_string(),
            key_member: order.key_member,
        };
        let claim = claim_document(&Value::Object(credential.clone()), number).unwrap_or_default();
        let proof = signature::sign(&claim, Covers::Claim, &options, signer, contexts)
            .await
            .map_err(failed)?;
        signed.push(json!([proof]));
    }
    let entries = credential.get_mut("credentialSubjects");
    let entries = entries.and_then(Value::as_array_mut).into_iter().flatten();
    for (entry, proof) in entries.filter_map(Value::as_object_mut).zip(signed) {
        entry.insert("proof".to_owned(), proof);
    }
    Ok(Received::of(Value::Object(credential), Mode::Usual)?)
}

/// The credential before its attributes are signed.
fn unsigned(
    order: &Order,
    signer: &dyn Signer,
    ids: &mut dyn Ids,
) -> Result<Map<String, Value>, IssueError> {
    let reference = signer.reference();
    let issuer = Did::of_reference(reference).map_err(|source| IssueError::Issuer {
        reference: reference.to_owned(),
        source,
    })?;
    let is_linked = linked_data::is_needed_by(order.proof_type);
    let mut credential = Map::new();
    let mut put = |name: &str, value: Value| {
        credential.insert(name.to_owned(), value);
    };
    let needs_uri = match &order.kind {
        Wanted::Schema(id) => {
            put("@context", linked_data::contexts(None, is_linked));
            put("type", json!(["VerifiableCredential"]));
            put("schemaId", json!(id));
            is_linked
        }
        Wanted::LinkedData { context, kind } => {
            put("@context", linked_data::contexts(Some(context), is_linked));
            put("type", json!(["VerifiableCredential", kind]));
            true
        }
    };
    let id = match &order.id {
        Some(id) => id.clone(),
        None => linked_data::new_id(ids, needs_uri)?,
    };
    put("id", json!(id));
    put("issuerDid", json!(issuer.as_str()));
    put("issuanceDate", json!(written(order.issued)));
    if let Some(expires) = order.expires {
        put("expirationDate", json!(written(expires)));
    }
    let subject = order.subject.as_str();
    let entries = order.attributes.iter();
    let entries = entries.map(|(name, value)| json!({"id": subject, "key": name, "value": value}));
    put("credentialSubjects", entries.collect());
    Ok(credential)
}

fn written(date: DateTime<Utc>) -> String {
    date.to_rfc3339_opts(SecondsFormat::Secs, true)
}
