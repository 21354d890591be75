//! Issuer and holder: the credit-card application of the draft, from issuing to the response.

mod choosing;
mod issuing;
mod linked_data;
mod matching;
mod meaning;
mod refusals;
mod responding;
mod storing;
mod unmatched;
mod wallets;

use exchange::message::{Mode, Received, VerifiableCredential};
use serde_json::Value;

/// Parses a credential.
fn credential(document: Value) -> Received<VerifiableCredential> {
    Received::of(document, Mode::Usual).unwrap()
}
