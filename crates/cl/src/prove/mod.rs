//! Creating presentations.
//!
//! [`prove`] first checks the holder's choice against the request (`selection`), then draws all
//! random numbers, computes the commitments of all sub-proofs (`equality`, `predicate`), hashes
//! them to the challenge and computes the responses to it. A holder who creates several
//! presentations keeps the [`ProvingKey`]s.
//!
//! # Secrets and their protection
//! The link secret, the signature, the values of hidden attributes and all random numbers are
//! secret.
//! - Time and memory accesses of an exponentiation depend only on the *longest* exponent that the
//!   scheme allows, which is the same for every holder: each look-up reads a table from end to end.
//! - Not constant time: sums, products and comparisons of big integers outside the modular
//!   arithmetic (such as `v̂ = ṽ + c·(v - e·r)`), whose time depends on the number of words;
//!   conversion to decimal; reduction of `A` modulo `n`; and the search for four squares, whose
//!   time depends on the distance between an attribute and a predicate's value. Do not create
//!   presentations where an attacker can measure the time to the microsecond, many times over.
//! - Secrets are wiped from memory when they are dropped. Intermediate results inside the
//!   big-integer arithmetic, such as a product before it is added to a mask, cannot all be wiped.

mod credential;
mod draw;
mod equality;
mod error;
mod four_squares;
mod identifier;
mod key;
mod predicate;
mod selection;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use dashu_int::UBig;
use serde_json::{Value, json};

pub use credential::{Credential, LinkSecret};
pub use error::ProveError;
pub use key::{ProvingKey, UnusableKey};
pub use selection::ChosenCredential;

use self::draw::{Draw, Secret};
use self::equality::Responses;
use self::key::Powers;
use self::selection::Plan;
use crate::challenge::Transcript;
use crate::parameters::VALUE_MASK_BITS;
use crate::public_key::LINK_SECRET;
use crate::random::System;
use crate::request::{Predicate, ProofRequest};

