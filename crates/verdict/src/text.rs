//! A verdict as text for people.

use std::fmt;

use stdx::text::{Plain, Whole};

use crate::check::Checks;
use crate::report::{Failure, Outcome, Report, Weight};
use crate::verdict::Verdict;

/// Returns the length of the longest name of a check.
fn width<C: Checks>() -> usize {
    let names = C::ALL.iter().map(|check| check.name().len());
    names.max().unwrap_or_default()
}

/// Writes a line for each check, with its number, a [mark](Outcome::mark), its name and its rule; below a check
/// that failed, what it found wrong. Control characters are escaped.
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
        write!(f, "expected {expected}; found {got}; {}", Whole(&self.remedy))
    }
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

impl Outcome {
    /// Returns one character for the outcome: `✓` passed, `✗` failed, `–` not reached.
    pub fn mark(self) -> char {
        match self {
            Self::Passed => '✓',
            Self::Failed => '✗',
            Self::NotReached => '–',
        }
    }
}
