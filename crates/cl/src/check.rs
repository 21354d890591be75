//! Everything about a presentation that can be judged without the equations.

use dashu_base::{BitTest, UnsignedAbs};
use dashu_int::{IBig, UBig};

use crate::challenge::CHALLENGE_BITS;
use crate::limits;
use crate::prepared::PreparedKey;
use crate::presentation::{PredicateProof, Presentation, Revealed, RevealedValues, SubProof};
use crate::public_key::{LINK_SECRET, PublicKey};
use crate::rejection::{Equation, Place, Rejection};
use crate::request::{Predicate, ProofRequest, SubProofRequest};

/// Checks a presentation in the order that [`verify`](crate::verify) documents, up to the equations.
pub(crate) fn check(
    request: &ProofRequest,
    presentation: &Presentation,
    keys: &[&PreparedKey],
) -> Result<(), Rejection> {
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
    let asked = asked_of_each(request, presentation)?;
    let bits = presentation.challenge.bit_len();
    if bits > CHALLENGE_BITS {
        return Err(Rejection::ChallengeTooLong {
            limit: CHALLENGE_BITS,
            got: bits,
        });
    }
    for (index, (proof, (asked, key))) in sub_proofs.iter().zip(asked.iter().zip(keys)).enumerate()
    {
        let key = key.public_key();
        check_contents(index, proof, asked, key)?;
        check_equality(index, proof, key)?;
        for (predicate, predicate_proof) in proof.predicates.iter().enumerate() {
            let place = Place {
                sub_proof: index,
                predicate: Some(predicate),
            };
            check_predicate(place, predicate_proof, proof, key)?;
        }
    }
    check_values(request, presentation)?;
    check_link_secret(sub_proofs)?;
    check_commitments(presentation)
}

/// What each sub-proof has to show, by what the request asks and which sub-proof answers it.
///
/// Every referent of the request must have an answer, and every answer a referent.
fn asked_of_each(
    request: &ProofRequest,
    presentation: &Presentation,
) -> Result<Vec<SubProofRequest>, Rejection> {
    let answers = &presentation.answers;
    let mut asked = vec![SubProofRequest::default(); presentation.sub_proofs.len()];
    let sub_proofs = asked.len();
    let no_such = |referent: &str, got| Rejection::NoSuchSubProof {
        referent: referent.into(),
        sub_proofs,
        got,
    };
    for (referent, revealed) in &answers.revealed {
        let names = names_of(request, referent)?;
        check_names(referent, names, revealed)?;
        let sub_proof = asked
            .get_mut(revealed.sub_proof)
            .ok_or_else(|| no_such(referent, revealed.sub_proof))?;
        sub_proof.revealed.extend(names.iter().cloned());
    }
    for (referent, &index) in &answers.hidden {
        names_of(request, referent)?;
        if index >= sub_proofs {
            return Err(no_such(referent, index));
        }
    }
    for referent in &answers.self_attested {
        names_of(request, referent)?;
    }
    for (referent, &index) in &answers.predicates {
        let predicate = request
            .predicates
            .get(referent)
            .ok_or_else(|| unasked(referent))?;
        let sub_proof = asked
            .get_mut(index)
            .ok_or_else(|| no_such(referent, index))?;
        sub_proof.predicates.insert(predicate.clone());
    }
    let unanswered = |referent: &&String| {
        !answers.revealed.contains_key(*referent)
            && !answers.hidden.contains_key(*referent)
            && !answers.self_attested.contains(*referent)
    };
    let attribute = request.attributes.keys().find(unanswered);
    let predicate = request
        .predicates
        .keys()
        .find(|referent| !answers.predicates.contains_key(*referent));
    match attribute.or(predicate) {
        Some(referent) => Err(Rejection::Unanswered {
            referent: referent.clone(),
        }),
        None => Ok(asked),
    }
}

fn unasked(referent: &str) -> Rejection {
    Rejection::Unasked {
        referent: referent.into(),
    }
}

