//! The members of JSON objects: known and unknown ones.

use serde_json::{Map, Value};
use stdx::text::Quoted;

use super::finding::{Details, Reporter};
use super::location::Location;
use super::rule::Rule;
use crate::error::Fault;
use crate::names;
use crate::nearest::nearest;

/// The members of a request.
pub(super) const OF_REQUEST: &[&str] = &[
    "nonce",
    "name",
    "version",
    "ver",
    "requested_attributes",
    "requested_predicates",
    "non_revoked",
];
/// The members of a requested attribute.
pub(super) const OF_ATTRIBUTE: &[&str] = &["name", "names", "restrictions", "non_revoked"];
/// The members of a requested predicate.
pub(super) const OF_PREDICATE: &[&str] =
    &["name", "p_type", "p_value", "restrictions", "non_revoked"];
/// The members of an interval.
const OF_INTERVAL: &[&str] = &["from", "to"];

/// Reads an object and reports its unknown members.
pub(super) fn object<'v>(
    value: &'v Value,
    location: &Location<'_>,
    known: &[&'static str],
    reporter: &mut Reporter,
) -> Option<&'v Map<String, Value>> {
    let Some(members) = value.as_object() else {
        reporter.wrong_type(location, "an object", value);
        return None;
    };
    for key in members.keys().filter(|key| !known.contains(&key.as_str())) {
        reporter.warn(Rule::UnknownMember, &location.member(key), || {
            let found = format!("the member {}", Quoted(key));
            Details::new(found, did_you_mean(key, known))
        });
    }
    Some(members)
}

fn did_you_mean(key: &str, known: &[&'static str]) -> String {
    match nearest(key, known.iter().copied()) {
        Some(meant) => format!("did you mean {}?", Quoted(meant)),
        None => format!("remove it; the members are {}", known.join(", ")),
    }
}

/// Returns a member; null counts as absent.
pub(super) fn get<'v>(members: &'v Map<String, Value>, key: &str) -> Option<&'v Value> {
    members.get(key).filter(|value| !value.is_null())
}

/// Returns a member that must be there, or reports that it is missing.
pub(super) fn required<'v>(
    members: &'v Map<String, Value>,
    key: &str,
    expected: &str,
    location: &Location<'_>,
    reporter: &mut Reporter,
) -> Option<&'v Value> {
    let value = get(members, key);
    if value.is_none() {
        reporter.error(Rule::Missing, &location.member(key), || {
            Details::new(
                format!("expected {expected}, found nothing"),
                format!("add the member `{key}`"),
            )
        });
    }
    value
}

/// Reads a text.
pub(super) fn text<'v>(
    value: &'v Value,
    location: &Location<'_>,
    reporter: &mut Reporter,
) -> Option<&'v str> {
    let text = value.as_str();
    if text.is_none() {
        reporter.wrong_type(location, "a text", value);
    }
    text
}

/// Reads the name of an attribute.
pub(super) fn attribute_name<'v>(
    value: &'v Value,
    location: &Location<'_>,
    reporter: &mut Reporter,
) -> Option<&'v str> {
    let name = text(value, location, reporter)?;
    if names::fold(name).is_empty() {
        reporter.fault(Fault::EmptyName, location, "the name of an attribute", value);
        return None;
    }
    Some(name)
}

/// Checks the interval of a request or a referent.
pub(super) fn interval(
    members: &Map<String, Value>,
    location: &Location<'_>,
    reporter: &mut Reporter,
) {
    let Some(value) = get(members, "non_revoked") else {
        return;
    };
    let location = location.member("non_revoked");
    let Some(ends) = object(value, &location, OF_INTERVAL, reporter) else {
        return;
    };
    let mut time = |key| {
        let value = get(ends, key)?;
        let time = value.as_u64();
        if time.is_none() {
            let expected = "a time in whole seconds since 1970, as a number";
            reporter.wrong_type(&location.member(key), expected, value);
        }
        time
    };
    if let (Some(from), Some(to)) = (time("from"), time("to"))
        && from > to
    {
        reporter.error(Rule::IntervalBackwards, &location, || {
            Details::new(
                format!("from {from}, which is after to {to}"),
                "let `from` be the earlier time; for one moment, let both be the same",
            )
        });
    }
}
