//! What libindy's anoncreds calls promise: success, and each of their errors.

#![allow(
    clippy::unwrap_used,
    reason = "helpers of tests may fail like the tests themselves"
)]

mod choosing;
mod explaining;
mod holding;
mod issuing;
mod play;
mod proving;
mod scene;
mod searching;
mod verdicts;
