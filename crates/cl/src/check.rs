//! The checks of a presentation that do not need the equations.

use dashu_base::{BitTest, UnsignedAbs};
use dashu_int::UBig;

use crate::answers;
use crate::parameters::{
    CHALLENGE_BITS, MAX_ALPHA_RESPONSE_BITS, MAX_CONTEXT_RESPONSE_BITS, MAX_E_RESPONSE_BITS,
    MAX_R_RESPONSE_BITS, MAX_V_RESPONSE_BITS, MAX_VALUE_RESPONSE_BITS, VALUE_BITS,
};
use crate::prepared::PreparedKey;
use crate::presentation::{PredicateProof, Presentation, SubProof};
use crate::public_key::{LINK_SECRET, PublicKey};
use crate::rejection::{Equation, ProofPart, Rejection};
use crate::request::{Predicate, ProofRequest, SubProofRequest};

/// Checks a presentation in the order that [`verify`](crate::verify()) documents, up to the
/// equations.
pub(crate) fn check(
    request: &ProofRequest,
    presentation: &Presentation,
    keys: &[&PreparedKey],
) -> Result<(), Rejection> {
    if request.attributes.is_empty() && request.predicates.is_empty() {
        return Err(Rejection::NothingRequested);
    }
    let sub_proofs = &presentation.sub_proofs;
    let identifiers = presentation.credential_definitions.len();
    if sub_proofs.len() != keys.len() || identifiers != keys.len() {
        return Err(Rejection::Count {
            keys: keys.len(),
            sub_proofs: sub_proofs.len(),
            identifiers,
        });
    }
    if let Some(sub_proof) = sub_proofs.iter().position(|proof| proof.revocation) {
        return Err(Rejection::Revocation { sub_proof });
    }
    let requests = answers::request_of_each(request, presentation)?;
    let bits = presentation.challenge.bit_len();
    if bits > CHALLENGE_BITS {
        return Err(Rejection::ChallengeTooLong { limit: CHALLENGE_BITS, got: bits });
    }
    for (index, (proof, (request, key))) in
        sub_proofs.iter().zip(requests.iter().zip(keys)).enumerate()
    {
        let key = key.public_key();
        check_contents(index, proof, request, key)?;
        check_equality(index, proof, key)?;
        for (predicate, predicate_proof) in proof.predicates.iter().enumerate() {
            let part = ProofPart { sub_proof: index, predicate: Some(predicate) };
            check_predicate(part, predicate_proof, proof, key)?;
        }
    }
    answers::check_values(request, presentation)?;
    check_link_secret(sub_proofs)?;
    check_commitments(presentation)
}

/// Checks that a sub-proof shows exactly what the request asks for.
fn check_contents(
    sub_proof: usize,
    proof: &SubProof,
    request: &SubProofRequest,
    key: &PublicKey,
) -> Result<(), Rejection> {
    let requested = request
        .revealed
        .iter()
        .chain(&request.hidden)
        .chain(request.predicates.iter().map(|predicate| &predicate.attribute));
    for attribute in requested {
        if attribute == LINK_SECRET || !key.r.contains_key(attribute) {
            return Err(Rejection::NoSuchAttribute { sub_proof, attribute: attribute.clone() });
        }
    }
    if !proof.revealed.keys().eq(&request.revealed) {
        return Err(Rejection::RevealedAttributes {
            sub_proof,
            expected: request.revealed.clone(),
            got: proof.revealed.keys().cloned().collect(),
        });
    }
    let hidden = || key.r.keys().filter(|name| !request.revealed.contains(*name));
    if !proof.m.keys().eq(hidden()) {
        return Err(Rejection::HiddenAttributes {
            sub_proof,
            expected: hidden().cloned().collect(),
            got: proof.m.keys().cloned().collect(),
        });
    }
    let mut got: Vec<&Predicate> = proof.predicates.iter().map(|proof| &proof.predicate).collect();
    got.sort();
    if !got.into_iter().eq(&request.predicates) {
        return Err(Rejection::Predicates {
            sub_proof,
            expected: request.predicates.iter().cloned().collect(),
            got: proof.predicates.iter().map(|proof| proof.predicate.clone()).collect(),
        });
    }
    Ok(())
}

