//! Why an answer does not answer its criterion.

use super::StoreError;
use crate::message::CL_PRESENTATION;

/// Why an answer does not answer its criterion. `id` is a credential's.
#[derive(Debug, thiserror::Error)]
pub enum CriterionError {
    /// The wallet holds no such credential.
    #[error("the wallet holds no credential {id:?}; choose one that it holds")]
    NotHeld {
        /// The id.
        id: String,
    },
    /// A credential is named twice.
    #[error("the credential {id:?} is named twice, and counts once; name different credentials")]
    Repeated {
        /// The id.
        id: String,
    },
    /// There are fewer or more credentials than the criterion asks for.
    #[error("{given} credentials were given, and it asks for {}", range(*min, *max))]
    WrongNumber {
        /// How many were given.
        given: u64,
        /// How many are needed at least.
        min: u64,
        /// How many are accepted at most.
        max: u64,
    },
    /// A credential is of another schema, or of another context and type.
    #[error(
        "the credential {id:?} is not of the kind that is asked for ({asked}); choose one that is"
    )]
    OtherKind {
        /// The id.
        id: String,
        /// The schema, or the context and type.
        asked: String,
    },
    /// A credential comes from an issuer that is not accepted.
    #[error(
        "the credential {id:?} comes from {issuer}, which is not among the accepted issuers; choose another"
    )]
    OtherIssuer {
        /// The id.
        id: String,
        /// Its issuer.
        issuer: String,
    },
    /// A credential lacks an attribute that is required.
    #[error(
        "the credential {id:?} has no attribute {attribute:?}, which is required; choose another"
    )]
    MissingAttribute {
        /// The id.
        id: String,
        /// The attribute.
        attribute: String,
    },
    /// The answer names an attribute that the criterion does not ask for.
    #[error("the attribute {attribute:?} is not among its optional attributes; leave it out")]
    NotAskedFor {
        /// The attribute.
        attribute: String,
    },
    /// The answer names an optional attribute that the credential does not have.
    #[error(
        "the credential {id:?} has no attribute {attribute:?}; leave it out, or choose another credential"
    )]
    OptionalNotHeld {
        /// The id.
        id: String,
        /// The attribute.
        attribute: String,
    },
    /// One signature covers the whole credential, and not all of it is asked for.
    #[error(
        "the credential {id:?} is signed as a whole, and cannot be shown without {attribute:?}, which is not asked for; choose another"
    )]
    OnlyWhole {
        /// The id.
        id: String,
        /// The attribute.
        attribute: String,
    },
    /// The request wants an issuer's word.
    #[error("it does not let the holder state the attributes itself; answer with a credential")]
    SelfNotAllowed,
    /// The holder does not state an attribute that is required.
    #[error("the attribute {attribute:?} is required; state it too")]
    NotStated {
        /// The attribute.
        attribute: String,
    },
    /// Nothing of a credential would be shown, which proves nothing.
    #[error(
        "nothing of the credential {id:?} would be shown; show at least one optional attribute, or answer with nothing"
    )]
    NothingShown {
        /// The id.
        id: String,
    },
    /// A credential is not about the DID that signs the response.
    #[error(
        "the credential {id:?} is about {subject}, and {holder} signs; sign with a key of the DID that it is about"
    )]
    OtherSubject {
        /// The id.
        id: String,
        /// The DID that it is about.
        subject: String,
        /// The DID that signs.
        holder: String,
    },
    /// A credential has expired.
    #[error("the credential {id:?} has expired; ask its issuer for a new one")]
    Expired {
        /// The id.
        id: String,
    },
    /// A credential is not valid yet.
    #[error("the credential {id:?} is valid from {from} only; wait, or choose another")]
    NotYetValid {
        /// The id.
        id: String,
        /// When its validity begins.
        from: String,
    },
    /// A credential is signed in a way that the request does not accept.
    #[error(
        "the credential {id:?} is signed as {proof_type}, which the request does not accept; choose another"
    )]
    OtherProofType {
        /// The id.
        id: String,
        /// The proof type.
        proof_type: String,
    },
    /// Signed attributes prove no predicate.
    #[error("it has predicates, which signed attributes cannot prove; answer it in zero knowledge")]
    NeedsZeroKnowledge,
    /// The request does not accept answers in zero knowledge.
    #[error("the request does not accept {CL_PRESENTATION}; answer with signed attributes")]
    ZeroKnowledgeNotAccepted,
    /// An answer in zero knowledge is not a presentation.
    #[error(
        "the answer in zero knowledge is not a JSON object; make a presentation for this criterion"
    )]
    NoPresentation,
    /// The credential cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
}

fn range(min: u64, max: u64) -> String {
    match max {
        u64::MAX => format!("at least {min}"),
        max if max == min => min.to_string(),
        max => format!("{min} to {max}"),
    }
}
