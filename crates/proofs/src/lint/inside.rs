//! Requests inside something larger: an agent's record, a call of its interface, a DIDComm message.

use std::borrow::Cow;

use base64::{
    Engine,
    alphabet::{STANDARD, URL_SAFE},
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use serde_json::Value;
use stdx::pointer;

/// The members in which a request may be, the nearest first.
const WRAPPERS: [&str; 15] = [
    "indy",
    "anoncreds",
    "proof_request",
    "presentation_request",
    "presentation_request_dict",
    "request",
    "results",
    "pres_request",
    "by_format",
    "proof_formats",
    "proofFormats",
    "message",
    "request_presentations~attach",
    "data",
    "json",
];

/// How many wrappers may be around a request.
const MAX_WRAPPERS: usize = 8;

/// A request, and where it stands in what was given.
pub(super) struct Inside<'v> {
    pub(super) request: Cow<'v, Value>,
    /// A JSON pointer; empty if all that was given is the request. Into base64 it goes on with what
    /// is encoded there.
    pub(super) pointer: String,
    /// The text that was decoded, if the request was in base64.
    pub(super) decoded: Option<String>,
}

/// Finds the request in a value: the value itself, unless it looks like one of the wrappers that
/// are known.
pub(super) fn find(value: &Value) -> Inside<'_> {
    let itself = || Inside { request: Cow::Borrowed(value), pointer: String::new(), decoded: None };
    unwrap(value, String::new(), MAX_WRAPPERS).unwrap_or_else(itself)
}

fn looks_like_request(value: &Value) -> bool {
    let has = |key: &str| value.get(key).is_some();
    has("requested_attributes") || has("requested_predicates") || has("nonce") && has("version")
}

fn unwrap(value: &Value, at: String, depth: usize) -> Option<Inside<'_>> {
    if depth == 0 {
        return None;
    }
    if looks_like_request(value) {
        return Some(Inside { request: Cow::Borrowed(value), pointer: at, decoded: None });
    }
    match value {
        Value::Object(members) => {
            let wrapped = WRAPPERS
                .iter()
                .find_map(|key| unwrap(members.get(*key)?, pointer::child(&at, key), depth - 1));
            wrapped.or_else(|| decode(members.get("base64")?, pointer::child(&at, "base64")))
        }
        // attachments, or several records
        Value::Array(items) => items.iter().enumerate().find_map(|(index, item)| {
            unwrap(item, pointer::child(&at, &index.to_string()), depth - 1)
        }),
        _ => None,
    }
}

/// Decodes an attachment, if it is a request.
fn decode(encoded: &Value, at: String) -> Option<Inside<'_>> {
    let config = GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true);
    let text = encoded.as_str()?;
    let alphabet = if text.contains(['-', '_']) { &URL_SAFE } else { &STANDARD };
    let bytes = GeneralPurpose::new(alphabet, config).decode(text).ok()?;
    let decoded = String::from_utf8(bytes).ok()?;
    let request: Value = serde_json::from_str(&decoded).ok()?;
    looks_like_request(&request).then_some(Inside {
        request: Cow::Owned(request),
        pointer: at,
        decoded: Some(decoded),
    })
}

#[cfg(test)]
mod tests {
    use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
    use serde_json::json;

    use super::*;

    fn request() -> Value {
        json!({"nonce": "1", "name": "ÿ~?>", "version": "1.0", "requested_attributes": {}})
    }

    #[test]
    fn a_request_is_found_in_what_agents_put_around_it() {
        let attached = |data: Value| json!({"@id": "1", "request_presentations~attach": [{"@id": "a", "data": data}]});
        let base64 = BASE64_STANDARD.encode(request().to_string());
        let base64url = BASE64_URL_SAFE_NO_PAD.encode(request().to_string());
        for (wrapped, pointer) in [
            (request(), ""),
            (json!({"proof_request": request()}), "/proof_request"),
            (json!({"presentation_request": request()}), "/presentation_request"),
            (json!({"presentation_request": {"indy": request()}}), "/presentation_request/indy"),
            (
                json!({"presentation_request": {"anoncreds": request()}, "comment": "x"}),
                "/presentation_request/anoncreds",
            ),
            (json!({"indy": request()}), "/indy"),
            (json!({"anoncreds": request()}), "/anoncreds"),
            (
                json!({"state": "done", "by_format": {"pres_request": {"indy": request()}}}),
                "/by_format/pres_request/indy",
            ),
            (
                json!({"by_format": {"pres_request": {"anoncreds": request()}}}),
                "/by_format/pres_request/anoncreds",
            ),
            (attached(json!({"base64": base64})), "/request_presentations~0attach/0/data/base64"),
            (
                attached(json!({"base64": base64url})),
                "/request_presentations~0attach/0/data/base64",
            ),
            (attached(json!({"json": request()})), "/request_presentations~0attach/0/data/json"),
            (json!([request()]), "/0"),
            (json!([{"by_format": {}}, {"indy": request()}]), "/1/indy"),
        ] {
            let inside = find(&wrapped);
            assert_eq!(inside.pointer, pointer);
            assert_eq!(*inside.request, request());
        }
    }

    #[test]
    fn what_has_no_request_inside_is_taken_for_the_request() {
        let mut deep = request();
        for _ in 0..=MAX_WRAPPERS {
            deep = json!({"data": deep});
        }
        for value in [
            json!({}),
            json!({"proof_request": {}}),
            json!({"other": request()}),
            json!({"request_presentations~attach": [{"data": {"base64": "!"}}]}),
            json!({"request_presentations~attach": [{"data": {"base64": "e30="}}]}),
            deep,
        ] {
            let inside = find(&value);
            assert_eq!((inside.pointer.as_str(), &*inside.request), ("", &value));
        }
    }

    #[test]
    fn a_request_is_not_looked_for_inside_a_request() {
        let mut outer = request();
        outer["proof_request"] = request();
        assert_eq!(find(&outer).pointer, "");
    }
}
