//! A wallet's place, which its errors name.

use super::fault::Fault;
use crate::error::WalletError;

/// The wallet's id and its file or database.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub(super) id: String,
    pub(super) location: String,
}

impl Place {
    pub(super) fn already_exists(&self) -> WalletError {
        WalletError::AlreadyExists {
            id: self.id.clone(),
            location: self.location.clone(),
        }
    }

    pub(super) fn not_found(&self) -> WalletError {
        WalletError::NotFound {
            id: self.id.clone(),
            location: self.location.clone(),
        }
    }

    fn access_failed(&self) -> WalletError {
        WalletError::AccessFailed {
            id: self.id.clone(),
            location: self.location.clone(),
        }
    }

    pub(super) fn invalid(&self, reason: impl Into<String>) -> WalletError {
        WalletError::InvalidStorage {
            id: self.id.clone(),
            location: self.location.clone(),
            reason: reason.into(),
        }
    }

    pub(super) fn unreachable(&self, reason: impl Into<String>) -> WalletError {
        WalletError::StorageUnreachable {
            id: self.id.clone(),
            location: self.location.clone(),
            reason: reason.into(),
        }
    }

    pub(super) fn failed(&self, reason: impl ToString) -> WalletError {
        WalletError::Storage {
            id: self.id.clone(),
            location: self.location.clone(),
            reason: reason.to_string(),
        }
    }

    /// What an error of the index's own SQL means.
    pub(super) fn sql(&self, error: &sqlx::Error) -> WalletError {
        self.working(Fault::from_sql(error))
    }

    /// What a fault means while the wallet is being opened.
    pub(super) fn opening(&self, fault: Fault) -> WalletError {
        match fault {
            Fault::Undecryptable => self.access_failed(),
            Fault::Missing => self.not_found(),
            other => self.working(other),
        }
    }

    /// What a fault means while the wallet is being deleted.
    pub(super) fn deleting(&self, fault: Fault) -> WalletError {
        match fault {
            Fault::InUse(_) => WalletError::InUse {
                id: self.id.clone(),
                location: self.location.clone(),
            },
            other => self.opening(other),
        }
    }

    /// What a fault means while the open wallet is being read or written.
    pub(super) fn working(&self, fault: Fault) -> WalletError {
        match fault {
            Fault::Undecryptable => self.invalid("a stored value does not decrypt"),
            Fault::Missing => self.invalid("a stored value is missing"),
            Fault::AlreadyThere => self.invalid("a stored value is there twice"),
            Fault::Damaged(reason) => self.invalid(reason),
            Fault::Unreachable(reason) => self.unreachable(reason),
            Fault::InvalidUrl(reason) => WalletError::InvalidStorageUrl {
                id: self.id.clone(),
                reason,
            },
            Fault::InUse(reason) | Fault::Other(reason) => self.failed(reason),
        }
    }
}
