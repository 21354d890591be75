//! Changes of a test's `{"input", "public"}`, by JSON pointers.

use dashu_int::IBig;
use serde_json::{Value, json};

/// The presentation.
pub const PRESENTATION: &str = "/input/presentation";

/// The request.
pub const REQUEST: &str = "/input/presentation_request";

/// What the presentation says that it answers.
pub const REQUESTED: &str = "/input/presentation/requested_proof";

/// The challenge and what it covers.
pub const AGGREGATED: &str = "/input/presentation/proof/aggregated_proof";

/// A sub-proof's equality proof.
pub fn eq_proof(sub_proof: usize) -> String {
    format!("{PRESENTATION}/proof/proofs/{sub_proof}/primary_proof/eq_proof")
}

/// A sub-proof's predicate proof.
pub fn ge_proof(sub_proof: usize, position: usize) -> String {
    format!("{PRESENTATION}/proof/proofs/{sub_proof}/primary_proof/ge_proofs/{position}")
}

/// Returns a value, which is there.
pub fn at<'g>(given: &'g mut Value, pointer: &str) -> &'g mut Value {
    given.pointer_mut(pointer).unwrap_or_else(|| panic!("there is no {pointer}"))
}

/// Sets a value that is there, or adds a member to an object that is.
pub fn set(given: &mut Value, pointer: &str, value: Value) {
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    let name = name.replace("~1", "/").replace("~0", "~");
    match at(given, parent) {
        Value::Object(members) => {
            members.insert(name, value);
        }
        Value::Array(items) => items[name.parse::<usize>().unwrap()] = value,
        _ => panic!("{parent} has no members"),
    }
}

/// Removes a member or an item, and returns it.
pub fn remove(given: &mut Value, pointer: &str) -> Value {
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    let name = name.replace("~1", "/").replace("~0", "~");
    match at(given, parent) {
        Value::Object(members) => members.remove(&name).unwrap(),
        Value::Array(items) => items.remove(name.parse().unwrap()),
        _ => panic!("{parent} has no members"),
    }
}

/// Gives a member another name.
pub fn rename(given: &mut Value, pointer: &str, name: &str) {
    let value = remove(given, pointer);
    let (parent, _) = pointer.rsplit_once('/').unwrap();
    set(given, &format!("{parent}/{name}"), value);
}

/// Exchanges two values.
pub fn swap(given: &mut Value, one: &str, other: &str) {
    let [first, second] = [one, other].map(|pointer| at(given, pointer).clone());
    *at(given, one) = second;
    *at(given, other) = first;
}

/// Adds to a decimal number that is written as a text.
pub fn add(given: &mut Value, pointer: &str, amount: impl Into<IBig>) {
    let value = at(given, pointer);
    let number: IBig = value.as_str().unwrap().parse().unwrap();
    *value = json!((number + amount.into()).to_string());
}

/// Writes the bytes of a decimal number into an item of `c_list`, as a prover would.
pub fn cover(given: &mut Value, item: usize, pointer: &str) {
    let number: dashu_int::UBig = at(given, pointer).as_str().unwrap().parse().unwrap();
    let bytes: Vec<Value> = number.to_be_bytes().iter().map(|byte| json!(byte)).collect();
    set(given, &format!("{AGGREGATED}/c_list/{item}"), Value::Array(bytes));
}
