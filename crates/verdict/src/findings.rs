//! What a verifier's checks have found so far.

use std::collections::{BTreeMap, BTreeSet};

use crate::check::Checks;
use crate::report::{Found, Outcome, Report, Weight};
use crate::verdict::Verdict;

/// Collects what the checks find, in whatever order they are made, and makes a [`Verdict`] of it.
///
/// A failure of a *relaxed* check is reported, but does not reject.
pub struct Findings<'r, C> {
    relaxed: &'r BTreeSet<C>,
    reports: BTreeMap<C, Report<C>>,
}

impl<'r, C: Checks> Findings<'r, C> {
    /// Starts without findings; `relaxed` are the checks whose failure does not reject.
    pub fn new(relaxed: &'r BTreeSet<C>) -> Self {
        Self { relaxed, reports: BTreeMap::new() }
    }

    /// Reports that a check was made, and what it found: it passed if nothing is wrong or missing.
    /// A check that is made in several parts has passed if each of them has, and has failed if one
    /// of them has.
    pub fn add(&mut self, check: C, found: impl Into<Found>) {
        let Found { failures, missing, cautions } = found.into();
        let passed = self.report(check, Outcome::Passed, None);
        let report = self.reports.entry(check).or_insert(passed);
        if !failures.is_empty() {
            if report.outcome != Outcome::Failed {
                // What is wrong matters more than what is missing.
                report.failures.clear();
            }
            report.outcome = Outcome::Failed;
            report.failures.extend(failures);
        } else if !missing.is_empty() && report.outcome != Outcome::Failed {
            report.outcome = Outcome::Undecided;
            report.failures.extend(missing);
        }
        report.failures.truncate(Report::<C>::MAX_FAILURES);
        report.cautions.extend(cautions);
    }

    /// Reports on a check that yields what later checks need, and returns that.
    pub fn take<T, F: Into<Found>>(&mut self, check: C, result: Result<T, F>) -> Option<T> {
        let (value, found) = match result {
            Ok(value) => (Some(value), Found::default()),
            Err(found) => (None, found.into()),
        };
        self.add(check, found);
        value
    }

    /// Reports that a check is not made, because there is nothing for it to check or the verifier
    /// chose not to give what it needs. This does not reject.
    pub fn leave(&mut self, check: C, note: &str) {
        self.not_reached(check, note, Weight::Unasked);
    }

    /// Reports that a check is not made, because the policy does not ask for it. This does not
    /// reject; the verdict lists the check among the relaxed ones.
    pub fn relax(&mut self, check: C, note: &str) {
        self.not_reached(check, note, Weight::Relaxed);
    }

    /// Takes back that a check passed, where a later part of it could not be made: the verdict must
    /// not say that it passed. A check that failed has failed.
    pub fn withdraw(&mut self, check: C) {
        if let Some(report) = self.reports.get(&check)
            && report.outcome == Outcome::Passed
        {
            self.reports.remove(&check);
        }
    }

    /// Returns whether all checks made so far hold: none that counts has failed or is undecided.
    pub fn hold(&self) -> bool {
        self.reports.values().all(Report::holds)
    }

    /// Returns whether those of these checks hold that were made so far.
    pub fn hold_among(&self, checks: &[C]) -> bool {
        let mut made = checks.iter().filter_map(|check| self.reports.get(check));
        made.all(Report::holds)
    }

    /// Returns the verdict: a report on each of `checks`, in their order. Those that were neither
    /// made nor left were not reached, because of the first check that failed or is undecided.
    pub fn into_verdict(mut self, id: Option<String>, checks: &[C]) -> Verdict<C> {
        let note = [(Outcome::Failed, "failed"), (Outcome::Undecided, "is undecided")]
            .into_iter()
            .find_map(|(outcome, verb)| {
                let found = || self.reports.values().filter(|report| report.outcome == outcome);
                // A relaxed check, too, may have left nothing for the others to read.
                let first = found().find(|report| !report.holds()).or_else(|| found().next());
                first.map(|report| format!("because {} {verb}", report.check))
            });
        let reports = checks.iter().map(|&check| {
            let made = self.reports.remove(&check);
            made.unwrap_or_else(|| self.report(check, Outcome::NotReached, note.clone()))
        });
        let reports = reports.collect();
        Verdict { id, reports, learned: None }
    }

    fn not_reached(&mut self, check: C, note: &str, weight: Weight) {
        let note = Some(note.to_owned());
        let report = Report { weight, ..self.report(check, Outcome::NotReached, note) };
        self.reports.insert(check, report);
    }

    /// Returns a report without failures, of the weight that the policy gives the check.
    fn report(&self, check: C, outcome: Outcome, note: Option<String>) -> Report<C> {
        let relaxed = self.relaxed.contains(&check);
        Report {
            check,
            outcome,
            failures: Vec::new(),
            cautions: Vec::new(),
            note,
            weight: if relaxed { Weight::Relaxed } else { Weight::Required },
        }
    }
}
