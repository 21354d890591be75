//! What can be wrong with a presentation that is to be made.

use crate::random::NoRandomness;
use crate::request::Predicate;

/// Why no presentation was made. Names the referent or the credential that is the cause, and never a
/// value of a hidden attribute.
///
/// Credentials are counted from 0, in the order in which they were given.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProveError {
    /// The request asks for nothing, so a presentation would show nothing.
    #[error("the request asks for nothing")]
    NothingRequested,
    /// A credential is to be presented that answers no referent.
    #[error("credential {credential} answers no referent: leave it out")]
    NothingShown {
        /// The credential.
        credential: usize,
    },
    /// A referent is answered that the request does not have, or has as the other kind: an attribute
    /// where a predicate is asked for.
    #[error("the request has no {kind} referent {referent:?}")]
    UnknownReferent {
        /// The referent.
        referent: String,
        /// `attribute` or `predicate`
        kind: &'static str,
    },
    /// Two credentials, one credential twice, or a credential and a self-attested value answer the same
    /// referent.
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
    /// One credential is to be presented twice: verifiers would see two proofs and count two credentials.
    #[error("credentials {first} and {second} are the same: let one answer the referents of both")]
    SameCredential {
        /// The credential.
        first: usize,
        /// The same again.
        second: usize,
    },
    /// The key is not the one that the credential was signed with: it has other attributes, or its modulus
    /// is too small for the signature.
    ///
    /// A key of the same attributes passes; [`Credential::check_signature`] tells.
    ///
    /// [`Credential::check_signature`]: crate::Credential::check_signature
    #[error("credential {credential} was not signed with the key given for it: {problem}")]
    WrongKey {
        /// The credential.
        credential: usize,
        /// What does not fit.
        problem: String,
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
    /// An attribute is revealed and in a predicate on the same credential, which no verifier accepts: what
    /// is revealed has no hidden value that a predicate could be about.
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
        /// A referent whose predicate is on it.
        predicate: String,
    },
    /// A predicate is on an attribute whose encoded value is not a whole number in the signed 32-bit range:
    /// a text, as a rule.
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
    /// The difference between an attribute and a predicate's value is beyond the signed 32-bit range, in
    /// which provers and verifiers reckon.
    #[error("{referent:?}: the difference for {predicate} is beyond the signed 32-bit range")]
    DifferenceOutOfRange {
        /// The referent.
        referent: String,
        /// The predicate.
        predicate: Predicate,
    },
    /// A predicate does not hold for the attribute.
    #[error("{referent:?}: {predicate} does not hold")]
    NotSatisfied {
        /// The referent.
        referent: String,
        /// The predicate.
        predicate: Predicate,
    },
    /// A number came out longer than it may be, or negative. For honest credentials this happens once in
    /// 2^79 presentations: try again.
    #[error("the number {number} came out of range: try again")]
    OutOfRange {
        /// The number, by its name in the equations.
        number: &'static str,
    },
    /// The operating system gives no random numbers.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
    /// The recorded random numbers of a known answer lack one, or it is too long.
    #[error("the random number {name:?} of at most {bits} bits is not recorded")]
    NotRecorded {
        /// The number's name.
        name: String,
        /// How long it may be.
        bits: usize,
    },
}
