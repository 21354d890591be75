//! What the checks of the exercises say of right and wrong answers.
//!
//! That the solutions pass and the exercises fail as they are is tested with rustlings.

#![allow(clippy::unwrap_used, reason = "all of this target is tests; a panic is how they report")]

use workshop::outcome::Outcome;

mod break_it;
mod numbers;

/// Asserts that an answer is refused, with these words among others.
#[track_caller]
fn refused(outcome: Outcome, words: &[&str]) {
    let message = outcome.unwrap_err().to_string();
    for word in words {
        assert!(message.contains(word), "{word:?} is not in:\n{message}");
    }
}
