//! Which integer is signed for this value?

use proofs::encoding::encode;
use serde_json::{Value, json};

use super::super::Answer;

/// Answers for a text, or for a JSON value that is written as text first.
pub(super) fn answer(input: &Value) -> Answer {
    let raw = match (&input["raw"], &input["value"]) {
        (Value::String(raw), _) => raw.clone(),
        // as `values` of an issuer are read
        (_, Value::String(text)) => text.clone(),
        (_, Value::Number(number)) => number.to_string(),
        (_, Value::Bool(value)) => value.to_string(),
        (_, other) => return Answer::invalid(format!("{other} is not a value")),
    };
    Answer::computed(json!({"encoded": encode(&raw)}))
}
