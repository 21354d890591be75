//! The reasons for which a verifier rejects a presentation.

use std::collections::BTreeSet;
use std::fmt;

use dashu_int::{IBig, UBig};

use crate::request::Predicate;

/// A part of a presentation: the equality proof of a sub-proof, or one of its predicates. Both are
/// counted from 0, in the order of the presentation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProofPart {
    /// The sub-proof.
    pub sub_proof: usize,
    /// The predicate within the sub-proof; `None` for the equality proof.
    pub predicate: Option<usize>,
}

impl fmt::Display for ProofPart {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.predicate {
            Some(predicate) => {
                write!(formatter, "predicate {predicate} of sub-proof {}", self.sub_proof)
            }
            None => write!(formatter, "sub-proof {}", self.sub_proof),
        }
    }
}

/// An equation that a verifier recomputes. The hash covers the value of each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Equation {
    /// `T = A'^(ê + c·2^596) · Π R_revealed^(c·m) · Z^-c · Π R_hidden^m̂ · S^v̂ · Rctxt^m̂2`:
    /// the credential is signed.
    T,
    /// `T_i = t_i^-c · Z^û_i · S^r̂_i`: the prover knows the root in the `i`-th commitment, `i`
    /// from 0 to 3.
    Root(usize),
    /// `T_Δ = (Z^D' · t_Δ^a)^-c · Z^m̂_j · S^(a·r̂_Δ)`, where `a` is -1 for `<=` and `<`, and 1
    /// otherwise: `Δ` is the difference between attribute and bound.
    Difference,
    /// `Q = t_Δ^-c · S^α̂ · Π t_i^û_i`: the difference is the sum of the squares of the roots.
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

