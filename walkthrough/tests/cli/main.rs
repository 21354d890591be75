//! The program `negotiate-proof`, run as a user runs it: what it prints, what it leaves behind, how
//! it ends.
//!
//! All runs but one use the committed test key or none, so only that one waits for primes.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

#[cfg(target_os = "linux")]
mod completion;
mod convert;
mod disclose;
mod errors;
mod examples;
#[cfg(target_os = "linux")]
mod hidden;
mod homes;
#[cfg(unix)]
mod interruption;
mod json;
#[cfg(unix)]
mod lab;
mod lint;
mod malformed;
#[cfg(target_os = "linux")]
mod output;
mod own;
mod policy;
mod pool;
mod postgres;
mod progress;
mod records;
mod regression;
mod repeated;
mod scenario;
mod schema;
mod search;
mod steps;
mod subcommands;
mod tampering;
mod text;
mod used_nonces;
#[cfg(unix)]
mod vectors;
mod verify;
mod walkthrough;
mod wallet;
mod wallet_export;
mod wallet_foreign;
mod workshop;
