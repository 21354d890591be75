//! The errors of a prover.

use crate::random::NoRandomness;
use crate::request::Predicate;

/// The reason why a presentation was not created. Names the referent or the credential that is the
/// cause, and never the value of a hidden attribute.
///
/// Credentials are counted from 0, in the order in which the caller gives them.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProveError {
    /// The request asks for nothing, so a presentation would show nothing.
    #[error("the request asks for nothing")]
    NothingRequested,
    /// A chosen credential answers no referent.
    #[error("credential {credential} answers no referent: leave it out")]
    NothingShown {
        /// The credential.
        credential: usize,
    },
    /// The choice answers a referent that the request does not have, or that is of the other kind:
    /// an attribute instead of a predicate, or the reverse.
    #[error("the request has no {kind} referent {referent:?}")]
    UnknownReferent {
        /// The referent.
        referent: String,
        /// `attribute` or `predicate`
        kind: &'static str,
    },
    /// Two credentials, one credential twice, or a credential and a self-attested value answer the
    /// same referent.
    #[error("the {kind} referent {referent:?} is answered twice")]
    AnsweredTwice {
        /// The referent.
        referent: String,
        /// `attribute` or `predicate`
        kind: &'static str,
    },
    /// No credential and no self-attested value answers a referent.
    #[error("the {kind} referent {referent:?} is not answered")]
    Unanswered {
        /// The referent.
        referent: String,
        /// `attribute` or `predicate`
        kind: &'static str,
    },
    /// A self-attested value answers a group, whose attributes must come from one credential.
    #[error("{referent:?} asks for a group of attributes, which cannot be self-attested")]
    GroupSelfAttested {
        /// The referent.
        referent: String,
    },
    /// The same credential is chosen twice: a verifier would count two credentials.
    #[error(
        "credentials {first} and {second} are the same: choose it once, for the referents of both"
    )]
    SameCredential {
        /// The credential.
        first: usize,
        /// The same credential again.
        second: usize,
    },
    /// The key is not the one that signed the credential: it has other attributes, or its modulus
    /// is too small for the signature.
    ///
    /// Another key with the same attributes passes this check; [`ProvingKey::check_signature`]
    /// finds it.
    ///
    /// [`ProvingKey::check_signature`]: crate::ProvingKey::check_signature
    #[error("credential {credential} was not signed with the key given for it: {mismatch}")]
    WrongKey {
        /// The credential.
        credential: usize,
        /// The difference between the key and the credential.
        mismatch: String,
    },
    /// A referent asks for an attribute that the chosen credential does not have.
    #[error(
        "{referent:?} asks for the attribute {attribute:?}, which credential {credential} lacks"
    )]
    AttributeMissing {
        /// The referent.
        referent: String,
        /// The attribute, folded.
        attribute: String,
        /// The credential.
        credential: usize,
    },
    /// A credential would reveal an attribute and also prove a predicate on it. Verifiers refuse
    /// that: a predicate is a statement about a hidden value.
    #[error(
        "credential {credential} cannot both reveal {attribute:?} (referent {revealed:?}) and prove a \
         predicate on it (referent {predicate:?})"
    )]
    RevealedAndCompared {
        /// The credential.
        credential: usize,
        /// The attribute, folded.
        attribute: String,
        /// A referent that reveals it.
        revealed: String,
        /// A referent with a predicate on it.
        predicate: String,
    },
    /// The encoded value of an attribute in a predicate is not a whole number in the signed 32-bit
    /// range; usually the attribute is a text.
    #[error(
        "{referent:?} compares the attribute {attribute:?}, whose value is not a whole number in the \
         signed 32-bit range"
    )]
    NotAnInteger {
        /// The referent.
        referent: String,
        /// The attribute, folded.
        attribute: String,
    },
    /// The difference between an attribute and the value of a predicate is outside the signed
    /// 32-bit range, in which provers compute it.
    #[error("{referent:?}: the difference for {predicate} is outside the signed 32-bit range")]
    DifferenceOutOfRange {
        /// The referent.
        referent: String,
        /// The predicate.
        predicate: Predicate,
    },
    /// A predicate is false for the attribute.
    #[error("{referent:?}: {predicate} does not hold")]
    NotSatisfied {
        /// The referent.
        referent: String,
        /// The predicate.
        predicate: Predicate,
    },
    /// A computed number is negative or too long. With honest credentials the probability of this
    /// is `2^-79`: try again.
    #[error("{number} is out of range: try again")]
    OutOfRange {
        /// The number, by its name in the equations.
        number: &'static str,
    },
    /// The operating system returned no random numbers.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
    /// A random number is missing from the record of a known answer, or is too long.
    #[error("the record has no random number {name:?} of at most {bits} bits")]
    NotRecorded {
        /// The name of the number.
        name: String,
        /// Its longest length, in bits.
        bits: usize,
    },
}
