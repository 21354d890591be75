//! What the linter knows to be wrong or doubtful.

use std::fmt;

use serde::{Serialize, Serializer};

use crate::error::Fault;

macro_rules! rules {
    ($($variant:ident = $name:literal: $why:literal,)*) => {
        /// One thing that can be wrong with a request, or doubtful.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Rule {
            $(#[doc = concat!("`", $name, "`: ", $why, ".")] $variant,)*
        }

        impl Rule {
            /// All rules.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The rule's stable name.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),* }
            }

            /// Why it matters, as a clause without a full stop.
            pub fn why(self) -> &'static str {
                match self { $(Self::$variant => $why),* }
            }
        }
    };
}

rules! {
    // the request as a whole
    NotJson = "not-json": "no one can read it",
    WrongType = "wrong-type": "readers refuse a value of another type",
    Missing = "missing-member": "readers refuse a request without it",
    UnknownMember = "unknown-member": "readers pass over a member that they do not know, so that it has no effect",
    UnknownVersion = "unknown-version": "readers refuse a version of the format that they do not know",
    EmptyRequest = "empty-request": "there is nothing to answer, and readers refuse it",
    TooLarge = "too-large": "readers refuse a request of more than 256 KiB",
    RepeatedMember = "repeated-member": "readers differ in which of the two they take, and strict ones refuse it",
    TooManyReferents = "too-many-referents": "readers refuse more than 256 requested attributes and predicates",
    TooManyTerms = "too-many-terms": "readers refuse more than 4096 names, operators and values in one request",
    TooManyPredicates = "too-many-predicates": "readers refuse more than 64 predicates",

    // the nonce
    NonceNotDecimal = "nonce-not-decimal": "readers take nothing but a number in decimal digits",
    NonceIsNumber = "nonce-is-number": "many readers take text only, and many writers round large numbers on the way",
    NonceLeadingZeros = "nonce-leading-zeros": "one nonce must have one spelling, or an old one passes for new",
    NonceShort = "nonce-short": "a short nonce could repeat or be guessed, and an old presentation would answer it",
    NonceLong = "nonce-long": "the field's nonces have 80 bits, and strict verifiers accept no more",
    NonceTooLong = "nonce-too-long": "readers refuse a nonce of more than 128 bits",

    // what is asked for
    NameAndNames = "name-and-names": "readers refuse an attribute that is one and several",
    NoName = "no-name": "readers refuse an attribute without a name",
    EmptyName = "empty-name": "no credential has an attribute without a name",
    EmptyGroup = "empty-group": "readers refuse a group of no attributes",
    RepeatedName = "repeated-name": "names compare without spaces and case; a verifier refuses a group with one attribute twice",
    SharedReferent = "shared-referent": "a verifier who looks an answer up by its referent finds two",
    UnknownAttribute = "unknown-attribute": "a credential on this schema has no such attribute, and cannot answer",

    // predicates
    UnknownPredicateType = "unknown-predicate-type": "readers know four comparisons only",
    BoundOutOfRange = "bound-out-of-range": "predicates compare signed 32-bit integers only",
    BoundNotWhole = "bound-not-whole": "readers refuse a number with a decimal point or an exponent",
    BoundNeverHolds = "bound-never-holds": "no signed 32-bit integer satisfies it, so that no one can answer",
    BoundAtEdge = "bound-at-edge": "at the edge of the 32 bits a comparison says nothing or almost everything, and most distances to the bound cannot be proved",
    PredicateOnText = "predicate-on-text": "a text is signed as its hash, a large positive integer: holders' libraries do not prove a comparison with it, and one that were proved would say nothing about the text",
    ContradictoryPredicates = "contradictory-predicates": "no value satisfies both, so that they can be answered from two credentials only",
    PredicateBesideReveal = "predicate-beside-reveal": "a verifier who is shown the value learns nothing from the predicate, and one credential cannot answer both",
    OneSidedBound = "one-sided-bound": "a predicate compares the encoded integer, and a text's encoding is a large positive integer: a lower bound alone does not show that the issuer signed a number; a range does",
    DateBoundNotADate = "date-bound-not-a-date": "the attribute's name says that it holds dates, as numbers YYYYMMDD",
    DateBoundAlways = "date-bound-always": "the predicate is true for everyone, so that it proves nothing",
    DateBoundNever = "date-bound-never": "the predicate is false for everyone, so that no one can answer",
    DateBoundDirection = "date-bound-direction": "a later date of birth is a younger person: it proves an age of at most, and not of at least, so many years",

    // restrictions
    UnknownOperator = "unknown-operator": "readers refuse operators other than $and, $or, $not, $neq and $in",
    MisplacedOperator = "misplaced-operator": "readers take $and, $or and $not before what they join, and $neq and $in after a tag",
    RestrictionTooDeep = "restriction-too-deep": "readers bound how deep a restriction may be nested",
    UnknownTag = "unknown-tag": "no credential carries such a tag, and a verifier refuses it wherever it occurs, also under $not",
    BothNamesOfTag = "both-names-of-tag": "they are the names that Indy and AnonCreds 1.0 have for one tag, and readers refuse a restriction with both",
    ImpossibleValue = "impossible-value": "no credential has such a value, so that no one can answer by it",
    DoubtfulValue = "doubtful-value": "hardly any credential has such a value, so that it is probably a slip",
    UnqualifiedIdentifier = "unqualified-identifier": "version 2.0 of the format takes identifiers literally, and a credential may have the other of the two spellings of one DID",
    QualifiedIdentifier = "qualified-identifier": "version 1.0 of the format has short identifiers only, and libindy and indy-credx refuse the request",
    NeverHolds = "restriction-never-holds": "no one can answer",
    NoRestriction = "no-restriction": "anyone may answer with a credential issued by themselves, an attribute even with a text of their own making",
    AnyIssuer = "any-issuer": "anyone may issue a credential on any schema, so that anyone can satisfy the restriction",
    ValueNotShown = "value-not-shown": "a value counts only if it is shown by the credential that answers; of a hidden attribute nothing but a claim is left",

    // time
    IntervalBackwards = "interval-backwards": "no time lies in it, so that no holder can show that they were not revoked",
}

