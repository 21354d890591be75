//! What one check found.

use std::borrow::Cow;

use serde::Serialize;
use stdx::text::shorten;

/// How a check went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Outcome {
    /// It holds.
    #[serde(rename = "passed")]
    Passed,
    /// It does not hold.
    #[serde(rename = "failed")]
    Failed,
    /// An earlier failure, or the policy, left nothing to check.
    #[serde(rename = "not reached")]
    NotReached,
}

/// Whether a check counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// Unless it passes, the answer is rejected.
    Required,
    /// The policy does not count its failure; the verdict says so.
    Relaxed,
    /// The verifier chose not to give what it needs, such as a memory of used nonces.
    Unasked,
}

/// A check and how it went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report<C> {
    /// The check.
    pub check: C,
    /// How it went.
    pub outcome: Outcome,
    /// What it found wrong: at most [`MAX_FAILURES`](Self::MAX_FAILURES) things, and nothing unless it
    /// failed.
    pub failures: Vec<Failure>,
    /// Why it was not reached; absent otherwise.
    pub note: Option<String>,
    /// Whether it counts.
    pub weight: Weight,
}

impl<C> Report<C> {
    /// How many failures a check lists: more would say no more.
    pub const MAX_FAILURES: usize = 8;

    /// Returns whether the answer may be accepted as far as this check goes.
    pub fn holds(&self) -> bool {
        self.weight != Weight::Required || self.outcome == Outcome::Passed
    }
}

/// One thing that a check found wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The part of the request that it is about, if it is about one: a referent or, for answers that
    /// have no referents, a JSON pointer into the message.
    pub referent: Option<String>,
    /// What should be.
    pub expected: String,
    /// What is.
    pub got: String,
    /// What to do about it, as a clause without a full stop.
    pub remedy: String,
}

impl Failure {
    /// Returns a failure that is not about one referent. Long texts are shortened.
    pub fn new(
        expected: impl Into<String>,
        got: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        Self {
            referent: None,
            expected: bounded(expected.into()),
            got: bounded(got.into()),
            remedy: bounded(remedy.into()),
        }
    }

    /// Returns the same failure, about this referent.
    #[must_use]
    pub fn about(mut self, referent: impl Into<String>) -> Self {
        self.referent = Some(bounded(referent.into()));
        self
    }
}

/// Shortens a text that may quote a request or an answer, and so be of any length.
fn bounded(text: String) -> String {
    const MAX_CHARACTERS: usize = 300;
    if let Cow::Owned(beginning) = shorten(&text, MAX_CHARACTERS) {
        return format!("{beginning} ({} bytes)", text.len());
    }
    text
}
