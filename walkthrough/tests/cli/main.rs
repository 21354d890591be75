//! The binary `negotiate-proof`, from outside: what it prints, what it leaves behind, how it ends.
//!
//! All runs but one use the committed test key or none, so only that one waits for primes.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

mod disclose;
mod exchange;
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
