//! `number-form`, `number-range`: whether the numbers are such as an honest prover makes.

use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::fmt;
use std::rc::Rc;

use super::decimal::{self, Limit, compare, is_canonical, is_canonical_signed};
use super::ledger::CredDef;
use super::{AS_MADE, Read, points};
use crate::answer::{EqualityProof, PredicateProof};
use verdict::Failure;

/// What a number is.
#[derive(Clone, Copy)]
enum Sort {
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
    place: Place<'r>,
    text: &'r str,
    sort: Sort,
}

/// Where a number stands, written as a JSON pointer.
#[derive(Clone, Copy)]
struct Place<'r> {
    sub_proof: usize,
    predicate: Option<usize>,
    member: &'static str,
    key: Option<&'r str>,
}

impl fmt::Display for Place<'_> {
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

/// All numbers of a sub-proof.
fn numbers<'r>(read: &'r Read<'_>, sub_proof: usize) -> Vec<Number<'r>> {
    let Some(proof) = read.answer.proof.proofs.get(sub_proof) else {
        return Vec::new();
    };
    let mut numbers = Vec::new();
    let primary = &proof.primary_proof;
    of_equality(&primary.eq_proof, |member, key, text, sort| {
        let place = Place {
            sub_proof,
            predicate: None,
            member,
            key,
        };
        numbers.push(Number { place, text, sort });
    });
    for (position, proof) in primary.ge_proofs.iter().enumerate() {
        of_predicate(proof, |member, key, text, sort| {
            let place = Place {
                sub_proof,
                predicate: Some(position),
                member,
                key,
            };
            numbers.push(Number { place, text, sort });
        });
    }
    numbers
}

fn of_equality<'r>(
    proof: &'r EqualityProof,
    mut found: impl FnMut(&'static str, Option<&'r str>, &'r str, Sort),
) {
    for (name, value) in &proof.revealed_attrs {
        found("revealed_attrs", Some(name), value, Sort::Value);
    }
    found("a_prime", None, &proof.a_prime, Sort::Element);
    found("e", None, &proof.e, Sort::Response(&decimal::E));
    found("v", None, &proof.v, Sort::Response(&decimal::V));
    for (name, response) in proof.hidden() {
        found("m", Some(name), response, Sort::Response(&decimal::M));
    }
    found("m2", None, &proof.m2, Sort::Response(&decimal::M2));
}

fn of_predicate<'r>(
    proof: &'r PredicateProof,
    mut found: impl FnMut(&'static str, Option<&'r str>, &'r str, Sort),
) {
    for (key, response) in &proof.u {
        found("u", Some(key), response, Sort::Response(&decimal::M));
    }
    for (key, response) in &proof.r {
        found("r", Some(key), response, Sort::Response(&decimal::R));
    }
    found("mj", None, &proof.mj, Sort::Response(&decimal::M));
    found("alpha", None, &proof.alpha, Sort::Signed(&decimal::ALPHA));
    for (key, commitment) in &proof.t {
        found("t", Some(key), commitment, Sort::Element);
    }
}

/// `number-form`: each number is written in the one canonical way, and each group element lies strictly between
/// 1 and the modulus.
pub(super) fn form(read: &Read<'_>) -> Vec<Failure> {
    let mut failures = Vec::new();
    let challenge = &read.answer.proof.aggregated_proof.c_hash;
    if !is_canonical(challenge) {
        failures.push(not_canonical("/proof/aggregated_proof/c_hash", challenge));
    }
    failures.extend(keys(read));
    for (index, credential) in read.credentials.iter().enumerate() {
        let n = credential.cred_def.value.primary.n;
        failures.extend(
            numbers(read, index)
                .iter()
                .filter_map(|number| of_form(number, n)),
        );
        let revocation = read.answer.proof.proofs.get(index);
        let revocation = revocation.and_then(|proof| proof.non_revoc_proof.as_ref());
        failures.extend(
            revocation
                .and_then(points::response_out_of_form)
                .map(|member| {
                    Failure::new(
                        "64 digits of hexadecimal, a number below the order of the group",
                        format!("/proof/proofs/{index}/non_revoc_proof/x_list/{member}"),
                        AS_MADE,
                    )
                }),
        );
    }
    failures
}

