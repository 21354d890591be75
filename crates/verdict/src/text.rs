//! The verdict as a person reads it.

use std::fmt;

use stdx::text::{Plain, Whole};

use crate::{Checks, Failure, Outcome, Report, Verdict, Weight};

/// How wide the longest name of a check is.
fn width<C: Checks>() -> usize {
    let names = C::ALL.iter().map(|check| check.name().len());
    names.max().unwrap_or_default()
}

/// A line for each check, with its number, a mark (`✓` passed, `✗` failed, `–` not reached), its name and
/// its rule; below a check that failed, what it found wrong. Characters that a terminal may obey are escaped.
impl<C: Checks> fmt::Display for Verdict<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, report) in self.reports.iter().enumerate() {
            writeln!(f, "{:>2} {report}", index + 1)?;
        }
        Ok(())
    }
}

impl<C: Checks> fmt::Display for Report<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (mark, check, width) = (self.outcome.mark(), self.check, width::<C>());
        write!(f, "{mark} {:width$}  {}", check.name(), check.rule())?;
        if let Some(note) = &self.note {
            write!(f, " ({}: {})", self.outcome, Whole(note))?;
        } else if self.weight == Weight::Relaxed {
            write!(f, " (relaxed by the policy)")?;
        }
        for failure in &self.failures {
            write!(f, "\n     {failure}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(referent) = &self.referent {
            write!(f, "{}: ", Plain(referent))?;
        }
        let (expected, got) = (Whole(&self.expected), Whole(&self.got));
        write!(
            f,
            "expected {expected}; found {got}; {}",
            Whole(&self.remedy)
        )
    }
}

impl Outcome {
    /// One character for the outcome: `✓` passed, `✗` failed, `–` not reached.
    pub fn mark(self) -> char {
        match self {
            Self::Passed => '✓',
            Self::Failed => '✗',
            Self::NotReached => '–',
        }
    }
}

impl<C: Checks> Verdict<C> {
    /// Why the presentation is rejected, in a sentence without a full stop: the first check that failed and
    /// counts, and the first thing that it found wrong. `None` if it is verified.
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
