//! Errors of ledger requests.

use std::fmt;

use wallet::did::DidError;

use crate::pool::PoolError;

/// What can go wrong when a request is built, signed or submitted, or its reply is read.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// The ledger refused the request; nothing was written.
    #[error("the ledger refused the request ({refusal}): {reason}; {}", advice(.reason))]
    Refused {
        /// At which point it was refused.
        refusal: Refusal,
        /// The reason that the ledger gives.
        reason: String,
    },

    /// The ledger does not have what was asked for.
    #[error(
        "the ledger has no {what} {id}; check the identifier, and that it was written to this ledger"
    )]
    NotFound {
        /// `DID`, `schema` or `credential definition`.
        what: &'static str,
        /// Its identifier.
        id: String,
    },

    /// A request cannot be built or signed from what was given.
    #[error("{what} {found:?} cannot be used in a ledger request: {expected}")]
    InvalidInput {
        /// What is wrong: `target DID`, `verkey`, ...
        what: &'static str,
        /// What was given.
        found: String,
        /// What was expected, and what to do.
        expected: String,
    },

    /// The reply is not one that this function understands.
    #[error(
        "the ledger's reply cannot be read as {expected}: {problem}; give the reply to the matching request"
    )]
    UnexpectedReply {
        /// What the reply was read as.
        expected: &'static str,
        /// What is missing or of the wrong kind.
        problem: String,
    },

    /// The request could not be signed.
    #[error(transparent)]
    Did(#[from] DidError),

    /// The request could not be delivered.
    #[error(transparent)]
    Pool(#[from] PoolError),
}

impl LedgerError {
    /// Returns the stable code, named after libindy's.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Refused { .. } => "LedgerInvalidTransaction",
            Self::NotFound { .. } => "LedgerNotFound",
            Self::InvalidInput { .. } | Self::UnexpectedReply { .. } => "CommonInvalidStructure",
            Self::Did(error) => error.code(),
            Self::Pool(error) => error.code(),
        }
    }
}

/// The point at which the ledger refused a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// Before it was put to consensus: malformed, unsigned, wrongly signed, or of an unknown
    /// author.
    Reqnack,
    /// By the rules of the ledger: not allowed to this author, or in conflict with what is written.
    Reject,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Reqnack => "REQNACK",
            Self::Reject => "REJECT",
        })
    }
}

/// Returns what a caller can do about a refusal, by the words that nodes use.
fn advice(reason: &str) -> &'static str {
    const ADVICE: [(&str, &str); 9] = [
        ("The action is forbidden", "what is written cannot be changed: use a new version"),
        (
            "only the owner can modify it",
            "the DID exists: only its owner may change this, signing with its own key",
        ),
        (
            "signature is required",
            "have a DID that holds one of the named roles sign and submit it",
        ),
        ("Not enough", "have a DID that holds the named role sign and submit it"),
        (
            "could not authenticate",
            "write the author's DID and verkey to the ledger first (a NYM request)",
        ),
        (
            "insufficient number of valid signatures",
            "sign with the key that the ledger has for the author, and change nothing afterwards",
        ),
        ("MissingSignature", "sign the request before submitting it"),
        ("Mentioned seqNo", "write the schema first, and use the sequence number from its reply"),
        (
            "already ordered with different signatures",
            "it is on the ledger already; to write it again, build it again, with a new reqId",
        ),
    ];
    ADVICE
        .iter()
        .find(|(words, _)| reason.contains(words))
        .map_or("correct the request and submit it again", |(_, advice)| advice)
}