fn of_form(number: &Number<'_>, n: &str) -> Option<Failure> {
    let canonical = match number.sort {
        Sort::Value | Sort::Signed(_) => is_canonical_signed(number.text),
        Sort::Element | Sort::Response(_) => is_canonical(number.text),
    };
    if !canonical {
        return Some(not_canonical(&number.place.to_string(), number.text));
    }
    let outside = matches!(number.sort, Sort::Element) && !is_between(number.text, n);
    outside.then(|| {
        Failure::new(
            format!(
                "{}: a number between 1 and the issuer's modulus",
                number.place
            ),
            number.text,
            AS_MADE,
        )
    })
}

fn is_between(element: &str, n: &str) -> bool {
    compare(element, "1") == Ordering::Greater && compare(element, n) == Ordering::Less
}

fn not_canonical(place: &str, text: &str) -> Failure {
    Failure::new(
        format!("{place}: a number in decimal digits without leading zeros"),
        format!("{text:?}"),
        AS_MADE,
    )
}

/// The same for the issuers' keys: what is compared with a modulus must be compared with a number.
fn keys(read: &Read<'_>) -> Vec<Failure> {
    let mut seen: BTreeSet<*const CredDef<'_>> = BTreeSet::new();
    let mut failures = Vec::new();
    for credential in &read.credentials {
        if !seen.insert(Rc::as_ptr(&credential.cred_def)) {
            continue;
        }
        let key = &credential.cred_def.value.primary;
        let named = [
            ("n", key.n),
            ("s", key.s),
            ("z", key.z),
            ("rctxt", key.rctxt),
        ];
        let older = key.rms.map(|base| ("rms", base));
        let bases = key.r.iter().map(|(name, base)| (*name, *base));
        let all = named.into_iter().chain(older).chain(bases);
        let malformed = all.filter(|(name, number)| {
            !is_canonical(number) || *name != "n" && !is_between(number, key.n)
        });
        failures.extend(malformed.map(|(name, number)| {
            Failure::new(
                format!("{name} of credential definition {}: a number between 1 and its modulus", credential.cred_def.id),
                format!("{number:?}"),
                "read the credential definition from the ledger again; if it is so there, do not accept it",
            )
        }));
    }
    failures
}

/// `number-range`: no response is longer than an honest prover makes it.
///
/// A response is a random number of fixed length plus challenge times secret, so its length is known. What
/// is no canonical decimal is `number-form`'s to report.
pub(super) fn range(read: &Read<'_>) -> Vec<Failure> {
    let mut failures = Vec::new();
    let challenge = &read.answer.proof.aggregated_proof.c_hash;
    if is_canonical(challenge) && !decimal::CHALLENGE.holds(challenge) {
        failures.push(too_long(
            "/proof/aggregated_proof/c_hash",
            &decimal::CHALLENGE,
            challenge,
        ));
    }
    for index in 0..read.credentials.len() {
        failures.extend(numbers(read, index).iter().filter_map(|number| {
            let (limit, text) = match number.sort {
                Sort::Value | Sort::Element => return None,
                Sort::Response(limit) => (limit, number.text),
                Sort::Signed(limit) => (limit, number.text.trim_start_matches('-')),
            };
            let longer = is_canonical(text) && !limit.holds(text);
            longer.then(|| too_long(&number.place.to_string(), limit, text))
        }));
    }
    failures
}

fn too_long(place: &str, limit: &Limit, number: &str) -> Failure {
    Failure::new(
        format!("{place}: a number of at most {} bits", limit.bits),
        format!("one of {} decimal digits", number.len()),
        AS_MADE,
    )
}
