//! Issuer and holder: the credit-card application of the draft, from issuing to the response.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "all of this target is tests; a panic is how they report"
)]

mod choosing;
mod issuing;
mod keeping;
mod linked_data;
mod matching;
mod refusals;
mod responding;
#[path = "../exchange_scene/mod.rs"]
mod scene;
mod shortages;
mod wallet;

use exchange::message::{Mode, Received, VerifiableCredential};
use serde_json::Value;

/// A credential that has been read.
fn credential(document: Value) -> Received<VerifiableCredential> {
    Received::of(document, Mode::Usual).unwrap()
}
