//! Reading and writing the records of an open wallet.

use aries_askar::{Session, entry::EntryTag};
use stdx::task::boxed;
use zeroize::Zeroizing;

use super::Wallet;
use crate::{
    error::WalletError,
    record::{NewRecord, Tag},
    store::{StoreError, call_store},
};

/// How often [`Wallet::insert_and_update`] tries again after another process has created the record
/// that it wanted to create.
const MAX_ATTEMPTS: usize = 3;

impl Wallet {
    /// Adds a record.
    ///
    /// # Errors
    ///
    /// [`WalletError::ItemAlreadyExists`] when the category has a record of this name, and the
    /// errors of storage.
    pub async fn insert_record(&self, record: NewRecord<'_>) -> Result<(), WalletError> {
        let insert = async {
            let mut session = self.store.session(None).await?;
            insert(&mut session, record).await
        };
        call_store(insert)
            .await
            .map_err(|error| self.while_inserting(error, record.category, record.name))
    }

    /// Returns a record's value, wiped from memory when dropped; `None` when there is no such
    /// record.
    ///
    /// # Errors
    ///
    /// [`WalletError::InvalidStorage`] when the record is damaged, and the errors of storage.
    #[boxed]
    pub async fn fetch_record(
        &self,
        category: &str,
        name: &str,
    ) -> Result<Option<Zeroizing<Vec<u8>>>, WalletError> {
        let fetch = async {
            let mut session = self.store.session(None).await?;
            session.fetch(category, name, false).await
        };
        let entry = self.call_store(fetch).await?;
        Ok(entry.map(|entry| Zeroizing::new(entry.value.into_vec())))
    }

    /// Returns the names of a category's records, sorted. All of them are read, so it is for
    /// categories with few.
    ///
    /// # Errors
    ///
    /// [`WalletError::InvalidStorage`] when a record is damaged, and the errors of storage.
    #[boxed]
    pub async fn record_names(&self, category: &str) -> Result<Vec<String>, WalletError> {
        let fetch = async {
            let mut session = self.store.session(None).await?;
            session.fetch_all(Some(category), None, None, None, false, false).await
        };
        let entries = self.call_store(fetch).await?;
        let mut names: Vec<String> = entries.into_iter().map(|entry| entry.name).collect();
        names.sort();
        Ok(names)
    }

    /// Gives a record another value and other tags.
    ///
    /// # Errors
    ///
    /// [`WalletError::ItemNotFound`] when there is no such record, and the errors of storage.
    pub async fn replace_record(&self, record: NewRecord<'_>) -> Result<(), WalletError> {
        let NewRecord { category, name, value, tags } = record;
        let replace = async {
            let mut session = self.store.session(None).await?;
            session.replace(category, name, value, Some(&entry_tags(tags)), None).await
        };
        call_store(replace).await.map_err(|error| self.while_changing(error, category, name))
    }

    /// Removes a record.
    ///
    /// # Errors
    ///
    /// [`WalletError::ItemNotFound`] when there is no such record, and the errors of storage.
    #[boxed]
    pub async fn remove_record(&self, category: &str, name: &str) -> Result<(), WalletError> {
        let remove = async {
            let mut session = self.store.session(None).await?;
            session.remove(category, name).await
        };
        call_store(remove).await.map_err(|error| self.while_changing(error, category, name))
    }

    /// Adds a record and updates another one in the same transaction: both or neither.
    ///
    /// The second record is named by its category and name, and has no tags. `update` is given its
    /// value, `None` where it does not exist, and returns its new value, or `None` when it is to
    /// stay as it is. `update` may be called again when another process interferes, and must not
    /// use this wallet.
    ///
    /// # Errors
    ///
    /// [`WalletError::ItemAlreadyExists`] when the category has a record of the new record's name,
    /// the errors of `update`, and the errors of storage.
    pub async fn insert_and_update<E: From<WalletError>>(
        &self,
        record: NewRecord<'_>,
        (category, name): (&str, &str),
        update: impl Fn(Option<&[u8]>) -> Result<Option<Zeroizing<Vec<u8>>>, E>,
    ) -> Result<(), E> {
        for _ in 0..MAX_ATTEMPTS {
            let mut session = self.call_store(self.store.transaction(None)).await?;
            let changed = async {
                call_store(insert(&mut session, record))
                    .await
                    .map_err(|error| self.while_inserting(error, record.category, record.name))?;
                self.update_record(&mut session, category, name, &update).await
            };
            match changed.await {
                Ok(true) => return Ok(self.call_store(session.commit()).await?),
                // The record did not exist when it was read, and does now: the next attempt reads
                // it.
                Ok(false) => self.call_store(session.rollback()).await?,
                Err(error) => {
                    // The first error says more than one of the rollback.
                    let _ = self.call_store(session.rollback()).await;
                    return Err(error);
                }
            }
        }
        Err(self.location.storage_failed("another process keeps interfering").into())
    }

    /// Returns whether the record now has the value that `update` wants; `false` when another
    /// process has created or removed it meanwhile.
    async fn update_record<E: From<WalletError>>(
        &self,
        session: &mut Session,
        category: &str,
        name: &str,
        update: impl Fn(Option<&[u8]>) -> Result<Option<Zeroizing<Vec<u8>>>, E>,
    ) -> Result<bool, E> {
        let entry = self.call_store(session.fetch(category, name, true)).await?;
        let Some(value) = update(entry.as_ref().map(|entry| &*entry.value))? else {
            return Ok(true);
        };
        let stored = match entry {
            Some(_) => call_store(session.replace(category, name, &value, None, None)).await,
            None => call_store(session.insert(category, name, &value, None, None)).await,
        };
        match stored {
            Ok(()) => Ok(true),
            Err(StoreError::AlreadyThere | StoreError::Missing) => Ok(false),
            Err(error) => Err(self.location.while_open(error).into()),
        }
    }

    /// The meaning of a store's error while an existing record is being changed.
    fn while_changing(&self, error: StoreError, category: &str, name: &str) -> WalletError {
        match error {
            StoreError::Missing => WalletError::ItemNotFound {
                id: self.id().to_owned(),
                category: category.to_owned(),
                name: name.to_owned(),
            },
            other => self.location.while_open(other),
        }
    }

    /// The meaning of a store's error while a record is being added.
    fn while_inserting(&self, error: StoreError, category: &str, name: &str) -> WalletError {
        match error {
            StoreError::AlreadyThere => WalletError::ItemAlreadyExists {
                id: self.id().to_owned(),
                category: category.to_owned(),
                name: name.to_owned(),
            },
            other => self.location.while_open(other),
        }
    }
}

async fn insert(session: &mut Session, record: NewRecord<'_>) -> Result<(), aries_askar::Error> {
    let NewRecord { category, name, value, tags } = record;
    session.insert(category, name, value, Some(&entry_tags(tags)), None).await
}

fn entry_tags(tags: &[Tag]) -> Vec<EntryTag> {
    tags.iter().map(Tag::to_entry_tag).collect()
}
