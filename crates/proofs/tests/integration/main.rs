//! The crate's public functions.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "all of this target is tests; a panic is how they report"
)]

extern crate negotiate_proofs as proofs;

mod checks;
mod classes;
mod disclosure;
mod forms;
mod lint;
mod mismatches;
mod objects;
mod preflight;
mod properties;
mod public_data;
mod queries;
mod records;
mod requests;
