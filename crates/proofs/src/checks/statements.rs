//! `revealed-set`, `encoding` and `predicates`: whether the mathematics states what was asked for,
//! and nothing else.

use std::collections::BTreeSet;

use verdict::{Caution, Failure, Found};

use super::parsed::{ASK_FOR_ORIGINAL, ParsedCase};
use crate::encoding::{encode, encodes_to, integer};
use crate::names;
use crate::presentation::{AnswerKind, PredicateProof};
use crate::request::{PredicateType, RequestedPredicate};

/// `revealed-set`: what each sub-proof reveals is what its referents ask for.
pub(super) fn revealed_set(parsed: &ParsedCase<'_>) -> Found {
    let mut asked = vec![BTreeSet::new(); parsed.sub_proofs()];
    for (referent, kind, index) in parsed.presentation.answers() {
        let revealed = matches!(kind, AnswerKind::Revealed | AnswerKind::Group);
        let requested = parsed.request.requested_attributes.get(referent);
        if let (true, Some(requested), Some(asked)) = (revealed, requested, asked.get_mut(index)) {
            asked.extend(requested.names().iter().map(|name| names::fold(name)));
        }
    }
    let sub_proofs = parsed.presentation.proof.proofs.iter().zip(asked).enumerate();
    sub_proofs
        .filter_map(|(index, (sub_proof, asked))| {
            let revealed = &sub_proof.primary_proof.eq_proof.revealed_attrs;
            (!revealed.keys().eq(&asked)).then(|| {
                Failure::new(
                    format!("sub-proof {index} reveals {}", list(asked.iter())),
                    format!("it reveals {}", list(revealed.keys())),
                    ASK_FOR_ORIGINAL,
                )
            })
        })
        .collect::<Vec<_>>()
        .into()
}

fn list<'s>(names: impl Iterator<Item = &'s String>) -> String {
    let names: Vec<_> = names.map(String::as_str).collect();
    if names.is_empty() { "nothing".to_owned() } else { names.join(", ") }
}

/// A value that the presentation says is revealed, with its name as in the request.
pub(super) struct RevealedClaim<'r> {
    pub(super) referent: &'r str,
    pub(super) sub_proof: usize,
    pub(super) name: &'r str,
    pub(super) raw: &'r str,
    pub(super) encoded: &'r str,
}

/// Returns all values that the presentation says are revealed.
pub(super) fn revealed_claims<'r>(
    parsed: &'r ParsedCase<'_>,
) -> impl Iterator<Item = RevealedClaim<'r>> {
    let answered = &parsed.presentation.requested_proof;
    let single = answered.revealed_attrs.iter().filter_map(|(referent, shown)| {
        let requested = parsed.request.requested_attributes.get(referent)?;
        Some(RevealedClaim {
            referent,
            sub_proof: shown.sub_proof_index,
            name: requested.names().first()?,
            raw: &shown.raw,
            encoded: &shown.encoded,
        })
    });
    let groups = answered.revealed_attr_groups.iter().flat_map(|(referent, group)| {
        group.values.iter().map(move |(name, value)| RevealedClaim {
            referent,
            sub_proof: group.sub_proof_index,
            name,
            raw: &value.raw,
            encoded: &value.encoded,
        })
    });
    single.chain(groups)
}

impl RevealedClaim<'_> {
    /// Returns the value that the mathematics proves for this attribute.
    pub(super) fn proved<'r>(&self, parsed: &'r ParsedCase<'_>) -> Option<&'r str> {
        let sub_proof = parsed.presentation.proof.proofs.get(self.sub_proof)?;
        let revealed = &sub_proof.primary_proof.eq_proof.revealed_attrs;
        revealed.get(&names::fold(self.name)).map(String::as_str)
    }
}

/// `encoding`: each text that is shown encodes to the value beside it, and that value is the one
/// that is proved.
///
/// An integer may be written in more ways than one (`7`, `007`, `+7`), and all of them encode to
/// the same: the number is signed, the spelling is not. Postal codes are issued so; the reader is
/// told.
pub(super) fn encoding(parsed: &ParsedCase<'_>) -> Found {
    let mut found = Found::default();
    for value in revealed_claims(parsed) {
        let failure = if value.proved(parsed) != Some(value.encoded) {
            Failure::new(
                format!(
                    "{:?} with the value that is proved, {}",
                    value.name,
                    or_none(value.proved(parsed))
                ),
                format!("the encoded value {:?}", value.encoded),
                "do not rely on it: what is shown is not what the issuer signed",
            )
        } else if !encodes_to(value.raw, value.encoded) {
            Failure::new(
                format!("{:?} with a text that encodes to {}", value.name, value.encoded),
                format!("the text {:?}, which encodes to {}", value.raw, encode(value.raw)),
                "do not rely on the text: only its encoding is signed",
            )
        } else {
            let is_number = integer(value.encoded).is_some();
            found.cautions.extend((is_number && value.raw != value.encoded).then(|| {
                Caution::new(
                    "text-not-canonical",
                    value.referent,
                    format!(
                        "{:?} is shown as {:?}, and signed as {}",
                        value.name, value.raw, value.encoded
                    ),
                    "the number is signed and its spelling is not, so rely on the number alone",
                )
            }));
            continue;
        };
        found.failures.push(failure.about(value.referent));
    }
    found
}

