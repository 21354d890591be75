//! `revealed-set`, `encoding` and `predicates`: whether the mathematics states what was asked for, and
//! nothing else.

use std::collections::BTreeSet;

use verdict::Failure;

use super::parsed::{ASK_FOR_ORIGINAL, ParsedCase};
use crate::encoding::{encode, integer};
use crate::names;
use crate::presentation::{AnswerKind, PredicateProof};
use crate::request::{PredicateType, RequestedPredicate};

/// `revealed-set`: what each sub-proof reveals is what its referents ask for.
pub(super) fn revealed_set(parsed: &ParsedCase<'_>) -> Vec<Failure> {
    let mut asked = vec![BTreeSet::new(); parsed.credentials.len()];
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
        .collect()
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

/// `encoding`: each text that is shown encodes to the value beside it, and that value is the one that is proved.
///
/// An integer may be written in more ways than one (`7`, `007`, `+7`), and all of them encode to the same. Only
/// the canonical one passes: nothing binds the others.
pub(super) fn encoding(parsed: &ParsedCase<'_>) -> Vec<Failure> {
    revealed_claims(parsed)
        .filter_map(|value| {
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
            } else if encode(value.raw) != value.encoded {
                Failure::new(
                    format!("{:?} with a text that encodes to {}", value.name, value.encoded),
                    format!("the text {:?}, which encodes to {}", value.raw, encode(value.raw)),
                    "do not rely on the text: only its encoding is signed",
                )
            } else if integer(value.raw).is_some_and(|number| number.to_string() != value.raw) {
                Failure::new(
                    format!("{:?} with the text {:?}", value.name, value.encoded),
                    format!("the text {:?}, which encodes to the same", value.raw),
                    "rely on the number, not on how it is written; \
                     relax `encoding` if the issuer is known to write numbers so",
                )
            } else {
                return None;
            };
            Some(failure.about(value.referent))
        })
        .collect()
}

fn or_none(proved: Option<&str>) -> &str {
    proved.unwrap_or("none")
}

/// `predicates`: each sub-proof proves what its referents ask for, each thing once.
pub(super) fn predicates(parsed: &ParsedCase<'_>) -> Vec<Failure> {
    let mut asked = vec![BTreeSet::new(); parsed.credentials.len()];
    for (referent, kind, index) in parsed.presentation.answers() {
        let requested = parsed.request.requested_predicates.get(referent);
        if let (AnswerKind::Predicate, Some(requested), Some(asked)) =
            (kind, requested, asked.get_mut(index))
        {
            asked.insert(wanted(requested));
        }
    }
    let mut failures = Vec::new();
    for (index, (sub_proof, asked)) in
        parsed.presentation.proof.proofs.iter().zip(&asked).enumerate()
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
