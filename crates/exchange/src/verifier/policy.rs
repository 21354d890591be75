//! A verifier's policy.

use std::collections::BTreeSet;

use chrono::{DateTime, Duration, Utc};

use crate::{check::ExchangeCheck, message::Mode};

/// What a verifier demands. The default is everything, with messages parsed in the usual mode.
///
/// A relaxed check is made and reported, but its failure does not reject; the verdict says which
/// checks were relaxed. If `size` or one of the two shapes fails, the other checks are not made
/// even if it is relaxed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExchangePolicy {
    /// The checks whose failure does not reject. `distinct-credentials` among them reads the
    /// draft's own example, which offers one payslip twice; it still counts once.
    pub relaxed: BTreeSet<ExchangeCheck>,
    /// Whether a response must name the verifier that it is for. The draft's response names only
    /// its request, so that another verifier who copies the request could pass the response on.
    pub require_audience: bool,
    /// How strictly messages are read.
    pub mode: Mode,
    /// How much the clocks of other parties may differ from this one: 5 minutes by default.
    pub clock_skew: Duration,
}

impl ExchangePolicy {
    /// Returns the latest date that is not in the future by any clock within the skew.
    pub(super) fn latest(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        now.checked_add_signed(self.clock_skew).unwrap_or(DateTime::<Utc>::MAX_UTC)
    }
}

impl Default for ExchangePolicy {
    fn default() -> Self {
        Self {
            relaxed: BTreeSet::new(),
            require_audience: false,
            mode: Mode::default(),
            clock_skew: Duration::minutes(5),
        }
    }
}
