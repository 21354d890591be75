//! The few functions of the crate `time` 0.3.20 that `indy-vdr` 0.4.3 calls, over `chrono`.
//!
//! `indy-vdr` pins exactly that version, which does not compile since Rust 1.80 (E0282: a type that
//! was inferred has become ambiguous). Later versions of `time` do, but the pin excludes them. This
//! crate can be removed when a release of `indy-vdr` drops the pin.

use std::fmt;

use chrono::{DateTime, Utc};

/// Formats that can be parsed.
pub mod format_description {
    /// Formats with a name.
    pub mod well_known {
        /// RFC 3339, such as `2020-12-20T19:17:47Z`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub struct Rfc3339;
    }
}

/// Parsing failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ParseError(chrono::ParseError);

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for ParseError {}

/// A point in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct OffsetDateTime(DateTime<Utc>);

impl OffsetDateTime {
    /// Returns the current time.
    pub fn now_utc() -> Self {
        Self(Utc::now())
    }

    /// Parses a date and time in this format.
    ///
    /// # Errors
    /// When the text is not in the format.
    pub fn parse(
        text: &str,
        _format: &format_description::well_known::Rfc3339,
    ) -> Result<Self, ParseError> {
        DateTime::parse_from_rfc3339(text).map(|time| Self(time.to_utc())).map_err(ParseError)
    }

    /// Returns the seconds since 1970.
    pub const fn unix_timestamp(self) -> i64 {
        self.0.timestamp()
    }
}

#[cfg(test)]
mod tests {
    use super::{OffsetDateTime, format_description::well_known::Rfc3339};

    #[test]
    fn a_time_with_an_offset_is_the_same_point_in_time() {
        let time = OffsetDateTime::parse("2020-12-20T20:17:47+01:00", &Rfc3339);
        assert_eq!(time.map(OffsetDateTime::unix_timestamp), Ok(1_608_491_867));
    }

    #[test]
    fn text_that_is_not_a_time_is_an_error() {
        assert!(OffsetDateTime::parse("2020-12-20", &Rfc3339).is_err());
    }
}
