//! Wallets for tests: with raw keys, because deriving a key from a passphrase takes half a second.

use std::{io::Write, path::Path};

use tempfile::TempDir;
use uuid::Uuid;
use wallet::{
    Wallet, WalletConfig, WalletCredentials, WalletKey, WalletStorage, close_wallet, create_wallet,
    delete_wallet, generate_wallet_key, open_wallet,
};

/// The environment variable that names the PostgreSQL server for tests, such as
/// `postgres://user:password@localhost:5432`. Its user must be allowed to create databases.
pub const POSTGRES_VARIABLE: &str = "NEGOTIATE_PROOF_POSTGRES_URL";

/// Returns the URL of the PostgreSQL server for tests. Without a server it reports that the test is
/// skipped.
pub fn postgres_url() -> Option<String> {
    let url = std::env::var(POSTGRES_VARIABLE).ok();
    if url.is_none() {
        // written to the stream itself, because the test harness hides what a passing test prints
        let _ = writeln!(
            std::io::stderr(),
            "SKIPPED: set {POSTGRES_VARIABLE} to run this test against a PostgreSQL server"
        );
    }
    url
}

/// Returns the credentials of a random raw key.
pub fn raw_key() -> WalletCredentials {
    WalletCredentials::raw(generate_wallet_key().unwrap())
}

/// Returns the configuration of the wallet `<directory>/<id>.sqlite`.
pub fn sqlite_config(directory: &Path, id: &str) -> WalletConfig {
    WalletConfig {
        id: id.to_owned(),
        storage: WalletStorage::Sqlite { directory: directory.to_owned() },
    }
}

/// Creates and opens the wallet `<directory>/<id>.sqlite`.
pub async fn wallet_in(directory: &Path, id: &str) -> Wallet {
    let (config, credentials) = (sqlite_config(directory, id), raw_key());
    create_wallet(&config, &credentials).await.unwrap();
    open_wallet(&config, &credentials).await.unwrap()
}

/// Creates and opens a wallet in a temporary directory, which must outlive it.
pub async fn temporary_wallet() -> (Wallet, TempDir) {
    let directory = tempfile::tempdir().unwrap();
    (wallet_in(directory.path(), "wallet").await, directory)
}

/// A wallet that a test creates, opens as often as it likes, and deletes.
pub struct TestWallet {
    /// The wallet's id and storage.
    pub config: WalletConfig,
    /// The credentials of [`key`](Self::key), unless the test sets others.
    pub credentials: WalletCredentials,
    /// A random raw key.
    pub key: WalletKey,
    _directory: Option<TempDir>,
}

impl TestWallet {
    /// Returns a wallet that is to be created in a temporary directory.
    pub fn sqlite() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let config = sqlite_config(directory.path(), "wallet");
        Self::new(config, Some(directory))
    }

    /// Returns a wallet that is to be created on the PostgreSQL server, under an id that no other
    /// test uses; `None` without a server.
    pub fn postgres() -> Option<Self> {
        let config = WalletConfig {
            id: format!("test-{}", Uuid::new_v4()),
            storage: WalletStorage::Postgres { url: postgres_url()? },
        };
        Some(Self::new(config, None))
    }

    fn new(config: WalletConfig, directory: Option<TempDir>) -> Self {
        let key = generate_wallet_key().unwrap();
        Self { config, credentials: WalletCredentials::raw(&key), key, _directory: directory }
    }

    /// Creates the wallet and opens it.
    pub async fn create(&self) -> Wallet {
        create_wallet(&self.config, &self.credentials).await.unwrap();
        self.open().await
    }

    /// Opens the wallet.
    pub async fn open(&self) -> Wallet {
        open_wallet(&self.config, &self.credentials).await.unwrap()
    }

    /// Closes the wallet and deletes it.
    pub async fn delete(self, wallet: Wallet) {
        close_wallet(wallet).await.unwrap();
        delete_wallet(&self.config, &self.credentials).await.unwrap();
    }
}
