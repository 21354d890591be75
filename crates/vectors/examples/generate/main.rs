//! Writes the corpus to `tests/vectors`: the same bytes in every run.
//!
//! ```text
//! cargo run --release -p negotiate-vectors --example generate-vectors            # writes the files
//! cargo run --release -p negotiate-vectors --example generate-vectors -- --check # fails if they differ
//! ```

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a tool for those who change the corpus"
)]

extern crate negotiate_vectors as vectors;

mod generator;

use std::process::ExitCode;

fn main() -> ExitCode {
    generator::written::main(generator::files())
}
