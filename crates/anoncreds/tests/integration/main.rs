//! The calls of libindy's anoncreds module: their results, and each of their errors.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "helpers of tests may fail like the tests themselves"
)]

extern crate negotiate_anoncreds as anoncreds;

mod choosing;
mod classes;
mod explaining;
mod field;
mod foreign;
mod holding;
mod issuing;
mod opaque;
mod proof_test;
mod proving;
mod search_at_random;
mod searching;
mod verdicts;
