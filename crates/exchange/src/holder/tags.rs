//! The tags by which a credential is found.
//!
//! | tag | value | answers |
//! |---|---|---|
//! | `schema` | its schema's id | how many are there of a schema |
//! | `type` | a context and a type, as a JSON list | how many are there of a type |
//! | `issuer` | its issuer | how many are there of an issuer |
//! | `attribute` | an attribute's name | how many have this attribute |
//! | `issuer of <kind>` | its issuer | which issuers are there for a kind, and how many of each |
//! | `shape of <kind by issuer>` | its [`Shape`], as JSON | which shapes are there, and which credentials have one |
//!
//! A kind is a schema, or a context and a type. A matching credential is thus found by one lookup
//! in one list: a criterion's kind and issuer give the shapes that the wallet holds, which are few;
//! those that have what the criterion requires are selected in memory; and the list of each holds
//! only credentials that match. A shape contains the month in which its credentials expire, so that
//! those of past months are counted, and not read.

use std::collections::BTreeSet;

use chrono::{DateTime, Datelike, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::{
    date,
    message::{CredentialKind, VerifiableCredential},
    signature::{CREDENTIALS_CONTEXT, CREDENTIALS_WITHOUT_WWW, EXCHANGE_CONTEXT},
};

/// Contexts that every credential may have, whatever it is about.
const COMMON_CONTEXTS: [&str; 4] = [
    CREDENTIALS_CONTEXT,
    CREDENTIALS_WITHOUT_WWW,
    EXCHANGE_CONTEXT,
    "https://www.w3.org/ns/credentials/v2",
];

/// The type that every credential has.
const COMMON_TYPE: &str = "VerifiableCredential";

pub(super) const ISSUER: &str = "issuer";
pub(super) const ATTRIBUTE: &str = "attribute";

/// A month of UTC: year, and month from 1.
pub(super) type Month = (i32, u32);

/// Returns the month of a moment.
pub(super) fn month(moment: DateTime<Utc>) -> Month {
    (moment.year(), moment.month())
}

/// Everything by which a criterion can tell credentials of one kind by one issuer apart.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct Shape {
    /// The DID that they are about.
    pub subject: String,
    /// The month in which they expire.
    pub expires: Option<Month>,
    /// The names of their attributes.
    pub names: BTreeSet<String>,
    /// The proof types of their issuer's signatures.
    pub proofs: BTreeSet<String>,
    /// Whether one signature covers the whole credential, so that it cannot be shown in part.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub whole: bool,
}

impl Shape {
    pub fn of(credential: &VerifiableCredential, subject: &str) -> Self {
        let attributes = &credential.attributes;
        let proofs = credential.proofs();
        Self {
            subject: subject.to_owned(),
            expires: credential.expiration_date.as_deref().and_then(date::parse).map(month),
            names: attributes.iter().map(|a| a.key.clone()).collect(),
            proofs: proofs.map(|proof| proof.type_name().to_owned()).collect(),
            whole: credential.whole.is_some(),
        }
    }

    pub fn written(&self) -> String {
        json!(self).to_string()
    }
}

/// Returns the kinds that a credential is of: its schema, and each of its contexts with each of its
/// types, but for those that every credential has.
pub(super) fn kinds(credential: &VerifiableCredential) -> Vec<CredentialKind> {
    let schema = credential.schema_id.iter().cloned().map(CredentialKind::Schema);
    let contexts = credential.context.iter().filter_map(Value::as_str);
    let contexts: BTreeSet<&str> =
        contexts.filter(|context| !COMMON_CONTEXTS.contains(context)).collect();
    let types: BTreeSet<&String> =
        credential.types.iter().filter(|kind| *kind != COMMON_TYPE).collect();
    let linked = |context: &&str, kind: &&String| CredentialKind::LinkedData {
        context: (*context).to_owned(),
        kind: (*kind).clone(),
    };
    let pairs =
        contexts.iter().flat_map(|context| types.iter().map(move |kind| linked(context, kind)));
    schema.chain(pairs).collect()
}

/// Returns all tags of a credential.
pub(super) fn of(
    credential: &VerifiableCredential,
    kinds: &[CredentialKind],
    shape: &Shape,
) -> Vec<(String, String)> {
    let issuer = &credential.issuer_did;
    let shape_text = shape.written();
    let mut tags = vec![(ISSUER.to_owned(), issuer.clone())];
    for name in &shape.names {
        tags.push((ATTRIBUTE.to_owned(), name.clone()));
    }
    for kind in kinds {
        let (name, value) = of_kind(kind);
        tags.push((name.to_owned(), value));
        tags.push((issuer_of(kind), issuer.clone()));
        tags.push((shape_of(kind, issuer), shape_text.clone()));
    }
    tags
}

/// Returns the tag of a kind.
pub(super) fn of_kind(kind: &CredentialKind) -> (&'static str, String) {
    match kind {
        CredentialKind::Schema(id) => ("schema", id.clone()),
        CredentialKind::LinkedData { context, kind } => {
            ("type", json!([context, kind]).to_string())
        }
    }
}

/// Returns the name of the tag whose values are the issuers of a kind.
pub(super) fn issuer_of(kind: &CredentialKind) -> String {
    let (name, value) = of_kind(kind);
    format!("issuer of {}", digest(&json!([name, value])))
}

/// Returns the name of the tag whose values are the shapes of an issuer's credentials of a kind.
pub(super) fn shape_of(kind: &CredentialKind, issuer: &str) -> String {
    let (name, value) = of_kind(kind);
    format!("shape of {}", digest(&json!([name, value, issuer])))
}

/// Shortens the parts of a tag's name, which may be ids of any length.
fn digest(parts: &Value) -> String {
    format!("{:x}", Sha256::digest(parts.to_string()))
}
