//! What a translation loses, and why there is no translation.

use anoncreds::AnoncredsError;
use exchange::{schema::ObjectError, signature::SignatureError};
use serde::Serialize;

use crate::MAX_CREDENTIALS;

/// A part that the other format cannot express, so that the translation does without it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Loss {
    /// The JSON pointer to it in the original.
    pub pointer: String,
    /// What is lost.
    pub what: String,
    /// Why, and with which consequence, as a clause.
    pub because: String,
}

impl Loss {
    pub(crate) fn new(
        pointer: impl Into<String>,
        what: impl Into<String>,
        because: impl Into<String>,
    ) -> Self {
        Self { pointer: pointer.into(), what: what.into(), because: because.into() }
    }
}

/// Why a criterion is not translated, or not answered in zero knowledge.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BridgeError {
    /// No AnonCreds credential could ever answer it: it asks for linked data, or by a schema that
    /// is not one of an Indy ledger, or none of its issuers can issue AnonCreds credentials.
    #[error("{0}")]
    NotOfAnoncreds(String),
    /// An answer would show other attributes than the criterion lets it show.
    #[error("{0}")]
    Shown(String),
    /// The criterion cannot be answered, or not from this wallet.
    #[error("{0}")]
    Unanswerable(String),
    /// The request has no canonical form.
    #[error("there is no nonce for the request: {0}")]
    NotCanonical(#[from] SignatureError),
    /// No part of an AnonCreds request becomes a criterion; why, for each part.
    #[error(
        "nothing of the AnonCreds request becomes a criterion; a criterion needs a schema and its issuers, \
         so restrict each referent by `schema_id` and `issuer_did`"
    )]
    NothingTranslates(Vec<Loss>),
    /// Public data cannot be read.
    #[error(transparent)]
    Objects(#[from] ObjectError),
    /// The wallet or the AnonCreds library fails.
    #[error(transparent)]
    Anoncreds(#[from] AnoncredsError),
}

impl BridgeError {
    /// Returns the error of a criterion that asks for an attribute, or a predicate, twice. Names
    /// compare without spaces and case.
    pub(crate) fn asked_twice(pointer: &str, name: &str) -> Self {
        Self::Unanswerable(format!("{pointer} asks for {name:?} a second time; ask once"))
    }

    /// Returns the error of an attribute that is both shown and compared in secret.
    pub(crate) fn shown_and_compared(pointer: &str, name: &str) -> Self {
        Self::Shown(format!(
            "{pointer}: {name:?} is shown already, and what is shown cannot be compared in secret; do one of the two"
        ))
    }

    /// Returns the error of more credentials than one presentation holds.
    pub(crate) fn too_many_credentials(pointer: &str, got: u64) -> Self {
        Self::Unanswerable(format!(
            "{pointer} would need a presentation of {got} credentials, and {MAX_CREDENTIALS} are the most; ask for \
             fewer in one criterion"
        ))
    }

    /// Returns the error of a derived request that is longer than a verifier accepts.
    pub(crate) fn too_large(pointer: &str, what: &str) -> Self {
        Self::Unanswerable(format!(
            "{pointer} would make an AnonCreds request with {what}; ask for fewer credentials, predicates or issuers in \
             one criterion"
        ))
    }
}
