//! The messages: read, checked, written, and read again.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "all of this target is tests; a panic is how they report"
)]

#[path = "messages/documents.rs"]
mod documents;
#[path = "messages/draft.rs"]
mod draft;
#[path = "messages/fixture.rs"]
mod fixture;
#[path = "messages/members.rs"]
mod members;
#[path = "messages/property.rs"]
mod property;
#[path = "messages/rules.rs"]
mod rules;
#[path = "messages/seeds.rs"]
mod seeds;
