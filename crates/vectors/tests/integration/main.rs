//! Tests of the corpus in `tests/vectors` and of the runner.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "what is not a test itself is the tests' set-up"
)]

extern crate negotiate_vectors as vectors;

#[cfg(unix)]
mod adapter;
mod command;
mod corpus;
#[cfg(unix)]
mod expected;
#[cfg(unix)]
mod fake;
#[path = "../../examples/generate/generator/mod.rs"]
#[allow(dead_code, reason = "the generator is tested by what it writes")]
mod generator;
mod issuing;
mod mutate;
mod proving;
#[cfg(unix)]
mod report;
#[cfg(unix)]
mod templates;
