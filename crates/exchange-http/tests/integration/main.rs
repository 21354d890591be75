//! The exchange over HTTP: what server and client do with each other, and with strangers.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "all of this target is tests; a panic is how they report"
)]

mod client;
#[path = "../exchange_scene/mod.rs"]
mod exchange_scene;
mod limits;
mod scene;
mod statuses;
mod storage;
mod tls;
mod verifying;
