//! What a translation loses, and why there is none.

use std::fmt;

use indy::error::AnoncredsError;
use serde::Serialize;

use super::{MAX_CREDENTIALS, objects::ObjectError};

/// Something that the other format cannot say, so that the translation does without it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Loss {
    /// Where it is in what was translated: a JSON pointer.
    pub pointer: String,
    /// What is lost.
    pub what: String,
    /// Why, and what becomes of it, as a clause.
    pub because: String,
}

impl Loss {
    pub(super) fn new(
        pointer: impl Into<String>,
        what: impl Into<String>,
        because: impl Into<String>,
    ) -> Self {
        Self {
            pointer: pointer.into(),
            what: what.into(),
            because: because.into(),
        }
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
    /// The request has no criterion of this number.
    #[error("the request has no criterion number {criterion}; it has {criteria}, counted from 0")]
    NoSuchCriterion {
        /// The number, from 0.
        criterion: usize,
        /// How many there are.
        criteria: usize,
    },
    /// It asks by context and type.
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
        "{pointer} is {schema:?}, which is no schema of an Indy ledger; such a schema is called \
         DID:2:name:version"
    )]
    NotAnIndySchema {
        /// The schema's place.
        pointer: String,
        /// The schema.
        schema: String,
    },
    /// None of its issuers can issue AnonCreds credentials.
    #[error(
        "{pointer} names no DID of the method `sov`, and nobody else issues credentials for a zero-knowledge \
         answer here; add one, or accept signed attributes"
    )]
    NoIndyIssuer {
        /// The list of issuers.
        pointer: String,
    },
    /// It asks for one attribute, or one predicate, twice. Names compare without spaces and case.
    #[error("{pointer} asks for {name:?} a second time; ask once")]
    AskedTwice {
        /// The second place.
        pointer: String,
        /// What is asked for.
        name: String,
    },
    /// An attribute is to be shown and compared at once.
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
        /// The place.
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
    #[error("{pointer} is answered by {} credentials, not by {got}", range(*least, *most))]
    WrongNumber {
        /// The criterion.
        pointer: String,
        /// At least.
        least: u64,
        /// At most.
        most: u64,
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
    /// A request that would be longer than anybody reads.
    #[error(
        "{pointer} would make an AnonCreds request with {what}; ask for fewer credentials, predicates or \
         issuers in one criterion"
    )]
    TooLarge {
        /// The criterion.
        pointer: String,
        /// What there is too much of.
        what: String,
    },
    /// The request has no canonical form.
    #[error("the request cannot be brought into canonical form: {reason}; correct it")]
    NotCanonical {
        /// Why.
        reason: String,
    },
    /// What was put together is no AnonCreds request.
    #[error("{pointer} makes no AnonCreds request: {reason}")]
    NotARequest {
        /// The criterion.
        pointer: String,
        /// Why, and what to do.
        reason: String,
    },
    /// No part of an AnonCreds request can be asked by criteria.
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
    /// The wallet or the library refuses.
    #[error(transparent)]
    Anoncreds(#[from] AnoncredsError),
}

/// A criterion without `max` has no greatest number.
fn range(least: u64, most: u64) -> String {
    match most {
        u64::MAX => format!("{least} or more"),
        most => format!("{least} to {most}"),
    }
}

/// The pointer to a member of what is at `pointer`.
pub(super) fn below(pointer: &str, member: &str) -> String {
    format!("{pointer}/{}", member.replace('~', "~0").replace('/', "~1"))
}
