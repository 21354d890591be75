//! Dates in messages.

use chrono::{DateTime, Utc};

/// Parses a date in RFC 3339.
pub(crate) fn parse(text: &str) -> Option<DateTime<Utc>> {
    let date = DateTime::parse_from_rfc3339(text).ok()?;
    Some(date.to_utc())
}
