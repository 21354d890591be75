//! Operators in the wrong place, and how what was probably meant is written.
//!
//! `$and`, `$or` and `$not` stand before what they join; `$neq` and `$in` stand behind the tag
//! whose value they are about. A suggestion never means the opposite of what was written, nor is it
//! the text that was written.

use serde_json::{Map, Value, json};
use stdx::text::Whole;

use crate::nearest::nearest;

/// Longer suggestions are not written out.
const MAX_SHOWN: usize = 400;

/// How deep an operand is looked at.
const MAX_DEPTH: usize = 8;

/// Returns how an operator that stands before no tag, with this operand, is written, if that can be
/// said. `negated` says whether the object in which it stands is the operand of a `$not`.
pub(super) fn before_tag(operator: &str, operand: &Value, negated: bool) -> Option<String> {
    let meant = match (operator, operand) {
        ("$neq" | "$in" | "$eq" | "$ne" | "$nin", Value::Object(tags)) => {
            let parts = tags.iter().map(|(tag, value)| {
                let behind = Value::Object(Map::from_iter([(operator.to_owned(), value.clone())]));
                behind_tag(tag, &behind, 0)
            });
            all_of(parts.collect::<Option<_>>()?)?
        }
        ("$nor", Value::Array(_)) => json!({"$not": {"$or": operand}}),
        ("$nand", Value::Array(_)) => json!({"$not": {"$and": operand}}),
        ("$not", Value::Array(_)) => json!({"$not": {"$or": operand}}),
        ("$and" | "$or", Value::Object(_)) => {
            Value::Object(Map::from_iter([(operator.to_owned(), json!([operand]))]))
        }
        _ => return None,
    };
    let meant = if negated { json!({"$not": meant}) } else { meant };
    shown(&meant)
}

/// Returns how a value that cannot stand after a tag is written, if that can be said.
pub(super) fn behind(tag: &str, value: &Value) -> Option<String> {
    let is_as_written = |meant: &Value| meant.get(tag) == Some(value);
    behind_tag(tag, value, 0).filter(|meant| !is_as_written(meant)).as_ref().and_then(shown)
}

/// Returns the operator of this spelling that was probably meant. One that negates is not taken for
/// one that does not.
pub(super) fn nearest_operator(operator: &str) -> Option<&'static str> {
    let negates = operator.trim_start_matches('$').to_lowercase().starts_with('n');
    let candidates: &[&'static str] =
        if negates { &["$not", "$neq"] } else { &["$and", "$or", "$in"] };
    nearest(operator, candidates.iter().copied()).filter(|meant| *meant != operator)
}

/// Returns the restriction that a tag has this value, or that what is written there as an operator
/// holds for it.
fn behind_tag(tag: &str, value: &Value, depth: usize) -> Option<Value> {
    if tag.starts_with('$') || depth > MAX_DEPTH {
        return None;
    }
    let with = |value: Value| Value::Object(Map::from_iter([(tag.to_owned(), value)]));
    let texts = |value: &Value| {
        value
            .as_array()
            .is_some_and(|items| !items.is_empty() && items.iter().all(Value::is_string))
    };
    match value {
        Value::String(_) => Some(with(value.clone())),
        Value::Array(_) if texts(value) => Some(with(json!({"$in": value}))),
        Value::Object(members) => {
            let parts = members.iter().map(|(operator, operand)| {
                let inner = |operand: &Value| behind_tag(tag, operand, depth + 1);
                let each = |operand: &Value| -> Option<Vec<Value>> {
                    operand.as_array()?.iter().map(inner).collect()
                };
                match operator.as_str() {
                    "$neq" | "$ne" if operand.is_string() => Some(with(json!({"$neq": operand}))),
                    "$in" if texts(operand) => Some(with(json!({"$in": operand}))),
                    "$eq" if operand.is_string() => Some(with(operand.clone())),
                    "$nin" if texts(operand) => {
                        Some(json!({"$not": with(json!({"$in": operand}))}))
                    }
                    "$not" => Some(json!({"$not": inner(operand)?})),
                    "$or" if texts(operand) => Some(with(json!({"$in": operand}))),
                    "$or" => Some(json!({"$or": each(operand)?})),
                    "$and" => Some(json!({"$and": each(operand)?})),
                    _ => None,
                }
            });
            all_of(parts.collect::<Option<_>>()?)
        }
        _ => None,
    }
}

/// Joins parts that must all hold.
fn all_of(mut parts: Vec<Value>) -> Option<Value> {
    match parts.len() {
        0 => None,
        1 => parts.pop(),
        _ => Some(json!({"$and": parts})),
    }
}

/// Writes a restriction in one line, with blanks after colons and commas.
fn shown(restriction: &Value) -> Option<String> {
    let mut text = String::new();
    write(restriction, &mut text);
    (text.len() <= MAX_SHOWN).then(|| Whole(&text).to_string())
}

