//! The tests of the public API. Most of them compare this crate with `indy-credx`, here called the
//! library.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "all of this target is tests; a panic is how they report"
)]

extern crate negotiate_cl as cl;

mod example;
mod hostile;
mod keys;
mod known_answers;
mod library;
mod proving;
mod proving_refused;
mod signer;
mod verify;
