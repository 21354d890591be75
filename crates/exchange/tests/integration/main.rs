//! The tests of the crate, by module.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "all of this target is tests; a panic is how they report"
)]

extern crate negotiate_exchange as exchange;

#[path = "../credit_card/mod.rs"]
mod credit_card;
mod holder;
mod messages;
mod peers;
mod signatures;
mod verifier;
