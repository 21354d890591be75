//! When a server that is busy is asked again.

use std::time::Duration;

use chrono::{DateTime, Utc};
use reqwest::header::{HeaderMap, RETRY_AFTER};

/// The tries that are left, and the time to wait that is left.
pub(super) struct Retries {
    tries: u32,
    time: Duration,
}

impl Default for Retries {
    fn default() -> Self {
        Self { tries: Self::MAX_TRIES - 1, time: Self::MAX_TIME }
    }
}

impl Retries {
    /// How often a server is asked in all.
    pub(super) const MAX_TRIES: u32 = 5;

    /// How long is waited in all.
    pub(super) const MAX_TIME: Duration = Duration::from_secs(30);

    /// Returns how long to wait before the next try, if the server wishes this; `None` if that is too long, or was tried
    /// often enough.
    pub(super) fn next(&mut self, wish: Duration) -> Option<Duration> {
        self.tries = self.tries.checked_sub(1)?;
        self.time = self.time.checked_sub(wish)?;
        Some(wish)
    }
}

/// Returns how long a server wishes a client to wait: `Retry-After` in seconds or as a date (RFC 9110, section 10.2.3).
pub(super) fn retry_after(headers: &HeaderMap, now: DateTime<Utc>) -> Option<Duration> {
    let wish = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = wish.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = DateTime::parse_from_rfc2822(wish).ok()?;
    Some((date.to_utc() - now).to_std().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_in_seconds_or_until_a_date() {
        let now = DateTime::parse_from_rfc3339("2026-05-01T10:00:00Z").unwrap().to_utc();
        let wait = |wish: &str| {
            retry_after(&HeaderMap::from_iter([(RETRY_AFTER, wish.parse().unwrap())]), now)
        };
        assert_eq!(wait("7"), Some(Duration::from_secs(7)));
        assert_eq!(wait("Fri, 01 May 2026 10:01:00 GMT"), Some(Duration::from_secs(60)));
        assert_eq!(wait("Fri, 01 May 2026 09:00:00 GMT"), Some(Duration::ZERO));
        for nonsense in ["", "-1", "soon", "99999999999999999999999"] {
            assert_eq!(wait(nonsense), None, "{nonsense:?}");
        }
        assert_eq!(retry_after(&HeaderMap::new(), now), None);
    }

    #[test]
    fn tries_and_time_have_an_end() {
        let mut retries = Retries::default();
        let waits = std::iter::from_fn(|| retries.next(Duration::ZERO));
        assert_eq!(waits.count(), Retries::MAX_TRIES as usize - 1);
        let mut retries = Retries::default();
        let ten = Duration::from_secs(10);
        let waits = std::iter::from_fn(|| retries.next(ten));
        assert_eq!(waits.count(), 3);
        assert_eq!(Retries::default().next(Duration::from_secs(3600)), None);
    }
}
