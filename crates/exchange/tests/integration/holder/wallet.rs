//! Wallets of the tests.

use std::ops::Deref;

use wallet::{
    Wallet, WalletConfig, WalletCredentials, WalletStorage, create_wallet, generate_wallet_key,
    open_wallet,
};
use exchange::holder::keep;
use serde_json::Value;
use tempfile::TempDir;

use crate::{
    credential,
    scene::{address, email, licence, payslips},
};

/// A wallet in a directory that goes with it.
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

/// A wallet that holds nothing.
pub async fn empty() -> TestWallet {
    let directory = tempfile::tempdir().unwrap();
    let config = WalletConfig {
        id: "holder".to_owned(),
        storage: WalletStorage::Sqlite {
            directory: directory.path().to_owned(),
        },
    };
    let credentials = WalletCredentials::raw(generate_wallet_key().unwrap());
    create_wallet(&config, &credentials).await.unwrap();
    TestWallet {
        wallet: open_wallet(&config, &credentials).await.unwrap(),
        _directory: directory,
    }
}

/// A wallet that holds these.
pub async fn with(credentials: impl IntoIterator<Item = Value>) -> TestWallet {
    let wallet = empty().await;
    for document in credentials {
        keep(&wallet, &credential(document)).await.unwrap();
    }
    wallet
}

/// All that the credit-card application needs: an email address, a driving licence, an address, six payslips.
pub async fn full() -> TestWallet {
    let mut credentials = vec![email().await, licence().await, address().await];
    credentials.extend(payslips(1..=6).await);
    with(credentials).await
}