/// The attributes that a referent asks for.
fn names_of<'r>(request: &'r ProofRequest, referent: &str) -> Result<&'r Vec<String>, Rejection> {
    request
        .attributes
        .get(referent)
        .ok_or_else(|| unasked(referent))
}

/// A referent's answer must be for the attributes that it asks for.
fn check_names(referent: &str, names: &[String], revealed: &Revealed) -> Result<(), Rejection> {
    let got: Vec<String> = match &revealed.values {
        RevealedValues::Single(_) if names.len() == 1 => return Ok(()),
        RevealedValues::Single(_) => Vec::new(),
        RevealedValues::Group(values) => values.iter().map(|(name, _)| name.clone()).collect(),
    };
    let same = |name: &String| got.contains(name);
    if got.len() == names.len()
        && names.iter().all(same)
        && got.iter().all(|name| names.contains(name))
    {
        return Ok(());
    }
    Err(Rejection::AnsweredAttributes {
        referent: referent.into(),
        expected: names.to_vec(),
        got,
    })
}

/// The sub-proof must be about what it was asked for, no more and no less.
fn check_contents(
    sub_proof: usize,
    proof: &SubProof,
    asked: &SubProofRequest,
    key: &PublicKey,
) -> Result<(), Rejection> {
    let wanted = asked.revealed.iter().chain(
        asked
            .predicates
            .iter()
            .map(|predicate| &predicate.attribute),
    );
    for attribute in wanted {
        if attribute == LINK_SECRET || !key.r.contains_key(attribute) {
            return Err(Rejection::NoSuchAttribute {
                sub_proof,
                attribute: attribute.clone(),
            });
        }
    }
    if !proof.revealed.keys().eq(&asked.revealed) {
        return Err(Rejection::RevealedAttributes {
            sub_proof,
            expected: asked.revealed.clone(),
            got: proof.revealed.keys().cloned().collect(),
        });
    }
    let hidden = || key.r.keys().filter(|name| !asked.revealed.contains(*name));
    if !proof.m.keys().eq(hidden()) {
        return Err(Rejection::HiddenAttributes {
            sub_proof,
            expected: hidden().cloned().collect(),
            got: proof.m.keys().cloned().collect(),
        });
    }
    let mut got: Vec<&Predicate> = proof
        .predicates
        .iter()
        .map(|proof| &proof.predicate)
        .collect();
    got.sort();
    if !got.into_iter().eq(&asked.predicates) {
        return Err(Rejection::Predicates {
            sub_proof,
            expected: asked.predicates.iter().cloned().collect(),
            got: proof
                .predicates
                .iter()
                .map(|proof| proof.predicate.clone())
                .collect(),
        });
    }
    Ok(())
}

/// The ranges of the equality proof's numbers.
fn check_equality(sub_proof: usize, proof: &SubProof, key: &PublicKey) -> Result<(), Rejection> {
    let place = Place {
        sub_proof,
        predicate: None,
    };
    check_element(place, Equation::T, "a_prime", &proof.a_prime, key)?;
    check_length(place, Equation::T, "e", &proof.e, limits::E)?;
    check_length(place, Equation::T, "v", &proof.v, limits::V)?;
    check_length(place, Equation::T, "m2", &proof.m2, limits::M2)?;
    for (attribute, response) in &proof.m {
        let name = format!("m.{attribute}");
        check_length(place, Equation::T, &name, response, limits::M)?;
    }
    for (attribute, value) in &proof.revealed {
        let name = format!("revealed_attrs.{attribute}");
        let magnitude = value.clone().unsigned_abs();
        check_length(place, Equation::T, &name, &magnitude, limits::VALUE)?;
    }
    Ok(())
}

