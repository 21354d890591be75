//! What a verifier insists on.

use std::collections::BTreeSet;

use chrono::Duration;

use crate::{check::ExchangeCheck, message::Mode};

/// What a verifier insists on. The default is everything, with messages read in the usual mode.
///
/// A relaxed check is made and reported, but its failure does not reject; the verdict says which checks were
/// relaxed. `size` and the two shapes stop the others however they are relaxed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExchangePolicy {
    /// The checks whose failure does not reject. `distinct-credentials` among them reads the draft's own example,
    /// which offers one payslip twice; it still counts once.
    pub relaxed: BTreeSet<ExchangeCheck>,
    /// How strictly messages are read.
    pub mode: Mode,
    /// How much the clocks of others may differ from this one: 5 minutes, unless set.
    pub clock_skew: Duration,
}

impl Default for ExchangePolicy {
    fn default() -> Self {
        Self {
            relaxed: BTreeSet::new(),
            mode: Mode::default(),
            clock_skew: Duration::minutes(5),
        }
    }
}
