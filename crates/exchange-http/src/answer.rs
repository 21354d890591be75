//! The headers of every answer, and the media types.

use axum::{
    http::{
        StatusCode,
        header::{CACHE_CONTROL, CONTENT_TYPE, VARY, X_CONTENT_TYPE_OPTIONS},
    },
    response::{IntoResponse, Response},
};

/// The media type of a message in JSON.
pub const JSON: &str = "application/json";

/// The media type of a message in JSON-LD.
pub const JSON_LD: &str = "application/ld+json";

/// The media type of a problem document.
pub const PROBLEM_JSON: &str = "application/problem+json";

/// Returns an answer that no proxy may store, and no browser may take for another media type. A
/// refusal may be a page or a problem document, so that every answer depends on `Accept`.
pub(crate) fn answer(
    status: StatusCode,
    media_type: &'static str,
    body: impl Into<String>,
) -> Response {
    let headers = [
        (CONTENT_TYPE, media_type),
        (CACHE_CONTROL, "no-store"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (VARY, "accept"),
    ];
    (status, headers, body.into()).into_response()
}
