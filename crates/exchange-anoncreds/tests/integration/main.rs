//! Criteria answered in zero knowledge: from the request to the verdict, and what is refused on the way.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "all of this target is tests; a panic is how they report"
)]

mod altered;
mod answered;
mod differing;
mod exchange;
#[path = "../exchange_scene/mod.rs"]
mod exchange_scene;
mod ledger;
mod refused;
mod scene;
mod translated;
