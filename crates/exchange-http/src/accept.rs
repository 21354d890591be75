//! The media type that a client prefers: a browser gets a page, any other client JSON.

use std::str::FromStr;

use axum::http::{HeaderMap, header::ACCEPT};
use headers_accept::Accept;
use mediatype::{MediaType, Name, names};

const PROBLEM: Name<'_> = Name::new_unchecked("problem");
const LD: Name<'_> = Name::new_unchecked("ld");
const HTML: MediaType<'_> = MediaType::new(names::TEXT, names::HTML);

/// What a server can send, best first: where a client has no preference, as with `*/*`, it gets
/// JSON.
const AVAILABLE: [MediaType<'_>; 4] = [
    MediaType::new(names::APPLICATION, names::JSON),
    MediaType::from_parts(names::APPLICATION, LD, Some(names::JSON), &[]),
    MediaType::from_parts(names::APPLICATION, PROBLEM, Some(names::JSON), &[]),
    HTML,
];

/// Returns whether a client prefers HTML to JSON, by the field `Accept` (RFC 9110, section 12.5.1).
/// A client that sends none, or a malformed one, gets JSON, and so does one that accepts neither.
pub(crate) fn prefers_html(headers: &HeaderMap) -> bool {
    let fields: Vec<&str> =
        headers.get_all(ACCEPT).iter().filter_map(|field| field.to_str().ok()).collect();
    let accept = Accept::from_str(&fields.join(","));
    accept.is_ok_and(|accept| accept.negotiate(&AVAILABLE) == Some(&HTML))
}
