//! A verifier's policy.

use std::collections::BTreeSet;

use chrono::Duration;

use crate::{check::ExchangeCheck, message::Mode};

/// What a verifier demands. The default is everything, with messages parsed in the usual mode.
///
/// A relaxed check is made and reported, but its failure does not reject; the verdict says which checks were
/// relaxed. If `size` or one of the two shapes fails, the other checks are not made even if it is relaxed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExchangePolicy {
    /// The checks whose failure does not reject. `distinct-credentials` among them reads the draft's own example,
    /// which offers one payslip twice; it still counts once.
    pub relaxed: BTreeSet<ExchangeCheck>,
    /// What it demands beyond the draft.
    pub demands: BTreeSet<Demand>,
    /// How strictly messages are read.
    pub mode: Mode,
    /// How much the clocks of other parties may differ from this one: 5 minutes by default.
    pub clock_skew: Duration,
}

impl Default for ExchangePolicy {
    fn default() -> Self {
        Self {
            relaxed: BTreeSet::new(),
            demands: BTreeSet::new(),
            mode: Mode::default(),
            clock_skew: Duration::minutes(5),
        }
    }
}

/// Something that a verifier demands beyond the draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Demand {
    /// A response names the verifier that it is for. The draft's response names only its request, so that another
    /// verifier who copies the request could pass the response on.
    Audience,
}

impl Demand {
    /// All demands.
    pub const ALL: [Self; 1] = [Self::Audience];

    /// Returns its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Audience => "audience",
        }
    }

    /// Returns what it demands, as a clause.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Audience => "a response names the verifier that it is for",
        }
    }

    /// Returns the demand of a name.
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|demand| demand.name() == name)
    }
}
