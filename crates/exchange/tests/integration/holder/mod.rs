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

use exchange::{
    error::ExchangeError,
    holder::{CATEGORY, SignatureCheck, check_signatures, store},
    message::{Mode, Received, VerifiableCredential},
};
use serde_json::Value;
use wallet::{Wallet, non_secrets::delete_wallet_record};

/// Parses a credential.
fn credential(document: Value) -> Received<VerifiableCredential> {
    Received::of(document, Mode::Usual).unwrap()
}

/// Stores a credential, if all its signatures are the issuer's.
async fn store_verified(
    wallet: &Wallet,
    credential: &Received<VerifiableCredential>,
    with: SignatureCheck<'_>,
) -> Result<bool, ExchangeError> {
    check_signatures(credential, with).await?;
    store(wallet, credential).await
}

/// Removes a credential.
async fn remove(wallet: &Wallet, id: &str) {
    delete_wallet_record(wallet, CATEGORY, id).await.unwrap();
}
