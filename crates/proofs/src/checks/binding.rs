//! `predicate-link`, `challenge-binding`, `hidden-set`, `same-holder`: whether the parts of the
//! proof belong together, and to the credentials.

use std::collections::BTreeSet;

use verdict::Failure;

use super::decimal::big_endian;
use super::parsed::{ASK_FOR_ORIGINAL, ParsedCase};
use super::{key, points};
use crate::names;
use crate::presentation::{AnswerKind, LINK_SECRET};

/// `predicate-link`: a predicate is about the attribute that the credential's signature covers, for
/// both proofs have the same response for it.
pub(super) fn predicate_link(parsed: &ParsedCase<'_>) -> Vec<Failure> {
    let mut failures = Vec::new();
    for (index, sub_proof) in parsed.presentation.proof.proofs.iter().enumerate() {
        let hidden = &sub_proof.primary_proof.eq_proof.m;
        for (position, proof) in sub_proof.primary_proof.ge_proofs.iter().enumerate() {
            let name = &proof.predicate.attr_name;
            let response = hidden.get(name);
            if response != Some(&proof.mj) {
                failures.push(Failure::new(
                    format!(
                        "the response for {name:?} in sub-proof {index}, {}",
                        response.map_or("of which there is none", String::as_str)
                    ),
                    format!("predicate {position} has the response {}", proof.mj),
                    "do not rely on the predicate: it is not about the credential's value",
                ));
            }
        }
    }
    failures
}

/// `challenge-binding`: the challenge covers the sub-proofs' commitments, all of them and in order.
pub(super) fn challenge_binding(parsed: &ParsedCase<'_>) -> Vec<Failure> {
    let covered = &parsed.presentation.proof.aggregated_proof.c_list;
    let commitments = commitments(parsed);
    if covered.len() != commitments.len() {
        return vec![Failure::new(
            format!("{} entries in c_list, one for each commitment", commitments.len()),
            format!("{}", covered.len()),
            ASK_FOR_ORIGINAL,
        )];
    }
    let pairs = commitments.iter().zip(covered).enumerate();
    let different =
        pairs.filter(|(_, (commitment, bytes))| commitment.bytes.as_ref() != Some(bytes));
    different
        .map(|(entry, (commitment, _))| {
            Failure::new(
                format!("entry {entry} of c_list to be {}", commitment.name),
                "another number, or the same with other bytes",
                ASK_FOR_ORIGINAL,
            )
        })
        .collect()
}

/// A commitment, with its bytes as the challenge covers them; `None` if it is malformed.
struct Commitment {
    name: String,
    bytes: Option<Vec<u8>>,
}

/// Returns the commitments of each sub-proof: those to the registry's state, if there are any, then
/// `A'`, then `T0 T1 T2 T3 TDELTA` of each predicate.
fn commitments(parsed: &ParsedCase<'_>) -> Vec<Commitment> {
    let mut commitments = Vec::new();
    for (index, sub_proof) in parsed.presentation.proof.proofs.iter().enumerate() {
        let mut commit = |name: String, bytes| {
            let name = format!("{name} of sub-proof {index}");
            commitments.push(Commitment { name, bytes });
        };
        if let Some(revocation) = &sub_proof.non_revoc_proof {
            for (name, bytes) in points::commitments(&revocation.c_list) {
                commit(format!("commitment {name} of the non-revocation proof"), bytes);
            }
        }
        let primary = &sub_proof.primary_proof;
        commit("a_prime".to_owned(), big_endian(&primary.eq_proof.a_prime));
        for (position, proof) in primary.ge_proofs.iter().enumerate() {
            // "DELTA" sorts after the digits
            for (key, number) in &proof.t {
                commit(format!("t/{key} of predicate {position}"), big_endian(number));
            }
        }
    }
    commitments
}

