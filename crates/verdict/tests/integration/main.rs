//! How verdicts are made, and how they are written.

#![allow(clippy::unwrap_used, reason = "all of this target is tests; a panic is how they report")]

extern crate negotiate_verdict as verdict;

mod findings;
mod json;
mod parcel;
mod printing;
mod reason;
