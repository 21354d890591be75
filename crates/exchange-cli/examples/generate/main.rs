//! Writes the files of the test vectors that concern proof requests and responses: the same bytes
//! in every run.
//!
//! ```text
//! cargo run --release -p proof-exchange --example generate-exchange-vectors            # writes the files
//! cargo run --release -p proof-exchange --example generate-exchange-vectors -- --check # fails if they differ
//! ```

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a tool for those who change the corpus"
)]

mod generator;

use std::process::ExitCode;

fn main() -> ExitCode {
    generator::written::main(generator::files())
}
