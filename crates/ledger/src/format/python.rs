//! Values as Python prints them.
//!
//! Nodes are written in Python, and their refusals quote what they refuse. The embedded ledger
//! quotes in the same way, so that its refusals are those of a node to the letter.

use serde_json::Value;

/// Returns what `str(value)` returns: a string as it is, anything else as [`repr`].
pub(crate) fn str(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => repr(other),
    }
}

/// Returns what `repr(value)` returns.
pub(crate) fn repr(value: &Value) -> String {
    match value {
        Value::Null => "None".to_owned(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => quoted(text),
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(repr).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Object(members) => {
            let members: Vec<String> = members
                .iter()
                .map(|(name, value)| format!("{}: {}", quoted(name), repr(value)))
                .collect();
            format!("{{{}}}", members.join(", "))
        }
    }
}

/// Returns what `repr` returns for a text: in single quotes, or in double ones where that saves
/// escaping.
pub(crate) fn quoted(text: &str) -> String {
    let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    let mut output = String::from(quote);
    for character in text.chars() {
        match character {
            '\n' => output.push_str("\\n"),
            '\r' => output.push_str("\\r"),
            '\t' => output.push_str("\\t"),
            '\\' => output.push_str("\\\\"),
            c if c == quote => output.extend(['\\', c]),
            c => output.push(c),
        }
    }
    output.push(quote);
    output
}

/// Returns what `type(value).__name__` is.
pub(crate) fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "NoneType",
        Value::Bool(_) => "bool",
        Value::Number(number) if number.is_f64() => "float",
        Value::Number(_) => "int",
        Value::String(_) => "str",
        Value::Array(_) => "list",
        Value::Object(_) => "dict",
    }
}

/// Returns the beginning of a text, so that a refusal does not repeat a whole request.
pub(crate) fn shorten(text: &str) -> String {
    const MAX_SHOWN: usize = 100;
    match text.char_indices().nth(MAX_SHOWN) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_are_printed_as_in_python() {
        assert_eq!(repr(&json!(["a", 1, null, true])), "['a', 1, None, True]");
        assert_eq!(repr(&json!({"k": [1.5]})), "{'k': [1.5]}");
        assert_eq!(str(&json!("abc")), "abc");
    }

    #[test]
    fn a_text_with_an_apostrophe_is_in_double_quotes() {
        assert_eq!(quoted("isn't"), "\"isn't\"");
        assert_eq!(quoted("a 'b' \"c\"\n"), r#"'a \'b\' "c"\n'"#);
    }

    #[test]
    fn a_long_text_is_cut_between_characters() {
        let long = "é".repeat(200);
        assert_eq!(shorten(&long), format!("{}...", "é".repeat(100)));
    }
}
