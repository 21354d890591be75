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
    /// Nothing was found wrong, but something that it needs is missing.
    #[serde(rename = "undecided")]
    Undecided,
    /// An earlier check, or the policy, left nothing to check.
    #[serde(rename = "not reached")]
    NotReached,
}

/// Whether a check counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// Unless it passes, the answer is not verified.
    Required,
    /// The policy does not count its failure; the verdict says so.
    Relaxed,
    /// There is nothing for it to check, or the verifier chose not to give what it needs, such as a
    /// memory of used nonces.
    Unasked,
}

/// A check and how it went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report<C> {
    /// The check.
    pub check: C,
    /// How it went.
    pub outcome: Outcome,
    /// What it found wrong if it failed, what it lacks if it is undecided: at most
    /// [`MAX_FAILURES`](Self::MAX_FAILURES) things.
    pub failures: Vec<Failure>,
    /// What the reader of the verdict must know, though it is not wrong.
    pub cautions: Vec<Caution>,
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

/// What a check, or a part of it, found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// What is wrong. If there is anything, the check has failed.
    pub failures: Vec<Failure>,
    /// What is missing. If there is anything and nothing is wrong, the check is undecided.
    pub missing: Vec<Failure>,
    /// What the reader of the verdict must know, though it is not wrong.
    pub cautions: Vec<Caution>,
}

impl From<Vec<Failure>> for Found {
    fn from(failures: Vec<Failure>) -> Self {
        Self { failures, ..Self::default() }
    }
}

impl From<Option<Failure>> for Found {
    fn from(failure: Option<Failure>) -> Self {
        Vec::from_iter(failure).into()
    }
}

impl From<Failure> for Found {
    fn from(failure: Failure) -> Self {
        Some(failure).into()
    }
}

/// One thing that a check found wrong, or found missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The part of the request that it is about, if it is about one: a referent or, for answers
    /// that have no referents, a JSON pointer into the message.
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

/// How much a caution matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// A reader of the verdict must know it.
    Caution,
    /// It may be of interest.
    Note,
}

/// Something that a reader of the verdict must know, though nothing is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caution {
    /// Its name, as programs read it: lower-case words with hyphens.
    pub name: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// The part of the request that it is about, if it is about one.
    pub referent: Option<String>,
    /// What is so, as a clause without a full stop.
    pub what: String,
    /// What follows from it, or why it is so, as a clause without a full stop.
    pub why: String,
}

impl Caution {
    /// Returns a caution about a referent. Long texts are shortened.
    pub fn new(
        name: &'static str,
        referent: &str,
        what: impl Into<String>,
        why: impl Into<String>,
    ) -> Self {
        Self {
            name,
            severity: Severity::Caution,
            referent: Some(bounded(referent.to_owned())),
            what: bounded(what.into()),
            why: bounded(why.into()),
        }
    }

    /// Returns the same as a note.
    #[must_use]
    pub fn note(self) -> Self {
        Self { severity: Severity::Note, ..self }
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
