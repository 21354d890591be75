//! Six ways to produce a wrong presentation, and which check finds each.
//!
//! The learner predicts the check, then changes a recorded case so that it fails. A case is a JSON
//! object with a proof request, the presentation that answers it, and the ledger's objects that
//! both name: `{"presentation_request", "presentation", "schemas", "cred_defs"}`.
//!
//! Of each exercise it is known which places may be changed, which must be, and which check must
//! fail. Only `cl` computes the mathematics here, so that each change makes one check fail.

mod changes;
mod experiment;

use serde_json::Map;

use crate::{
    gap::fill,
    outcome::{NotYet, Outcome},
};
use changes::Places;
use experiment::{Fails, Passes};

pub(crate) use experiment::{shown, verdict};

pub use proofs::Check;
pub use serde_json::{Value, json};

/// The case of a holder called Alex, by `negotiate-proof case`, of a home in which the walkthrough
/// has run.
pub(crate) const ALEX: &str = include_str!("../../fixtures/case-alex.json");
/// Bea's, from another home: another issuer, another link secret. Her credential says Alex, too.
pub(crate) const BEA: &str = include_str!("../../fixtures/case-bea.json");

/// Where the tutorial's request has the restrictions of its only predicate, and of its only
/// attribute.
const RESTRICTIONS: [&str; 2] = [
    "/presentation_request/requested_predicates/predicate1_referent/restrictions",
    "/presentation_request/requested_attributes/attr1_referent/restrictions",
];

/// Checks the exercise in which the text that people read is changed.
///
/// # Errors
///
/// What is not yet right, as in all functions of this module.
pub fn text(prediction: Check, change: impl FnOnce(&mut Value)) -> Outcome {
    let case = recorded(ALEX)?;
    let changed = changed_by(&case, change)?;
    let raw = ["/presentation/requested_proof/revealed_attrs/attr1_referent/raw"];
    Places { may: &raw, must: &raw }.check(&case, &changed)?;
    Fails { check: Check::Encoding, referents: None }.compare(&changed, prediction)
}

/// Checks the exercise in which a presentation answers a request with another nonce.
///
/// # Errors
///
/// As for [`text`].
pub fn nonce(prediction: Check, change: impl FnOnce(&mut Value)) -> Outcome {
    let case = recorded(ALEX)?;
    let changed = changed_by(&case, change)?;
    let nonce = ["/presentation_request/nonce"];
    Places { may: &nonce, must: &nonce }.check(&case, &changed)?;
    Fails { check: Check::MathematicsCl, referents: None }.compare(&changed, prediction)
}

/// Checks the exercise in which another issuer's credential answers: which check fails, for which
/// referents, and what fails if the request has no restrictions.
///
/// # Errors
///
/// As for [`text`].
pub fn issuer(
    prediction: Check,
    referents: &[&str],
    without_restrictions: Option<Check>,
    change: impl FnOnce(&mut Value, &Value),
) -> Outcome {
    let (case, bea) = (recorded(ALEX)?, recorded(BEA)?);
    let mut changed = changed_by(&case, |case| change(case, &bea))?;
    let may = ["/presentation", "/schemas", "/cred_defs"];
    Places { may: &may, must: &["/presentation"] }.check(&case, &changed)?;
    Fails { check: Check::Restrictions, referents: Some(referents) }
        .compare(&changed, prediction)?;
    for pointer in RESTRICTIONS {
        if let Some(restrictions) = changed.pointer_mut(pointer) {
            *restrictions = Value::Object(Map::new());
        }
    }
    Passes("the same presentation and a request without restrictions")
        .compare(&changed, without_restrictions)
}

/// Checks the exercise in which the request asks for a bound that was not proved, and then the
/// presentation claims that it was.
///
/// # Errors
///
/// As for [`text`].
pub fn predicate(
    asked: (Check, impl FnOnce(&mut Value)),
    claimed: (Check, impl FnOnce(&mut Value)),
) -> Outcome {
    let case = recorded(ALEX)?;
    let asking = changed_by(&case, asked.1)?;
    let bound = ["/presentation_request/requested_predicates/predicate1_referent/p_value"];
    Places { may: &bound, must: &bound }.check(&case, &asking)?;
    Fails { check: Check::Predicates, referents: None }.compare(&asking, asked.0)?;

    let claiming = changed_by(&asking, claimed.1)?;
    let bound = ["/presentation/proof/proofs/0/primary_proof/ge_proofs/0/predicate/value"];
    Places { may: &bound, must: &bound }.check(&asking, &claiming)?;
    Fails { check: Check::MathematicsCl, referents: None }.compare(&claiming, claimed.0)
}

