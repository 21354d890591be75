//! Why a presentation cannot be made.

use serde::Serialize;
use stdx::text::Quoted;

use crate::mismatch::Mismatch;
use crate::request::PredicateType;

/// One thing for which the library would fail, or a verifier would refuse the presentation.
///
/// The text names the referent, what is wrong, and what to do. It is for the holder: it may show
/// the holder's own values. In JSON, the member `refusal` names the variant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(tag = "refusal", rename_all = "kebab-case")]
pub enum Refusal {
    /// The choice answers something that was not asked for.
    #[error(
        "the request has no referent {}; it has {}: answer one of these",
        Quoted(referent),
        list(known)
    )]
    UnknownReferent {
        /// The referent of the choice.
        referent: String,
        /// The request's referents.
        known: Vec<String>,
    },
    /// A predicate is answered by showing, hiding or stating an attribute.
    #[error(
        "{} asks for a predicate to be proved, and is answered as if it asked for an attribute; \
         choose a credential that proves it",
        Quoted(referent)
    )]
    PredicateAnsweredAsAttribute {
        /// The predicate's referent.
        referent: String,
    },
    /// An attribute is answered by proving a predicate.
    #[error(
        "{} asks for an attribute, and is answered as if it asked for a predicate; choose a \
         credential that shows it",
        Quoted(referent)
    )]
    AttributeAnsweredAsPredicate {
        /// The attribute's referent.
        referent: String,
    },
    /// Nothing answers the referent.
    #[error("nothing answers {}; choose a credential for it", Quoted(referent))]
    Unanswered {
        /// The referent.
        referent: String,
    },
    /// The referent is answered from a credential and with a text of the holder's own.
    #[error(
        "{} is answered twice, by the credential {} and by a text of your own; keep one of them",
        Quoted(referent),
        Quoted(credential)
    )]
    AnsweredTwice {
        /// The referent.
        referent: String,
        /// The credential.
        credential: String,
    },
    /// The verifier wants an issuer's statement, and is given the holder's.
    #[error(
        "{} is answered by a text of your own, and the request restricts what it accepts; choose a \
         credential for it",
        Quoted(referent)
    )]
    SelfAttestedThoughRestricted {
        /// The referent.
        referent: String,
    },
    /// The chosen credential is not among those that there are.
    #[error(
        "there is no credential {} to answer {}; choose one of the wallet's",
        Quoted(credential),
        Quoted(referent)
    )]
    UnknownCredential {
        /// The referent.
        referent: String,
        /// The id that was chosen.
        credential: String,
    },
    /// The chosen credential lacks the attribute.
    #[error(
        "the credential {} has no attribute {} to answer {}; choose a credential that has it",
        Quoted(credential),
        Quoted(attribute),
        Quoted(referent)
    )]
    AttributeMissing {
        /// The referent.
        referent: String,
        /// The credential that was chosen.
        credential: String,
        /// The attribute, as the request spells it.
        attribute: String,
    },
    /// The chosen credential does not satisfy the referent's restriction.
    #[error(
        "the credential {} does not satisfy what {} demands: {reason}; choose another credential",
        Quoted(credential),
        Quoted(referent)
    )]
    RestrictionNotSatisfied {
        /// The referent.
        referent: String,
        /// The credential that was chosen.
        credential: String,
        /// What does not match.
        reason: Mismatch,
    },
    /// The restriction is about a value that the presentation does not show.
    #[error(
        "{} demands a certain value of {}, and the credential {} would keep it hidden, so that \
         nothing shows it; reveal the attribute, or do not answer",
        Quoted(referent),
        Quoted(attribute),
        Quoted(credential)
    )]
    RestrictedValueHidden {
        /// The referent.
        referent: String,
        /// The credential that was chosen.
        credential: String,
        /// The attribute, folded.
        attribute: String,
    },
    /// The predicate is not true of the credential's value.
    #[error(
        "{} wants {} {p_type} {p_value}, and it is {got} in the credential {}; the predicate is \
         false and cannot be proved: choose another credential, or do not answer",
        Quoted(referent),
        Quoted(attribute),
        Quoted(credential)
    )]
    PredicateFalse {
        /// The referent.
        referent: String,
        /// The credential that was chosen.
        credential: String,
        /// The attribute, as the request spells it.
        attribute: String,
        /// How the value must compare with the bound.
        p_type: PredicateType,
        /// The bound.
        p_value: i32,
        /// The holder's own value.
        got: i32,
    },
    /// The value is not a signed 32-bit integer. (Of a text, the hash is signed.)
    #[error(
        "{} wants {} to be compared, and it is {} in the credential {}, which is not a whole \
         number of 32 bits; the library proves nothing of it: choose another credential, or do not answer",
        Quoted(referent),
        Quoted(attribute),
        Quoted(got),
        Quoted(credential)
    )]
    NotANumber {
        /// The referent.
        referent: String,
        /// The credential that was chosen.
        credential: String,
        /// The attribute, as the request spells it.
        attribute: String,
        /// The holder's own text.
        got: String,
    },
    /// The predicate is true, but the value is too far from the bound for the proof.
    #[error(
        "{} wants {} {p_type} {p_value}, and it is {got} in the credential {}: true, but {distance} \
         apart, and no distance above 2147483647 can be proved; ask the verifier for a closer bound",
        Quoted(referent),
        Quoted(attribute),
        Quoted(credential)
    )]
    TooFarFromBound {
        /// The referent.
        referent: String,
        /// The credential that was chosen.
        credential: String,
        /// The attribute, as the request spells it.
        attribute: String,
        /// How the value must compare with the bound.
        p_type: PredicateType,
        /// The bound.
        p_value: i32,
        /// The holder's own value.
        got: i32,
        /// How far it is from the bound.
        distance: i64,
    },
    /// One credential would show the attribute and prove a predicate of it, which the mathematics
    /// does not offer: a predicate is proved of a hidden value.
    #[error(
        "{} wants a predicate of {}, which the credential {} shows for {}; a verifier who sees the \
         value needs no proof: hide it there, or use another credential",
        Quoted(referent),
        Quoted(attribute),
        Quoted(credential),
        Quoted(revealed_for)
    )]
    RevealedAndCompared {
        /// The predicate's referent.
        referent: String,
        /// The credential that was chosen for both.
        credential: String,
        /// The attribute, as the predicate spells it.
        attribute: String,
        /// The referent for which it is revealed.
        revealed_for: String,
    },
    /// The credential would be presented more than once, at different moments. The verifier would
    /// see two sub-proofs and could take them for two credentials.
    #[error(
        "the credential {} would be presented twice, for {} {} and for {} {}; choose one moment for \
         all that it answers",
        Quoted(credential),
        Quoted(before),
        moment(*earlier),
        Quoted(referent),
        moment(*timestamp)
    )]
    PresentedTwice {
        /// The first referent with another moment.
        referent: String,
        /// The credential.
        credential: String,
        /// Its moment, in seconds since 1970.
        timestamp: Option<u64>,
        /// The first referent that the credential answers.
        before: String,
        /// The moment for that one.
        earlier: Option<u64>,
    },
}

