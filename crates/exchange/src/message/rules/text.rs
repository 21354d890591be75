//! Rules of single texts: ids, DIDs, dates, types; and of texts that must not occur twice.

use std::collections::HashSet;

use chrono::{DateTime, FixedOffset};
use serde_json::Value;
use url::Url;
use uuid::Uuid;

use super::{
    Rule,
    node::{Node, Violations},
};
use crate::did::Did;

/// Checks an id: a UUID in its usual form, or a URI.
pub(super) fn check_id(node: &Node, violations: &mut Violations) {
    if !is_uuid(node.text()) && !is_uri(node.text()) {
        violations.add(Rule::Id, node, "a UUID or a URI");
    }
}

fn is_uuid(text: &str) -> bool {
    const LENGTH: usize = 36;
    text.len() == LENGTH && Uuid::try_parse(text).is_ok()
}

/// Returns whether a text has a scheme and only characters of RFC 3986. What the `url` crate would correct silently
/// is not accepted.
pub(super) fn is_uri(text: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(&byte);
    text.bytes().all(is_allowed) && Url::parse(text).is_ok()
}

/// Checks a DID.
pub(super) fn check_did(node: &Node, violations: &mut Violations) {
    if node.text().parse::<Did>().is_err() {
        violations.add(Rule::Did, node, "a DID");
    }
}

/// Checks a date in RFC 3339, and returns it.
pub(super) fn check_date(
    node: &Node,
    violations: &mut Violations,
) -> Option<DateTime<FixedOffset>> {
    let date = DateTime::parse_from_rfc3339(node.text());
    if date.is_err() {
        violations.add(Rule::Date, node, "a date in RFC 3339");
    }
    date.ok()
}

/// Checks the date that a member holds, if there is such a member, and returns it.
pub(super) fn check_date_member(
    holder: &Node,
    name: &str,
    violations: &mut Violations,
) -> Option<DateTime<FixedOffset>> {
    holder.member(name).and_then(|node| check_date(&node, violations))
}

/// Checks that the types hold `own`. They may be absent where the message is plain JSON.
pub(super) fn check_type(holder: &Node, own: &str, violations: &mut Violations) {
    let expected = || format!("the type {own:?}");
    match holder.member("type") {
        Some(types) => {
            let is_own = |node: &Node| node.text() == own;
            if !types.clone().elements().iter().any(is_own) {
                violations.add(Rule::Type, &types, expected());
            }
        }
        None if holder.contexts().is_some() => {
            violations.add_found(Rule::Type, holder, expected(), "a context and no type");
        }
        None => {}
    }
}

/// Checks the dates of the proofs. Their shape is for the schema; whether they are needed and right is for the
/// verification of signatures.
pub(super) fn check_proofs(holder: &Node, violations: &mut Violations) {
    for proof in holder.each("proof") {
        check_date_member(&proof, "created", violations);
    }
}

/// Checks that no two of these nodes hold the same text.
pub(super) fn check_once<'a>(
    rule: Rule,
    nodes: impl IntoIterator<Item = Node<'a>>,
    violations: &mut Violations,
) {
    let mut seen = HashSet::new();
    for node in nodes {
        if !seen.insert(node.text()) {
            violations.add_found(
                rule,
                &node,
                "another than those before",
                format!("{} again", super::described(node.value)),
            );
        }
    }
}

/// Returns about how many bytes some members of an object take in JSON: the same, whether a list of one element
/// is written as a list and `@context` with its sign or not.
pub(super) fn length_of<'a>(members: impl Iterator<Item = (&'a String, &'a Value)>) -> usize {
    let length = |value: &Value| value.to_string().len();
    let lengths = members.map(|(name, value)| {
        let value = match value {
            Value::Array(list) => list.iter().map(length).sum(),
            value => length(value),
        };
        name.trim_start_matches('@').len() + value
    });
    lengths.sum()
}