/// Checks the exercise in which a restriction demands a value: one that is hidden, and then one
/// that is shown.
///
/// # Errors
///
/// As for [`text`].
pub fn hidden(
    hidden: (Check, &str, impl FnOnce(&mut Value)),
    shown: (Option<Check>, impl FnOnce(&mut Value)),
) -> Outcome {
    let case = recorded(ALEX)?;
    let (prediction, referent, change) = hidden;
    let changed = changed_by(&case, change)?;
    let [of_predicate, of_attribute] = RESTRICTIONS;
    let demand = format!("{of_predicate}/attr::sex::value");
    Places { may: &[&demand], must: &[&demand] }.check(&case, &changed)?;
    if changed.pointer(&demand) != Some(&"male".into()) {
        return Err(NotYet::new(
            "Alex is male: demand \"male\". That another value is refused would show nothing.",
        ));
    }
    let referents = [referent];
    Fails { check: Check::Restrictions, referents: Some(&referents) }
        .compare(&changed, prediction)?;

    let (prediction, change) = shown;
    let changed = changed_by(&case, change)?;
    let demand = format!("{of_attribute}/attr::name::value");
    Places { may: &[&demand], must: &[&demand] }.check(&case, &changed)?;
    Passes("the request that demands a shown value").compare(&changed, prediction)
}

/// Checks the exercise in which the proofs of two holders become one presentation.
///
/// # Errors
///
/// As for [`text`].
pub fn holders(prediction: Check, change: impl FnOnce(&mut Value, &Value)) -> Outcome {
    let (case, bea) = (recorded(ALEX)?, recorded(BEA)?);
    let changed = changed_by(&case, |case| change(case, &bea))?;
    let must = [
        "/presentation/proof/proofs/1",
        "/presentation/proof/aggregated_proof/c_list/6",
        "/presentation/identifiers/1",
        "/presentation/requested_proof/revealed_attrs/other_name",
    ];
    let may = [
        "/presentation_request/requested_attributes/other_name",
        "/presentation_request/requested_predicates/other_adult",
        "/presentation/requested_proof/predicates/other_adult",
        "/presentation/proof/aggregated_proof/c_list",
        "/schemas",
        "/cred_defs",
    ];
    let may: Vec<&str> = may.into_iter().chain(must).collect();
    Places { may: &may, must: &must }.check(&case, &changed)?;
    Fails { check: Check::SameHolder, referents: None }.compare(&changed, prediction)
}

/// Appends the elements of the list at a JSON pointer in another case to the list at the same
/// pointer. Does nothing if either is not a list.
pub fn append(case: &mut Value, other: &Value, pointer: &str) {
    let list = case.pointer_mut(pointer).and_then(Value::as_array_mut);
    let others = other.pointer(pointer).and_then(Value::as_array);
    if let (Some(list), Some(others)) = (list, others) {
        list.extend(others.iter().cloned());
    }
}

/// Adds the members of the object at a JSON pointer in another case to the object at the same
/// pointer. Does nothing if either is not an object.
pub fn add_members(case: &mut Value, other: &Value, pointer: &str) {
    let object = case.pointer_mut(pointer).and_then(Value::as_object_mut);
    let others = other.pointer(pointer).and_then(Value::as_object);
    if let (Some(object), Some(others)) = (object, others) {
        object.extend(others.iter().map(|(name, value)| (name.clone(), value.clone())));
    }
}

/// Reads a recorded case, which must be verified before anything is changed.
fn recorded(text: &str) -> Result<Value, NotYet> {
    let case = serde_json::from_str(text).map_err(|error| broken(&error.to_string()))?;
    match verdict(&case).reason() {
        None => Ok(case),
        Some(reason) => Err(broken(&reason)),
    }
}

/// Returns what to say of a recorded case that cannot be used, which no learner can mend.
fn broken(reason: &str) -> NotYet {
    NotYet::new(format!(
        "The recorded case of this exercise is not verified before any change: {reason}.\n\
         This is not about your exercise; please report it."
    ))
}

/// Returns a case as a learner's code changes it.
fn changed_by(case: &Value, change: impl FnOnce(&mut Value)) -> Result<Value, NotYet> {
    let mut changed = case.clone();
    fill(|| change(&mut changed)).map_err(|gap| NotYet::new(gap.to_string()))?;
    Ok(changed)
}
