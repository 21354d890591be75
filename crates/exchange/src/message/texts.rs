//! Readers of texts, each with the rules for it: ids, DIDs, dates, URLs, types, contexts.

use chrono::DateTime;
use serde_json::Value;
use url::Url;
use uuid::Uuid;

use super::{Rule, reader::Place};
use crate::did::Did;

/// An id or a URL has at most this many characters.
const MAX_LENGTH: usize = 2048;

/// A date has at most this many characters: nanoseconds need 35.
const MAX_DATE: usize = 40;

/// The issuers by which a criterion allows the holder to state the attributes itself.
pub const SELF: [&str; 2] = ["SELF", "did:self"];

/// A message has at most this many contexts, and at most this many types.
const MAX_CONTEXTS: usize = 20;

/// Reads any text, also an empty one.
pub fn any_text(at: &Place) -> String {
    checked(at, Rule::Schema, "a text", |_| true)
}

/// Reads a text that is not empty.
pub fn text(at: &Place) -> String {
    checked(at, Rule::Schema, "a text that is not empty", |text| !text.is_empty())
}

/// Reads a text for which something holds.
fn checked(at: &Place, rule: Rule, expected: &str, holds: impl FnOnce(&str) -> bool) -> String {
    match at.value.as_str() {
        Some(text) if holds(text) => return text.to_owned(),
        Some(_) => at.refuse(rule, expected),
        None => at.refuse(Rule::Schema, "a text"),
    }
    String::new()
}

/// Reads an id: a UUID in its usual form, or a URI.
pub fn id(at: &Place) -> String {
    if at.value.as_str() == Some("") {
        return text(at);
    }
    not_long(at, Rule::Id, "a UUID or a URI", |text| is_uuid(text) || is_uri(text))
}

fn not_long(at: &Place, rule: Rule, expected: &str, holds: impl FnOnce(&str) -> bool) -> String {
    if at.value.as_str().is_some_and(|text| text.chars().nth(MAX_LENGTH).is_some()) {
        at.refuse(Rule::Schema, format!("a text of at most {MAX_LENGTH} characters"));
        return String::new();
    }
    checked(at, rule, expected, holds)
}

fn is_uuid(text: &str) -> bool {
    const LENGTH: usize = 36;
    text.len() == LENGTH && Uuid::try_parse(text).is_ok()
}

/// Returns whether a text has a scheme and only characters of RFC 3986. What the `url` crate would
/// correct silently is not accepted.
fn is_uri(text: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(&byte);
    text.bytes().all(is_allowed) && Url::parse(text).is_ok()
}

/// Reads the URL to which a response goes.
pub fn http_url(at: &Place) -> String {
    let is_http = |url: Url| matches!(url.scheme(), "http" | "https");
    // a name before `@` looks like a host to a person; a host that is missing is made up by parsers
    let has_plain_host = |text: &str| {
        let (_, rest) = text.split_once("://")?;
        let host = rest.split(['/', '?', '#']).next()?;
        Some(!host.is_empty() && !host.contains('@'))
    };
    not_long(at, Rule::ProofUrl, "an absolute URL of HTTP, without a user's name", |text| {
        is_uri(text) && has_plain_host(text) == Some(true) && Url::parse(text).is_ok_and(is_http)
    })
}

/// Reads the DID of an issuer, or the word for the holder itself.
pub fn issuer(at: &Place) -> String {
    checked(at, Rule::Did, "a DID", |text| SELF.contains(&text) || text.parse::<Did>().is_ok())
}

/// Reads a DID.
pub fn did(at: &Place) -> String {
    checked(at, Rule::Did, "a DID", |text| text.parse::<Did>().is_ok())
}

/// Reads a date in RFC 3339.
pub fn date(at: &Place) -> String {
    // chrono also takes a minus sign that is not ASCII, and any number of digits
    let is_date = |text: &str| {
        text.is_ascii() && text.len() <= MAX_DATE && DateTime::parse_from_rfc3339(text).is_ok()
    };
    checked(at, Rule::Date, "a date in RFC 3339", is_date)
}

/// Returns the member `@context`, in either spelling.
pub fn either_context<'v, 'c>(of: &'c Place<'v, '_>) -> Option<Place<'v, 'c>> {
    match (of.member("@context"), of.member("context")) {
        (Some(_), Some(_)) => {
            of.refuse(Rule::OneContext, "`@context` or `context`, not both");
            None
        }
        (one, other) => one.or(other),
    }
}

/// Reads the contexts of a message: `@context`, in either spelling. Empty if there are none.
pub fn contexts(of: &Place) -> Vec<Value> {
    let Some(contexts) = either_context(of) else {
        return Vec::new();
    };
    contexts.one_or_many(MAX_CONTEXTS, |at| {
        if !at.value.is_string() && !at.value.is_object() {
            at.refuse(Rule::Schema, "a text or an object");
        }
        at.value.clone()
    })
}

/// Reads the contexts of a presentation or credential, which has some.
pub fn some_contexts(of: &Place) -> Vec<Value> {
    if !of.has("@context") && !of.has("context") {
        of.refuse_found(Rule::OneContext, "the member `@context`", "none");
    }
    contexts(of)
}

/// Reads the types in a member, which hold `own`.
pub fn types(of: &Place, name: &'static str, own: &str) -> Vec<String> {
    of.required(name, |at| {
        let before = at.reader.violations();
        let types = at.one_or_many(MAX_CONTEXTS, any_text);
        if !types.iter().any(|kind| kind == own) && at.reader.violations() == before {
            at.refuse(Rule::Type, format!("the type {own:?}"));
        }
        types
    })
}

/// Reads the same of a message that may be plain JSON, where they are left out.
pub fn types_of_linked_data(of: &Place, own: &str, contexts: &[Value]) -> Vec<String> {
    let name = of.reader.form.get().names().kind;
    if of.has(name) {
        return types(of, name, own);
    }
    if !contexts.is_empty() {
        of.refuse_found(Rule::Type, format!("the type {own:?}"), "a context and no type");
    }
    Vec::new()
}
