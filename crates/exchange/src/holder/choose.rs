//! The automatic choice among candidates.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

use super::{Candidate, CriterionAnswer, CriterionMatches, ShownCredential};
use crate::{
    date,
    error::ExchangeError,
    message::{Criterion, ProofRequest},
};

/// The optional attributes that the holder shows: names by the index of the criterion in the
/// request, from 0.
pub type OptionalAttributes = BTreeMap<usize, BTreeSet<String>>;

/// Chooses an answer to each criterion that has none in `given`, which holds answers made by hand
/// or in zero knowledge by the criterion's index.
///
/// It takes as few credentials as the criterion needs; none where its `min` is 0. Among the
/// candidates of the first page it prefers, in this order:
///
/// 1. one that answers no other criterion, before one that does;
/// 2. the one that shows the fewest attributes: one that is signed as a whole shows all;
/// 3. of those the one that was issued last;
/// 4. of those the one that is valid longest;
/// 5. of those the one with the least id.
///
/// So the same wallet and the same request always give the same choice. All required attributes are
/// shown, and of the optional ones those that `optional` names, where the credential has them.
///
/// # Errors
///
/// [`ExchangeError`], for the first criterion that was not searched for, or has too few candidates,
/// and why.
pub fn choose(
    request: &ProofRequest,
    found: &[CriterionMatches<'_>],
    mut given: BTreeMap<usize, CriterionAnswer>,
    optional: &OptionalAttributes,
) -> Result<Vec<CriterionAnswer>, ExchangeError> {
    let mut used: BTreeSet<String> = given.values().flat_map(shown_by).collect();
    let none = BTreeSet::new();
    let mut answers = Vec::with_capacity(request.body.criteria.len());
    for (number, criterion) in request.body.criteria.iter().enumerate() {
        let answer = match given.remove(&number) {
            Some(answer) => answer,
            None if criterion.min_count() == 0 => CriterionAnswer::Nothing,
            None => {
                let found = found.get(number).ok_or_else(|| {
                    ExchangeError::Other(format!(
                        "the criterion {:?} was not searched for; search for the whole request",
                        criterion.description
                    ))
                })?;
                let optional = optional.get(&number).unwrap_or(&none);
                let chosen = choose_for(criterion, found, &used, optional)?;
                CriterionAnswer::Signed(chosen)
            }
        };
        used.extend(shown_by(&answer));
        answers.push(answer);
    }
    Ok(answers)
}

fn choose_for(
    criterion: &Criterion,
    found: &CriterionMatches<'_>,
    used: &BTreeSet<String>,
    optional: &BTreeSet<String>,
) -> Result<Vec<ShownCredential>, ExchangeError> {
    let needed = usize::try_from(criterion.min_count()).unwrap_or(usize::MAX);
    if found.candidates.len() < needed {
        let unmatched = found.unmatched.iter().flatten();
        let reasons: String = unmatched.map(|reason| format!(" {reason}")).collect();
        return Err(ExchangeError::Other(format!(
            "the criterion {:?} needs {needed} credentials, and {} were found.{reasons}",
            criterion.description,
            found.candidates.len()
        )));
    }
    let mut candidates: Vec<&Candidate> = found.candidates.iter().collect();
    candidates.sort_by_cached_key(|candidate| rank(candidate, used));
    let chosen = candidates.into_iter().take(needed);
    let chosen = chosen.map(|candidate| ShownCredential {
        credential_id: candidate.credential_id.clone(),
        optional: candidate
            .optional
            .keys()
            .filter(|name| optional.contains(*name))
            .cloned()
            .collect(),
    });
    Ok(chosen.collect())
}

/// Returns a key to sort candidates by, the best first.
fn rank(candidate: &Candidate, used: &BTreeSet<String>) -> impl Ord + use<> {
    let expires = candidate.expiration_date.as_deref();
    (
        used.contains(&candidate.credential_id),
        candidate.required.len(),
        Reverse(date::parse(&candidate.issuance_date)),
        // first what never expires, then what expires last
        Reverse((expires.is_none(), expires.and_then(date::parse))),
        candidate.credential_id.clone(),
    )
}

/// Returns the ids of the credentials that an answer shows.
fn shown_by(answer: &CriterionAnswer) -> Vec<String> {
    match answer {
        CriterionAnswer::Signed(shown) => {
            shown.iter().map(|one| one.credential_id.clone()).collect()
        }
        _ => Vec::new(),
    }
}
