//! Encrypted wallets: create, open, close, delete.
//!
//! A wallet is an Askar store of its own, in an SQLite file or in a PostgreSQL database. Every
//! value and every name in it is encrypted under a key that the wallet's owner gives.
//!
//! ```
//! # async fn example() -> Result<(), negotiate_wallet::WalletError> {
//! use negotiate_wallet::{self as wallet, WalletConfig, WalletCredentials, WalletStorage};
//!
//! let config = WalletConfig {
//!     id: "issuer_wallet".to_owned(),
//!     storage: WalletStorage::Sqlite { directory: "wallets".into() },
//! };
//! let credentials = WalletCredentials::passphrase("issuer_wallet_key");
//!
//! wallet::create_wallet(&config, &credentials).await?;
//! let wallet = wallet::open_wallet(&config, &credentials).await?;
//! // ... work ...
//! wallet::close_wallet(wallet).await?;
//! wallet::delete_wallet(&config, &credentials).await?;
//! # Ok(())
//! # }
//! ```
//!
//! All functions must run inside a Tokio runtime.

pub mod category;
pub mod did;
pub mod non_secrets;

mod cache;
mod config;
mod credentials;
mod error;
mod fault;
mod index;
mod place;
mod postgres;
mod records;
mod sqlite;

use std::{any::Any, fmt, sync::Arc};

use aries_askar::Store;
use tokio::sync::OnceCell;

pub use config::{WalletConfig, WalletStorage};
pub use credentials::{KeyDerivation, WalletCredentials, WalletKey, generate_wallet_key};
pub use error::WalletError;
pub use index::{Index, ItemId, NewRecord, Record, Replacement, Term};

use self::{
    cache::Caches, fault::guarded, place::Place, postgres::PostgresWallet, sqlite::SqliteWallet,
};

/// An open wallet.
///
/// Hand it to [`close_wallet`] when done: a wallet that is only dropped keeps its data, but leaves
/// SQLite's journal to be cleared by whoever opens it next.
pub struct Wallet {
    place: Place,
    store: Store,
    source: index::Source,
    credentials: WalletCredentials,
    index: OnceCell<Index>,
    caches: Caches,
}

/// Shows the wallet's id only.
impl fmt::Debug for Wallet {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Wallet")
            .field("id", &self.place.id)
            .finish_non_exhaustive()
    }
}

impl Wallet {
    /// The wallet's id, as in its [`WalletConfig`].
    pub fn id(&self) -> &str {
        &self.place.id
    }

    /// Returns the state of type `T` that a crate above keeps for as long as the wallet is open; it is
    /// `T::default()` at first.
    pub fn cache<T: Any + Default + Send + Sync>(&self) -> Arc<T> {
        self.caches.get()
    }

    /// The store behind the wallet.
    pub fn store(&self) -> &Store {
        &self.store
    }
}

/// Where a wallet is kept, ready to be used.
enum Backend {
    Sqlite(SqliteWallet),
    Postgres(PostgresWallet),
}

impl Backend {
    /// Checks all that can be checked without touching the storage.
    fn of(config: &WalletConfig, credentials: &WalletCredentials) -> Result<Self, WalletError> {
        config.check_id()?;
        credentials.check()?;
        Ok(match &config.storage {
            WalletStorage::Sqlite { directory } => {
                Self::Sqlite(SqliteWallet::new(&config.id, directory))
            }
            WalletStorage::Postgres { url } => {
                Self::Postgres(PostgresWallet::new(&config.id, url)?)
            }
        })
    }
}

/// Creates a wallet: whole, or not at all.
///
/// # Errors
///
/// - [`WalletError::AlreadyExists`] when there is a wallet with this id, whatever its key;
/// - [`WalletError::InvalidId`], [`WalletError::InvalidKey`], [`WalletError::InvalidStorageUrl`]
///   when what is given is malformed;
/// - [`WalletError::StorageUnreachable`], [`WalletError::Storage`] when the server does not answer,
///   or the file system or the database refuses.
pub async fn create_wallet(
    config: &WalletConfig,
    credentials: &WalletCredentials,
) -> Result<(), WalletError> {
    match Backend::of(config, credentials)? {
        Backend::Sqlite(wallet) => wallet.create(credentials).await,
        Backend::Postgres(wallet) => wallet.create(credentials).await,
    }
}

/// Opens a wallet. One wallet may be opened several times, also by several processes.
///
/// # Errors
///
/// - [`WalletError::NotFound`] when there is no such wallet;
/// - [`WalletError::AccessFailed`] when the key is wrong;
/// - [`WalletError::InvalidStorage`] when what is there is truncated, damaged, or no wallet;
/// - otherwise as [`create_wallet`].
pub async fn open_wallet(
    config: &WalletConfig,
    credentials: &WalletCredentials,
) -> Result<Wallet, WalletError> {
    let (store, source, place) = match Backend::of(config, credentials)? {
        Backend::Sqlite(wallet) => {
            let store = wallet.open(credentials).await?;
            (store, wallet.source(), wallet.place)
        }
        Backend::Postgres(wallet) => {
            let store = wallet.open(credentials).await?;
            (store, wallet.source(), wallet.place)
        }
    };
    Ok(Wallet {
        place,
        store,
        source,
        credentials: credentials.clone(),
        index: OnceCell::new(),
        caches: Caches::default(),
    })
}

/// Closes a wallet: waits for what is being read or written, and writes the journal back.
///
/// # Errors
///
/// [`WalletError::Storage`] when the storage fails.
pub async fn close_wallet(wallet: Wallet) -> Result<(), WalletError> {
    let Wallet {
        place,
        store,
        index,
        ..
    } = wallet;
    // The store's connections go last, because only they write SQLite's journal back.
    if let Some(index) = index.into_inner() {
        index.close().await;
    }
    guarded(store.close())
        .await
        .map_err(|fault| place.working(fault))
}

/// Deletes a wallet and all that is in it. As in libindy, the key must open it.
///
/// # Errors
///
/// - [`WalletError::InUse`] when the wallet is open, here or in another process;
/// - otherwise as [`open_wallet`].
pub async fn delete_wallet(
    config: &WalletConfig,
    credentials: &WalletCredentials,
) -> Result<(), WalletError> {
    match Backend::of(config, credentials)? {
        Backend::Sqlite(wallet) => wallet.delete(credentials).await,
        Backend::Postgres(wallet) => wallet.delete(credentials).await,
    }
}
