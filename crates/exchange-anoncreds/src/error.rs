//! What a translation loses, and why there is no translation.

use std::fmt;

use anoncreds::AnoncredsError;
use exchange::signature::SignatureError;
use serde::Serialize;

use crate::{MAX_CREDENTIALS, objects::ObjectError};

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

impl fmt::Display for Loss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "at {:?}: {}: {}", self.pointer, self.what, self.because)
    }
}

/// Why a criterion is not translated, or not answered in zero knowledge.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BridgeError {
    /// The request has no criterion of this index.
    #[error("the request has no criterion number {criterion}; it has {criteria}, counted from 0")]
    NoSuchCriterion {
        /// The index, from 0.
        criterion: usize,
        /// How many there are.
        criteria: usize,
    },
    /// It asks for linked data.
    #[error(
        "{pointer} asks for linked data, by context and type; an AnonCreds credential is described by a \
         schema: ask by `schema`"
    )]
    LinkedData {
        /// The criterion.
        pointer: String,
    },
    /// Its schema is not one of a ledger.
    #[error(
        "{pointer} is {schema:?}, which is not a schema of an Indy ledger; such a schema is called \
         DID:2:name:version"
    )]
    NotAnIndySchema {
        /// The member with the schema.
        pointer: String,
        /// The schema.
        schema: String,
    },
    /// None of its issuers can issue AnonCreds credentials.
    #[error(
        "{pointer} names no DID of the method `sov`, and only these issue credentials for a zero-knowledge \
         answer; add one, or accept signed attributes"
    )]
    NoIndyIssuer {
        /// The list of issuers.
        pointer: String,
    },
    /// It asks for one attribute, or one predicate, twice. Names compare without spaces and case.
    #[error("{pointer} asks for {name:?} a second time; ask once")]
    AskedTwice {
        /// The second attribute or predicate.
        pointer: String,
        /// The name of the attribute.
        name: String,
    },
    /// An attribute is both shown and compared in secret.
    #[error(
        "{pointer}: {name:?} is shown already, and what is shown cannot be compared in secret; do one of the \
         two"
    )]
    ShownAndCompared {
        /// The predicate.
        pointer: String,
        /// The attribute.
        name: String,
    },
    /// A predicate compares in a way that does not exist.
    #[error("{pointer} is {p_type:?}; a predicate compares by >=, >, <= or <")]
    UnknownComparison {
        /// The member with the comparison.
        pointer: String,
        /// The comparison.
        p_type: String,
    },
    /// There is nothing to prove of a credential.
    #[error(
        "nothing would be proved of credential {credential}: {pointer} requires no attribute, none of its \
         optional ones was chosen, and it has no predicate"
    )]
    NothingToProve {
        /// The criterion.
        pointer: String,
        /// Which credential, from 1.
        credential: usize,
    },
    /// A required attribute is not among those that are shown.
    #[error("credential {credential} does not show {name:?}, which {pointer} requires; show it")]
    NotShown {
        /// The criterion.
        pointer: String,
        /// Which credential, from 1.
        credential: usize,
        /// The attribute.
        name: String,
    },
    /// An attribute is among those that are shown, and was not asked for.
    #[error(
        "{name:?} would be shown, and {pointer} does not ask for it; show only what is asked for"
    )]
    NotAskedFor {
        /// The criterion.
        pointer: String,
        /// The attribute.
        name: String,
    },
    /// An attribute was chosen to be shown beyond those that are required, and is not optional.
    #[error(
        "{pointer} does not ask for {name:?} as an optional attribute; choose among those that it has"
    )]
    NotOptional {
        /// The criterion.
        pointer: String,
        /// The attribute.
        name: String,
    },
    /// The number of credentials is not one that the criterion allows.
    #[error("{pointer} is answered by {} credentials, not by {got}", range(*min, *max))]
    WrongNumber {
        /// The criterion.
        pointer: String,
        /// How many are needed at least.
        min: u64,
        /// How many are accepted at most.
        max: u64,
        /// How many it would be.
        got: usize,
    },
    /// More credentials than one presentation holds.
    #[error(
        "{pointer} would need a presentation of {got} credentials, and {MAX_CREDENTIALS} are the most; ask \
         for fewer in one criterion"
    )]
    TooManyCredentials {
        /// The criterion, or the presentation.
        pointer: String,
        /// How many.
        got: u64,
    },
    /// The derived request would be longer than a verifier accepts.
    #[error(
        "{pointer} would make an AnonCreds request with {what}; ask for fewer credentials, predicates or \
         issuers in one criterion"
    )]
    TooLarge {
        /// The criterion.
        pointer: String,
        /// What exceeds a limit.
        what: String,
    },
    /// The request has no canonical form.
    #[error("there is no nonce for the request: {0}")]
    NotCanonical(#[from] SignatureError),
    /// The criterion does not make a valid AnonCreds request.
    #[error("{pointer} does not make a valid AnonCreds request: {reason}")]
    NotARequest {
        /// The criterion.
        pointer: String,
        /// Why, and what to do.
        reason: String,
    },
    /// No part of an AnonCreds request becomes a criterion.
    #[error(
        "nothing of the AnonCreds request becomes a criterion; a criterion needs a schema and its issuers, \
         so restrict each referent by `schema_id` and `issuer_did`"
    )]
    NothingTranslates {
        /// Why, for each part.
        losses: Vec<Loss>,
    },
    /// The wallet has no credential that answers.
    #[error("no credential answers {pointer}: {reason}")]
    NoCandidate {
        /// The criterion.
        pointer: String,
        /// Why not, as a clause.
        reason: String,
    },
    /// The wallet has too few credentials that answer.
    #[error("{pointer} asks for {needed} credentials, and the wallet has {found} that answer")]
    TooFew {
        /// The criterion.
        pointer: String,
        /// How many it has.
        found: usize,
        /// How many are asked for.
        needed: usize,
    },
    /// The wallet has enough credentials, but a verifier would not see that they differ.
    #[error(
        "{pointer} asks for {needed} different credentials; of the {found} that answer, nothing shows that \
         more than {differing} differ: their issuers' keys are the same, and so is all that would be shown; \
         show an optional attribute in which they differ, if there is one"
    )]
    NothingShowsADifference {
        /// The criterion.
        pointer: String,
        /// How many answer.
        found: usize,
        /// How many of them differ visibly.
        differing: usize,
        /// How many are asked for.
        needed: usize,
    },
    /// Public data cannot be read.
    #[error(transparent)]
    Objects(#[from] ObjectError),
    /// The wallet or the AnonCreds library fails.
    #[error(transparent)]
    Anoncreds(#[from] AnoncredsError),
}

/// Writes the number of credentials; a criterion without `max` has no greatest number.
fn range(min: u64, max: u64) -> String {
    match max {
        u64::MAX => format!("{min} or more"),
        max => format!("{min} to {max}"),
    }
}
