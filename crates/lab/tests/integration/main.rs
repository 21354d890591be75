//! The page, the verifier in it, and the server.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod page;
mod server;
mod verifier;
