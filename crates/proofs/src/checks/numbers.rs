//! `number-form`, `number-range`: whether an honest prover could have made the numbers.

use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::fmt;
use std::rc::Rc;

use verdict::Failure;

use super::decimal::{self, Limit, compare, is_canonical, is_canonical_signed};
use super::parsed::{ASK_FOR_ORIGINAL, ParsedCase};
use super::points;
use super::public_data::{CredDef, Object};
use crate::presentation::{EqualityProof, PredicateProof};

/// What a number stands for.
#[derive(Clone, Copy)]
enum NumberKind {
    /// A revealed value: an attribute's encoding, which may be a negative integer.
    Value,
    /// An element of the group of the issuer's key.
    Element,
    /// A response, and how long it may be.
    Response(&'static Limit),
    /// A response that may be negative.
    Signed(&'static Limit),
}

/// A number of a sub-proof.
struct Number<'r> {
    position: Position<'r>,
    text: &'r str,
    kind: NumberKind,
}

/// Where a number is in the presentation, written as a JSON pointer.
#[derive(Clone, Copy)]
struct Position<'r> {
    sub_proof: usize,
    predicate: Option<usize>,
    member: &'static str,
    key: Option<&'r str>,
}

impl fmt::Display for Position<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "/proof/proofs/{}/primary_proof/", self.sub_proof)?;
        match self.predicate {
            Some(position) => write!(f, "ge_proofs/{position}/{}", self.member)?,
            None => write!(f, "eq_proof/{}", self.member)?,
        }
        match self.key {
            Some(key) => write!(f, "/{key}"),
            None => Ok(()),
        }
    }
}

/// Returns all numbers of a sub-proof.
fn numbers<'r>(parsed: &'r ParsedCase<'_>, sub_proof: usize) -> Vec<Number<'r>> {
    let Some(proof) = parsed.presentation.proof.proofs.get(sub_proof) else {
        return Vec::new();
    };
    let mut numbers = Vec::new();
    let primary = &proof.primary_proof;
    of_equality(&primary.eq_proof, |member, key, text, kind| {
        let position = Position { sub_proof, predicate: None, member, key };
        numbers.push(Number { position, text, kind });
    });
    for (position, proof) in primary.ge_proofs.iter().enumerate() {
        of_predicate(proof, |member, key, text, kind| {
            let position = Position { sub_proof, predicate: Some(position), member, key };
            numbers.push(Number { position, text, kind });
        });
    }
    numbers
}

fn of_equality<'r>(
    proof: &'r EqualityProof,
    mut add: impl FnMut(&'static str, Option<&'r str>, &'r str, NumberKind),
) {
    for (name, value) in &proof.revealed_attrs {
        add("revealed_attrs", Some(name), value, NumberKind::Value);
    }
    add("a_prime", None, &proof.a_prime, NumberKind::Element);
    add("e", None, &proof.e, NumberKind::Response(&decimal::E));
    add("v", None, &proof.v, NumberKind::Response(&decimal::V));
    for (name, response) in proof.hidden() {
        add("m", Some(name), response, NumberKind::Response(&decimal::M));
    }
    add("m2", None, &proof.m2, NumberKind::Response(&decimal::M2));
}

fn of_predicate<'r>(
    proof: &'r PredicateProof,
    mut add: impl FnMut(&'static str, Option<&'r str>, &'r str, NumberKind),
) {
    for (key, response) in &proof.u {
        add("u", Some(key), response, NumberKind::Response(&decimal::M));
    }
    for (key, response) in &proof.r {
        add("r", Some(key), response, NumberKind::Response(&decimal::R));
    }
    add("mj", None, &proof.mj, NumberKind::Response(&decimal::M));
    add("alpha", None, &proof.alpha, NumberKind::Signed(&decimal::ALPHA));
    for (key, commitment) in &proof.t {
        add("t", Some(key), commitment, NumberKind::Element);
    }
}

