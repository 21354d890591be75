//! Which status list follows from a registry's change, and which change from two lists?

use proofs::forms::{Sources, convert};
use proofs::kinds::Form;
use serde_json::{Value, json};

use super::super::Answer;

/// Answers with the list after a change, or with the change that leads to a list.
pub(super) fn answer(input: &Value) -> Answer {
    let given = |name: &str| input.get(name).filter(|value| !value.is_null()).cloned();
    let sources = Sources {
        registry: given("registry"),
        earlier: given("before"),
        timestamp: input["timestamp"].as_u64(),
        ..Sources::default()
    };
    let (name, written, form) = match (given("delta"), given("after")) {
        (Some(delta), None) => ("after", delta, Form::AnonCreds),
        (None, Some(after)) => ("delta", after, Form::Indy),
        _ => return Answer::unsupported("neither a change nor a list"),
    };
    match convert(&written, form, &sources) {
        Ok(converted) => Answer::computed(json!({name: converted.object})),
        Err(error) => Answer::failed("delta", error.to_string()),
    }
}
