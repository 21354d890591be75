//! The messages: read, checked, written, and read again.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "all of this target is tests; a panic is how they report"
)]

#[path = "messages/draft.rs"]
mod draft;
