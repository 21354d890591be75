//! What a verifier finds: a list of named checks, each passed, failed or not reached.
//!
//! The mathematics of a presentation is one thing among twenty that a verifier relies on. A
//! [`Verdict`] names them all ([`Checks`]), says of each how it went, and of each that failed what was
//! expected, what was found instead, and what to do. `verified` is true only if every check passed
//! that the policy asks for.

mod check;
mod findings;
mod text;

use std::fmt;

use serde::ser::{SerializeMap, SerializeStruct};
use serde::{Serialize, Serializer};

pub use check::Checks;
pub use findings::Findings;

/// How a check went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Outcome {
    /// It holds.
    #[serde(rename = "passed")]
    Passed,
    /// It does not.
    #[serde(rename = "failed")]
    Failed,
    /// An earlier failure, or the policy, left nothing to check.
    #[serde(rename = "not reached")]
    NotReached,
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::NotReached => "not reached",
        })
    }
}

/// One thing that a check found wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The referent of the request that it is about, if it is about one; a place in a message, as a JSON
    /// pointer, where answers have places instead of referents.
    pub referent: Option<String>,
    /// What should be.
    pub expected: String,
    /// What is.
    pub got: String,
    /// What to do about it, as a clause without a full stop.
    pub remedy: String,
}

impl Failure {
    /// A failure that is not about one referent.
    pub fn new(
        expected: impl Into<String>,
        got: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        Self {
            referent: None,
            expected: shorten(expected.into()),
            got: shorten(got.into()),
            remedy: shorten(remedy.into()),
        }
    }

    /// The same, about this referent.
    #[must_use]
    pub fn about(mut self, referent: impl Into<String>) -> Self {
        self.referent = Some(shorten(referent.into()));
        self
    }
}

/// What was found may be as large as its maker pleases, and what was expected as large as the request's;
/// nobody reads more than this.
fn shorten(text: String) -> String {
    const SHOWN: usize = 300;
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}… ({} bytes)", &text[..end], text.len()),
        None => text,
    }
}

/// A check and how it went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report<C> {
    /// Which.
    pub check: C,
    /// How it went.
    pub outcome: Outcome,
    /// What it found wrong; at most [`Report::SHOWN`] things. Empty unless it failed.
    pub failures: Vec<Failure>,
    /// Why it was not reached. Absent otherwise.
    pub note: Option<String>,
    /// Whether it counts.
    pub weight: Weight,
}

/// Whether a check counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// Unless it passes, the presentation is rejected.
    Required,
    /// The policy leaves it out of account; the verdict says so.
    Relaxed,
    /// The verifier lacks what it needs, by choice, as a memory of used nonces.
    Unasked,
}

impl<C> Report<C> {
    /// A check lists no more failures than this: one says enough, a thousand say no more.
    pub const SHOWN: usize = 8;

    /// Whether nothing speaks against the presentation here.
    pub fn holds(&self) -> bool {
        self.weight != Weight::Required || self.outcome == Outcome::Passed
    }
}

/// The result of verifying one presentation, or another answer whose checks are `C`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict<C> {
    /// The case's own name, if it has one.
    pub id: Option<String>,
    /// All checks, in their order.
    pub reports: Vec<Report<C>>,
}

impl<C: Checks> Verdict<C> {
    /// The verdict on what goes no further than this check.
    pub fn failed_at(check: C, id: Option<String>, failure: Failure) -> Self {
        Self {
            id,
            reports: vec![Report {
                check,
                outcome: Outcome::Failed,
                failures: vec![failure],
                note: None,
                weight: Weight::Required,
            }],
        }
    }

    /// Whether every check passed that the policy does not relax.
    pub fn verified(&self) -> bool {
        self.reports.iter().all(Report::holds)
    }

    /// The checks that failed, relaxed ones among them.
    pub fn failed(&self) -> impl Iterator<Item = &Report<C>> {
        self.reports
            .iter()
            .filter(|report| report.outcome == Outcome::Failed)
    }

    /// The checks that the policy leaves out of account.
    pub fn relaxed(&self) -> impl Iterator<Item = C> + '_ {
        self.reports
            .iter()
            .filter(|report| report.weight == Weight::Relaxed)
            .map(|report| report.check)
    }

    /// How one check went.
    pub fn outcome(&self, check: C) -> Outcome {
        self.reports
            .iter()
            .find(|report| report.check == check)
            .map_or(Outcome::NotReached, |report| report.outcome)
    }
}

/// `{"id"?, "verdict": "verified" | "rejected", "checks": [...], "relaxed"?: [...]}`. A check that found
/// several things wrong has one element for each.
impl<C: Checks> Serialize for Verdict<C> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        if let Some(id) = &self.id {
            map.serialize_entry("id", id)?;
        }
        let verdict = if self.verified() {
            "verified"
        } else {
            "rejected"
        };
        map.serialize_entry("verdict", verdict)?;
        let lines: Vec<Line<'_, C>> = self.reports.iter().flat_map(lines).collect();
        map.serialize_entry("checks", &lines)?;
        let relaxed: Vec<&str> = self.relaxed().map(C::name).collect();
        if !relaxed.is_empty() {
            map.serialize_entry("relaxed", &relaxed)?;
        }
        map.end()
    }
}

/// A check, with one of its failures if it has any.
struct Line<'a, C> {
    report: &'a Report<C>,
    failure: Option<&'a Failure>,
}

fn lines<C>(report: &Report<C>) -> Vec<Line<'_, C>> {
    if report.failures.is_empty() {
        return vec![Line {
            report,
            failure: None,
        }];
    }
    let line = |failure| Line {
        report,
        failure: Some(failure),
    };
    report.failures.iter().map(line).collect()
}

impl<C: Checks> Serialize for Line<'_, C> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut line = serializer.serialize_struct("Check", 2)?;
        line.serialize_field("check", self.report.check.name())?;
        line.serialize_field("outcome", &self.report.outcome)?;
        if let Some(note) = &self.report.note {
            line.serialize_field("note", note)?;
        }
        if let Some(failure) = self.failure {
            if let Some(referent) = &failure.referent {
                line.serialize_field("referent", referent)?;
            }
            line.serialize_field("expected", &failure.expected)?;
            line.serialize_field("got", &failure.got)?;
            line.serialize_field("remedy", &failure.remedy)?;
        }
        line.end()
    }
}