impl Refusal {
    /// Returns the referent that it is about.
    pub fn referent(&self) -> &str {
        match self {
            Self::UnknownReferent { referent, .. }
            | Self::PredicateAnsweredAsAttribute { referent }
            | Self::AttributeAnsweredAsPredicate { referent }
            | Self::Unanswered { referent }
            | Self::AnsweredTwice { referent, .. }
            | Self::SelfAttestedThoughRestricted { referent }
            | Self::UnknownCredential { referent, .. }
            | Self::AttributeMissing { referent, .. }
            | Self::RestrictionNotSatisfied { referent, .. }
            | Self::RestrictedValueHidden { referent, .. }
            | Self::PredicateFalse { referent, .. }
            | Self::NotANumber { referent, .. }
            | Self::TooFarFromBound { referent, .. }
            | Self::RevealedAndCompared { referent, .. }
            | Self::PresentedTwice { referent, .. } => referent,
        }
    }
}

/// How many referents are listed.
const MAX_LISTED: usize = 10;

fn list(referents: &[String]) -> String {
    let listed = referents.iter().take(MAX_LISTED);
    let mut text =
        listed.map(|referent| Quoted(referent).to_string()).collect::<Vec<_>>().join(", ");
    if let more @ 1.. = referents.len().saturating_sub(MAX_LISTED) {
        text += &format!(" and {more} more");
    }
    text
}

fn moment(timestamp: Option<u64>) -> String {
    timestamp.map_or("without a timestamp".to_owned(), |time| format!("at {time}"))
}
