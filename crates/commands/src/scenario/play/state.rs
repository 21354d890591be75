//! How far a scenario has been played, as its home keeps it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use tutorial::handover::{Found, Proven, Verdict};

use super::super::placeholder::Placeholder;

/// How far a scenario has been played.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Played {
    /// The hash of what is issued: a scenario that issues something else is another. Homes of an
    /// older version have that of all files.
    pub scenario: String,
    /// The hash of `--seed`, if there was one.
    #[serde(default)]
    pub seed: Option<String>,
    /// What was issued, once everything is.
    pub issued: Option<Issued>,
    /// How far each request has come.
    pub answers: BTreeMap<String, Answer>,
    /// Whether wallets and ledger were deleted after the last verdict, so that no verdict depends
    /// on them any more.
    pub deleted: bool,
}

/// The identifiers of what was issued.
#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Issued {
    /// The DIDs of issuers, by name.
    pub issuers: BTreeMap<String, String>,
    /// Schemas and credential definitions, by issuer and by the schema's name.
    pub schemas: BTreeMap<String, BTreeMap<String, SchemaIds>>,
    /// The DIDs of holders, by name.
    pub holders: BTreeMap<String, String>,
    /// The ids of credentials in the wallets of their holders, by name.
    pub credentials: BTreeMap<String, String>,
}

/// The identifiers of a schema, and of the credential definition on it.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SchemaIds {
    pub schema: String,
    pub cred_def: String,
}

/// How far a request has come.
#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// The hash of the request's file: one that has changed is answered again.
    #[serde(default)]
    pub request: String,
    /// The request, and the credentials that can answer it.
    pub found: Option<Found>,
    /// The presentation.
    pub proven: Option<Proven>,
    pub ended: Option<Ended>,
}

/// How a request ended.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ended {
    pub outcome: Outcome,
    /// The hash of what the outcome was computed from. It is reported later only if that is
    /// unchanged.
    pub computed_from: String,
}

/// How a request ended.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// The holder sent a presentation, and the verifier gave this verdict.
    Verified(Verdict),
    /// The holder has no answer: the reason for each referent.
    Unanswered(BTreeMap<String, String>),
}

impl Issued {
    /// Returns what a placeholder stands for.
    pub fn find(&self, placeholder: Placeholder<'_>) -> Option<String> {
        let schema = |issuer: &str, name: &str| self.schemas.get(issuer)?.get(name);
        match placeholder {
            Placeholder::Issuer(name) => self.issuers.get(name).cloned(),
            Placeholder::Schema(issuer, name) => schema(issuer, name).map(|ids| ids.schema.clone()),
            Placeholder::CredDef(issuer, name) => {
                schema(issuer, name).map(|ids| ids.cred_def.clone())
            }
        }
    }
}
