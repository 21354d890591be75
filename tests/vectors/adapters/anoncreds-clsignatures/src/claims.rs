//! Whether a presentation's `requested_proof` says the same as its request and its proof.
//!
//! The library has no notion of it: a test in which it says something else cannot be asked.

use serde_json::Value;

use crate::verify::common;

/// Returns what the library cannot be asked about, if there is something.
pub fn beyond_the_library(input: &Value) -> Option<&'static str> {
    let (request, answered) =
        (&input["presentation_request"], &input["presentation"]["requested_proof"]);
    let kinds =
        ["revealed_attrs", "revealed_attr_groups", "unrevealed_attrs", "self_attested_attrs"];
    if names(kinds.iter().map(|kind| &answered[kind])) != names([&request["requested_attributes"]])
        || names([&answered["predicates"]]) != names([&request["requested_predicates"]])
    {
        return Some("the library does not know which referents are answered");
    }
    let proofs = &input["presentation"]["proof"]["proofs"];
    let asked = &request["requested_attributes"];
    for (referent, value) in members(&answered["revealed_attrs"]) {
        if !is_proved(value, &value["sub_proof_index"], &asked[referent]["name"], proofs) {
            return Some("the library does not know which values are claimed");
        }
    }
    for (referent, group) in members(&answered["revealed_attr_groups"]) {
        let wanted = asked[referent]["names"].as_array().into_iter().flatten();
        let mut wanted: Vec<&str> = wanted.filter_map(Value::as_str).collect();
        wanted.sort_unstable();
        let index = &group["sub_proof_index"];
        let is_claimed = |(name, value): (&String, &Value)| {
            is_proved(value, index, &Value::from(name.as_str()), proofs)
        };
        if names([&group["values"]]) != wanted || !members(&group["values"]).all(is_claimed) {
            return Some("the library does not know which values of a group are claimed");
        }
    }
    None
}

/// Returns whether a claimed integer is the one that a sub-proof reveals.
fn is_proved(claimed: &Value, index: &Value, name: &Value, proofs: &Value) -> bool {
    let (Some(index), Some(name)) = (index.as_u64(), name.as_str()) else {
        return false;
    };
    let proof = index.try_into().ok().and_then(|index: usize| proofs.get(index));
    proof.is_some_and(|proof| {
        proof["primary_proof"]["eq_proof"]["revealed_attrs"][common(name)] == claimed["encoded"]
    })
}

fn members(object: &Value) -> impl Iterator<Item = (&String, &Value)> {
    object.as_object().into_iter().flatten()
}

/// Returns the names of all members of some objects, sorted.
fn names<'o>(objects: impl IntoIterator<Item = &'o Value>) -> Vec<&'o str> {
    let mut names: Vec<&str> =
        objects.into_iter().flat_map(members).map(|(name, _)| name.as_str()).collect();
    names.sort_unstable();
    names
}
