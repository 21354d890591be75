//! A wallet's id and location, and the errors that name them.

use crate::{error::WalletError, store::StoreError};

/// A wallet's id and its file or database, as errors name them.
#[derive(Clone, Debug)]
pub(crate) struct WalletLocation {
    pub(crate) id: String,
    pub(crate) location: String,
}

impl WalletLocation {
    pub(crate) fn already_exists(&self) -> WalletError {
        WalletError::AlreadyExists { id: self.id.clone(), location: self.location.clone() }
    }

    pub(crate) fn not_found(&self) -> WalletError {
        WalletError::NotFound { id: self.id.clone(), location: self.location.clone() }
    }

    fn access_failed(&self) -> WalletError {
        WalletError::AccessFailed { id: self.id.clone(), location: self.location.clone() }
    }

    fn in_use(&self) -> WalletError {
        WalletError::InUse { id: self.id.clone(), location: self.location.clone() }
    }

    pub(crate) fn invalid_storage(&self, reason: impl Into<String>) -> WalletError {
        WalletError::InvalidStorage {
            id: self.id.clone(),
            location: self.location.clone(),
            reason: reason.into(),
        }
    }

    pub(crate) fn unreachable(&self, reason: impl ToString) -> WalletError {
        WalletError::StorageUnreachable {
            id: self.id.clone(),
            location: self.location.clone(),
            reason: reason.to_string(),
        }
    }

    pub(crate) fn storage_failed(&self, reason: impl ToString) -> WalletError {
        WalletError::Storage {
            id: self.id.clone(),
            location: self.location.clone(),
            reason: reason.to_string(),
        }
    }

    pub(crate) fn storage_full(&self) -> WalletError {
        WalletError::StorageFull { id: self.id.clone(), location: self.location.clone() }
    }

    /// The meaning of a store's error while the wallet is being opened.
    pub(crate) fn while_opening(&self, error: StoreError) -> WalletError {
        match error {
            StoreError::Undecryptable => self.access_failed(),
            StoreError::Missing => self.not_found(),
            other => self.while_open(other),
        }
    }

    /// The meaning of a store's error while the wallet is being deleted.
    pub(crate) fn while_deleting(&self, error: StoreError) -> WalletError {
        match error {
            StoreError::InUse(_) => self.in_use(),
            other => self.while_opening(other),
        }
    }

    /// The meaning of a store's error while the open wallet is being read or written.
    pub(crate) fn while_open(&self, error: StoreError) -> WalletError {
        match error {
            StoreError::Undecryptable => self.invalid_storage("a stored value does not decrypt"),
            StoreError::Missing => self.invalid_storage("a stored value is missing"),
            StoreError::AlreadyThere => self.invalid_storage("a stored value occurs twice"),
            StoreError::Damaged(reason) => self.invalid_storage(reason),
            StoreError::Unreachable(reason) => self.unreachable(reason),
            StoreError::InvalidUrl(reason) => {
                WalletError::InvalidStorageUrl { id: self.id.clone(), reason }
            }
            StoreError::Full => self.storage_full(),
            StoreError::InUse(reason) | StoreError::Other(reason) => self.storage_failed(reason),
        }
    }
}
