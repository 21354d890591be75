//! Issuing credentials whose attributes are signed one by one.
//!
//! Section "Selective Disclosure via Individually Signed Attributes" of the draft. Each attribute is an entry of
//! `credentialSubjects` with a signature of its own. The signature covers that entry and the credential's metadata,
//! so that the holder can leave out any of them, and put none into another credential.

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Map, Value, json};

use crate::{
    did::{Did, NotADid},
    id::{IdError, IdSource},
    key::Signer,
    linked_data,
    message::{CredentialKind, MessageError, Mode, Received, VerifiableCredential},
    signature::{self, Contexts, KeyMember, ProofType, SignatureError, SignatureOptions, Signed},
};

/// A credential to be issued.
#[derive(Debug, Clone)]
pub struct NewCredential {
    /// Its id. `None`: a new UUID, written as `urn:uuid:...` where linked data need a URI.
    pub id: Option<String>,
    /// The DID that it is about: the holder's.
    pub subject: Did,
    /// The schema or the linked data that describes its attributes.
    pub kind: CredentialKind,
    /// When its validity begins; its signatures bear this date too. Whole seconds are written.
    pub issued: DateTime<Utc>,
    /// When its validity ends; never if `None`.
    pub expires: Option<DateTime<Utc>>,
    /// The attributes: name and value, in the order in which they will be written.
    pub attributes: Vec<(String, String)>,
    /// How they are signed.
    pub proof_type: ProofType,
    /// The member in which the signatures name the issuer's key.
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
    /// There is no id for it.
    #[error(transparent)]
    Id(#[from] IdError),
    /// An attribute cannot be signed.
    #[error("the attribute {attribute:?} cannot be signed: {source}")]
    Signature {
        /// The attribute's name.
        attribute: String,
        /// Why.
        source: SignatureError,
    },
    /// It would break a rule of credentials: an attribute twice, an end before the beginning, ...
    #[error("what is to be issued is not a valid credential: {0}")]
    Credential(#[from] MessageError),
}

/// Issues a credential: signs every attribute on its own. The issuer is the DID of `signer`'s key.
///
/// # Errors
///
/// [`IssueError`].
pub async fn issue(
    new: &NewCredential,
    signer: &dyn Signer,
    ids: &mut dyn IdSource,
    contexts: &Contexts,
) -> Result<Received<VerifiableCredential>, IssueError> {
    if new.attributes.is_empty() {
        return Err(IssueError::NoAttributes);
    }
    let mut credential = Value::Object(unsigned(new, signer, ids)?);
    let mut signed = Vec::with_capacity(new.attributes.len());
    for (number, (attribute, _)) in new.attributes.iter().enumerate() {
        let failed = |source| IssueError::Signature { attribute: attribute.clone(), source };
        let options = SignatureOptions {
            proof_type: new.proof_type,
            created: new.issued,
            nonce: ids.next_id()?.to_string(),
            key_member: new.key_member,
        };
        let claim = Signed::Claim(&credential, number);
        let proof = signature::sign(claim, &options, signer, contexts).await.map_err(failed)?;
        signed.push(json!([proof]));
    }
    let entries = credential.get_mut("credentialSubjects");
    let entries = entries.and_then(Value::as_array_mut).into_iter().flatten();
    for (entry, proof) in entries.filter_map(Value::as_object_mut).zip(signed) {
        entry.insert("proof".to_owned(), proof);
    }
    Ok(Received::of(credential, Mode::Usual)?)
}

/// Returns the credential before its attributes are signed.
fn unsigned(
    new: &NewCredential,
    signer: &dyn Signer,
    ids: &mut dyn IdSource,
) -> Result<Map<String, Value>, IssueError> {
    let reference = signer.reference();
    let issuer = Did::of_reference(reference)
        .map_err(|source| IssueError::Issuer { reference: reference.to_owned(), source })?;
    let is_linked = new.proof_type.is_linked();
    let mut credential = Map::new();
    let mut put = |name: &str, value: Value| {
        credential.insert(name.to_owned(), value);
    };
    let needs_uri = match &new.kind {
        CredentialKind::Schema(id) => {
            put("@context", linked_data::contexts(None, is_linked));
            put("type", json!(["VerifiableCredential"]));
            put("schemaId", json!(id));
            is_linked
        }
        CredentialKind::LinkedData { context, kind } => {
            put("@context", linked_data::contexts(Some(context), is_linked));
            put("type", json!(["VerifiableCredential", kind]));
            true
        }
    };
    let id = match &new.id {
        Some(id) => id.clone(),
        None => linked_data::new_id(ids, needs_uri)?,
    };
    put("id", json!(id));
    put("issuerDid", json!(issuer.as_str()));
    put("issuanceDate", json!(written(new.issued)));
    if let Some(expires) = new.expires {
        put("expirationDate", json!(written(expires)));
    }
    let subject = new.subject.as_str();
    let entries = new.attributes.iter();
    let entries = entries.map(|(name, value)| json!({"id": subject, "key": name, "value": value}));
    put("credentialSubjects", entries.collect());
    Ok(credential)
}

fn written(date: DateTime<Utc>) -> String {
    date.to_rfc3339_opts(SecondsFormat::Secs, true)
}
