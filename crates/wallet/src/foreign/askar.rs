//! Askar stores of other programs.

use std::path::Path;

use aries_askar::{
    Store,
    entry::{Entry, EntryTag, Scan},
    kms::KeyAlg,
};
use zeroize::Zeroizing;

use super::{ForeignError, ForeignKeys, ForeignRecord};
use crate::{
    did::SigningKey,
    record::Tag,
    storage::sqlite_url,
    store::{StoreError, call_store},
};

/// How the copy is opened: nothing else uses it, and losing it does no harm.
const OPTIONS: &str = "min_connections=1&max_connections=2&synchronous=off";

/// An open profile of a store.
pub(super) struct AskarStore {
    store: Store,
    location: String,
    profile: String,
    others: Vec<String>,
}

/// Opens the copy of a file.
pub(super) async fn open_file(
    file: &Path,
    copy: &Path,
    key: &str,
    profile: Option<&str>,
) -> Result<AskarStore, ForeignError> {
    let location = file.display().to_string();
    let url = sqlite_url(copy, OPTIONS).ok_or_else(|| ForeignError::Failed {
        location: location.clone(),
        reason: "the path of the system's directory for temporary files is not UTF-8".to_owned(),
    })?;
    open(&url, location, key, profile).await
}

/// Opens a database on a server.
pub(super) async fn open_url(
    url: &str,
    key: &str,
    profile: Option<&str>,
) -> Result<AskarStore, ForeignError> {
    let location = crate::config::without_secrets(url);
    if cfg!(not(feature = "postgres")) {
        return Err(ForeignError::NotIncluded { location });
    }
    open(url, location, key, profile).await
}

async fn open(
    url: &str,
    location: String,
    key: &str,
    profile: Option<&str>,
) -> Result<AskarStore, ForeignError> {
    // the default profile is opened: a profile that is missing is then named with those that there
    // are
    let store = call_store(Store::open(url, None, key.into(), None)).await;
    let store = store.map_err(|error| match error {
        StoreError::Undecryptable => wrong_key(&location),
        // a raw key of another length
        StoreError::Damaged(reason) if reason.contains("key") => wrong_key(&location),
        error => failed(&location, error),
    })?;
    let profiles = call_store(store.list_profiles()).await;
    let mut others = profiles.map_err(|error| failed(&location, error))?;
    others.sort();
    let profile = profile.map_or_else(|| store.get_active_profile(), str::to_owned);
    let Some(at) = others.iter().position(|name| *name == profile) else {
        let known = others.join(", ");
        let _ = call_store(store.close()).await;
        return Err(ForeignError::NoProfile { location, profile, known });
    };
    others.remove(at);
    Ok(AskarStore { store, location, profile, others })
}

fn wrong_key(location: &str) -> ForeignError {
    ForeignError::WrongKey {
        location: location.to_owned(),
        derivation: "that a raw key is given in base58",
    }
}

fn failed(location: &str, error: StoreError) -> ForeignError {
    let location = location.to_owned();
    match error {
        StoreError::Undecryptable => {
            ForeignError::Damaged { location, reason: "a record does not decrypt".to_owned() }
        }
        StoreError::Damaged(reason) => ForeignError::Damaged { location, reason },
        StoreError::Missing => {
            ForeignError::Failed { location, reason: "it does not exist".to_owned() }
        }
        StoreError::AlreadyThere => {
            ForeignError::Damaged { location, reason: "something occurs twice".to_owned() }
        }
        StoreError::Full => {
            ForeignError::Failed { location, reason: "the disk is full".to_owned() }
        }
        StoreError::InUse(reason)
        | StoreError::Unreachable(reason)
        | StoreError::InvalidUrl(reason)
        | StoreError::Other(reason) => ForeignError::Failed { location, reason },
    }
}

impl AskarStore {
    pub(super) fn other_profiles(&self) -> &[String] {
        &self.others
    }

    pub(super) async fn scan(
        &self,
        category: Option<&str>,
    ) -> Result<Scan<'static, Entry>, ForeignError> {
        let (profile, category) = (Some(self.profile.clone()), category.map(str::to_owned));
        let scan = self.store.scan(profile, category, None, None, None, None, false);
        call_store(scan).await.map_err(|error| failed(&self.location, error))
    }

    pub(super) async fn next(
        &self,
        scan: &mut Scan<'static, Entry>,
    ) -> Result<Vec<ForeignRecord>, ForeignError> {
        let fetch = async { scan.fetch_next().await.map_err(aries_askar::Error::from) };
        let entries = call_store(fetch).await;
        let entries = entries.map_err(|error| failed(&self.location, error))?;
        Ok(entries.unwrap_or_default().into_iter().map(record).collect())
    }

    pub(super) async fn keys(&self) -> Result<ForeignKeys, ForeignError> {
        let fetch = async {
            let mut session = self.store.session(Some(self.profile.clone())).await?;
            session.fetch_all_keys(None, None, None, None, false).await
        };
        let entries = call_store(fetch).await.map_err(|error| failed(&self.location, error))?;
        let mut keys = ForeignKeys::default();
        for entry in entries {
            // a key that is kept elsewhere, or of another kind
            let key = match entry.load_local_key() {
                Ok(key) if key.algorithm() == KeyAlg::Ed25519 => SigningKey::of(&key).ok(),
                _ => None,
            };
            match key {
                Some(key) => keys.signing.push(key),
                None => keys.others += 1,
            }
        }
        Ok(keys)
    }

    pub(super) async fn close(self) {
        // nothing was written, and a copy is removed
        let _ = call_store(self.store.close()).await;
    }
}

fn record(entry: Entry) -> ForeignRecord {
    let Entry { category, name, value, tags, .. } = entry;
    let tags = tags.into_iter().map(|tag| match tag {
        EntryTag::Encrypted(name, value) | EntryTag::Plaintext(name, value) => {
            Tag::new(name, value)
        }
    });
    ForeignRecord { category, name, value: Zeroizing::new(value.into_vec()), tags: tags.collect() }
}