fn write(value: &Value, text: &mut String) {
    // What is longer is not shown.
    if text.len() > MAX_SHOWN {
        return;
    }
    match value {
        Value::Object(members) => {
            text.push('{');
            for (index, (key, member)) in members.iter().enumerate() {
                text.push_str(if index == 0 { "" } else { ", " });
                text.push_str(&Value::from(key.as_str()).to_string());
                text.push_str(": ");
                write(member, text);
            }
            text.push('}');
        }
        Value::Array(items) => {
            text.push('[');
            for (index, item) in items.iter().enumerate() {
                text.push_str(if index == 0 { "" } else { ", " });
                write(item, text);
            }
            text.push(']');
        }
        scalar => text.push_str(&scalar.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_operator_before_a_tag_is_written_behind_it() {
        for (operator, operand, negated, expected) in [
            (
                "$neq",
                json!({"schema_version": "0.1"}),
                false,
                r#"{"schema_version": {"$neq": "0.1"}}"#,
            ),
            (
                "$neq",
                json!({"a": "1", "b": "2"}),
                false,
                r#"{"$and": [{"a": {"$neq": "1"}}, {"b": {"$neq": "2"}}]}"#,
            ),
            ("$in", json!({"a": ["1", "2"]}), false, r#"{"a": {"$in": ["1", "2"]}}"#),
            ("$in", json!({"a": ["1"]}), true, r#"{"$not": {"a": {"$in": ["1"]}}}"#),
            ("$eq", json!({"a": "1"}), false, r#"{"a": "1"}"#),
            ("$nin", json!({"a": ["1"]}), false, r#"{"$not": {"a": {"$in": ["1"]}}}"#),
            ("$nin", json!({"a": ["1"]}), true, r#"{"$not": {"$not": {"a": {"$in": ["1"]}}}}"#),
            ("$nor", json!([{"a": "1"}]), false, r#"{"$not": {"$or": [{"a": "1"}]}}"#),
            ("$not", json!([{"a": "1"}]), false, r#"{"$not": {"$or": [{"a": "1"}]}}"#),
            ("$and", json!({"a": "1"}), false, r#"{"$and": [{"a": "1"}]}"#),
        ] {
            let suggested = before_tag(operator, &operand, negated);
            assert_eq!(suggested.as_deref(), Some(expected), "{operator} {operand}");
        }
        for (operator, operand) in [
            ("$in", json!(["1"])),
            ("$neq", json!("1")),
            ("$neq", json!({"a": 1})),
            ("$neq", json!({})),
            ("$in", json!({"$not": {"a": "1"}})),
            ("$gt", json!({"a": "1"})),
            ("$neq", json!({"a": "x".repeat(MAX_SHOWN)})),
        ] {
            assert_eq!(before_tag(operator, &operand, false), None, "{operator} {operand}");
        }
    }

    #[test]
    fn an_operator_that_joins_is_written_before_the_tag() {
        for (value, expected) in [
            (json!({"$not": "1"}), r#"{"$not": {"a": "1"}}"#),
            (json!({"$not": {"$in": ["1"]}}), r#"{"$not": {"a": {"$in": ["1"]}}}"#),
            (json!({"$not": {"$neq": "1"}}), r#"{"$not": {"a": {"$neq": "1"}}}"#),
            (json!({"$or": ["1", "2"]}), r#"{"a": {"$in": ["1", "2"]}}"#),
            (
                json!({"$or": ["1", {"$neq": "2"}]}),
                r#"{"$or": [{"a": "1"}, {"a": {"$neq": "2"}}]}"#,
            ),
            (json!(["1", "2"]), r#"{"a": {"$in": ["1", "2"]}}"#),
            (json!({"$eq": "1"}), r#"{"a": "1"}"#),
            (json!({"$ne": "1"}), r#"{"a": {"$neq": "1"}}"#),
            (json!({"$nin": ["1"]}), r#"{"$not": {"a": {"$in": ["1"]}}}"#),
            (
                json!({"$neq": "1", "$in": ["2"]}),
                r#"{"$and": [{"a": {"$in": ["2"]}}, {"a": {"$neq": "1"}}]}"#,
            ),
        ] {
            assert_eq!(behind("a", &value).as_deref(), Some(expected), "{value}");
        }
        for value in [json!({"$neq": "1"}), json!({"$gt": "1"}), json!(7), json!([]), json!({})] {
            assert_eq!(behind("a", &value), None, "{value}");
        }
    }

    #[test]
    fn a_misspelt_operator_is_never_taken_for_its_opposite() {
        for (operator, expected) in [
            ("$AND", Some("$and")),
            ("$Or", Some("$or")),
            ("$IN", Some("$in")),
            ("$nott", Some("$not")),
            ("$nin", None),
            ("$eq", None),
            ("$gt", None),
            ("$exist", None),
            ("$neq", None),
        ] {
            assert_eq!(nearest_operator(operator), expected, "{operator}");
        }
    }
}
