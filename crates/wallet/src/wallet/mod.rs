//! Open wallets, and the calls that create, open, close and delete them.

mod records;

use std::{any::Any, fmt, sync::Arc};
use stdx::task::boxed;

use aries_askar::Store;
use tokio::sync::OnceCell;

use crate::{
    cache::Cache,
    config::WalletConfig,
    credentials::WalletCredentials,
    error::WalletError,
    index::{Index, Source},
    location::WalletLocation,
    storage::Storage,
    store::call_store,
};

/// An open wallet.
///
/// Close it with [`close_wallet`]: a wallet that is only dropped keeps its data, but leaves
/// SQLite's journal for the next opening to clear.
pub struct Wallet {
    location: WalletLocation,
    store: Store,
    source: Source,
    credentials: WalletCredentials,
    index: OnceCell<Index>,
    cache: Cache,
}

/// Shows the wallet's id only.
impl fmt::Debug for Wallet {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Wallet").field("id", &self.location.id).finish_non_exhaustive()
    }
}

impl Wallet {
    /// Returns the wallet's id, as in its [`WalletConfig`].
    pub fn id(&self) -> &str {
        &self.location.id
    }

    /// Returns the search index of the wallet's records. The first call opens it, and creates it in
    /// a wallet that has none yet.
    ///
    /// In a large wallet without an index the first call takes as long as SQLite or PostgreSQL need
    /// to sort the wallet's tags, and meanwhile nothing else can be written. It must not be made
    /// while the caller holds a transaction of the store: SQLite would wait for that in vain.
    ///
    /// # Errors
    ///
    /// [`WalletError::InvalidStorage`] when the index does not encrypt as the store does, and the
    /// errors of storage.
    pub async fn index(&self) -> Result<&Index, WalletError> {
        self.index
            .get_or_try_init(|| {
                Index::open(&self.store, &self.source, &self.credentials, &self.location)
            })
            .await
    }

    /// Returns the state of type `T` that the caller's crate keeps for as long as this wallet is
    /// open. At first it is `T::default()`; every later call returns the same value.
    ///
    /// `T` should be private to the crate that uses it.
    pub fn cache<T: Any + Default + Send + Sync>(&self) -> Arc<T> {
        self.cache.get()
    }

    /// The store behind the wallet.
    pub(crate) fn store(&self) -> &Store {
        &self.store
    }

    /// Runs an operation of the store. For operations on one record, where "missing" and "there
    /// already" have a meaning of their own, see the other methods.
    ///
    /// # Errors
    ///
    /// [`WalletError::InvalidStorage`] when what is stored is damaged, and the errors of storage.
    pub(crate) async fn call_store<T>(
        &self,
        operation: impl Future<Output = Result<T, aries_askar::Error>>,
    ) -> Result<T, WalletError> {
        call_store(operation).await.map_err(|error| self.location.while_open(error))
    }

    /// The error of a record that decrypts, but does not have the form in which this crate writes
    /// it.
    pub(crate) fn invalid_record(&self, reason: String) -> WalletError {
        self.location.invalid_storage(reason)
    }
}

/// Creates a wallet: whole, or not at all.
///
/// # Errors
///
/// - [`WalletError::AlreadyExists`] when there is a wallet with this id, whatever its key;
/// - [`WalletError::InvalidId`], [`WalletError::InvalidKey`], [`WalletError::InvalidStorageUrl`]
///   when the argument is malformed;
/// - [`WalletError::StorageUnreachable`], [`WalletError::Storage`] when the server does not answer,
///   or the file system or the database refuses.
#[boxed]
pub async fn create_wallet(
    config: &WalletConfig,
    credentials: &WalletCredentials,
) -> Result<(), WalletError> {
    Storage::new(config, credentials)?.create(credentials).await
}

/// Opens a wallet. One wallet may be opened several times, also by several processes.
///
/// # Errors
///
/// - [`WalletError::NotFound`] when there is no such wallet;
/// - [`WalletError::AccessFailed`] when the key is wrong;
/// - [`WalletError::InvalidStorage`] when what is there is truncated, damaged, or not a wallet;
/// - otherwise as [`create_wallet`].
#[boxed]
pub async fn open_wallet(
    config: &WalletConfig,
    credentials: &WalletCredentials,
) -> Result<Wallet, WalletError> {
    let storage = Storage::new(config, credentials)?;
    let store = storage.open(credentials).await?;
    let (source, location) = storage.into_parts();
    Ok(Wallet {
        location,
        store,
        source,
        credentials: credentials.clone(),
        index: OnceCell::new(),
        cache: Cache::default(),
    })
}

/// Closes a wallet: waits until running reads and writes have ended, and writes the journal back.
///
/// # Errors
///
/// [`WalletError::Storage`] when the storage fails.
#[boxed]
pub async fn close_wallet(wallet: Wallet) -> Result<(), WalletError> {
    let Wallet { location, store, index, .. } = wallet;
    // The store's connections close last, because only they write SQLite's journal back.
    if let Some(index) = index.into_inner() {
        index.close().await;
    }
    call_store(store.close()).await.map_err(|error| location.while_open(error))
}

/// Deletes a wallet with everything in it. As in libindy, the key must open it.
///
/// # Errors
///
/// - [`WalletError::InUse`] when the wallet is open, here or in another process;
/// - otherwise as [`open_wallet`].
#[boxed]
pub async fn delete_wallet(
    config: &WalletConfig,
    credentials: &WalletCredentials,
) -> Result<(), WalletError> {
    Storage::new(config, credentials)?.delete(credentials).await
}
