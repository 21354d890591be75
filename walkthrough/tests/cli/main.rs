//! The binary `negotiate-proof`, from outside: what it prints, what it leaves behind, how it ends.
//!
//! All runs use the committed test key, so none waits for primes.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

mod disclose;
mod json;
#[cfg(unix)]
mod kill;
mod lint;
mod pool;
mod postgres;
mod scene;
mod search;
mod steps;
mod subcommands;
mod tampering;
mod unhappy;
mod verify;
mod whole;
