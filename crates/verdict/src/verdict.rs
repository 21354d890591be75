//! The verdict, and its JSON form.

use serde::ser::{SerializeMap, SerializeStruct};
use serde::{Deserialize, Serialize, Serializer};

use crate::check::Checks;
use crate::learned::Learned;
use crate::report::{Caution, Failure, Outcome, Report, Weight};

/// The result of verifying one answer by the checks `C`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict<C> {
    /// The answer's own name, if it has one.
    pub id: Option<String>,
    /// A report on each check, in order.
    pub reports: Vec<Report<C>>,
    /// What was learned from the answer: nothing unless it is verified. `None` if the verifier does
    /// not say.
    pub learned: Option<Learned>,
}

/// What a verdict says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Decision {
    /// Every check that counts has passed.
    Verified,
    /// Nothing was found wrong, but something that a check needs is missing.
    Undecided,
    /// A check that counts has failed.
    Rejected,
}

impl Decision {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Verified, Self::Undecided, Self::Rejected];

    /// Returns the word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Verified => "verified",
            Self::Undecided => "undecided",
            Self::Rejected => "rejected",
        }
    }
}

impl<C: Checks> Verdict<C> {
    /// Returns the verdict on an answer that is not checked any further than this check, which it
    /// fails. There are no reports on other checks.
    pub fn failed_at(check: C, id: Option<String>, failure: Failure) -> Self {
        Self::ended_at(check, Outcome::Failed, id, failure)
    }

    /// Returns the verdict on an answer that cannot be checked, for want of what this check needs.
    /// There are no reports on other checks.
    pub fn undecided_at(check: C, id: Option<String>, missing: Failure) -> Self {
        Self::ended_at(check, Outcome::Undecided, id, missing)
    }

    fn ended_at(check: C, outcome: Outcome, id: Option<String>, failure: Failure) -> Self {
        let report = Report {
            check,
            outcome,
            failures: vec![failure],
            cautions: Vec::new(),
            note: None,
            weight: Weight::Required,
        };
        Self { id, reports: vec![report], learned: None }
    }

    /// Returns what the reports come to.
    pub fn decision(&self) -> Decision {
        let required = || self.reports.iter().filter(|report| report.weight == Weight::Required);
        let has = |outcome| required().any(|report| report.outcome == outcome);
        // A relaxed check that failed may have left nothing to read for those that count.
        let left_by_failure = || has(Outcome::NotReached) && self.failed().next().is_some();
        if has(Outcome::Failed) || left_by_failure() {
            Decision::Rejected
        } else if self.reports.iter().all(Report::holds) {
            Decision::Verified
        } else {
            Decision::Undecided
        }
    }

    /// Returns whether every check that counts has passed.
    pub fn verified(&self) -> bool {
        self.decision() == Decision::Verified
    }

    /// Returns the checks that failed, relaxed ones among them.
    pub fn failed(&self) -> impl Iterator<Item = &Report<C>> {
        self.with_outcome(Outcome::Failed)
    }

    /// Returns the checks that are undecided.
    pub fn undecided(&self) -> impl Iterator<Item = &Report<C>> {
        self.with_outcome(Outcome::Undecided)
    }

    fn with_outcome(&self, outcome: Outcome) -> impl Iterator<Item = &Report<C>> {
        self.reports.iter().filter(move |report| report.outcome == outcome)
    }

    /// Returns the checks that the policy does not count.
    pub fn relaxed(&self) -> impl Iterator<Item = C> + '_ {
        self.reports
            .iter()
            .filter(|report| report.weight == Weight::Relaxed)
            .map(|report| report.check)
    }

    /// Returns what the reader must know though it is not wrong, with the checks that say so.
    pub fn cautions(&self) -> impl Iterator<Item = (C, &Caution)> {
        let of = |report: &'_ Report<C>| report.check;
        self.reports
            .iter()
            .flat_map(move |report| report.cautions.iter().map(move |one| (of(report), one)))
    }

    /// Returns how one check went.
    pub fn outcome(&self, check: C) -> Outcome {
        self.reports
            .iter()
            .find(|report| report.check == check)
            .map_or(Outcome::NotReached, |report| report.outcome)
    }

    /// Returns why the answer is not verified, in a sentence without a full stop: the first check
    /// that failed and counts, or else the first that is undecided, and the first thing that it
    /// found. `None` if the answer is verified.
    pub fn reason(&self) -> Option<String> {
        let (found, verb) = match self.decision() {
            Decision::Verified => return None,
            Decision::Rejected => (self.failed().collect::<Vec<_>>(), "failed"),
            Decision::Undecided => (self.undecided().collect(), "is undecided"),
        };
        // A relaxed check may still have left nothing to read for those that count.
        let first = found.iter().find(|report| !report.holds()).or(found.first());
        let Some(report) = first else {
            return Some("not every check was reached".to_owned());
        };
        Some(match report.failures.first() {
            Some(failure) => format!("the check {} {verb}: {failure}", report.check),
            None => format!("the check {} {verb}", report.check),
        })
    }
}

/// `{"id"?, "verdict": "verified" | "rejected" | "undecided", "checks": [...], "cautions": [...], "learned"?: {...}, "relaxed"?: [...]}`.
/// A check that found several things wrong has one element for each.
impl<C: Checks> Serialize for Verdict<C> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        if let Some(id) = &self.id {
            map.serialize_entry("id", id)?;
        }
        map.serialize_entry("verdict", &self.decision())?;
        let lines: Vec<Line<'_, C>> = self.reports.iter().flat_map(lines).collect();
        map.serialize_entry("checks", &lines)?;
        let cautions: Vec<_> = self.cautions().map(|(check, one)| Cautioned(check, one)).collect();
        map.serialize_entry("cautions", &cautions)?;
        if let Some(learned) = &self.learned {
            map.serialize_entry("learned", learned)?;
        }
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

/// A caution, with the check that says so.
struct Cautioned<'a, C>(C, &'a Caution);

impl<C: Checks> Serialize for Cautioned<'_, C> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(check, caution) = self;
        let mut line = serializer.serialize_struct("Caution", 6)?;
        line.serialize_field("caution", caution.name)?;
        line.serialize_field("severity", &caution.severity)?;
        line.serialize_field("check", check.name())?;
        if let Some(referent) = &caution.referent {
            line.serialize_field("referent", referent)?;
        }
        line.serialize_field("what", &caution.what)?;
        line.serialize_field("why", &caution.why)?;
        line.end()
    }
}
