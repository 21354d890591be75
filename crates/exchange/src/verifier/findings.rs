//! What the checks have found so far.

use std::collections::{BTreeMap, BTreeSet};

use proofs::verdict::{Failure, Outcome, Report, Verdict, Weight};

use crate::check::ExchangeCheck;

/// The reports so far.
pub(super) struct Findings<'p> {
    relaxed: &'p BTreeSet<ExchangeCheck>,
    reports: BTreeMap<ExchangeCheck, Report<ExchangeCheck>>,
}

impl<'p> Findings<'p> {
    pub(super) fn new(relaxed: &'p BTreeSet<ExchangeCheck>) -> Self {
        Self {
            relaxed,
            reports: BTreeMap::new(),
        }
    }

    /// A check that was made, and what it found wrong. If it was made before, that adds to what it found then.
    pub(super) fn add(&mut self, check: ExchangeCheck, failures: Vec<Failure>) {
        let weight = self.weight(check);
        let report = self.reports.entry(check).or_insert_with(|| Report {
            check,
            outcome: Outcome::Passed,
            failures: Vec::new(),
            note: None,
            weight,
        });
        if !failures.is_empty() {
            report.outcome = Outcome::Failed;
        }
        report.failures.extend(failures);
        report.failures.truncate(Report::<ExchangeCheck>::SHOWN);
    }

    /// A check that is not made, by the verifier's choice.
    pub(super) fn leave(&mut self, check: ExchangeCheck, note: &str) {
        let report = Report {
            check,
            outcome: Outcome::NotReached,
            failures: Vec::new(),
            note: Some(note.to_owned()),
            weight: Weight::Unasked,
        };
        self.reports.insert(check, report);
    }

    /// A check that passed as far as it was made, and was not made to its end: nobody is to read that it passed.
    pub(super) fn withdraw(&mut self, check: ExchangeCheck) {
        let passed = |report: &Report<ExchangeCheck>| report.outcome == Outcome::Passed;
        if self.reports.get(&check).is_some_and(passed) {
            self.reports.remove(&check);
        }
    }

    /// Whether all checks that were made passed, or are relaxed.
    pub(super) fn hold(&self) -> bool {
        self.reports.values().all(Report::holds)
    }

    /// These checks, in their order; those without a report were not reached because of the first failure.
    pub(super) fn into_verdict(
        mut self,
        id: Option<String>,
        checks: &[ExchangeCheck],
    ) -> Verdict<ExchangeCheck> {
        let rejects =
            |report: &&Report<ExchangeCheck>| report.outcome == Outcome::Failed && !report.holds();
        let first = self.reports.values().find(rejects);
        let note = first.map(|report| format!("because {} failed", report.check));
        let reports = checks.iter().map(|&check| {
            let weight = self.weight(check);
            self.reports.remove(&check).unwrap_or_else(|| Report {
                check,
                outcome: Outcome::NotReached,
                failures: Vec::new(),
                note: note.clone(),
                weight,
            })
        });
        Verdict {
            id,
            reports: reports.collect(),
        }
    }

    fn weight(&self, check: ExchangeCheck) -> Weight {
        match self.relaxed.contains(&check) {
            true => Weight::Relaxed,
            false => Weight::Required,
        }
    }
}
