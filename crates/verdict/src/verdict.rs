//! The verdict, and its JSON form.

use serde::ser::{SerializeMap, SerializeStruct};
use serde::{Serialize, Serializer};

use crate::check::Checks;
use crate::report::{Failure, Outcome, Report, Weight};

/// The result of verifying one answer by the checks `C`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict<C> {
    /// The answer's own name, if it has one.
    pub id: Option<String>,
    /// A report on each check, in order.
    pub reports: Vec<Report<C>>,
}

impl<C: Checks> Verdict<C> {
    /// Returns the verdict on an answer that is not checked any further than this check, which it
    /// fails. There are no reports on other checks.
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

    /// Returns whether every check that counts has passed.
    pub fn verified(&self) -> bool {
        self.reports.iter().all(Report::holds)
    }

    /// Returns the checks that failed, relaxed ones among them.
    pub fn failed(&self) -> impl Iterator<Item = &Report<C>> {
        self.reports.iter().filter(|report| report.outcome == Outcome::Failed)
    }

    /// Returns the checks that the policy does not count.
    pub fn relaxed(&self) -> impl Iterator<Item = C> + '_ {
        self.reports
            .iter()
            .filter(|report| report.weight == Weight::Relaxed)
            .map(|report| report.check)
    }

    /// Returns how one check went.
    pub fn outcome(&self, check: C) -> Outcome {
        self.reports
            .iter()
            .find(|report| report.check == check)
            .map_or(Outcome::NotReached, |report| report.outcome)
    }

    /// Returns why the answer is rejected, in a sentence without a full stop: the first check that
    /// failed and counts, and the first thing that it found wrong. `None` if it is verified.
    pub fn reason(&self) -> Option<String> {
        if self.verified() {
            return None;
        }
        let counts = |report: &&Report<C>| !report.holds();
        // A relaxed check may still have left nothing to read for those that count.
        let first = self.failed().find(counts).or_else(|| self.failed().next());
        let Some(report) = first else {
            return Some("not every check was reached".to_owned());
        };
        Some(match report.failures.first() {
            Some(failure) => format!("the check {} failed: {failure}", report.check),
            None => format!("the check {} failed", report.check),
        })
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
        let verdict = if self.verified() { "verified" } else { "rejected" };
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
        return vec![Line { report, failure: None }];
    }
    let line = |failure| Line { report, failure: Some(failure) };
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
