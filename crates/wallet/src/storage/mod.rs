//! Where wallets are stored: SQLite files and PostgreSQL databases.

#[cfg(feature = "postgres")]
mod postgres;
mod sqlite;

use aries_askar::Store;

#[cfg(feature = "postgres")]
use self::postgres::PostgresWallet;
use self::sqlite::SqliteWallet;
pub(crate) use self::sqlite::url_of as sqlite_url;
use crate::{
    config::{WalletConfig, WalletStorage},
    credentials::WalletCredentials,
    error::WalletError,
    index::Source,
    location::WalletLocation,
};

/// The storage of one wallet, open or not.
pub(crate) enum Storage {
    Sqlite(SqliteWallet),
    #[cfg(feature = "postgres")]
    Postgres(PostgresWallet),
}

impl Storage {
    /// Checks everything that can be checked without access to the storage.
    pub(crate) fn new(
        config: &WalletConfig,
        credentials: &WalletCredentials,
    ) -> Result<Self, WalletError> {
        config.check_id()?;
        credentials.check()?;
        Ok(match &config.storage {
            WalletStorage::Sqlite { directory } => {
                Self::Sqlite(SqliteWallet::new(&config.id, directory))
            }
            #[cfg(feature = "postgres")]
            WalletStorage::Postgres { url } => {
                Self::Postgres(PostgresWallet::new(&config.id, url)?)
            }
            #[cfg(not(feature = "postgres"))]
            WalletStorage::Postgres { .. } => {
                return Err(WalletError::StorageNotIncluded { id: config.id.clone() });
            }
        })
    }

    pub(crate) async fn create(&self, credentials: &WalletCredentials) -> Result<(), WalletError> {
        match self {
            Self::Sqlite(wallet) => wallet.create(credentials).await,
            #[cfg(feature = "postgres")]
            Self::Postgres(wallet) => wallet.create(credentials).await,
        }
    }

    pub(crate) async fn open(&self, credentials: &WalletCredentials) -> Result<Store, WalletError> {
        match self {
            Self::Sqlite(wallet) => wallet.open(credentials).await,
            #[cfg(feature = "postgres")]
            Self::Postgres(wallet) => wallet.open(credentials).await,
        }
    }

    pub(crate) async fn delete(&self, credentials: &WalletCredentials) -> Result<(), WalletError> {
        match self {
            Self::Sqlite(wallet) => wallet.delete(credentials).await,
            #[cfg(feature = "postgres")]
            Self::Postgres(wallet) => wallet.delete(credentials).await,
        }
    }

    /// Where the search index finds the tables, and what errors call it.
    pub(crate) fn into_parts(self) -> (Source, WalletLocation) {
        match self {
            Self::Sqlite(wallet) => wallet.into_parts(),
            #[cfg(feature = "postgres")]
            Self::Postgres(wallet) => wallet.into_parts(),
        }
    }
}
