//! Readers of texts, each with the rules for it: ids, DIDs, dates, URLs, types, contexts.

use chrono::{DateTime, FixedOffset};
use serde_json::Value;
use url::Url;
use uuid::Uuid;

use super::{
    Rule,
    reader::{Place, Reader},
};
use crate::did::Did;

/// An id or a URL has at most this many characters.
const MAX_LENGTH: usize = 2048;

/// The issuers by which a criterion allows the holder to state the attributes itself.
pub const SELF: [&str; 2] = ["SELF", "did:self"];

/// A message has at most this many contexts, and at most this many types.
const MAX_CONTEXTS: usize = 20;

/// Reads any text, also an empty one.
pub fn any_text<'v>(at: &Place<'v, '_>, reader: &mut Reader) -> Option<&'v str> {
    at.value.as_str().or_else(|| reader.refuse(Rule::Schema, at, "a text"))
}

/// Reads the same, as a text of its own.
pub fn any_string(at: &Place, reader: &mut Reader) -> Option<String> {
    any_text(at, reader).map(str::to_owned)
}

/// Reads a text that is not empty.
pub fn text<'v>(at: &Place<'v, '_>, reader: &mut Reader) -> Option<&'v str> {
    let text = any_text(at, reader)?;
    match text.is_empty() {
        false => Some(text),
        true => reader.refuse(Rule::Schema, at, "a text that is not empty"),
    }
}

/// Reads the same, as a text of its own.
pub fn string(at: &Place, reader: &mut Reader) -> Option<String> {
    text(at, reader).map(str::to_owned)
}

/// Reads an id: a UUID in its usual form, or a URI.
pub fn id(at: &Place, reader: &mut Reader) -> Option<String> {
    text(at, reader)?;
    let id = not_long(at, reader)?;
    match is_uuid(id) || is_uri(id) {
        true => Some(id.to_owned()),
        false => reader.refuse(Rule::Id, at, "a UUID or a URI"),
    }
}

fn not_long<'v>(at: &Place<'v, '_>, reader: &mut Reader) -> Option<&'v str> {
    let text = any_text(at, reader)?;
    match text.chars().nth(MAX_LENGTH) {
        None => Some(text),
        Some(_) => {
            reader.refuse(Rule::Schema, at, format!("a text of at most {MAX_LENGTH} characters"))
        }
    }
}

fn is_uuid(text: &str) -> bool {
    const LENGTH: usize = 36;
    text.len() == LENGTH && Uuid::try_parse(text).is_ok()
}

/// Returns whether a text has a scheme and only characters of RFC 3986. What the `url` crate would correct silently
/// is not accepted.
fn is_uri(text: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(&byte);
    text.bytes().all(is_allowed) && Url::parse(text).is_ok()
}

/// Reads the URL to which a response goes.
pub fn http_url(at: &Place, reader: &mut Reader) -> Option<String> {
    let is_http = |url: Url| matches!(url.scheme(), "http" | "https");
    let text = not_long(at, reader)?;
    match is_uri(text) && text.contains("://") && Url::parse(text).is_ok_and(is_http) {
        true => Some(text.to_owned()),
        false => reader.refuse(Rule::ProofUrl, at, "an absolute URL of HTTP"),
    }
}

/// Reads the DID of an issuer, or the word for the holder itself.
pub fn issuer<'v>(at: &Place<'v, '_>, reader: &mut Reader) -> Option<&'v str> {
    match at.value.as_str() {
        Some(text) if SELF.contains(&text) => Some(text),
        _ => did(at, reader),
    }
}

/// Reads a DID.
pub fn did<'v>(at: &Place<'v, '_>, reader: &mut Reader) -> Option<&'v str> {
    let text = any_text(at, reader)?;
    match text.parse::<Did>() {
        Ok(_) => Some(text),
        Err(_) => reader.refuse(Rule::Did, at, "a DID"),
    }
}

/// Reads the same, as a text of its own.
pub fn did_string(at: &Place, reader: &mut Reader) -> Option<String> {
    did(at, reader).map(str::to_owned)
}

/// Reads a date in RFC 3339.
pub fn date<'v>(
    at: &Place<'v, '_>,
    reader: &mut Reader,
) -> Option<(&'v str, DateTime<FixedOffset>)> {
    let text = any_text(at, reader)?;
    match DateTime::parse_from_rfc3339(text) {
        Ok(date) => Some((text, date)),
        Err(_) => reader.refuse(Rule::Date, at, "a date in RFC 3339"),
    }
}

/// Reads the same, as a text of its own.
pub fn date_string(at: &Place, reader: &mut Reader) -> Option<String> {
    date(at, reader).map(|(text, _)| text.to_owned())
}

/// Reads the contexts of a message: `@context`, in either spelling. Empty if there are none.
pub fn contexts(of: &Place, reader: &mut Reader) -> Option<Vec<Value>> {
    let contexts = match (of.member("@context"), of.member("context")) {
        (None, None) => return Some(Vec::new()),
        (Some(_), Some(_)) => {
            let expected = "`@context` or `context`, not both";
            return reader.refuse(Rule::OneContext, of, expected);
        }
        (Some(one), None) | (None, Some(one)) => one,
    };
    reader.one_or_many(&contexts, MAX_CONTEXTS, |at, reader| match at.value {
        Value::String(_) | Value::Object(_) => Some(at.value.clone()),
        _ => reader.refuse(Rule::Schema, at, "a text or an object"),
    })
}

/// Reads the contexts of a presentation or credential, which has some.
pub fn some_contexts(of: &Place, reader: &mut Reader) -> Option<Vec<Value>> {
    let contexts = contexts(of, reader)?;
    match contexts.is_empty() {
        false => Some(contexts),
        true => reader.refuse_found(Rule::OneContext, of, "the member `@context`", "none"),
    }
}

/// Reads the types in a member, which hold `own`.
pub fn types(
    of: &Place,
    name: &'static str,
    own: &str,
    reader: &mut Reader,
) -> Option<Vec<String>> {
    reader.required(of, name, |at, reader| {
        let types = reader.one_or_many(at, MAX_CONTEXTS, any_string)?;
        match types.iter().any(|kind| kind == own) {
            true => Some(types),
            false => reader.refuse(Rule::Type, at, format!("the type {own:?}")),
        }
    })
}

/// Reads the same of a message that may be plain JSON, where they are left out.
pub fn types_of_linked_data(
    of: &Place,
    own: &str,
    contexts: Option<&[Value]>,
    reader: &mut Reader,
) -> Option<Vec<String>> {
    let name = reader.form.names().kind;
    match of.has(name) {
        true => types(of, name, own, reader),
        false if contexts.is_some_and(|contexts| !contexts.is_empty()) => {
            let expected = format!("the type {own:?}");
            reader.refuse_found(Rule::Type, of, expected, "a context and no type")
        }
        false => Some(Vec::new()),
    }
}
