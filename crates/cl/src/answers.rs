//! The checks of `requested_proof`: which sub-proof answers each referent, and how.

use std::collections::BTreeSet;

use dashu_int::IBig;

use crate::presentation::{Answer, Presentation};
use crate::rejection::Rejection;
use crate::request::{ProofRequest, SubProofRequest};

/// Returns the part of the request that each sub-proof answers.
///
/// Every referent of the request must have exactly one answer, in the member that is for what it
/// asks, and every answer a referent.
pub(crate) fn request_of_each(
    request: &ProofRequest,
    presentation: &Presentation,
) -> Result<Vec<SubProofRequest>, Rejection> {
    let mut requests = vec![SubProofRequest::default(); presentation.sub_proofs.len()];
    let mut answered = BTreeSet::new();
    for (referent, answer) in &presentation.answers.attributes {
        let names = request.attributes.get(referent).ok_or_else(|| unknown(referent, ATTRIBUTE))?;
        if !answered.insert(referent) {
            return Err(Rejection::AnsweredTwice { referent: referent.clone() });
        }
        check_member(referent, answer, request.groups.contains_key(referent))?;
        match answer {
            Answer::Single { sub_proof, .. } => {
                let answering = at(&mut requests, referent, *sub_proof)?;
                answering.revealed.extend(names.iter().cloned());
            }
            Answer::Group { sub_proof, values } => {
                check_names(referent, names, values)?;
                let answering = at(&mut requests, referent, *sub_proof)?;
                answering.revealed.extend(names.iter().cloned());
            }
            Answer::Hidden { sub_proof } => {
                let answering = at(&mut requests, referent, *sub_proof)?;
                answering.hidden.extend(names.iter().cloned());
            }
            Answer::SelfAttested => {}
        }
    }
    let proved = &presentation.answers.predicates;
    for (referent, &sub_proof) in proved {
        let predicate =
            request.predicates.get(referent).ok_or_else(|| unknown(referent, PREDICATE))?;
        at(&mut requests, referent, sub_proof)?.predicates.insert(predicate.clone());
    }
    let attribute = request.attributes.keys().find(|referent| !answered.contains(referent));
    let predicate = request.predicates.keys().find(|referent| !proved.contains_key(*referent));
    match attribute.or(predicate) {
        Some(referent) => Err(Rejection::Unanswered { referent: referent.clone() }),
        None => Ok(requests),
    }
}

const ATTRIBUTE: &str = "attribute";
const PREDICATE: &str = "predicate";

fn unknown(referent: &str, kind: &'static str) -> Rejection {
    Rejection::UnknownReferent { referent: referent.into(), kind }
}

/// Returns the request of the sub-proof that answers a referent.
fn at<'r>(
    requests: &'r mut [SubProofRequest],
    referent: &str,
    sub_proof: usize,
) -> Result<&'r mut SubProofRequest, Rejection> {
    let sub_proofs = requests.len();
    requests.get_mut(sub_proof).ok_or_else(|| Rejection::NoSuchSubProof {
        referent: referent.into(),
        sub_proofs,
        got: sub_proof,
    })
}

/// Checks that an answer is in a member that is for what its referent asks: a group is answered
/// from one credential, and a single attribute not as a group.
fn check_member(referent: &str, answer: &Answer, is_group: bool) -> Result<(), Rejection> {
    let is_possible = match answer {
        Answer::Single { .. } | Answer::SelfAttested => !is_group,
        Answer::Group { .. } => is_group,
        Answer::Hidden { .. } => true,
    };
    if is_possible {
        return Ok(());
    }
    Err(Rejection::AnswerMember {
        referent: referent.into(),
        expected: if is_group { "a group (`names`)" } else { "one attribute (`name`)" },
        got: answer.member(),
    })
}

/// Checks that a group has values for exactly the attributes that its referent asks for, all of
/// them different.
fn check_names(
    referent: &str,
    names: &[String],
    values: &[(String, IBig)],
) -> Result<(), Rejection> {
    let expected: BTreeSet<&String> = names.iter().collect();
    let got: BTreeSet<&String> = values.iter().map(|(name, _)| name).collect();
    if values.len() == names.len() && got == expected {
        return Ok(());
    }
    Err(Rejection::AnsweredAttributes {
        referent: referent.into(),
        expected: names.to_vec(),
        got: values.iter().map(|(name, _)| name.clone()).collect(),
    })
}

/// Checks that the answers show the values that the sub-proofs prove.
pub(crate) fn check_values(
    request: &ProofRequest,
    presentation: &Presentation,
) -> Result<(), Rejection> {
    for (referent, answer) in &presentation.answers.attributes {
        let (sub_proof, claimed): (usize, Vec<(&String, &IBig)>) = match answer {
            Answer::Single { sub_proof, value } => {
                let names = request.attributes.get(referent).into_iter().flatten();
                (*sub_proof, names.map(|name| (name, value)).collect())
            }
            Answer::Group { sub_proof, values } => {
                (*sub_proof, values.iter().map(|(name, value)| (name, value)).collect())
            }
            Answer::Hidden { .. } | Answer::SelfAttested => continue,
        };
        let proved = presentation.sub_proofs.get(sub_proof).map(|proof| &proof.revealed);
        for (attribute, got) in claimed {
            if let Some(expected) = proved.and_then(|proved| proved.get(attribute))
                && expected != got
            {
                return Err(Rejection::RevealedValue {
                    sub_proof,
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
