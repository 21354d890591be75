//! Criteria answered in zero knowledge: from the request to the verdict, and the refusals on the
//! way.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "all of this target is tests; a panic is how they report"
)]

extern crate negotiate_exchange_anoncreds as exchange_anoncreds;

mod altered;
mod answered;
#[path = "../../../exchange/tests/credit_card/mod.rs"]
mod credit_card;
mod differing;
mod exchange_response;
mod ledger_objects;
mod parties;
mod refused;
mod sov;
mod translated;