/// `hidden-set`: what a sub-proof does not reveal it hides, and it hides nothing else; the issuer's
/// key has a base for each attribute, and for the link secret, and no other, and is a key of the
/// scheme.
pub(super) fn hidden_set(parsed: &ParsedCase<'_>) -> Vec<Failure> {
    let mut failures = Vec::new();
    for (index, credential) in parsed.credentials.iter().enumerate() {
        let mut signed: BTreeSet<&str> =
            credential.schema.object.attributes.iter().map(String::as_str).collect();
        let reserved = !signed.insert(LINK_SECRET);
        let bases = credential.cred_def.object.value.primary.names();
        if reserved || bases != signed {
            failures.push(Failure::new(
                format!(
                    "credential definition {} with a base for each of {}",
                    credential.cred_def.id,
                    list(&signed)
                ),
                format!("bases for {}", list(&bases)),
                "give schema and credential definition as the ledger has them; \
                 if they are so there, do not accept its credentials",
            ));
        }
        let Some(sub_proof) = parsed.presentation.proof.proofs.get(index) else {
            continue;
        };
        let proof = &sub_proof.primary_proof.eq_proof;
        let revealed: BTreeSet<&str> = proof.revealed_attrs.keys().map(String::as_str).collect();
        let expected: BTreeSet<&str> = signed.difference(&revealed).copied().collect();
        let hidden: BTreeSet<&str> = proof.hidden().map(|(name, _)| name).collect();
        let twice = proof.hidden().count() != hidden.len();
        let unknown = revealed.difference(&signed).next();
        if hidden != expected || twice || unknown.is_some() {
            failures.push(Failure::new(
                format!("sub-proof {index} has a response for each of {}", list(&expected)),
                match unknown {
                    Some(name) => {
                        format!("it reveals {name:?}, which the credential does not have")
                    }
                    None if twice => "two responses for the link secret".to_owned(),
                    None => format!("responses for {}", list(&hidden)),
                },
                ASK_FOR_ORIGINAL,
            ));
        }
    }
    failures.extend(unrevealed(parsed));
    failures.extend(keys(parsed));
    failures
}

/// Reports issuers' keys that are not of the scheme.
fn keys(parsed: &ParsedCase<'_>) -> Vec<Failure> {
    let mut seen = BTreeSet::new();
    let mut failures = Vec::new();
    for credential in &parsed.credentials {
        let cred_def = &credential.cred_def;
        if !seen.insert(cred_def.id) {
            continue;
        }
        let fault = key::fault(&cred_def.object.value.primary, &parsed.policy.key_bits);
        failures.extend(fault.map(|(expected, got)| {
            Failure::new(
                format!("the key of credential definition {}: {expected}", cred_def.id),
                got,
                "read the credential definition from the ledger again; if it is so there, do not accept its \
                 credentials",
            )
        }));
    }
    failures
}

/// Reports attributes that are said to be hidden and that the credential does not have.
fn unrevealed(parsed: &ParsedCase<'_>) -> Vec<Failure> {
    let mut failures = Vec::new();
    let places = parsed.presentation.answers();
    for (referent, _, index) in places.filter(|(_, kind, _)| *kind == AnswerKind::Unrevealed) {
        let requested = parsed.request.requested_attributes.get(referent);
        let (Some(requested), Some(credential)) = (requested, parsed.credentials.get(index)) else {
            continue;
        };
        let attributes = &credential.schema.object.attributes;
        let missing =
            requested.names().iter().find(|name| !attributes.contains(&names::fold(name)));
        failures.extend(missing.map(|name| {
            Failure::new(
                format!("a credential with the attribute {name:?}"),
                format!("one of schema {}, which does not have it", credential.schema.id),
                "ask the prover for a credential that has the attribute",
            )
            .about(referent)
        }));
    }
    failures
}

fn list(names: &BTreeSet<&str>) -> String {
    names.iter().copied().collect::<Vec<_>>().join(", ")
}

/// `same-holder`: all credentials were issued to one link secret, for all sub-proofs have one
/// response for it.
pub(super) fn same_holder(parsed: &ParsedCase<'_>) -> Vec<Failure> {
    let mut responses =
        parsed.presentation.proof.proofs.iter().enumerate().flat_map(|(index, sub_proof)| {
            let hidden = sub_proof.primary_proof.eq_proof.hidden();
            hidden
                .filter(|(name, _)| *name == LINK_SECRET)
                .map(move |(_, response)| (index, response))
        });
    let Some((_, first)) = responses.next() else {
        return Vec::new();
    };
    responses
        .filter(|(_, response)| *response != first)
        .map(|(index, _)| {
            Failure::new(
                format!("credentials of one holder: one response for {LINK_SECRET} in all sub-proofs"),
                format!("sub-proof {index} has a different one"),
                "do not take the credentials for one person's; ask for them in requests of their own, \
                 or ask the holder to have them issued to one link secret",
            )
        })
        .collect()
}
