//! The checks before a document is expanded: only known contexts, by their URLs; not too deep, and
//! not too large.

use serde_json::{Map, Value};

use super::shown;
use crate::signature::{Contexts, SignatureError, not_canonical};

/// How deep a document may be nested. Messages of the draft are nested 12 deep.
const MAX_DEPTH: usize = 40;

/// How many values a document may have, lists and objects counted. The draft's longest example has
/// about 600.
const MAX_VALUES: usize = 5000;

/// Checks the contexts, and the size.
///
/// A context written into the document could give two names the same meaning, or exchange the
/// meanings of two; the same quads would then belong to another message. So contexts are named by
/// URL only.
pub(super) fn check(
    document: &Map<String, Value>,
    contexts: &Contexts,
) -> Result<(), SignatureError> {
    if !document.contains_key("@context") {
        return Err(not_canonical(
            "it has no @context; linked data names the contexts that define its members",
        ));
    }
    let mut left = MAX_VALUES;
    check_members(document, contexts, 0, &mut left)
}

fn check_members(
    members: &Map<String, Value>,
    contexts: &Contexts,
    depth: usize,
    left: &mut usize,
) -> Result<(), SignatureError> {
    members.iter().try_for_each(|(name, member)| match &**name {
        "@context" => check_context(member, contexts),
        _ => check_value(member, contexts, depth + 1, left),
    })
}

fn check_value(
    value: &Value,
    contexts: &Contexts,
    depth: usize,
    left: &mut usize,
) -> Result<(), SignatureError> {
    *left = left.checked_sub(1).ok_or_else(|| {
        not_canonical(format!("it has more than {MAX_VALUES} values; send less at a time"))
    })?;
    if depth > MAX_DEPTH {
        return Err(not_canonical(format!(
            "it is nested more than {MAX_DEPTH} deep; nest it less"
        )));
    }
    match value {
        Value::Object(members) => check_members(members, contexts, depth, left),
        Value::Array(items) => {
            items.iter().try_for_each(|item| check_value(item, contexts, depth + 1, left))
        }
        _ => Ok(()),
    }
}

fn check_context(context: &Value, contexts: &Contexts) -> Result<(), SignatureError> {
    let one = std::slice::from_ref(context);
    let named = context.as_array().map_or(one, Vec::as_slice);
    for context in named {
        let Value::String(url) = context else {
            return Err(not_canonical(
                "one of its contexts is not a URL; publish the context, and name it by its URL",
            ));
        };
        if !contexts.has(url) {
            return Err(not_canonical(format!(
                "the context {:?} is not known, and contexts are not fetched; add it as a file",
                shown(url)
            )));
        }
    }
    Ok(())
}
