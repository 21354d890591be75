//! Rules of single texts: ids, DIDs, dates, types; and of texts that are not to occur twice.

use std::collections::HashSet;

use chrono::{DateTime, FixedOffset};
use serde_json::Value;
use url::Url;
use uuid::Uuid;

use super::{
    Rule,
    place::{Findings, Place},
};
use crate::did::Did;

/// An id: a UUID in its usual form, or a URI.
pub(super) fn check_id(place: &Place, findings: &mut Findings) {
    if !is_uuid(place.text()) && !is_uri(place.text()) {
        findings.add(Rule::Id, place, "a UUID or a URI");
    }
}

fn is_uuid(text: &str) -> bool {
    const LENGTH: usize = 36;
    text.len() == LENGTH && Uuid::try_parse(text).is_ok()
}

/// The characters of RFC 3986, and a scheme. What the `url` crate would correct silently is not taken.
pub(super) fn is_uri(text: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(&byte);
    text.bytes().all(is_allowed) && Url::parse(text).is_ok()
}

/// A DID.
pub(super) fn check_did(place: &Place, findings: &mut Findings) {
    if place.text().parse::<Did>().is_err() {
        findings.add(Rule::Did, place, "a DID");
    }
}

/// A date in RFC 3339; if it is one, that date.
pub(super) fn check_date(place: &Place, findings: &mut Findings) -> Option<DateTime<FixedOffset>> {
    let date = DateTime::parse_from_rfc3339(place.text());
    if date.is_err() {
        findings.add(Rule::Date, place, "a date in RFC 3339");
    }
    date.ok()
}

/// The date that a member holds, if there is such a member.
pub(super) fn check_date_member(
    holder: &Place,
    name: &str,
    findings: &mut Findings,
) -> Option<DateTime<FixedOffset>> {
    holder
        .member(name)
        .and_then(|place| check_date(&place, findings))
}

/// The types hold `own`. They may be absent where the message is plain JSON.
pub(super) fn check_type(holder: &Place, own: &str, findings: &mut Findings) {
    let expected = || format!("the type {own:?}");
    match holder.member("type") {
        Some(types) => {
            let is_own = |place: &Place| place.text() == own;
            if !types.clone().elements().iter().any(is_own) {
                findings.add(Rule::Type, &types, expected());
            }
        }
        None if holder.contexts().is_some() => {
            findings.add_found(Rule::Type, holder, expected(), "a context and no type");
        }
        None => {}
    }
}

/// The dates of the proofs. Their shape is for the schema, and whether they are needed and right for whoever
/// checks the signatures.
pub(super) fn check_proofs(holder: &Place, findings: &mut Findings) {
    for proof in holder.each("proof") {
        check_date_member(&proof, "created", findings);
    }
}

/// No two of these places hold the same.
pub(super) fn check_once<'a>(
    rule: Rule,
    places: impl IntoIterator<Item = Place<'a>>,
    findings: &mut Findings,
) {
    let mut seen = HashSet::new();
    for place in places {
        if !seen.insert(place.text()) {
            findings.add_found(
                rule,
                &place,
                "another than those before",
                format!("{} again", super::described(place.value)),
            );
        }
    }
}

/// How many bytes some members of an object take in JSON, about: the same, whether a list of one element is
/// written as a list and `@context` with its sign or not.
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