/// `number-form`: each number is written in the one canonical way, and each group element lies
/// strictly between 1 and the modulus.
pub(super) fn form(parsed: &ParsedCase<'_>) -> Vec<Failure> {
    let mut failures = Vec::new();
    let challenge = &parsed.presentation.proof.aggregated_proof.c_hash;
    if !is_canonical(challenge) {
        failures.push(not_canonical("/proof/aggregated_proof/c_hash", challenge));
    }
    failures.extend(keys(parsed));
    for (index, credential) in parsed.credentials.iter().enumerate() {
        let n = credential.cred_def.object.value.primary.n;
        failures.extend(numbers(parsed, index).iter().filter_map(|number| of_form(number, n)));
        let revocation = parsed.presentation.proof.proofs.get(index);
        let revocation = revocation.and_then(|proof| proof.non_revoc_proof.as_ref());
        failures.extend(revocation.and_then(points::response_out_of_form).map(|member| {
            Failure::new(
                "64 digits of hexadecimal, a number below the order of the group",
                format!("/proof/proofs/{index}/non_revoc_proof/x_list/{member}"),
                ASK_FOR_ORIGINAL,
            )
        }));
    }
    failures
}

fn of_form(number: &Number<'_>, n: &str) -> Option<Failure> {
    let canonical = match number.kind {
        NumberKind::Value | NumberKind::Signed(_) => is_canonical_signed(number.text),
        NumberKind::Element | NumberKind::Response(_) => is_canonical(number.text),
    };
    if !canonical {
        return Some(not_canonical(&number.position.to_string(), number.text));
    }
    let outside = matches!(number.kind, NumberKind::Element) && !is_between(number.text, n);
    outside.then(|| {
        Failure::new(
            format!("{}: a number between 1 and the issuer's modulus", number.position),
            number.text,
            ASK_FOR_ORIGINAL,
        )
    })
}

fn is_between(element: &str, n: &str) -> bool {
    compare(element, "1") == Ordering::Greater && compare(element, n) == Ordering::Less
}

fn not_canonical(place: &str, text: &str) -> Failure {
    Failure::new(
        format!("{place}: a number in decimal digits without leading zeros"),
        shown(text),
        ASK_FOR_ORIGINAL,
    )
}

/// Describes what is wrong with a number, or says how long it is.
fn shown(text: &str) -> String {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let fault = crate::decimal::fault(digits);
    fault.unwrap_or_else(|| format!("one of {} decimal digits", digits.len()))
}

/// Reports malformed numbers of the issuers' keys: whatever is compared with a modulus needs one
/// that is a number.
fn keys(parsed: &ParsedCase<'_>) -> Vec<Failure> {
    let mut seen: BTreeSet<*const Object<'_, CredDef<'_>>> = BTreeSet::new();
    let mut failures = Vec::new();
    for credential in &parsed.credentials {
        if !seen.insert(Rc::as_ptr(&credential.cred_def)) {
            continue;
        }
        let key = &credential.cred_def.object.value.primary;
        let named = [("n", key.n), ("s", key.s), ("z", key.z), ("rctxt", key.rctxt)];
        let all = named.into_iter().chain(key.bases());
        let malformed = all.filter(|(name, number)| {
            !is_canonical(number) || *name != "n" && !is_between(number, key.n)
        });
        failures.extend(malformed.map(|(name, number)| {
            Failure::new(
                format!("{name} of credential definition {}: a number between 1 and its modulus", credential.cred_def.id),
                shown(number),
                "read the credential definition from the ledger again; if it is so there, do not accept it",
            )
        }));
    }
    failures
}

/// `number-range`: no response is longer than an honest prover makes it.
///
/// A response is a random number of fixed length plus challenge times secret, so its length is
/// known. `number-form` reports what is not a canonical decimal.
pub(super) fn range(parsed: &ParsedCase<'_>) -> Vec<Failure> {
    let mut failures = Vec::new();
    let challenge = &parsed.presentation.proof.aggregated_proof.c_hash;
    if is_canonical(challenge) && !decimal::CHALLENGE.holds(challenge) {
        failures.push(too_long("/proof/aggregated_proof/c_hash", &decimal::CHALLENGE, challenge));
    }
    for index in 0..parsed.sub_proofs() {
        failures.extend(numbers(parsed, index).iter().filter_map(|number| {
            let (limit, text) = match number.kind {
                NumberKind::Value | NumberKind::Element => return None,
                NumberKind::Response(limit) => (limit, number.text),
                NumberKind::Signed(limit) => (limit, number.text.trim_start_matches('-')),
            };
            let longer = is_canonical(text) && !limit.holds(text);
            longer.then(|| too_long(&number.position.to_string(), limit, text))
        }));
    }
    failures
}

fn too_long(place: &str, limit: &Limit, number: &str) -> Failure {
    Failure::new(
        format!("{place}: a number of at most {} bits", limit.bits),
        format!("one of {} decimal digits", number.len()),
        ASK_FOR_ORIGINAL,
    )
}
