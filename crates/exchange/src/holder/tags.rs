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
//! A kind is a schema, or a context and a type. A matching credential is thus found by one lookup in one list: a
//! criterion's kind and issuer give the shapes that the wallet holds, which are few; those that have what the
//! criterion requires are picked out in memory; and the list of each holds nothing but credentials that match. A
//! shape has the month in which its credentials expire, so that those of past months are counted, and not read.

use std::collections::BTreeSet;

use chrono::{DateTime, Datelike, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::candidate::instant;
use crate::{
    linked_data::CREDENTIALS_WITHOUT_WWW,
    message::{VerifiableCredential, Wanted},
    signature::{CREDENTIALS_CONTEXT, EXCHANGE_CONTEXT},
};

/// Contexts that say nothing of what a credential is about.
const OF_ALL: [&str; 3] = [
    CREDENTIALS_CONTEXT,
    CREDENTIALS_WITHOUT_WWW,
    EXCHANGE_CONTEXT,
];

/// The type that every credential has.
const EVERY: &str = "VerifiableCredential";

pub(super) const ISSUER: &str = "issuer";
pub(super) const ATTRIBUTE: &str = "attribute";

/// A month of UTC: year, and month from 1.
pub(super) type Month = (i32, u32);

/// The month of a moment.
pub(super) fn month(moment: DateTime<Utc>) -> Month {
    (moment.year(), moment.month())
}

/// What credentials of a kind by one issuer have in common, as far as a criterion can tell them apart.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct Shape {
    /// Whom they are about.
    pub subject: String,
    /// In which month they expire: year and month of UTC.
    pub expires: Option<Month>,
    /// The names of their attributes.
    pub names: BTreeSet<String>,
    /// How their attributes are signed.
    pub proofs: BTreeSet<String>,
}

impl Shape {
    pub fn of(credential: &VerifiableCredential, subject: &str) -> Self {
        let attributes = &credential.attributes;
        let proofs = attributes.iter().flat_map(|attribute| &attribute.proof);
        Self {
            subject: subject.to_owned(),
            expires: credential
                .expiration_date
                .as_deref()
                .and_then(instant)
                .map(month),
            names: attributes.iter().map(|a| a.key.clone()).collect(),
            proofs: proofs.map(|proof| proof.kind.clone()).collect(),
        }
    }

    pub fn written(&self) -> String {
        json!(self).to_string()
    }
}

/// The kinds that a credential is of: its schema, and each of its contexts with each of its types. What every
/// credential has is left out.
pub(super) fn kinds(credential: &VerifiableCredential) -> Vec<Wanted> {
    let schema = credential.schema_id.iter().cloned().map(Wanted::Schema);
    let contexts = credential.context.iter().filter_map(Value::as_str);
    let contexts: BTreeSet<&str> = contexts
        .filter(|context| !OF_ALL.contains(context))
        .collect();
    let types: BTreeSet<&str> = credential.types.iter().map(|kind| &**kind).collect();
    let pairs = contexts
        .iter()
        .flat_map(|context| types.iter().map(move |kind| (*context, *kind)))
        .filter(|(_, kind)| *kind != EVERY)
        .map(|(context, kind)| Wanted::LinkedData {
            context: context.to_owned(),
            kind: kind.to_owned(),
        });
    schema.chain(pairs).collect()
}

/// All tags of a credential.
pub(super) fn of(
    credential: &VerifiableCredential,
    kinds: &[Wanted],
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

/// The tag of a kind.
pub(super) fn of_kind(kind: &Wanted) -> (&'static str, String) {
    match kind {
        Wanted::Schema(id) => ("schema", id.clone()),
        Wanted::LinkedData { context, kind } => ("type", json!([context, kind]).to_string()),
    }
}

/// The name of the tag whose values are the issuers of a kind.
pub(super) fn issuer_of(kind: &Wanted) -> String {
    let (name, value) = of_kind(kind);
    format!("issuer of {}", digest(&json!([name, value])))
}

/// The name of the tag whose values are the shapes of an issuer's credentials of a kind.
pub(super) fn shape_of(kind: &Wanted, issuer: &str) -> String {
    let (name, value) = of_kind(kind);
    format!("shape of {}", digest(&json!([name, value, issuer])))
}

/// A name of a tag is short, whatever ids it is made from.
fn digest(parts: &Value) -> String {
    let digest = Sha256::digest(parts.to_string());
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}
