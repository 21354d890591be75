//! The media types.

/// The media type of a message in JSON.
pub const JSON: &str = "application/json";

/// The media type of a message in JSON-LD.
pub const JSON_LD: &str = "application/ld+json";

/// The media type of a problem document.
pub const PROBLEM_JSON: &str = "application/problem+json";
