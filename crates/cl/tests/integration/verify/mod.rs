//! Verification, compared with `indy-credx`.

#![allow(
    clippy::unwrap_used,
    reason = "helpers of tests may fail like the tests themselves"
)]

mod accepted;
mod altered;
mod at_random;
mod malformed;
mod refused;
mod scene;
mod traced;

#[path = "../library/mod.rs"]
mod library;
