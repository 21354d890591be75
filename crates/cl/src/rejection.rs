//! What can be wrong with a presentation.

use std::collections::BTreeSet;
use std::fmt;

use dashu_int::{IBig, UBig};

use crate::request::Predicate;

/// Where in a presentation: a sub-proof, or one of its predicates. Both count from 0, in the presentation's
/// order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The sub-proof.
    pub sub_proof: usize,
    /// The predicate among the sub-proof's; `None` for the equality proof.
    pub predicate: Option<usize>,
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.predicate {
            Some(predicate) => write!(
                formatter,
                "predicate {predicate} of sub-proof {}",
                self.sub_proof
            ),
            None => write!(formatter, "sub-proof {}", self.sub_proof),
        }
    }
}

/// One of the equations that a verifier recomputes. Each has a value that goes into the hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Equation {
    /// `T = A'^(ê + c·2^596) · Π R_revealed^(c·m) · Z^-c · Π R_hidden^m̂ · S^v̂ · Rctxt^m̂2`:
    /// the credential is signed.
    T,
    /// `T_i = t_i^-c · Z^û_i · S^r̂_i`: what the `i`-th root's commitment holds, `i` from 0 to 3.
    Root(usize),
    /// `T_Δ = (Z^D' · t_Δ^a)^-c · Z^m̂_j · S^(a·r̂_Δ)`, where `a` is -1 for `<=` and `<`, else 1:
    /// the difference is one between attribute and bound.
    Difference,
    /// `Q = t_Δ^-c · S^α̂ · Π t_i^û_i`: the difference is the sum of the roots' squares.
    Squares,
}

impl fmt::Display for Equation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::T => formatter.write_str("T"),
            Self::Root(root) => write!(formatter, "T{root}"),
            Self::Difference => formatter.write_str("TDELTA"),
            Self::Squares => formatter.write_str("Q"),
        }
    }
}

/// Why a presentation is not accepted: one variant for each thing that can be wrong.
///
/// Nothing in it is secret: all numbers are the presentation's own, or recomputed from it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Rejection {
    /// There are not as many sub-proofs, identifiers and keys.
    #[error(
        "there are {sub_proofs} sub-proofs and {identifiers} identifiers, and {keys} keys were given: \
         one of each for every credential"
    )]
    Count {
        /// Keys that were given.
        keys: usize,
        /// Sub-proofs in the presentation.
        sub_proofs: usize,
        /// Identifiers in the presentation.
        identifiers: usize,
    },
    /// There is a part about revocation.
    #[error(
        "sub-proof {sub_proof} has a non-revocation part: revocation is not checked by this engine"
    )]
    Revocation {
        /// The sub-proof with that part.
        sub_proof: usize,
    },
    /// A referent of the request has no answer.
    #[error("the request's referent {referent:?} has no answer")]
    Unanswered {
        /// The referent.
        referent: String,
    },
    /// An answer to something that the request does not ask.
    #[error("referent {referent:?} is answered, and the request does not have it")]
    Unasked {
        /// The referent.
        referent: String,
    },
    /// An answer points to a sub-proof that does not exist.
    #[error("referent {referent:?} is answered by sub-proof {got}, and there are {sub_proofs}")]
    NoSuchSubProof {
        /// The referent.
        referent: String,
        /// How many sub-proofs there are.
        sub_proofs: usize,
        /// The index in the answer.
        got: usize,
    },
    /// The answer to a referent names other attributes than the request.
    #[error("referent {referent:?} asks for {expected:?}, and the answer is for {got:?}")]
    AnsweredAttributes {
        /// The referent.
        referent: String,
        /// Attributes of the request, folded.
        expected: Vec<String>,
        /// Attributes of the answer, folded; nameless if the answer is for a single one.
        got: Vec<String>,
    },
    /// Something is asked about an attribute that the credential's key does not sign, or about the
    /// link secret.
    #[error("sub-proof {sub_proof}: attribute {attribute:?} is none of the credential's")]
    NoSuchAttribute {
        /// The sub-proof.
        sub_proof: usize,
        /// The attribute, folded.
        attribute: String,
    },
    /// The sub-proof reveals other attributes than it was asked for.
    #[error("sub-proof {sub_proof} reveals {got:?}, and was asked for {expected:?}")]
    RevealedAttributes {
        /// The sub-proof.
        sub_proof: usize,
        /// Attributes that were asked for, folded.
        expected: BTreeSet<String>,
        /// Attributes that are revealed.
        got: BTreeSet<String>,
    },
    /// The answer shows another value than the one that is proved.
    #[error(
        "sub-proof {sub_proof} proves the value {expected} for attribute {attribute:?}, and the answer \
         to {referent:?} says {got}"
    )]
    RevealedValue {
        /// The sub-proof.
        sub_proof: usize,
        /// The referent whose answer it is.
        referent: String,
        /// The attribute, folded.
        attribute: String,
        /// The encoded value in the sub-proof.
        expected: IBig,
        /// The encoded value in the answer.
        got: IBig,
    },
    /// The responses are not for exactly the attributes that stay hidden.
    #[error("sub-proof {sub_proof} has responses for {got:?}, and {expected:?} are hidden")]
    HiddenAttributes {
        /// The sub-proof.
        sub_proof: usize,
        /// The key's attributes and the link secret, without those that are revealed.
        expected: BTreeSet<String>,
        /// What there are responses for.
        got: BTreeSet<String>,
    },
    /// The predicates are not exactly those that were asked for.
    #[error(
        "sub-proof {sub_proof} proves {}, and was asked for {}",
        list(got),
        list(expected)
    )]
    Predicates {
        /// The sub-proof.
        sub_proof: usize,
        /// Predicates that were asked for, sorted.
        expected: Vec<Predicate>,
        /// Predicates of the sub-proof, in its order.
        got: Vec<Predicate>,
    },
    /// `A'` or a commitment is not between 1 and the modulus.
    #[error("{place}: {name} is not between 1 and the modulus")]
    NotAnElement {
        /// Where.
        place: Place,
        /// The element, by its name in the JSON: `a_prime`, `t.0`, ..., `t.DELTA`.
        name: String,
        /// The equation that the element enters first.
        equation: Equation,
    },
    /// A response is longer than an honest prover makes it.
    #[error("{place}: {name} has {got} bits, and no honest one has more than {limit}")]
    TooLong {
        /// Where.
        place: Place,
        /// The number, by its name in the JSON: `e`, `v`, `m.age`, `u.0`, ...
        name: String,
        /// The equation that the number enters.
        equation: Equation,
        /// The most bits.
        limit: usize,
        /// How many bits it has.
        got: usize,
    },
    /// The challenge is longer than a hash.
    #[error("the challenge has {got} bits, and a hash has {limit}")]
    ChallengeTooLong {
        /// The most bits.
        limit: usize,
        /// How many bits it has.
        got: usize,
    },
    /// A predicate is proved about another value than the attribute's.
    #[error(
        "{place}: the response for attribute {attribute:?} is another than the sub-proof's, so the predicate \
         is not about the credential's value"
    )]
    PredicateAttribute {
        /// Where.
        place: Place,
        /// The attribute, folded.
        attribute: String,
        /// The sub-proof's response.
        expected: UBig,
        /// The predicate's response.
        got: UBig,
    },
    /// A predicate about an attribute that the same sub-proof reveals, which nobody can prove.
    #[error("{place}: attribute {attribute:?} is revealed, and a predicate is about a hidden one")]
    PredicateOnRevealed {
        /// Where.
        place: Place,
        /// The attribute, folded.
        attribute: String,
    },
    /// Two sub-proofs have different link secrets.
    #[error(
        "sub-proof {sub_proof} has another response for the link secret than sub-proof 0: the credentials are not \
         shown to belong to one holder"
    )]
    LinkSecret {
        /// The sub-proof that differs from the first.
        sub_proof: usize,
        /// The first sub-proof's response.
        expected: UBig,
        /// This sub-proof's response.
        got: UBig,
    },
    /// `c_list` has another length than the sub-proofs need.
    #[error("c_list has {got} entries, and the sub-proofs have {expected} commitments")]
    CommitmentCount {
        /// `A'` of each sub-proof and five for each predicate.
        expected: usize,
        /// Entries in `c_list`.
        got: usize,
    },
    /// An entry of `c_list` is not the number that the sub-proof has.
    #[error("{place}: entry {position} of c_list is not {name} as the fewest big-endian bytes")]
    Commitment {
        /// Where the number stands that should be there.
        place: Place,
        /// The number, by its name in the JSON.
        name: String,
        /// The place in `c_list`, from 0.
        position: usize,
    },
    /// An equation has a denominator that shares a factor with the modulus.
    #[error("{place}: a denominator of equation {equation} is not invertible")]
    NotInvertible {
        /// Where.
        place: Place,
        /// The equation.
        equation: Equation,
    },
    /// The recomputed values hash to something else: at least one equation does not hold, or the nonce is
    /// another. Which one, a hash does not tell.
    #[error("the hash of the recomputed values is {expected}, and the proof's challenge is {got}")]
    Challenge {
        /// The hash.
        expected: UBig,
        /// The challenge in the presentation.
        got: UBig,
    },
}

