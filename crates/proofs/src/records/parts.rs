//! A request or a presentation inside its wrappers: JSON text, an object by format, a message.

use serde_json::Value;
use stdx::pointer;

use super::content::{Fault, Format, Part, Side, parse_at, whole};
use super::{Problem, attachment};
use crate::error::describe;
use crate::kinds::{ObjectKind, recognise};

/// The formats in which agents name a part in an object by format.
const FORMATS: [(&str, Format); 2] = [("indy", Format::Indy), ("anoncreds", Format::AnonCreds)];

/// Formats of credentials that are not AnonCreds.
const OTHER_FORMATS: [&str; 7] = [
    "dif",
    "dif-presentation-exchange",
    "presentationExchange",
    "ldp_vc",
    "ld_proof",
    "vc_di",
    "jwt",
];

/// Returns whether a value is an object in which formats are the names of members.
pub(super) fn is_by_format(value: &Value) -> bool {
    let Value::Object(members) = value else { return false };
    let names = FORMATS.iter().map(|(name, _)| *name).chain(OTHER_FORMATS);
    recognise(value) == ObjectKind::OtherObject
        && names.into_iter().any(|name| members.contains_key(name))
}

/// Returns the parts of a side that a value is or contains, one for each format; none for what is
/// empty.
pub(super) fn find(side: Side, value: &Value, at: &str) -> Result<Vec<Part>, Fault> {
    match value {
        Value::Null => Ok(Vec::new()),
        Value::String(text) => {
            let parsed = parse_at(text, at)?;
            // once only: a text in a text is not what an agent writes
            find_in_object(side, &parsed, at)
        }
        value => find_in_object(side, value, at),
    }
}

fn find_in_object(side: Side, value: &Value, at: &str) -> Result<Vec<Part>, Fault> {
    let Value::Object(members) = value else {
        let problem = Problem::Malformed { expected: side.expected(), got: describe(value) };
        return Err((at.to_owned(), problem));
    };
    if is_by_format(value) {
        let mut parts = Vec::new();
        for (name, format) in FORMATS {
            let Some(value) = members.get(name).filter(|value| !value.is_null()) else { continue };
            let at = pointer::child(at, name);
            parts.push(Part { value: whole(side, value, &at)?, at, format });
        }
        if parts.is_empty() {
            let formats = members.keys().cloned().collect();
            return Err((at.to_owned(), Problem::OtherFormat { part: side.part(), formats }));
        }
        return Ok(parts);
    }
    if recognise(value) == ObjectKind::Message {
        return attachment::parts(side, members, at);
    }
    let value = whole(side, value, at)?;
    Ok(vec![Part { value, at: at.to_owned(), format: Format::Unnamed }])
}

/// Chooses a request and a presentation of the same format, if there are such; otherwise the first
/// of each.
pub(super) fn pair(
    mut requests: Vec<Part>,
    mut presentations: Vec<Part>,
) -> (Option<Part>, Option<Part>) {
    let same = requests.iter().enumerate().find_map(|(index, request)| {
        let other = presentations.iter().position(|part| part.format == request.format)?;
        Some((index, other))
    });
    let (request, presentation) = same.unwrap_or((0, 0));
    let take = |parts: &mut Vec<Part>, index: usize| {
        (index < parts.len()).then(|| parts.swap_remove(index))
    };
    (take(&mut requests, request), take(&mut presentations, presentation))
}
