//! The input of the kind `verify`: request and presentation, as values or as they came.

use serde_json::Value;

/// Returns a request or a presentation as a text of JSON.
///
/// The corpus gives it as a value, `NAME`, or, where the writing itself is what the test is about,
/// as a text, `NAME_json`.
pub(super) fn text(input: &Value, name: &str) -> String {
    match input.get(format!("{name}_json")).and_then(Value::as_str) {
        Some(text) => text.to_owned(),
        None => input[name].to_string(),
    }
}
