//! Ledger requests and pools, by way of their public interface.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "all of this target is tests; a panic is how they report"
)]

extern crate negotiate_ledger as ledger;

#[cfg(unix)]
mod pool_client;
mod pool_config;
mod pool_conformance;
mod recorded_session;
mod refusals;
mod replies;
mod requests;
mod revocation;
mod signing;
mod support;
mod written;