fn or_none(proved: Option<&str>) -> &str {
    proved.unwrap_or("none")
}

/// `predicates`: each sub-proof proves what its referents ask for, each thing once.
///
/// A lower bound alone does not show that the issuer signed a number: the encoding of a text is an
/// integer too, and a large one. Together with an upper bound on the same attribute it does.
pub(super) fn predicates(parsed: &ParsedCase<'_>) -> Found {
    let mut asked = vec![BTreeSet::new(); parsed.sub_proofs()];
    let mut bounds = Vec::new();
    for (referent, kind, index) in parsed.presentation.answers() {
        let requested = parsed.request.requested_predicates.get(referent);
        if let (AnswerKind::Predicate, Some(requested), Some(asked)) =
            (kind, requested, asked.get_mut(index))
        {
            asked.insert(wanted(requested));
            bounds.push((referent, requested, index));
        }
    }
    let mut found = Found::from(other_predicates(parsed, &asked));
    for &(referent, requested, index) in &bounds {
        let name = names::fold(&requested.name);
        let is_bounded = !is_lower(requested)
            || bounds.iter().any(|(_, other, of_other)| {
                *of_other == index && !is_lower(other) && names::fold(&other.name) == name
            });
        if is_bounded {
            continue;
        }
        let (what, why) = (
            format!(
                "{} {} {} has no upper bound",
                requested.name, requested.p_type, requested.p_value
            ),
            "a text is encoded as a large number, so this alone does not show that the issuer signed a number; where \
             values may be texts, ask for an upper bound too",
        );
        if parsed.policy.require_ranges {
            let remedy =
                "ask for an upper bound on the same attribute too, or do not require ranges";
            found.failures.push(
                Failure::new("a lower and an upper bound, as the policy requires", what, remedy)
                    .about(referent),
            );
        } else {
            found.cautions.push(Caution::new("one-sided-bound", referent, what, why).note());
        }
    }
    found
}

/// Returns whether a predicate bounds its attribute from below.
fn is_lower(requested: &RequestedPredicate) -> bool {
    matches!(requested.p_type, PredicateType::GreaterOrEqual | PredicateType::Greater)
}

/// Reports sub-proofs that do not prove exactly what is asked of them.
fn other_predicates(parsed: &ParsedCase<'_>, asked: &[BTreeSet<Statement>]) -> Vec<Failure> {
    let mut failures = Vec::new();
    for (index, (sub_proof, asked)) in
        parsed.presentation.proof.proofs.iter().zip(asked).enumerate()
    {
        let mut proved = BTreeSet::new();
        for proof in &sub_proof.primary_proof.ge_proofs {
            let statement = stated(proof);
            if !proved.insert(statement.clone()) {
                failures.push(Failure::new(
                    format!("sub-proof {index} proves each predicate once"),
                    format!("{} twice", sentence(&statement)),
                    ASK_FOR_ORIGINAL,
                ));
            }
        }
        if proved != *asked {
            failures.push(Failure::new(
                format!("sub-proof {index} proves {}", sentences(asked)),
                format!("it proves {}", sentences(&proved)),
                "ask the prover for an answer to this request; the bound is the verifier's to choose",
            ));
        }
    }
    failures
}

/// Attribute (folded), operator as proofs spell it, bound.
type Statement = (String, String, i32);

fn wanted(requested: &RequestedPredicate) -> Statement {
    let operator = match requested.p_type {
        PredicateType::GreaterOrEqual => "GE",
        PredicateType::LessOrEqual => "LE",
        PredicateType::Greater => "GT",
        PredicateType::Less => "LT",
    };
    (names::fold(&requested.name), operator.to_owned(), requested.p_value)
}

fn stated(proof: &PredicateProof) -> Statement {
    let predicate = &proof.predicate;
    (predicate.attr_name.clone(), predicate.p_type.clone(), predicate.value)
}

fn sentence((attribute, operator, bound): &Statement) -> String {
    format!("{attribute} {operator} {bound}")
}

fn sentences(statements: &BTreeSet<Statement>) -> String {
    if statements.is_empty() {
        return "no predicate".to_owned();
    }
    statements.iter().map(sentence).collect::<Vec<_>>().join(", ")
}
