//! Wallets of the tests.

use std::ops::Deref;

use exchange::holder::store;
use serde_json::Value;
use tempfile::TempDir;
use test_support::wallets::temporary_wallet;
use wallet::Wallet;

use super::credential;
use crate::credit_card::{address, email, licence, payslips};

/// A wallet in a temporary directory.
pub struct TestWallet {
    wallet: Wallet,
    _directory: TempDir,
}

impl Deref for TestWallet {
    type Target = Wallet;

    fn deref(&self) -> &Wallet {
        &self.wallet
    }
}

/// Returns an empty wallet.
pub async fn empty() -> TestWallet {
    let (wallet, directory) = temporary_wallet().await;
    TestWallet { wallet, _directory: directory }
}

/// Returns a wallet with these credentials.
pub async fn with(credentials: impl IntoIterator<Item = Value>) -> TestWallet {
    let wallet = empty().await;
    for document in credentials {
        store(&wallet, &credential(document)).await.unwrap();
    }
    wallet
}

/// Returns a wallet with all credentials of the credit-card application: an email address, a
/// driving licence, an address, six payslips.
pub async fn full() -> TestWallet {
    let mut credentials = vec![email().await, licence().await, address().await];
    credentials.extend(payslips(1..=6).await);
    with(credentials).await
}
