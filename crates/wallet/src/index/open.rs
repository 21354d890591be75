//! Opening the index: what is missing is created, and what exists is checked.

use aries_askar::Store;
use stdx::task::boxed;

use super::{
    Index,
    database::{Database, Source, read},
    keys::{self, Keys, ProfileKeyBytes},
    schema,
};
use crate::{
    category::SEARCH,
    credentials::WalletCredentials,
    error::WalletError,
    location::WalletLocation,
    record::Tag,
    store::{StoreError, call_store},
};

/// The name, in the category [`SEARCH`], of the record that keeps the profile's key.
const PROFILE_KEY: &str = "profile_key";

/// That record's tag: every opening checks with it that tags are encrypted as Askar encrypts them.
const CHECK: (&str, &str) = ("search::check", "1");

impl Index {
    /// Opens the index of a store, and creates what is missing.
    ///
    /// # Errors
    ///
    /// [`WalletError::InvalidStorage`] when the index does not encrypt as the store does, and the
    /// errors of storage.
    #[boxed]
    pub(crate) async fn open(
        store: &Store,
        source: &Source,
        credentials: &WalletCredentials,
        location: &WalletLocation,
    ) -> Result<Self, WalletError> {
        let database = source.connect().await.map_err(|error| location.while_open(error.into()))?;
        let prepared = async {
            if !schema::is_complete(&database).await? {
                schema::complete(&database).await?;
            }
            let profile = Profile::read(&database).await?;
            let bytes = match fetch_profile_key(store).await? {
                Some(bytes) => bytes,
                None => {
                    let bytes = profile.unwrap(credentials).await?;
                    keep_profile_key(store, &bytes).await?;
                    bytes
                }
            };
            Ok::<_, StoreError>((profile.id, Keys::read(&bytes)?, bytes))
        };
        let (profile, keys, bytes) = match prepared.await {
            Ok(prepared) => prepared,
            Err(error) => {
                database.close().await;
                return Err(location.while_open(error));
            }
        };
        let index = Self { database, keys, profile, location: location.clone() };
        match index.check(&bytes).await {
            Ok(()) => Ok(index),
            Err(error) => {
                index.close().await;
                Err(error)
            }
        }
    }

    /// Closes the index's own connections.
    pub(crate) async fn close(self) {
        self.database.close().await;
    }

    /// Checks that the record which keeps the key was encrypted by Askar as it would be here.
    async fn check(&self, key: &ProfileKeyBytes) -> Result<(), WalletError> {
        let differs = || {
            self.location.invalid_storage("its search index encrypts differently from the store")
        };
        let stored = self.stored_bytes(SEARCH, PROFILE_KEY).await?;
        let value = self.open_value(SEARCH, PROFILE_KEY, stored.ok_or_else(differs)?)?;
        let check = self.term(CHECK.0, CHECK.1)?;
        let is_same = value[..] == **key && !self.ids(&[check], 0, 1).await?.is_empty();
        is_same.then_some(()).ok_or_else(differs)
    }
}

/// The store's default profile, as its tables have it.
struct Profile {
    id: i64,
    wrapped_key: Vec<u8>,
    key_reference: String,
}

impl Profile {
    async fn read(database: &Database) -> Result<Self, StoreError> {
        let (id, wrapped_key, key_reference) = read!(database, pool => {
            sqlx::query_as(
                "SELECT p.id, p.profile_key, k.value
                 FROM config d JOIN profiles p ON p.name = d.value JOIN config k ON k.name = 'key'
                 WHERE d.name = 'default_profile'",
            )
            .fetch_one(pool)
            .await
        })?;
        Ok(Self { id, wrapped_key, key_reference })
    }

    /// Unwraps the profile's key. The derivation may take seconds, so it runs on a thread of its
    /// own.
    async fn unwrap(&self, credentials: &WalletCredentials) -> Result<ProfileKeyBytes, StoreError> {
        let (reference, wrapped) = (self.key_reference.clone(), self.wrapped_key.clone());
        let credentials = credentials.clone();
        let unwrap = move || keys::unwrap(&reference, &credentials.pass_key(), wrapped);
        let unwrapped = stdx::task::blocking(unwrap)
            .await
            .map_err(|aborted| StoreError::Other(aborted.to_string()))?;
        Ok(unwrapped?)
    }
}

async fn fetch_profile_key(store: &Store) -> Result<Option<ProfileKeyBytes>, StoreError> {
    let fetch = async {
        let mut session = store.session(None).await?;
        session.fetch(SEARCH, PROFILE_KEY, false).await
    };
    let entry = call_store(fetch).await?;
    Ok(entry.map(|entry| entry.value))
}

async fn keep_profile_key(store: &Store, bytes: &ProfileKeyBytes) -> Result<(), StoreError> {
    let tag = Tag::new(CHECK.0, CHECK.1).to_entry_tag();
    let insert = async {
        let mut session = store.session(None).await?;
        session.insert(SEARCH, PROFILE_KEY, bytes, Some(&[tag]), None).await
    };
    match call_store(insert).await {
        // Another process has just opened the index for the first time as well.
        Err(StoreError::AlreadyThere) => Ok(()),
        kept => kept,
    }
}