/// Checks the ranges of the numbers of an equality proof.
fn check_equality(sub_proof: usize, proof: &SubProof, key: &PublicKey) -> Result<(), Rejection> {
    let part = ProofPart { sub_proof, predicate: None };
    check_element(part, Equation::T, "a_prime", &proof.a_prime, key)?;
    check_length(part, Equation::T, "e", &proof.e, MAX_E_RESPONSE_BITS)?;
    check_length(part, Equation::T, "v", &proof.v, MAX_V_RESPONSE_BITS)?;
    check_length(part, Equation::T, "m2", &proof.m2, MAX_CONTEXT_RESPONSE_BITS)?;
    for (attribute, response) in &proof.m {
        let name = format!("m.{attribute}");
        check_length(part, Equation::T, &name, response, MAX_VALUE_RESPONSE_BITS)?;
    }
    for (attribute, value) in &proof.revealed {
        let name = format!("revealed_attrs.{attribute}");
        let magnitude = value.clone().unsigned_abs();
        check_length(part, Equation::T, &name, &magnitude, VALUE_BITS)?;
    }
    Ok(())
}

/// Checks the ranges of the numbers of a predicate, and that it is about the attribute of its
/// sub-proof.
fn check_predicate(
    part: ProofPart,
    proof: &PredicateProof,
    sub_proof: &SubProof,
    key: &PublicKey,
) -> Result<(), Rejection> {
    for (root, ((t, u), r)) in proof.t.iter().zip(&proof.u).zip(&proof.r).enumerate() {
        let equation = Equation::Root(root);
        check_element(part, equation, &format!("t.{root}"), t, key)?;
        check_length(part, equation, &format!("u.{root}"), u, MAX_VALUE_RESPONSE_BITS)?;
        check_length(part, equation, &format!("r.{root}"), r, MAX_R_RESPONSE_BITS)?;
    }
    let equation = Equation::Difference;
    check_element(part, equation, "t.DELTA", &proof.t_delta, key)?;
    check_length(part, equation, "r.DELTA", &proof.r_delta, MAX_R_RESPONSE_BITS)?;
    check_length(part, equation, "mj", &proof.mj, MAX_VALUE_RESPONSE_BITS)?;
    let alpha = proof.alpha.clone().unsigned_abs();
    check_length(part, Equation::Squares, "alpha", &alpha, MAX_ALPHA_RESPONSE_BITS)?;
    let attribute = &proof.predicate.attribute;
    match sub_proof.m.get(attribute) {
        Some(response) if *response == proof.mj => Ok(()),
        Some(response) => Err(Rejection::PredicateAttribute {
            part,
            attribute: attribute.clone(),
            expected: response.clone(),
            got: proof.mj.clone(),
        }),
        None => Err(Rejection::PredicateOnRevealed { part, attribute: attribute.clone() }),
    }
}

fn check_element(
    part: ProofPart,
    equation: Equation,
    name: &str,
    value: &UBig,
    key: &PublicKey,
) -> Result<(), Rejection> {
    if *value > UBig::ONE && *value < key.n {
        return Ok(());
    }
    Err(Rejection::NotAnElement { part, name: name.into(), equation })
}

fn check_length(
    part: ProofPart,
    equation: Equation,
    name: &str,
    value: &UBig,
    limit: usize,
) -> Result<(), Rejection> {
    let got = value.bit_len();
    if got <= limit {
        return Ok(());
    }
    Err(Rejection::TooLong { part, name: name.into(), equation, limit, got })
}

/// Checks that all sub-proofs have the same response for the link secret.
fn check_link_secret(sub_proofs: &[SubProof]) -> Result<(), Rejection> {
    let responses = || sub_proofs.iter().map(|proof| proof.m.get(LINK_SECRET));
    let Some(Some(expected)) = responses().next() else {
        return Ok(());
    };
    for (sub_proof, response) in responses().enumerate() {
        if let Some(got) = response
            && got != expected
        {
            return Err(Rejection::LinkSecret {
                sub_proof,
                expected: expected.clone(),
                got: got.clone(),
            });
        }
    }
    Ok(())
}

/// Checks that `c_list` is `A'` of each sub-proof and `T_0 T_1 T_2 T_3 T_Δ` of each of its
/// predicates, in order.
fn check_commitments(presentation: &Presentation) -> Result<(), Rejection> {
    let expected = presentation.commitments_in_order();
    if expected.len() != presentation.commitments.len() {
        return Err(Rejection::CommitmentCount {
            expected: expected.len(),
            got: presentation.commitments.len(),
        });
    }
    for (position, ((part, name, value), bytes)) in
        expected.iter().zip(&presentation.commitments).enumerate()
    {
        if *value.to_be_bytes() != **bytes {
            return Err(Rejection::Commitment { part: *part, name: (*name).into(), position });
        }
    }
    Ok(())
}
