//! The program `proof-exchange`, run as a user runs it: what it prints, what it stores, how it
//! ends.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

#[cfg(target_os = "linux")]
mod completion;
mod consent;
mod corpus;
mod credit_card;
mod errors;
#[path = "../../examples/generate/generator/mod.rs"]
mod generator;
#[cfg(target_os = "linux")]
mod hidden;
mod interrupted;
mod keeping;
mod malformed;
mod meaning;
#[cfg(target_os = "linux")]
mod output;
mod rental;
mod repeated;
mod responding;
#[cfg(unix)]
mod serving;
mod session;
mod signing;
mod subcommands;
#[cfg(unix)]
mod tls;
