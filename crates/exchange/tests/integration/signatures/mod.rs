//! Signatures: known answers, refusals, canonical forms; and the DIDs whose keys verify them.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "all of this target is tests; a panic is how they report"
)]

mod dids;
mod documents;
mod jws;
mod known_answers;
mod linked_data;
mod refusals;
mod scene;
mod wallets;
