//! Records of an open wallet, for the other modules of this crate.

use aries_askar::{
    Session,
    entry::{Entry, EntryTag},
};

use super::{
    NewRecord, Wallet,
    fault::{Fault, guarded},
};
use crate::error::WalletError;

/// How often a change is tried whose companion another process creates at the same moment.
const ATTEMPTS: usize = 3;

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
    pub fn damaged(&self, reason: String) -> WalletError {
        self.place.invalid(reason)
    }

    /// Adds a record.
    ///
    /// # Errors
    ///
    /// [`WalletError::ItemAlreadyExists`] when the category has a record of this name, and the
    /// errors of storage.
    pub async fn insert_record(
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
        guarded(insert)
            .await
            .map_err(|fault| self.inserting(fault, category, name))
    }

    /// Reads a record.
    ///
    /// # Errors
    ///
    /// [`WalletError::InvalidStorage`] when the record is damaged, and the errors of storage.
    pub async fn fetch_record(
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

    /// Gives a record another value and other tags.
    ///
    /// # Errors
    ///
    /// [`WalletError::ItemNotFound`] when there is no such record, and the errors of storage.
    pub async fn replace_record(
        &self,
        category: &str,
        name: &str,
        value: &[u8],
        tags: &[EntryTag],
    ) -> Result<(), WalletError> {
        let replace = async {
            let mut session = self.store.session(None).await?;
            session
                .replace(category, name, value, Some(tags), None)
                .await
        };
        guarded(replace)
            .await
            .map_err(|fault| self.changing(fault, category, name))
    }

    /// Removes a record.
    ///
    /// # Errors
    ///
    /// [`WalletError::ItemNotFound`] when there is no such record, and the errors of storage.
    pub async fn remove_record(&self, category: &str, name: &str) -> Result<(), WalletError> {
        let remove = async {
            let mut session = self.store.session(None).await?;
            session.remove(category, name).await
        };
        guarded(remove)
            .await
            .map_err(|fault| self.changing(fault, category, name))
    }

    /// Adds a record and changes another, its companion, in one transaction: both or neither.
    ///
    /// `update` is given the companion's value, if there is one, and returns its new value, or
    /// nothing when it is right as it is. It may be called again when another process interferes,
    /// and must not use this wallet. A companion has no tags.
    ///
    /// # Errors
    ///
    /// [`WalletError::ItemAlreadyExists`] when the category has a record of this name, the errors of
    /// `update`, and the errors of storage.
    pub async fn insert_record_and(
        &self,
        record: NewRecord<'_>,
        companion: (&str, &str),
        update: impl Fn(Option<&[u8]>) -> Result<Option<Vec<u8>>, WalletError>,
    ) -> Result<(), WalletError> {
        for _ in 0..ATTEMPTS {
            let mut session = self.attempt(self.store.transaction(None)).await?;
            let changed = match self.insert_in(&mut session, record).await {
                Ok(()) => {
                    self.change_companion(&mut session, companion, &update)
                        .await
                }
                Err(error) => Err(error),
            };
            match changed {
                Ok(true) => return self.attempt(session.commit()).await,
                // A companion that was not there, and is now: the next attempt finds it.
                Ok(false) => self.attempt(session.rollback()).await?,
                Err(error) => {
                    // The first error says more than one of undoing what it left.
                    let _ = self.attempt(session.rollback()).await;
                    return Err(error);
                }
            }
        }
        Err(self.place.failed("another process keeps interfering"))
    }

    async fn insert_in(
        &self,
        session: &mut Session,
        record: NewRecord<'_>,
    ) -> Result<(), WalletError> {
        let NewRecord {
            category,
            name,
            value,
            tags,
        } = record;
        guarded(session.insert(category, name, value, Some(tags), None))
            .await
            .map_err(|fault| self.inserting(fault, category, name))
    }

    /// Returns whether the companion is now as `update` wants it.
    async fn change_companion(
        &self,
        session: &mut Session,
        (category, name): (&str, &str),
        update: impl Fn(Option<&[u8]>) -> Result<Option<Vec<u8>>, WalletError>,
    ) -> Result<bool, WalletError> {
        let entry = self.attempt(session.fetch(category, name, true)).await?;
        let Some(value) = update(entry.as_ref().map(|entry| &*entry.value))? else {
            return Ok(true);
        };
        let stored = match entry {
            Some(_) => guarded(session.replace(category, name, &value, None, None)).await,
            None => guarded(session.insert(category, name, &value, None, None)).await,
        };
        match stored {
            Ok(()) => Ok(true),
            Err(Fault::AlreadyThere | Fault::Missing) => Ok(false),
            Err(fault) => Err(self.place.working(fault)),
        }
    }

    /// What a fault means while a record that is there is being changed.
    fn changing(&self, fault: Fault, category: &str, name: &str) -> WalletError {
        match fault {
            Fault::Missing => WalletError::ItemNotFound {
                id: self.id().to_owned(),
                category: category.to_owned(),
                name: name.to_owned(),
            },
            other => self.place.working(other),
        }
    }

    /// What a fault means while a record is being added.
    fn inserting(&self, fault: Fault, category: &str, name: &str) -> WalletError {
        match fault {
            Fault::AlreadyThere => WalletError::ItemAlreadyExists {
                id: self.id().to_owned(),
                category: category.to_owned(),
                name: name.to_owned(),
            },
            other => self.place.working(other),
        }
    }
}

#[cfg(test)]
mod tests;
