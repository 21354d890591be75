//! How the check of an exercise ends, and how that is printed.

use std::{
    fmt,
    io::{self, Write},
    process::ExitCode,
};

use stdx::text::Lines;

use crate::notices::notice;

/// What is not yet right, for the learner: what was expected, what was found, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotYet(String);

impl NotYet {
    /// Returns what is not yet right, as sentences or lines.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }
}

impl fmt::Display for NotYet {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // it may quote what the learner wrote
        Lines(&self.0).fmt(formatter)
    }
}

/// How a check went.
pub type Outcome = Result<(), NotYet>;

/// Prints how the check of an exercise went, and what to notice if it is done. Returns the exit
/// code of the exercise.
pub fn finish(exercise: &str, outcome: Outcome) -> ExitCode {
    let (text, code) = match outcome {
        Ok(()) => {
            let notice = notice(exercise).map(|notice| format!("\n\nWhat to notice\n{notice}"));
            (format!("✓ {exercise} is done.{}", notice.unwrap_or_default()), ExitCode::SUCCESS)
        }
        Err(not_yet) => (format!("✗ {exercise} is not done yet.\n\n{not_yet}"), ExitCode::FAILURE),
    };
    // the exit code says the same where the text cannot be written
    let _ = writeln!(io::stdout(), "{text}");
    code
}