/// Creates a presentation that answers a request: `{"proof", "requested_proof", "identifiers"}`, in
/// the form that `indy-credx` gives it.
///
/// The sub-proofs follow the order of `credentials`, each of which names the referents that it
/// answers. `self_attested` holds the self-attested values by referent. All credentials must be
/// bound to `link_secret`; the presentation shows that they are bound to the same one.
///
/// The caller checks whether a credential satisfies the restrictions of a referent, whether a
/// referent may be self-attested and whether the request asks for non-revocation: this function
/// does not.
///
/// # Errors
/// [`ProveError`] if the choice does not answer the request, an attribute is missing or a predicate
/// is false. Signatures are not checked here but by [`ProvingKey::check_signature`]: from a
/// credential that was not signed with the given key, or not for this link secret, the function
/// creates a presentation that verifiers refuse.
pub fn prove(
    request: &ProofRequest,
    credentials: &[ChosenCredential<'_>],
    self_attested: &BTreeMap<String, String>,
    link_secret: &LinkSecret,
) -> Result<Value, ProveError> {
    let mut draw = Draw::Fresh(&System);
    let proof = Proof::create(request, credentials, self_attested, link_secret, &mut draw)?;
    Ok(proof.presentation(request, credentials, self_attested))
}

/// Creates a presentation from given random numbers, for known answers. Returns the presentation
/// and a trace of its intermediate values, **some of them secret**.
///
/// `record` takes the name of a number and its longest length in bits, and returns the number in
/// decimal. The names are `m_tilde/master_secret`; for each sub-proof, counted from 0, `0/r`,
/// `0/e_tilde`, `0/v_tilde`, `0/m2_tilde` and `0/m_tilde/ATTRIBUTE`; for each of its predicates, in
/// the order of the proof, `0/0/r/0` to `0/0/r/3` and `0/0/r/DELTA`, the same for `r_tilde`,
/// `0/0/u_tilde/0` to `0/0/u_tilde/3`, and `0/0/alpha_tilde`.
///
/// Hidden from the documentation, because it is for tests of this and other implementations only.
/// Two presentations from the same random numbers reveal the link secret,
/// `m = (m̂ - m̂')/(c - c')`; one presentation is enough for a reader who knows the numbers.
///
/// # Errors
/// As [`prove`], and [`ProveError::NotRecorded`] if `record` has no number for a name.
#[doc(hidden)]
pub fn prove_with_recorded_randomness(
    request: &ProofRequest,
    credentials: &[ChosenCredential<'_>],
    self_attested: &BTreeMap<String, String>,
    link_secret: &LinkSecret,
    record: &mut dyn FnMut(&str, usize) -> Option<String>,
) -> Result<(Value, Value), ProveError> {
    let mut draw = Draw::Recorded(record);
    let proof = Proof::create(request, credentials, self_attested, link_secret, &mut draw)?;
    let presentation = proof.presentation(request, credentials, self_attested);
    Ok((presentation, proof.trace()))
}

/// All numbers of a presentation, with one element for each sub-proof.
struct Proof<'a> {
    sub_proofs: Vec<SubProof<'a>>,
    commitments: Vec<Commitments>,
    challenge: UBig,
    responses: Vec<Responses>,
}

impl<'a> Proof<'a> {
    fn create(
        request: &ProofRequest,
        chosen: &[ChosenCredential<'a>],
        self_attested: &BTreeMap<String, String>,
        link_secret: &LinkSecret,
        draw: &mut Draw<'_>,
    ) -> Result<Self, ProveError> {
        let plans = selection::plan(request, chosen, self_attested)?;
        // All sub-proofs share this mask: then equal responses show equal link secrets.
        let mask = draw.bits(&format!("m_tilde/{LINK_SECRET}"), VALUE_MASK_BITS)?;
        let mut sub_proofs = Vec::new();
        for (index, plan) in plans.into_iter().enumerate() {
            sub_proofs.push(SubProof::draw(index, plan, &mask, draw)?);
        }
        let commitments = commit(&sub_proofs)?;
        let challenge = challenge(&commitments, &request.nonce);
        let responses = sub_proofs
            .iter()
            .map(|sub_proof| sub_proof.respond(&challenge, link_secret))
            .collect::<Result<_, _>>()?;
        Ok(Self { sub_proofs, commitments, challenge, responses })
    }

    fn presentation(
        &self,
        request: &ProofRequest,
        chosen: &[ChosenCredential<'_>],
        self_attested: &BTreeMap<String, String>,
    ) -> Value {
        let proofs: Vec<Value> = self
            .sub_proofs
            .iter()
            .zip(&self.commitments)
            .zip(&self.responses)
            .map(|((sub_proof, commitments), responses)| {
                json!({
                    "primary_proof": {
                        "eq_proof": sub_proof.equality_json(commitments, responses),
                        "ge_proofs": sub_proof.predicates_json(commitments, responses, &self.challenge),
                    },
                    "non_revoc_proof": null,
                })
            })
            .collect();
        let published = self.commitments.iter().flat_map(Commitments::published);
        let c_list: Vec<Value> =
            published.map(|number| number.to_be_bytes().into_vec().into()).collect();
        json!({
            "proof": {
                "proofs": proofs,
                "aggregated_proof": { "c_hash": self.challenge.to_string(), "c_list": c_list },
            },
            "requested_proof": selection::requested_proof(request, chosen, self_attested),
            "identifiers": selection::identifiers(request, chosen),
        })
    }

    /// Returns values that a presentation does not show: what is hashed to the challenge, and the
    /// differences.
    fn trace(&self) -> Value {
        let sub_proofs: Vec<Value> = self
            .sub_proofs
            .iter()
            .zip(&self.commitments)
            .map(|(sub_proof, commitments)| sub_proof.trace(commitments))
            .collect();
        json!({ "c": self.challenge.to_string(), "sub_proofs": sub_proofs })
    }
}

/// A sub-proof and its random numbers.
struct SubProof<'a> {
    plan: Plan<'a>,
    equality: equality::Masks,
    predicates: Vec<(Predicate, predicate::Masks)>,
}

impl<'a> SubProof<'a> {
    fn draw(
        index: usize,
        plan: Plan<'a>,
        link_secret: &Secret,
        draw: &mut Draw<'_>,
    ) -> Result<Self, ProveError> {
        let Plan { credential, revealed, .. } = &plan;
        let equality = equality::Masks::draw(draw, index, credential, revealed, link_secret)?;
        let mut predicates = Vec::new();
        for (position, (predicate, difference)) in plan.predicates.iter().enumerate() {
            let masks = predicate::Masks::draw(draw, index, position, *difference)?;
            predicates.push((predicate.clone(), masks));
        }
        Ok(Self { plan, equality, predicates })
    }

    /// Returns the products whose values are the [`Commitments`], in the same order.
    fn products(&self) -> Vec<Powers<'_>> {
        let credential = self.plan.credential;
        let mut products =
            vec![self.equality.a_prime(credential), self.equality.commitment(credential)];
        for (predicate, masks) in &self.predicates {
            // The attribute of a predicate is hidden, so it has a mask.
            let mask = self.equality.attribute(&predicate.attribute);
            products.extend(mask.into_iter().flat_map(|m| masks.products(predicate, m)));
        }
        products
    }

    fn respond(&self, challenge: &UBig, secret: &LinkSecret) -> Result<Responses, ProveError> {
        self.equality.respond(challenge, self.plan.credential, secret)
    }

    fn equality_json(&self, commitments: &Commitments, responses: &Responses) -> Value {
        let Plan { credential, revealed, .. } = &self.plan;
        responses.to_json(commitments.a_prime(), credential, revealed)
    }

    fn predicates_json(
        &self,
        commitments: &Commitments,
        responses: &Responses,
        challenge: &UBig,
    ) -> Vec<Value> {
        self.predicates
            .iter()
            .zip(commitments.predicates())
            .filter_map(|((predicate, masks), values)| {
                let m_hat = responses.m.get(&predicate.attribute)?;
                let (commitments, _) = values.split_at(predicate::COMMITMENTS);
                Some(masks.respond(challenge, predicate, m_hat, commitments))
            })
            .collect()
    }

    fn trace(&self, commitments: &Commitments) -> Value {
        let predicates: Vec<Value> = self
            .predicates
            .iter()
            .zip(commitments.predicates())
            .map(|((_, masks), values)| masks.trace(values))
            .collect();
        json!({
            "A'": commitments.a_prime().to_string(),
            "T~": commitments.t().to_string(),
            "predicates": predicates,
        })
    }
}

/// The group elements of one sub-proof: `A'`, `T̃`, then [`predicate::PRODUCTS`] elements for each
/// predicate.
struct Commitments(Vec<UBig>);

impl Commitments {
    fn a_prime(&self) -> &UBig {
        &self.0[0]
    }

    fn t(&self) -> &UBig {
        &self.0[1]
    }

    fn predicates(&self) -> impl Iterator<Item = &[UBig]> {
        self.0[2..].chunks_exact(predicate::PRODUCTS)
    }

    /// Returns what the presentation shows and the challenge covers: `A'`, and `T_0` to `T_3` and
    /// `T_Δ` of each predicate.
    fn published(&self) -> impl Iterator<Item = &UBig> {
        let predicates = self.predicates();
        std::iter::once(self.a_prime())
            .chain(predicates.flat_map(|values| &values[..predicate::COMMITMENTS]))
    }

    /// Returns what only the challenge covers, and a verifier recomputes from the responses: `T̃`,
    /// and `T̃_0` to `T̃_3`, `T̃_Δ` and `Q̃` of each predicate.
    fn recomputed(&self) -> impl Iterator<Item = &UBig> {
        let predicates = self.predicates();
        std::iter::once(self.t())
            .chain(predicates.flat_map(|values| &values[predicate::COMMITMENTS..]))
    }
}

/// Computes the group elements of all sub-proofs: those under one key together, to fill the
/// engine's lanes.
fn commit(sub_proofs: &[SubProof<'_>]) -> Result<Vec<Commitments>, ProveError> {
    let products: Vec<Vec<Powers<'_>>> = sub_proofs.iter().map(SubProof::products).collect();
    let mut commitments: Vec<Commitments> =
        sub_proofs.iter().map(|_| Commitments(Vec::new())).collect();
    for (first, sub_proof) in sub_proofs.iter().enumerate() {
        let key = sub_proof.plan.key;
        let same = |other: &usize| std::ptr::eq(sub_proofs[*other].plan.key, key);
        if (0..first).any(|earlier| same(&earlier)) {
            continue;
        }
        let group: Vec<usize> = (first..sub_proofs.len()).filter(same).collect();
        let together: Vec<&Powers<'_>> = group.iter().flat_map(|&index| &products[index]).collect();
        let mut values = key
            .evaluate(&together)
            .ok_or(ProveError::OutOfRange { number: "an exponent" })?
            .into_iter();
        for index in group {
            let count = products[index].len();
            commitments[index] = Commitments(values.by_ref().take(count).collect());
        }
    }
    Ok(commitments)
}

/// `c = SHA-256(all that is recomputed | all that is published | nonce)`
fn challenge(commitments: &[Commitments], nonce: &UBig) -> UBig {
    let mut transcript = Transcript::default();
    for number in commitments.iter().flat_map(Commitments::recomputed) {
        transcript.number(number);
    }
    for number in commitments.iter().flat_map(Commitments::published) {
        transcript.number(number);
    }
    transcript.number(nonce);
    transcript.challenge()
}
