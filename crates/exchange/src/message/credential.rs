//! A verifiable credential whose attributes are signed one by one.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    CredentialKind, Proof,
    members::{Members, one_or_many},
};

/// A credential as its holder stores it, or the part of it that is shown: each attribute has a signature of its
/// own, so that any of them can be left out. Section "Selective Disclosure via Individually Signed Attributes".
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct VerifiableCredential {
    /// The contexts; the first is that of Verifiable Credentials.
    #[serde(rename = "@context", alias = "context", deserialize_with = "one_or_many")]
    pub context: Vec<Value>,
    /// The attributes.
    #[serde(rename = "credentialSubjects")]
    pub attributes: Vec<SignedAttribute>,
    /// The credential's own id: a UUID or a URI.
    pub id: String,
    /// When its validity begins, in RFC 3339.
    #[serde(rename = "issuanceDate")]
    pub issuance_date: String,
    /// When its validity ends, in RFC 3339; never if absent.
    #[serde(rename = "expirationDate", default, skip_serializing_if = "Option::is_none")]
    pub expiration_date: Option<String>,
    /// The issuer's DID.
    #[serde(rename = "issuerDid")]
    pub issuer_did: String,
    /// The id of its schema; absent where its attributes are described by linked data.
    #[serde(rename = "schemaId", default, skip_serializing_if = "Option::is_none")]
    pub schema_id: Option<String>,
    /// `VerifiableCredential`, and a type of its own where it is described by linked data.
    #[serde(rename = "type", deserialize_with = "one_or_many")]
    pub types: Vec<String>,
    /// Members that are only carried along. The attributes' signatures cover them.
    #[serde(flatten)]
    pub other: Members,
}

/// One attribute with its signature: an entry of `credentialSubjects`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SignedAttribute {
    /// The DID of its subject.
    pub id: String,
    /// Its name.
    pub key: String,
    /// Its value.
    pub value: String,
    /// The issuer's signature of this entry and of the credential's metadata.
    #[serde(deserialize_with = "one_or_many")]
    pub proof: Vec<Proof>,
    /// Members that are only carried along.
    #[serde(flatten)]
    pub other: Members,
}

impl VerifiableCredential {
    /// Returns the attribute of this name.
    pub fn attribute(&self, name: &str) -> Option<&SignedAttribute> {
        self.attributes.iter().find(|attribute| attribute.key == name)
    }

    /// Returns whether it is of a kind: has the schema, or the context and the type.
    pub fn is_of_kind(&self, kind: &CredentialKind) -> bool {
        match kind {
            CredentialKind::Schema(id) => self.schema_id.as_ref() == Some(id),
            CredentialKind::LinkedData { context, kind } => {
                let mut contexts = self.context.iter();
                contexts.any(|own| own.as_str() == Some(context)) && self.types.contains(kind)
            }
        }
    }
}

/// Returns what the signature of one attribute covers: the credential's metadata, that is all of its members
/// but `proof`, and of `credentialSubjects` that one entry without its own `proof`. So an attribute cannot be
/// lifted into another credential, nor given to another subject.
///
/// `None` if the document has no such entry.
pub fn claim_document(credential: &Value, entry: usize) -> Option<Value> {
    let members = credential.as_object()?;
    let mut entry = members.get("credentialSubjects")?.get(entry)?.as_object()?.clone();
    entry.remove("proof");
    let kept = members.iter().filter(|(name, _)| *name != "credentialSubjects" && *name != "proof");
    let mut claim: Members = kept.map(|(name, value)| (name.clone(), value.clone())).collect();
    claim.insert("credentialSubjects".to_owned(), vec![Value::Object(entry)].into());
    Some(claim.into())
}
