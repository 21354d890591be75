//! The twenty checks: for each, a case that fails exactly there, and one that nearly does and passes.
//!
//! `predicate-link`, `number-range`, `challenge-binding` and `same-holder` have their tests beside their own
//! functions, in `src/checks/tests.rs`.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "all of this target is tests; a panic is how they report"
)]

mod answering;
mod engines;
mod hostile;
mod mutation;
mod numbers;
mod origin;
mod reading;
mod revoking;
mod scene;
mod verdicts;
