//! The exchange over HTTP: server and client with each other, and with hostile peers.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "all of this target is tests; a panic is how they report"
)]

extern crate negotiate_exchange_http as exchange_http;

mod client;
#[path = "../../../exchange/tests/credit_card/mod.rs"]
mod credit_card;
mod limits;
mod pages;
mod queue;
mod requests;
mod server;
mod service;
mod statuses;
mod tls;
mod verifying;
mod written;
