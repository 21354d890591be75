//! Issuing credentials whose attributes are signed one by one.
//!
//! Section "Selective Disclosure via Individually Signed Attributes" of the draft. Each attribute
//! is an entry of `credentialSubjects` with a signature of its own. The signature covers that entry
//! and the credential's metadata, so that the holder can leave out any of them, and put none into
//! another credential.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use crate::{
    date,
    did::Did,
    error::ExchangeError,
    id::IdSource,
    key::Signer,
    making::{self, Maker, did_of, made},
    message::{CredentialKind, Received, VerifiableCredential},
    signature::{Contexts, KeyMember, ProofType, Signed},
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

/// Issues a credential: signs every attribute on its own. The issuer is the DID of `signer`'s key.
///
/// # Errors
///
/// [`ExchangeError`]: [`Message`](ExchangeError::Message) if it would break a rule of credentials, as by an attribute
/// twice, or an end before the beginning.
pub async fn issue(
    new: &NewCredential,
    signer: &dyn Signer,
    ids: &mut IdSource<'_>,
    contexts: &Contexts,
) -> Result<Received<VerifiableCredential>, ExchangeError> {
    if new.attributes.is_empty() {
        return Err(ExchangeError::Other(
            "a credential without attributes says nothing; give it at least one".to_owned(),
        ));
    }
    let (proof_type, created, key_member) = (new.proof_type, new.issued, new.key_member);
    let mut maker = Maker { signer, ids, contexts, proof_type, created, key_member };
    let mut credential = unsigned(new, &mut maker)?;
    for (number, (attribute, _)) in new.attributes.iter().enumerate() {
        let what = format!("attribute {attribute:?}");
        let proof = maker.sign(&what, Signed::Claim(&credential, number)).await?;
        // a signature covers neither other entries nor proofs
        credential["credentialSubjects"][number]["proof"] = json!([proof]);
    }
    made(credential, "what is to be issued is not a valid credential: ")
}

/// Returns the credential before its attributes are signed.
fn unsigned(new: &NewCredential, maker: &mut Maker<'_>) -> Result<Value, ExchangeError> {
    let is_linked = new.proof_type.is_linked();
    let (schema, context, kind) = match &new.kind {
        CredentialKind::Schema(id) => (Some(id), None, None),
        CredentialKind::LinkedData { context, kind } => (None, Some(&**context), Some(&**kind)),
    };
    let id = match &new.id {
        Some(id) => id.clone(),
        None => maker.id(is_linked || context.is_some())?,
    };
    let subject = new.subject.as_str();
    let entries = new.attributes.iter();
    let entries = entries.map(|(name, value)| json!({"id": subject, "key": name, "value": value}));
    let mut credential = json!({
        "@context": making::contexts(context, is_linked),
        "type": Vec::from_iter([Some("VerifiableCredential"), kind].into_iter().flatten()),
        "id": id,
        "issuerDid": did_of(maker.signer, "issuer", "credential")?.as_str(),
        "issuanceDate": date::written(new.issued),
        "credentialSubjects": entries.collect::<Vec<Value>>(),
    });
    if let Some(id) = schema {
        credential["schemaId"] = json!(id);
    }
    if let Some(expires) = new.expires {
        credential["expirationDate"] = json!(date::written(expires));
    }
    Ok(credential)
}
