//! A credential that can answer a criterion.

use std::collections::BTreeMap;

use crate::message::{Criterion, VerifiableCredential};

/// A credential that can answer a criterion: it has all attributes that the criterion requires.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The id under which the wallet holds it: the credential's, unless that of another issuer's has it.
    pub credential_id: String,
    /// Its issuer's DID.
    pub issuer: String,
    /// The DID that it is about.
    pub subject: String,
    /// When its validity begins, in RFC 3339.
    pub issuance_date: String,
    /// When its validity ends, in RFC 3339; never if absent.
    pub expiration_date: Option<String>,
    /// The required attributes, which the answer shows: names and values.
    pub required: BTreeMap<String, String>,
    /// The optional attributes that it has, which the answer shows only if the holder chooses to.
    pub optional: BTreeMap<String, String>,
}

impl Candidate {
    pub(super) fn of(id: &str, credential: &VerifiableCredential, criterion: &Criterion) -> Self {
        let is_shown = |name: &str| {
            let is_required = criterion.required().any(|required| required == name);
            is_required || criterion.asks_for_all() || credential.whole.is_some()
        };
        let attributes = credential.attributes.iter();
        let attributes = attributes.map(|one| (one.key.clone(), one.value.clone()));
        let (required, mut optional): (BTreeMap<_, _>, BTreeMap<_, _>) =
            attributes.partition(|(name, _)| is_shown(name));
        optional.retain(|name, _| criterion.optional().any(|optional| optional == name));
        let subject = credential.attributes.first();
        Self {
            credential_id: id.to_owned(),
            issuer: credential.issuer_did.clone(),
            subject: subject.map(|first| first.id.clone()).unwrap_or_default(),
            issuance_date: credential.issuance_date.clone(),
            expiration_date: credential.expiration_date.clone(),
            required,
            optional,
        }
    }
}
