//! A credential that can answer a criterion.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::{
    date,
    message::{Criterion, VerifiableCredential},
};

/// A credential that can answer a criterion: it has all attributes that the criterion requires.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Candidate {
    /// The credential's id.
    pub credential_id: String,
    /// Its issuer's DID.
    pub issuer: String,
    /// The DID that it is about.
    pub subject: String,
    /// When its validity begins, in RFC 3339.
    pub issuance_date: String,
    /// When its validity ends, in RFC 3339; never if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expiration_date: Option<String>,
    /// The required attributes, which the answer shows: names and values.
    pub required: BTreeMap<String, String>,
    /// The optional attributes that it has, which the answer shows only if the holder chooses to.
    pub optional: BTreeMap<String, String>,
}

impl Candidate {
    pub(super) fn of(credential: &VerifiableCredential, criterion: &Criterion) -> Self {
        let attribute = |name: &str| {
            let attribute = credential.attribute(name)?;
            Some((name.to_owned(), attribute.value.clone()))
        };
        let subject = credential.attributes.first();
        Self {
            credential_id: credential.id.clone(),
            issuer: credential.issuer_did.clone(),
            subject: subject.map(|first| first.id.clone()).unwrap_or_default(),
            issuance_date: credential.issuance_date.clone(),
            expiration_date: credential.expiration_date.clone(),
            required: criterion.required().filter_map(attribute).collect(),
            optional: criterion.optional().filter_map(attribute).collect(),
        }
    }
}

/// Whether a credential is valid at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Validity {
    Valid,
    Expired,
    NotYet,
}

/// Returns whether a credential is valid now. A date that cannot be parsed makes it invalid.
pub(super) fn validity(credential: &VerifiableCredential, now: DateTime<Utc>) -> Validity {
    if date::parse(&credential.issuance_date).is_none_or(|issued| now < issued) {
        return Validity::NotYet;
    }
    let expires = credential.expiration_date.as_deref();
    match expires.map(date::parse) {
        None => Validity::Valid,
        Some(Some(expires)) if now <= expires => Validity::Valid,
        Some(_) => Validity::Expired,
    }
}
