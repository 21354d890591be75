//! One number of a presentation was changed: which?

use dashu_int::UBig;
use stdx::text::{Plain, Whole};

use super::recorded::{Recorded, TWO, broken};
use crate::{
    break_it::shown,
    gap::fill,
    outcome::{NotYet, Outcome},
};

/// A JSON pointer to a number of a case.
pub type Place = &'static str;

/// Why a changed number can be found: what it must be equal to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// All sub-proofs of a holder have the same response for the link secret.
    LinkSecret,
    /// A predicate has the same response for its attribute as the credential of which it is proved.
    Predicate,
    /// The number that belongs to a shown text is the number that is proved.
    RevealedValue,
    /// The list of commitments, which is hashed, repeats the commitments of the sub-proofs.
    Commitment,
}

/// Numbers that are changed, one at a time, and why each can be found; `None` if it cannot.
const CHANGED: &[(Place, Option<Reason>)] = &[
    (
        "/presentation/proof/proofs/1/primary_proof/eq_proof/m/master_secret",
        Some(Reason::LinkSecret),
    ),
    (
        "/presentation/proof/proofs/0/primary_proof/eq_proof/m/master_secret",
        Some(Reason::LinkSecret),
    ),
    ("/presentation/proof/proofs/0/primary_proof/ge_proofs/0/mj", Some(Reason::Predicate)),
    ("/presentation/proof/proofs/0/primary_proof/eq_proof/m/age", Some(Reason::Predicate)),
    ("/presentation/requested_proof/revealed_attrs/name/encoded", Some(Reason::RevealedValue)),
    (
        "/presentation/proof/proofs/0/primary_proof/eq_proof/revealed_attrs/name",
        Some(Reason::RevealedValue),
    ),
    ("/presentation/proof/aggregated_proof/c_list/0", Some(Reason::Commitment)),
    ("/presentation/proof/proofs/0/primary_proof/eq_proof/a_prime", Some(Reason::Commitment)),
    ("/presentation/proof/proofs/1/primary_proof/eq_proof/v", None),
];

/// Checks a learner's search for a changed number, in presentations of which each has one.
///
/// # Errors
///
/// The first presentation in which another number was changed than the learner's code finds, with
/// the evidence.
pub fn find(learners: impl Fn(&Recorded) -> Option<(Place, Reason)>) -> Outcome {
    let original = Recorded::read(TWO)?;
    if let Some(reason) = original.verdict().reason() {
        return Err(broken(&reason));
    }
    for (index, (place, reason)) in CHANGED.iter().enumerate() {
        let mut case = original.clone();
        let number = original.number(place).ok_or_else(|| broken("a number is missing"))?;
        case.set(place, &(number ^ UBig::from(2_u8)));
        let found = fill(|| learners(&case)).map_err(|gap| NotYet::new(gap.to_string()))?;
        if let Some((learners, _)) = found
            && original.number(learners).is_none()
        {
            return Err(NotYet::new(format!(
                "your code finds that {} was changed.\nThere is no number at that place.",
                Whole(learners)
            )));
        }
        if found != reason.map(|reason| (*place, reason)) {
            let (number, all) = (index + 1, CHANGED.len());
            return Err(NotYet::new(format!(
                "Presentation {number} of {all}: {}\n\nThe verdict on it:\n\n{}",
                evidence(found, place, *reason),
                shown(&case.verdict())
            )));
        }
    }
    Ok(())
}

/// Returns what speaks against a learner's answer, without the right one.
fn evidence(found: Option<(Place, Reason)>, place: Place, reason: Option<Reason>) -> String {
    let Some((learners, why)) = found else {
        return "your code finds no changed number.\n\
                There is one that differs from another to which it must be equal."
            .to_owned();
    };
    let learners_place = Plain(learners);
    match reason {
        None => format!(
            "your code finds that {learners_place} was changed.\n\
             Here the changed number has no copy, and all pairs are equal: your code should return None."
        ),
        Some(_) if learners == place => format!(
            "your code finds the right number, {learners_place}, for another reason: {why:?}."
        ),
        Some(reason) if reason == why => format!(
            "your code finds that {learners_place} was changed.\n\
             If that were so, all equations would hold with the other number of the pair in its place. They do not."
        ),
        Some(_) => format!(
            "your code finds that {learners_place} was changed.\n\
             No equation of the presentation and no rule about pairs points to it."
        ),
    }
}
