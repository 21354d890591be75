//! Tests that look at the whole workspace from outside.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "all of this program is tests; a panic is how they report"
)]

#[cfg(unix)]
mod after_actions;
mod architecture;
mod book;
mod dependencies;
mod exercises;
mod glossary;
mod imports;
mod language;
#[cfg(unix)]
mod peers;
mod pictures;
#[cfg(unix)]
mod programs;
mod recipes;
#[cfg(unix)]
mod sessions;
mod sources;
mod tutorial;
