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
