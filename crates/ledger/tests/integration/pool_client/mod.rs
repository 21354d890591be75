//! A pool by way of a client program: what the program says and does, and what becomes of requests.
//! The program is a script here.

#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "all of this target is tests; a panic is how they report"
)]

mod configuration;
mod ends;
mod play;
mod replies;
