//! A request's text, and its limits.

use serde_json::{Map, Value};

/// The longest request that is read, in bytes: the message limit of a node.
pub const MAX_REQUEST_BYTES: usize = 128 * 1024;

/// How deep a request may be nested. A transaction and its reply are nested deeper than the
/// request, and must be parsed again too.
const MAX_DEPTH: usize = 64;

/// Parses a request's text into its members, of whatever kind they are.
///
/// # Errors
/// What is wrong with the text, in a sentence: it is too long, too deep, or not a JSON object.
pub(crate) fn parse_request(text: &str) -> Result<Map<String, Value>, String> {
    if text.len() > MAX_REQUEST_BYTES {
        return Err(format!(
            "Message len {} exceeded allowed limit of {MAX_REQUEST_BYTES}",
            text.len()
        ));
    }
    // serde_json stops at 128 levels of nesting, so no request exhausts the stack.
    let request: Value =
        serde_json::from_str(text).map_err(|error| format!("the request is not JSON: {error}"))?;
    if depth(&request) > MAX_DEPTH {
        return Err(format!("the request is nested deeper than {MAX_DEPTH} levels"));
    }
    match request {
        Value::Object(members) => Ok(members),
        _ => Err("the request is not a JSON object".to_owned()),
    }
}

/// Returns how many arrays and objects are nested. The parser has bounded the recursion.
fn depth(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(depth).max().unwrap_or_default(),
        Value::Object(members) => 1 + members.values().map(depth).max().unwrap_or_default(),
        _ => 0,
    }
}
