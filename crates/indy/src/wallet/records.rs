//! Records of an open wallet, for the other modules of this crate.

use aries_askar::entry::{Entry, EntryTag};

use super::{
    Wallet,
    fault::{Fault, guarded},
};
use crate::error::WalletError;

impl Wallet {
    /// Runs an operation of the store. For operations on one record, where "missing" and "there
    /// already" have a meaning of their own, see the other functions.
    ///
    /// # Errors
    ///
    /// [`WalletError::InvalidStorage`] when what is stored is damaged, and the errors of storage.
    pub(crate) async fn attempt<T>(
        &self,
        operation: impl Future<Output = Result<T, aries_askar::Error>>,
    ) -> Result<T, WalletError> {
        guarded(operation)
            .await
            .map_err(|fault| self.place.working(fault))
    }

    /// The error of a record that decrypts, but is not what this crate wrote.
    pub(crate) fn damaged(&self, reason: String) -> WalletError {
        self.place.invalid(reason)
    }

    /// Adds a record.
    ///
    /// # Errors
    ///
    /// [`WalletError::ItemAlreadyExists`] when the category has a record of this name, and the
    /// errors of storage.
    pub(crate) async fn insert_record(
        &self,
        category: &str,
        name: &str,
        value: &[u8],
        tags: &[EntryTag],
    ) -> Result<(), WalletError> {
        let insert = async {
            let mut session = self.store.session(None).await?;
            session
                .insert(category, name, value, Some(tags), None)
                .await
        };
        guarded(insert).await.map_err(|fault| match fault {
            Fault::AlreadyThere => WalletError::ItemAlreadyExists {
                id: self.id().to_owned(),
                category: category.to_owned(),
                name: name.to_owned(),
            },
            other => self.place.working(other),
        })
    }

    /// Reads a record.
    ///
    /// # Errors
    ///
    /// [`WalletError::InvalidStorage`] when the record is damaged, and the errors of storage.
    pub(crate) async fn fetch_record(
        &self,
        category: &str,
        name: &str,
    ) -> Result<Option<Entry>, WalletError> {
        self.attempt(async {
            let mut session = self.store.session(None).await?;
            session.fetch(category, name, false).await
        })
        .await
    }

    /// Removes a record.
    ///
    /// # Errors
    ///
    /// [`WalletError::ItemNotFound`] when there is no such record, and the errors of storage.
    pub(crate) async fn remove_record(
        &self,
        category: &str,
        name: &str,
    ) -> Result<(), WalletError> {
        let remove = async {
            let mut session = self.store.session(None).await?;
            session.remove(category, name).await
        };
        guarded(remove).await.map_err(|fault| match fault {
            Fault::Missing => WalletError::ItemNotFound {
                id: self.id().to_owned(),
                category: category.to_owned(),
                name: name.to_owned(),
            },
            other => self.place.working(other),
        })
    }
}

#[cfg(test)]
mod tests;
