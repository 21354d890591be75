//! Opening the index: what is missing is made, and what is there is checked.

use aries_askar::{Store, entry::EntryTag};

use super::{
    Index,
    database::{Database, Source, read},
    keys::{self, Keys, ProfileKeyBytes},
    schema,
};
use crate::{
    WalletCredentials,
    category::SEARCH,
    error::WalletError,
    fault::{Fault, guarded},
    place::Place,
};

/// The category, and the name in it, of the record that keeps the profile's key.
pub(super) const PROFILE_KEY: &str = "profile_key";

/// That record's tag: it shows at every opening that tags are encrypted as Askar does.
const CHECK: (&str, &str) = ("search::check", "1");

impl Index {
    /// Opens the index of a store, and makes what is missing.
    ///
    /// # Errors
    ///
    /// [`WalletError::InvalidStorage`] when the index does not encrypt as the store does, and the
    /// errors of storage.
    pub(crate) async fn open(
        store: &Store,
        source: &Source,
        credentials: &WalletCredentials,
        place: &Place,
    ) -> Result<Self, WalletError> {
        let database = source.connect().await.map_err(|error| place.sql(&error))?;
        let prepared = async {
            if !schema::is_complete(&database).await.map_err(Fault::from)? {
                schema::complete(&database).await.map_err(Fault::from)?;
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
            Ok((profile.id, Keys::read(&bytes)?, bytes))
        };
        let (profile, keys, bytes) = match prepared.await {
            Ok(prepared) => prepared,
            Err(fault) => {
                database.close().await;
                return Err(place.working(fault));
            }
        };
        let index = Self {
            database,
            keys,
            profile,
            place: place.clone(),
        };
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

    /// Compares what Askar made of the record that keeps the key with what comes out here.
    async fn check(&self, key: &ProfileKeyBytes) -> Result<(), WalletError> {
        let differs = || {
            self.place
                .invalid("its search index encrypts differently from the store")
        };
        let stored = self.stored_bytes(SEARCH, PROFILE_KEY).await?;
        let value = self.open_value(SEARCH, PROFILE_KEY, stored.ok_or_else(differs)?)?;
        let check = self.term(CHECK.0, CHECK.1)?;
        let is_same = value == *key && !self.ids(&[check], 0, 1).await?.is_empty();
        is_same.then_some(()).ok_or_else(differs)
    }
}

/// What the store's tables say of its default profile.
struct Profile {
    id: i64,
    wrapped_key: Vec<u8>,
    key_reference: String,
}

impl Profile {
    async fn read(database: &Database) -> Result<Self, Fault> {
        let (id, wrapped_key, key_reference) = read!(database, pool => {
            sqlx::query_as(
                "SELECT p.id, p.profile_key, k.value
                 FROM config d JOIN profiles p ON p.name = d.value JOIN config k ON k.name = 'key'
                 WHERE d.name = 'default_profile'",
            )
            .fetch_one(pool)
            .await
        })?;
        Ok(Self {
            id,
            wrapped_key,
            key_reference,
        })
    }

    /// Unwraps the profile's key on a thread that may compute for seconds.
    async fn unwrap(&self, credentials: &WalletCredentials) -> Result<ProfileKeyBytes, Fault> {
        let (reference, wrapped) = (self.key_reference.clone(), self.wrapped_key.clone());
        let credentials = credentials.clone();
        let unwrap = move || keys::unwrap(&reference, &credentials.pass_key(), wrapped);
        match tokio::task::spawn_blocking(unwrap).await {
            Ok(unwrapped) => Ok(unwrapped?),
            Err(error) => Err(Fault::Other(error.to_string())),
        }
    }
}

pub(super) async fn fetch_profile_key(store: &Store) -> Result<Option<ProfileKeyBytes>, Fault> {
    let fetch = async {
        let mut session = store.session(None).await?;
        session.fetch(SEARCH, PROFILE_KEY, false).await
    };
    let entry = guarded(fetch).await?;
    Ok(entry.map(|entry| entry.value))
}

pub(super) async fn keep_profile_key(store: &Store, bytes: &ProfileKeyBytes) -> Result<(), Fault> {
    let tag = EntryTag::Encrypted(CHECK.0.to_owned(), CHECK.1.to_owned());
    let insert = async {
        let mut session = store.session(None).await?;
        session
            .insert(SEARCH, PROFILE_KEY, bytes, Some(&[tag]), None)
            .await
    };
    match guarded(insert).await {
        // Another process has just opened the index for the first time, too.
        Err(Fault::AlreadyThere) => Ok(()),
        kept => kept,
    }
}
