//! The text that is signed in place of a request's JSON.
//!
//! One value has many spellings in JSON, so nodes and clients agree on another format for signing:
//! an object is its members in the order of their names, each `name:value`, joined by `|`; an array
//! is its items joined by `,`; a string stands for itself, a number is its decimal digits, a
//! boolean is `True` or `False`, and `null` is empty. Nothing is quoted or bracketed, so requests
//! that differ can have the same text; the format is used only because the nodes verify it.

use serde_json::{Map, Value};

/// Members of the request itself that are not signed.
const NOT_SIGNED: [&str; 3] = ["fees", "signature", "signatures"];

/// Returns the text that is signed for a request: everything but its signatures.
pub(crate) fn signature_input(request: &Map<String, Value>) -> String {
    let mut text = String::new();
    write_members(
        &mut text,
        request.iter().filter(|(name, _)| !NOT_SIGNED.contains(&name.as_str())),
    );
    text
}

/// Returns the same text with nothing left out, of which a node computes the digest of a signed
/// request.
pub(crate) fn digest_input(request: &Map<String, Value>) -> String {
    let mut text = String::new();
    write_members(&mut text, request.iter());
    text
}

fn write_members<'a>(text: &mut String, members: impl Iterator<Item = (&'a String, &'a Value)>) {
    // serde_json keeps members sorted, unless some crate of the build turns on `preserve_order`.
    let mut members: Vec<_> = members.collect();
    members.sort_unstable_by_key(|(name, _)| name.as_str());
    for (position, (name, value)) in members.into_iter().enumerate() {
        if position > 0 {
            text.push('|');
        }
        text.push_str(name);
        text.push(':');
        write_value(text, value);
    }
}

fn write_value(text: &mut String, value: &Value) {
    match value {
        Value::Null => {}
        Value::Bool(true) => text.push_str("True"),
        Value::Bool(false) => text.push_str("False"),
        Value::Number(number) => text.push_str(&number.to_string()),
        Value::String(string) => text.push_str(string),
        Value::Array(items) => {
            for (position, item) in items.iter().enumerate() {
                if position > 0 {
                    text.push(',');
                }
                write_value(text, item);
            }
        }
        Value::Object(members) => write_members(text, members.iter()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn input(value: Value) -> String {
        signature_input(value.as_object().expect("an object"))
    }

    #[test]
    fn members_are_sorted_at_every_level() {
        assert_eq!(input(json!({"b": {"z": 1, "y": 2}, "a": "x"})), "a:x|b:y:2|z:1");
    }

    #[test]
    fn arrays_are_joined_by_commas_and_null_is_empty() {
        assert_eq!(input(json!({"l": [1, "a", null, {"z": 1}], "n": null})), "l:1,a,,z:1|n:");
    }

    #[test]
    fn booleans_are_written_as_in_python() {
        assert_eq!(input(json!({"a": true, "b": false})), "a:True|b:False");
    }

    #[test]
    fn only_the_outer_signatures_and_fees_are_left_out() {
        let request =
            json!({"fees": 1, "signature": 2, "signatures": 3, "operation": {"signature": 4}});
        assert_eq!(input(request), "operation:signature:4");
    }
}