/// The ranges of a predicate's numbers, and that it is about the attribute of its sub-proof.
fn check_predicate(
    place: Place,
    proof: &PredicateProof,
    sub_proof: &SubProof,
    key: &PublicKey,
) -> Result<(), Rejection> {
    for (root, ((t, u), r)) in proof.t.iter().zip(&proof.u).zip(&proof.r).enumerate() {
        let equation = Equation::Root(root);
        check_element(place, equation, &format!("t.{root}"), t, key)?;
        check_length(place, equation, &format!("u.{root}"), u, limits::M)?;
        check_length(place, equation, &format!("r.{root}"), r, limits::R)?;
    }
    let equation = Equation::Difference;
    check_element(place, equation, "t.DELTA", &proof.t_delta, key)?;
    check_length(place, equation, "r.DELTA", &proof.r_delta, limits::R)?;
    check_length(place, equation, "mj", &proof.mj, limits::M)?;
    let alpha = proof.alpha.clone().unsigned_abs();
    check_length(place, Equation::Squares, "alpha", &alpha, limits::ALPHA)?;
    let attribute = &proof.predicate.attribute;
    match sub_proof.m.get(attribute) {
        Some(response) if *response == proof.mj => Ok(()),
        Some(response) => Err(Rejection::PredicateAttribute {
            place,
            attribute: attribute.clone(),
            expected: response.clone(),
            got: proof.mj.clone(),
        }),
        None => Err(Rejection::PredicateOnRevealed {
            place,
            attribute: attribute.clone(),
        }),
    }
}

fn check_element(
    place: Place,
    equation: Equation,
    name: &str,
    value: &UBig,
    key: &PublicKey,
) -> Result<(), Rejection> {
    if *value > UBig::ONE && *value < key.n {
        return Ok(());
    }
    Err(Rejection::NotAnElement {
        place,
        name: name.into(),
        equation,
    })
}

fn check_length(
    place: Place,
    equation: Equation,
    name: &str,
    value: &UBig,
    limit: usize,
) -> Result<(), Rejection> {
    let got = value.bit_len();
    if got <= limit {
        return Ok(());
    }
    Err(Rejection::TooLong {
        place,
        name: name.into(),
        equation,
        limit,
        got,
    })
}

/// The answers must show the values that the sub-proofs prove.
fn check_values(request: &ProofRequest, presentation: &Presentation) -> Result<(), Rejection> {
    for (referent, answer) in &presentation.answers.revealed {
        let claimed: Vec<(&String, &IBig)> = match &answer.values {
            RevealedValues::Single(value) => names_of(request, referent)?
                .iter()
                .map(|name| (name, value))
                .collect(),
            RevealedValues::Group(values) => {
                values.iter().map(|(name, value)| (name, value)).collect()
            }
        };
        let proved = presentation
            .sub_proofs
            .get(answer.sub_proof)
            .map(|proof| &proof.revealed);
        for (attribute, got) in claimed {
            if let Some(expected) = proved.and_then(|proved| proved.get(attribute))
                && expected != got
            {
                return Err(Rejection::RevealedValue {
                    sub_proof: answer.sub_proof,
                    referent: referent.clone(),
                    attribute: attribute.clone(),
                    expected: expected.clone(),
                    got: got.clone(),
                });
            }
        }
    }
    Ok(())
}

/// All credentials must be shown to hold the same link secret.
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

/// `c_list` must be `A'` of each sub-proof and `T_0 T_1 T_2 T_3 T_Δ` of each of its predicates, in order.
fn check_commitments(presentation: &Presentation) -> Result<(), Rejection> {
    let expected = presentation.commitments_in_order();
    if expected.len() != presentation.commitments.len() {
        return Err(Rejection::CommitmentCount {
            expected: expected.len(),
            got: presentation.commitments.len(),
        });
    }
    for (position, ((place, name, value), bytes)) in
        expected.iter().zip(&presentation.commitments).enumerate()
    {
        if *value.to_be_bytes() != **bytes {
            return Err(Rejection::Commitment {
                place: *place,
                name: (*name).into(),
                position,
            });
        }
    }
    Ok(())
}