fn list(predicates: &[Predicate]) -> String {
    if predicates.is_empty() {
        return "no predicate".into();
    }
    let predicates: Vec<String> = predicates.iter().map(ToString::to_string).collect();
    predicates.join(", ")
}

impl Rejection {
    /// Where the fault is, as far as it can be told.
    #[must_use]
    pub fn place(&self) -> Option<Place> {
        match self {
            Self::Revocation { sub_proof }
            | Self::NoSuchAttribute { sub_proof, .. }
            | Self::RevealedAttributes { sub_proof, .. }
            | Self::RevealedValue { sub_proof, .. }
            | Self::HiddenAttributes { sub_proof, .. }
            | Self::Predicates { sub_proof, .. }
            | Self::LinkSecret { sub_proof, .. } => Some(Place {
                sub_proof: *sub_proof,
                predicate: None,
            }),
            Self::NotAnElement { place, .. }
            | Self::TooLong { place, .. }
            | Self::PredicateAttribute { place, .. }
            | Self::PredicateOnRevealed { place, .. }
            | Self::Commitment { place, .. }
            | Self::NotInvertible { place, .. } => Some(*place),
            Self::Count { .. }
            | Self::Unanswered { .. }
            | Self::Unasked { .. }
            | Self::NoSuchSubProof { .. }
            | Self::AnsweredAttributes { .. }
            | Self::ChallengeTooLong { .. }
            | Self::CommitmentCount { .. }
            | Self::Challenge { .. } => None,
        }
    }

    /// The sub-proof that is at fault, from 0, as far as it can be told.
    #[must_use]
    pub fn sub_proof(&self) -> Option<usize> {
        self.place().map(|place| place.sub_proof)
    }

    /// The equation that is at fault, as far as it can be told; [`place`](Self::place) says whose.
    #[must_use]
    pub fn equation(&self) -> Option<Equation> {
        match self {
            Self::NotAnElement { equation, .. }
            | Self::TooLong { equation, .. }
            | Self::NotInvertible { equation, .. } => Some(*equation),
            Self::PredicateAttribute { .. } => Some(Equation::Difference),
            _ => None,
        }
    }
}
