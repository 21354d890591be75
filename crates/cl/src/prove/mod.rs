//! Creating presentations.
//!
//! [`prove`] first checks the holder's choice against the request (`selection`), then draws all random
//! numbers, computes the commitments of all sub-proofs (`equality`, `predicate`), hashes them to the challenge
//! and answers it. A holder who makes several presentations keeps the [`ProvingKey`]s.
//!
//! # What is secret, and how far it is protected
//! Secret are the link secret, the signature, the hidden attributes' values, and all random numbers.
//! - Powers are computed in a time and with accesses to memory that depend on the *lengths* the exponents
//!   may have only, which are the same for everybody: every table is read from end to end for every digit.
//! - Not constant time: sums, products and comparisons of big integers outside the modular arithmetic
//!   (`v̂ = ṽ + c·(v - e·r)` and its like), whose time depends on how many words the numbers have; writing
//!   decimals; reducing `A` modulo `n`; and the search for four squares, which depends on the distance of an
//!   attribute to a predicate's value. So a presentation should not be made where an attacker can time it
//!   to the microsecond again and again.
//! - Secrets are wiped from memory when they are dropped. Intermediate results inside the big integers'
//!   arithmetic, such as a product before it is added to a mask, are not all within reach.

mod credential;
mod draw;
mod equality;
mod error;
mod four_squares;
mod identifier;
mod key;
mod predicate;
mod selection;

use std::collections::BTreeMap;

use dashu_int::UBig;
use serde_json::{Value, json};

pub use credential::{Credential, LinkSecret};
pub use error::ProveError;
pub use key::{ProvingKey, UnusableKey};
pub use selection::Chosen;

use self::draw::{Draw, Secret};
use self::equality::{Responses, VALUE_MASK_BITS};
use self::key::Powers;
use self::selection::Plan;
use crate::challenge::Transcript;
use crate::public_key::LINK_SECRET;
use crate::request::{Predicate, ProofRequest};