/// The reason for which a presentation is rejected, with one variant for each thing that can be
/// wrong.
///
/// It contains no secrets: all numbers are from the presentation, or recomputed from it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Rejection {
    /// The request asks for nothing, so a presentation would show nothing.
    #[error("the request asks for nothing")]
    NothingRequested,
    /// The numbers of sub-proofs, identifiers and keys differ.
    #[error(
        "there are {sub_proofs} sub-proofs, {identifiers} identifiers and {keys} keys, but every credential \
         has one of each"
    )]
    Count {
        /// Keys that the caller passed.
        keys: usize,
        /// Sub-proofs in the presentation.
        sub_proofs: usize,
        /// Identifiers in the presentation.
        identifiers: usize,
    },
    /// A sub-proof has a revocation part.
    #[error(
        "sub-proof {sub_proof} has a non-revocation part: this engine does not check revocation"
    )]
    Revocation {
        /// The sub-proof.
        sub_proof: usize,
    },
    /// A referent of the request has no answer.
    #[error("the request's referent {referent:?} has no answer")]
    Unanswered {
        /// The referent.
        referent: String,
    },
    /// The presentation answers a referent that the request does not have, or that is of the other
    /// kind: a predicate as an attribute, or the reverse.
    #[error(
        "the presentation answers the {kind} referent {referent:?}, which the request does not have"
    )]
    UnknownReferent {
        /// The referent.
        referent: String,
        /// `attribute` or `predicate`
        kind: &'static str,
    },
    /// The presentation has several answers to a referent of attributes.
    #[error("referent {referent:?} is answered twice")]
    AnsweredTwice {
        /// The referent.
        referent: String,
    },
    /// A group is answered as a single attribute or with a self-attested value, or a single
    /// attribute as a group.
    #[error("referent {referent:?} asks for {expected}, but its answer is in {got}")]
    AnswerMember {
        /// The referent.
        referent: String,
        /// What the request asks for: a group or one attribute.
        expected: &'static str,
        /// The member of `requested_proof` with the answer.
        got: &'static str,
    },
    /// An answer refers to a sub-proof that does not exist.
    #[error(
        "referent {referent:?} is answered by sub-proof {got}, but there are only {sub_proofs}"
    )]
    NoSuchSubProof {
        /// The referent.
        referent: String,
        /// How many sub-proofs there are.
        sub_proofs: usize,
        /// The index in the answer.
        got: usize,
    },
    /// The answer to a group names other attributes than the request does.
    #[error("referent {referent:?} asks for {expected:?}, but the answer is for {got:?}")]
    AnsweredAttributes {
        /// The referent.
        referent: String,
        /// Attributes of the request, folded.
        expected: Vec<String>,
        /// Attributes of the answer, folded.
        got: Vec<String>,
    },
    /// A sub-proof answers a referent, revealed or not, that asks for the link secret, or for an
    /// attribute that the issuer's key does not have.
    #[error("sub-proof {sub_proof}: the credential has no attribute {attribute:?}")]
    NoSuchAttribute {
        /// The sub-proof.
        sub_proof: usize,
        /// The attribute, folded.
        attribute: String,
    },
    /// The sub-proof reveals other attributes than the request asks for.
    #[error("sub-proof {sub_proof} reveals {got:?}, but the request asks for {expected:?}")]
    RevealedAttributes {
        /// The sub-proof.
        sub_proof: usize,
        /// Requested attributes, folded.
        expected: BTreeSet<String>,
        /// Revealed attributes.
        got: BTreeSet<String>,
    },
    /// The answer shows another value than the sub-proof proves.
    #[error(
        "sub-proof {sub_proof} proves the value {expected} for attribute {attribute:?}, but the answer \
         to {referent:?} shows {got}"
    )]
    RevealedValue {
        /// The sub-proof.
        sub_proof: usize,
        /// The referent of the answer.
        referent: String,
        /// The attribute, folded.
        attribute: String,
        /// The encoded value in the sub-proof.
        expected: IBig,
        /// The encoded value in the answer.
        got: IBig,
    },
    /// The responses are not for exactly the hidden attributes.
    #[error("sub-proof {sub_proof} has responses for {got:?}, but {expected:?} are hidden")]
    HiddenAttributes {
        /// The sub-proof.
        sub_proof: usize,
        /// The attributes of the key and the link secret, without the revealed ones.
        expected: BTreeSet<String>,
        /// The names that have responses.
        got: BTreeSet<String>,
    },
    /// The predicates are not exactly the requested ones.
    #[error(
        "sub-proof {sub_proof} proves {}, but the request asks for {}",
        list(got),
        list(expected)
    )]
    Predicates {
        /// The sub-proof.
        sub_proof: usize,
        /// Requested predicates, sorted.
        expected: Vec<Predicate>,
        /// Predicates of the sub-proof, in their order.
        got: Vec<Predicate>,
    },
    /// `A'` or a commitment is not between 1 and the modulus.
    #[error("{part}: {name} is not between 1 and the modulus")]
    NotAnElement {
        /// The part of the presentation.
        part: ProofPart,
        /// The name of the element in the JSON: `a_prime`, `t.0`, ..., `t.DELTA`.
        name: String,
        /// The first equation with the element.
        equation: Equation,
    },
    /// A response is longer than an honest prover makes it.
    #[error("{part}: {name} has {got} bits, but an honest prover's has at most {limit}")]
    TooLong {
        /// The part of the presentation.
        part: ProofPart,
        /// The name of the number in the JSON: `e`, `v`, `m.age`, `u.0`, ...
        name: String,
        /// The equation with the number.
        equation: Equation,
        /// The longest length, in bits.
        limit: usize,
        /// The length of the number, in bits.
        got: usize,
    },
    /// The challenge is longer than a hash.
    #[error("the challenge has {got} bits, but a hash has {limit}")]
    ChallengeTooLong {
        /// The longest length, in bits.
        limit: usize,
        /// The length of the number, in bits.
        got: usize,
    },
    /// A predicate is proved about a value that is not the attribute's.
    #[error(
        "{part}: the response for attribute {attribute:?} differs from the sub-proof's, so the predicate \
         is not about the credential's value"
    )]
    PredicateAttribute {
        /// The part of the presentation.
        part: ProofPart,
        /// The attribute, folded.
        attribute: String,
        /// The response of the sub-proof.
        expected: UBig,
        /// The response of the predicate.
        got: UBig,
    },
    /// A predicate is about an attribute that the same sub-proof reveals, which cannot be proved.
    #[error(
        "{part}: attribute {attribute:?} is revealed, but a predicate needs a hidden attribute"
    )]
    PredicateOnRevealed {
        /// The part of the presentation.
        part: ProofPart,
        /// The attribute, folded.
        attribute: String,
    },
    /// Two sub-proofs have different responses for the link secret.
    #[error(
        "the responses of sub-proofs 0 and {sub_proof} for the link secret differ, so the presentation does \
         not show that the credentials belong to one holder"
    )]
    LinkSecret {
        /// The sub-proof that differs from the first one.
        sub_proof: usize,
        /// The response of the first sub-proof.
        expected: UBig,
        /// The response of this sub-proof.
        got: UBig,
    },
    /// The length of `c_list` is not the number of commitments in the sub-proofs.
    #[error("c_list has {got} entries, but the sub-proofs have {expected} commitments")]
    CommitmentCount {
        /// One for each sub-proof and five for each predicate.
        expected: usize,
        /// Entries in `c_list`.
        got: usize,
    },
    /// An entry of `c_list` differs from the number in the sub-proof.
    #[error(
        "{part}: entry {position} of c_list is not {name} in big-endian bytes without leading zeros"
    )]
    Commitment {
        /// The part of the presentation with the expected number.
        part: ProofPart,
        /// The name of the number in the JSON.
        name: String,
        /// The position in `c_list`, from 0.
        position: usize,
    },
    /// The denominator of an equation shares a factor with the modulus.
    #[error("{part}: a denominator of equation {equation} is not invertible")]
    NotInvertible {
        /// The part of the presentation.
        part: ProofPart,
        /// The equation.
        equation: Equation,
    },
    /// The hash of the recomputed values is not the challenge: at least one equation does not hold,
    /// or the nonce is wrong. The hash does not show which.
    #[error("the hash of the recomputed values is {expected}, but the challenge is {got}")]
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
    /// Returns the part of the presentation that is wrong, if it is known.
    #[must_use]
    pub fn part(&self) -> Option<ProofPart> {
        match self {
            Self::Revocation { sub_proof }
            | Self::NoSuchAttribute { sub_proof, .. }
            | Self::RevealedAttributes { sub_proof, .. }
            | Self::RevealedValue { sub_proof, .. }
            | Self::HiddenAttributes { sub_proof, .. }
            | Self::Predicates { sub_proof, .. }
            | Self::LinkSecret { sub_proof, .. } => {
                Some(ProofPart { sub_proof: *sub_proof, predicate: None })
            }
            Self::NotAnElement { part, .. }
            | Self::TooLong { part, .. }
            | Self::PredicateAttribute { part, .. }
            | Self::PredicateOnRevealed { part, .. }
            | Self::Commitment { part, .. }
            | Self::NotInvertible { part, .. } => Some(*part),
            Self::NothingRequested
            | Self::Count { .. }
            | Self::Unanswered { .. }
            | Self::UnknownReferent { .. }
            | Self::AnsweredTwice { .. }
            | Self::AnswerMember { .. }
            | Self::NoSuchSubProof { .. }
            | Self::AnsweredAttributes { .. }
            | Self::ChallengeTooLong { .. }
            | Self::CommitmentCount { .. }
            | Self::Challenge { .. } => None,
        }
    }

    /// Returns the sub-proof that is wrong, counted from 0, if it is known.
    #[must_use]
    pub fn sub_proof(&self) -> Option<usize> {
        self.part().map(|part| part.sub_proof)
    }

    /// Returns the equation that does not hold, if it is known; [`part`](Self::part) returns the
    /// part of the presentation to which it belongs.
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
