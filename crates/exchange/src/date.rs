//! Dates in messages.

use chrono::{DateTime, SecondsFormat, Utc};

/// Parses a date in RFC 3339.
pub(crate) fn parse(text: &str) -> Option<DateTime<Utc>> {
    let date = DateTime::parse_from_rfc3339(text).ok()?;
    Some(date.to_utc())
}

/// Writes a date in RFC 3339, in whole seconds.
pub(crate) fn written(date: DateTime<Utc>) -> String {
    date.to_rfc3339_opts(SecondsFormat::Secs, true)
}
