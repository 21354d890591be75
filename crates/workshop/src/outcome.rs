//! How the check of an exercise ends, and how that is printed.

use std::{fmt, process::ExitCode};

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

/// Prints how the check of an exercise went, and what to notice if it is done. Returns the exit code of the exercise.
pub fn finish(exercise: &str, outcome: Outcome) -> ExitCode {
    match outcome {
        Ok(()) => {
            println!("✓ {exercise} is done.");
            if let Some(notice) = notice(exercise) {
                println!("\nWhat to notice\n{notice}");
            }
            ExitCode::SUCCESS
        }
        Err(not_yet) => {
            println!("✗ {exercise} is not done yet.\n\n{not_yet}");
            ExitCode::FAILURE
        }
    }
}