impl Rule {
    /// Reads a rule's name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|rule| rule.name() == name)
    }
}

impl From<Fault> for Rule {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::NotJson => Self::NotJson,
            Fault::Missing => Self::Missing,
            Fault::WrongType => Self::WrongType,
            Fault::NonceNotDecimal => Self::NonceNotDecimal,
            Fault::UnknownVersion => Self::UnknownVersion,
            Fault::EmptyRequest => Self::EmptyRequest,
            Fault::NameAndNames => Self::NameAndNames,
            Fault::NoName => Self::NoName,
            Fault::EmptyName => Self::EmptyName,
            Fault::EmptyGroup => Self::EmptyGroup,
            Fault::UnknownPredicateType => Self::UnknownPredicateType,
            Fault::PredicateValueOutOfRange => Self::BoundOutOfRange,
            Fault::PredicateValueNotWhole => Self::BoundNotWhole,
            Fault::UnknownOperator => Self::UnknownOperator,
            Fault::MisplacedOperator => Self::MisplacedOperator,
            Fault::BothNamesOfTag => Self::BothNamesOfTag,
            Fault::TooDeep => Self::RestrictionTooDeep,
            Fault::RepeatedMember => Self::RepeatedMember,
            Fault::TooLarge => Self::TooLarge,
            Fault::TooManyReferents => Self::TooManyReferents,
            Fault::TooManyPredicates => Self::TooManyPredicates,
            Fault::TooManyTerms => Self::TooManyTerms,
        }
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Serialize for Rule {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_is_parsed_from_its_name() {
        for rule in Rule::ALL {
            assert_eq!(Rule::parse(rule.name()), Some(*rule));
        }
        assert_eq!(Rule::parse("no-such-rule"), None);
    }
}
