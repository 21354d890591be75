//! Values as Python prints them.
//!
//! Nodes are written in Python, and their refusals quote what they refuse. Quoting alike lets one
//! list of expected refusals serve for both back ends.

use serde_json::Value;

/// As `str(value)`: a string as it is, anything else as [`repr`].
pub(super) fn str(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => repr(other),
    }
}

/// As `repr(value)`.
pub(super) fn repr(value: &Value) -> String {
    match value {
        Value::Null => "None".to_owned(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => repr_text(text),
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(repr).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Object(members) => {
            let members: Vec<String> = members
                .iter()
                .map(|(name, value)| format!("{}: {}", repr_text(name), repr(value)))
                .collect();
            format!("{{{}}}", members.join(", "))
        }
    }
}

/// As `repr(text)`: in single quotes, or in double ones when that saves escaping.
pub(super) fn repr_text(text: &str) -> String {
    let quote = if text.contains('\'') && !text.contains('"') {
        '"'
    } else {
        '\''
    };
    let mut quoted = String::from(quote);
    for character in text.chars() {
        match character {
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            '\\' => quoted.push_str("\\\\"),
            c if c == quote => quoted.extend(['\\', c]),
            c => quoted.push(c),
        }
    }
    quoted.push(quote);
    quoted
}

/// As `type(value).__name__`.
pub(super) fn type_name(value: &Value) -> &'static str {
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

/// The beginning of a text, so that a refusal does not send a whole request back.
pub(super) fn shorten(text: &str) -> String {
    const SHOWN: usize = 100;
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_print_as_in_python() {
        assert_eq!(repr(&json!(["a", 1, null, true])), "['a', 1, None, True]");
        assert_eq!(repr(&json!({"k": [1.5]})), "{'k': [1.5]}");
        assert_eq!(str(&json!("abc")), "abc");
    }

    #[test]
    fn an_apostrophe_moves_the_quotes_to_double_ones() {
        assert_eq!(repr_text("isn't"), "\"isn't\"");
        assert_eq!(repr_text("a 'b' \"c\"\n"), r#"'a \'b\' "c"\n'"#);
    }

    #[test]
    fn a_long_text_is_cut_between_characters() {
        let long = "é".repeat(200);
        assert_eq!(shorten(&long), format!("{}...", "é".repeat(100)));
    }
}
