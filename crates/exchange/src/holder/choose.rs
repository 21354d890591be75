//! The automatic choice among candidates.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

use super::{Answer, Candidate, Found, Reason, Shortage, Shown, candidate::instant};
use crate::message::{Criterion, ProofRequest};

/// Which optional attributes the holder wants to show: names by the place of the criterion in the request, from 0.
pub type Disclose = BTreeMap<usize, BTreeSet<String>>;

/// Why no choice can be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChooseError {
    /// There are too few candidates for a criterion.
    #[error(
        "the criterion {description:?} needs {} credentials, and {} were found. {}",
        shortage.needed, shortage.found, sentences(&shortage.reasons)
    )]
    TooFew {
        /// The criterion's place in the request, from 0.
        criterion: usize,
        /// Its description.
        description: String,
        /// Why there are too few.
        shortage: Shortage,
    },
    /// The criterion was not searched for.
    #[error("the criterion {description:?} was not searched for; search for the whole request")]
    NotSearched {
        /// The criterion's place in the request, from 0.
        criterion: usize,
        /// Its description.
        description: String,
    },
}

fn sentences(reasons: &[Reason]) -> String {
    let sentences: Vec<String> = reasons.iter().map(Reason::to_string).collect();
    sentences.join(" ")
}

/// Chooses an answer to each criterion that has none in `given` yet, which holds answers made by hand or in zero
/// knowledge, by the criterion's place in the request.
///
/// As few credentials are taken as the criterion needs; none where its `min` is 0. Among the candidates that were
/// found first, in this order:
///
/// 1. one that answers no other criterion, before one that does;
/// 2. the one that was issued last;
/// 3. of those the one that is valid longest;
/// 4. of those the one with the least id.
///
/// So the same wallet and the same request always give the same choice. All required attributes are shown, and the
/// optional ones that `disclose` names, where the credential has them.
///
/// # Errors
///
/// [`ChooseError`], for the first criterion that cannot be answered.
pub fn choose(
    request: &ProofRequest,
    found: &[Found<'_>],
    mut given: BTreeMap<usize, Answer>,
    disclose: &Disclose,
) -> Result<Vec<Answer>, ChooseError> {
    let mut used = used_by(given.values());
    let none = BTreeSet::new();
    let mut answers = Vec::with_capacity(request.body.criteria.len());
    for (number, criterion) in request.body.criteria.iter().enumerate() {
        let answer = match given.remove(&number) {
            Some(answer) => answer,
            None if criterion.least() == 0 => Answer::Nothing,
            None => {
                let found = found.iter().find(|found| found.criterion == number);
                let found = found.ok_or_else(|| ChooseError::NotSearched {
                    criterion: number,
                    description: criterion.description.clone(),
                })?;
                let wanted = disclose.get(&number).unwrap_or(&none);
                let chosen = choose_for(criterion, found, &used, wanted)?;
                Answer::Signed(chosen)
            }
        };
        used.extend(used_by([&answer]));
        answers.push(answer);
    }
    Ok(answers)
}

fn choose_for(
    criterion: &Criterion,
    found: &Found<'_>,
    used: &BTreeSet<String>,
    disclose: &BTreeSet<String>,
) -> Result<Vec<Shown>, ChooseError> {
    let least = usize::try_from(criterion.least()).unwrap_or(usize::MAX);
    if found.candidates.len() < least {
        let shortage = found.shortage.clone().unwrap_or_else(|| Shortage {
            found: found.candidates.len(),
            needed: criterion.least(),
            reasons: Vec::new(),
        });
        return Err(ChooseError::TooFew {
            criterion: found.criterion,
            description: criterion.description.clone(),
            shortage,
        });
    }
    let mut candidates: Vec<&Candidate> = found.candidates.iter().collect();
    candidates.sort_by_cached_key(|candidate| rank(candidate, used));
    let chosen = candidates.into_iter().take(least);
    let chosen = chosen.map(|candidate| Shown {
        credential_id: candidate.credential_id.clone(),
        optional: candidate
            .optional
            .keys()
            .filter(|name| disclose.contains(*name))
            .cloned()
            .collect(),
    });
    Ok(chosen.collect())
}

/// The less, the better.
fn rank(candidate: &Candidate, used: &BTreeSet<String>) -> impl Ord + use<> {
    let expires = candidate.expiration_date.as_deref();
    (
        used.contains(&candidate.credential_id),
        Reverse(instant(&candidate.issuance_date)),
        // without an end before with one, and a later end before an earlier one
        Reverse((expires.is_none(), expires.and_then(instant))),
        candidate.credential_id.clone(),
    )
}

fn used_by<'a>(answers: impl IntoIterator<Item = &'a Answer>) -> BTreeSet<String> {
    let mut used = BTreeSet::new();
    for answer in answers {
        if let Answer::Signed(shown) = answer {
            used.extend(shown.iter().map(|shown| shown.credential_id.clone()));
        }
    }
    used
}