/// Creates a presentation that answers a request: `{"proof", "requested_proof", "identifiers"}`, of the same
/// form as `indy-credx` makes it.
///
/// `credentials` become the sub-proofs in their order; each names the referents that it answers.
/// `self_attested` has the values, by referent, for which the holder alone vouches. All credentials must be
/// bound to `link_secret`; the presentation shows that it is one and the same.
///
/// Whether a credential fulfils a referent's restrictions, whether a referent may be self-attested and
/// whether non-revocation is asked for is the caller's business: this function does not look at it.
///
/// # Errors
/// [`ProveError`] if the choice does not answer the request, an attribute is missing or a predicate false.
/// The signatures are not checked ([`Credential::check_signature`] does): a presentation from a credential
/// that was not signed with the given key or for this link secret is made, and refused by verifiers.
pub fn prove(
    request: &ProofRequest,
    credentials: &[Chosen<'_>],
    self_attested: &BTreeMap<String, String>,
    link_secret: &LinkSecret,
) -> Result<Value, ProveError> {
    let mut draw = Draw::System;
    let proof = Proof::make(request, credentials, self_attested, link_secret, &mut draw)?;
    Ok(proof.presentation(request, credentials, self_attested))
}

/// Creates a presentation from given random numbers, for known answers: the presentation, and a trace of
/// the values on the way to it, **some of them secret**.
///
/// `record` gives the number of a name, of at most so many bits, in decimal. The names are
/// `m_tilde/master_secret`; for each sub-proof, counted from 0, `0/r`, `0/e_tilde`, `0/v_tilde`, `0/m2_tilde` and
/// `0/m_tilde/ATTRIBUTE`; for each of its predicates, in the order of the proof, `0/0/r/0` to `0/0/r/3` and
/// `0/0/r/DELTA`, `r_tilde` likewise, `0/0/u_tilde/0` to `0/0/u_tilde/3`, and `0/0/alpha_tilde`.
///
/// Hidden from the documentation, because it is for tests of this and other implementations only: whoever
/// sees two presentations from the same numbers computes the link secret, `m = (m̂ - m̂')/(c - c')`, and whoever
/// knows the numbers needs but one.
///
/// # Errors
/// As [`prove`], and [`ProveError::NotRecorded`] if `record` has no number of a name.
#[doc(hidden)]
pub fn prove_with_recorded_randomness(
    request: &ProofRequest,
    credentials: &[Chosen<'_>],
    self_attested: &BTreeMap<String, String>,
    link_secret: &LinkSecret,
    record: &mut dyn FnMut(&str, usize) -> Option<String>,
) -> Result<(Value, Value), ProveError> {
    let mut draw = Draw::Recorded(record);
    let proof = Proof::make(request, credentials, self_attested, link_secret, &mut draw)?;
    let presentation = proof.presentation(request, credentials, self_attested);
    Ok((presentation, proof.trace()))
}

/// All numbers of a presentation; one element for each sub-proof.
struct Proof<'a> {
    sub_proofs: Vec<SubProof<'a>>,
    commitments: Vec<Commitments>,
    challenge: UBig,
    responses: Vec<Responses>,
}

impl<'a> Proof<'a> {
    fn make(
        request: &ProofRequest,
        chosen: &[Chosen<'a>],
        self_attested: &BTreeMap<String, String>,
        link_secret: &LinkSecret,
        draw: &mut Draw<'_>,
    ) -> Result<Self, ProveError> {
        let plans = selection::plan(request, chosen, self_attested)?;
        // The same mask in all sub-proofs, so that the same response shows the same link secret.
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
        Ok(Self {
            sub_proofs,
            commitments,
            challenge,
            responses,
        })
    }

    fn presentation(
        &self,
        request: &ProofRequest,
        chosen: &[Chosen<'_>],
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
        let in_the_open = self.commitments.iter().flat_map(Commitments::in_the_open);
        let c_list: Vec<Value> = in_the_open
            .map(|number| number.to_be_bytes().into_vec().into())
            .collect();
        json!({
            "proof": {
                "proofs": proofs,
                "aggregated_proof": { "c_hash": self.challenge.to_string(), "c_list": c_list },
            },
            "requested_proof": selection::requested_proof(request, chosen, self_attested),
            "identifiers": selection::identifiers(request, chosen),
        })
    }

    /// The values that a presentation does not show: what goes into the challenge, and the differences.
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

/// One sub-proof and its random numbers.
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
        let Plan {
            credential,
            revealed,
            ..
        } = &plan;
        let equality = equality::Masks::draw(draw, index, credential, revealed, link_secret)?;
        let mut predicates = Vec::new();
        for (place, (predicate, difference)) in plan.predicates.iter().enumerate() {
            let masks = predicate::Masks::draw(draw, index, place, *difference)?;
            predicates.push((predicate.clone(), masks));
        }
        Ok(Self {
            plan,
            equality,
            predicates,
        })
    }

    /// What [`Commitments`] has, in its order.
    fn products(&self) -> Vec<Powers<'_>> {
        let credential = self.plan.credential;
        let mut products = vec![
            self.equality.a_prime(credential),
            self.equality.commitment(credential),
        ];
        for (predicate, masks) in &self.predicates {
            // A predicate's attribute is hidden, so there is a mask.
            let mask = self.equality.of(&predicate.attribute);
            products.extend(mask.into_iter().flat_map(|m| masks.products(predicate, m)));
        }
        products
    }

    fn respond(&self, challenge: &UBig, secret: &LinkSecret) -> Result<Responses, ProveError> {
        self.equality
            .respond(challenge, self.plan.credential, secret)
    }

    fn equality_json(&self, commitments: &Commitments, responses: &Responses) -> Value {
        let Plan {
            credential,
            revealed,
            ..
        } = &self.plan;
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

/// The group elements of one sub-proof: `A'`, `T̃`, then [`predicate::PRODUCTS`] for each predicate.
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

    /// What the presentation shows and the challenge covers: `A'`, and `T_0` to `T_3`, `TDELTA` of each predicate.
    fn in_the_open(&self) -> impl Iterator<Item = &UBig> {
        let predicates = self.predicates();
        std::iter::once(self.a_prime())
            .chain(predicates.flat_map(|values| &values[..predicate::COMMITMENTS]))
    }

    /// What only the challenge covers, and a verifier computes from the responses: `T̃`, and `T̃_0` to `T̃_3`,
    /// `T̃DELTA`, `Q̃` of each predicate.
    fn covered(&self) -> impl Iterator<Item = &UBig> {
        let predicates = self.predicates();
        std::iter::once(self.t())
            .chain(predicates.flat_map(|values| &values[predicate::COMMITMENTS..]))
    }
}

/// Computes the group elements of all sub-proofs, those under one key side by side.
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
            .ok_or(ProveError::OutOfRange {
                number: "of an exponent",
            })?
            .into_iter();
        for index in group {
            let count = products[index].len();
            commitments[index] = Commitments(values.by_ref().take(count).collect());
        }
    }
    Ok(commitments)
}

/// `c = SHA-256(T̃ and the like of all sub-proofs | A' and the like of all sub-proofs | nonce)`
fn challenge(commitments: &[Commitments], nonce: &UBig) -> UBig {
    let mut transcript = Transcript::default();
    for number in commitments.iter().flat_map(Commitments::covered) {
        transcript.number(number);
    }
    for number in commitments.iter().flat_map(Commitments::in_the_open) {
        transcript.number(number);
    }
    transcript.number(nonce);
    transcript.challenge()
}
