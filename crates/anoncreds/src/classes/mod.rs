//! The class directory: which kinds of credentials a wallet holds.
//!
//! A *class* is what all credentials of one credential definition have in common: issuer, schema,
//! and the names of the attributes. A wallet of a million credentials has few classes, so a search
//! first selects classes from the directory, in memory, and then asks the index for the credentials
//! of these classes only.
//!
//! The directory is one encrypted record of the wallet. A new class is added in the same
//! transaction as its first credential. Deleting credentials leaves the directory unchanged,
//! because a class without credentials costs only the lookup of an empty list. If the record is
//! missing, cannot be read, or lacks a class that the index has, it is rebuilt from the
//! credentials.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use proofs::ClassTags;
use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;
use wallet::{
    Wallet, WalletError,
    category::{CREDENTIAL, CREDENTIAL_CLASSES as CATEGORY},
    index::Index,
    record::{ItemId, NewRecord, Replacement},
};
use zeroize::Zeroizing;

use crate::{
    error::AnoncredsError,
    stored::{self, ClassEntry, CredentialView},
};

const NAME: &str = "directory";
/// The directory's record: its category and name.
pub(crate) const RECORD: (&str, &str) = (CATEGORY, NAME);
const FORMAT: u32 = 1;
const CRED_DEF_TAG: &str = "cred_def_id";

/// How many credentials are read at once when the directory is rebuilt.
const PAGE: usize = 256;

/// The record's JSON.
#[derive(Serialize, Deserialize)]
struct DirectoryFile {
    format: u32,
    /// In the order in which the classes were first stored.
    classes: Vec<ClassEntry>,
}

/// A class with the tags that restrictions are evaluated on.
pub(crate) struct Class {
    pub entry: ClassEntry,
    pub tags: ClassTags,
}

/// The classes of a wallet, in the order in which they were first stored.
#[derive(Default)]
pub(crate) struct Directory {
    classes: Vec<Class>,
}

impl Directory {
    pub(crate) fn classes(&self) -> &[Class] {
        &self.classes
    }

    fn from_entries(entries: Vec<ClassEntry>) -> Self {
        let classes = entries.into_iter().map(|entry| {
            let tags = entry.tags();
            Class { entry, tags }
        });
        Self { classes: classes.collect() }
    }
}

/// The directory of an open wallet, kept in memory.
#[derive(Default)]
struct DirectoryCache(Mutex<Option<CachedDirectory>>);

/// The directory as it was last read, with the bytes that it was read from.
struct CachedDirectory {
    stored: Option<Vec<u8>>,
    directory: Arc<Directory>,
}

/// Returns the wallet's class directory.
///
/// It is kept in memory, and read again when the stored bytes have changed, possibly by another
/// process.
pub(crate) async fn directory(wallet: &Wallet) -> Result<Arc<Directory>, AnoncredsError> {
    let index = wallet.index().await?;
    let cache = wallet.cache::<DirectoryCache>();
    let mut cache = cache.0.lock().await;
    let stored = index.stored_bytes(CATEGORY, NAME).await?;
    if let Some(cached) = cache.as_ref()
        && cached.stored == stored
    {
        return Ok(Arc::clone(&cached.directory));
    }
    // the bytes change only with a new class, so this is rare
    let mut stored = stored;
    let mut entries = read(index, stored.clone())?;
    if !covers(index, entries.as_deref()).await? {
        rebuild(wallet).await?;
        // read again: other processes may have added classes in between
        stored = index.stored_bytes(CATEGORY, NAME).await?;
        entries = read(index, stored.clone())?;
    }
    let entries = entries.unwrap_or_default();
    let directory = Arc::new(Directory::from_entries(entries));
    *cache = Some(CachedDirectory { stored, directory: Arc::clone(&directory) });
    Ok(directory)
}

/// Returns the entries of the stored record; `None` if it is missing or cannot be read.
fn read(index: &Index, stored: Option<Vec<u8>>) -> Result<Option<Vec<ClassEntry>>, AnoncredsError> {
    Ok(open(index, stored)?.and_then(|bytes| parse(&bytes)))
}

/// Decrypts the stored record; one that does not decrypt counts as missing.
fn open(
    index: &Index,
    stored: Option<Vec<u8>>,
) -> Result<Option<Zeroizing<Vec<u8>>>, AnoncredsError> {
    match stored.map(|stored| index.open_value(CATEGORY, NAME, stored)) {
        None | Some(Err(WalletError::InvalidStorage { .. })) => Ok(None),
        Some(opened) => Ok(Some(opened?)),
    }
}

fn parse(bytes: &[u8]) -> Option<Vec<ClassEntry>> {
    let file: DirectoryFile = serde_json::from_slice(bytes).ok()?;
    (file.format == FORMAT).then_some(file.classes)
}

/// Returns whether the entries contain every credential definition in the index.
async fn covers(index: &Index, entries: Option<&[ClassEntry]>) -> Result<bool, AnoncredsError> {
    let known: BTreeSet<&str> =
        entries.unwrap_or_default().iter().map(|entry| entry.cred_def_id.as_str()).collect();
    let indexed = index.distinct_values(CRED_DEF_TAG).await?;
    Ok(indexed.iter().all(|id| known.contains(id.as_str())))
}

/// Returns the bytes of the directory with these entries added; `None` if it has them already.
///
/// A directory that cannot be read counts as empty; the next search rebuilds it.
pub(crate) fn with_entries<'e>(
    current: Option<&[u8]>,
    added: impl IntoIterator<Item = &'e ClassEntry>,
) -> Result<Option<Zeroizing<Vec<u8>>>, AnoncredsError> {
    let mut classes = current.and_then(parse).unwrap_or_default();
    let before = classes.len();
    for entry in added {
        if !classes.contains(entry) {
            classes.push(entry.clone());
        }
    }
    if classes.len() == before {
        return Ok(None);
    }
    let file = DirectoryFile { format: FORMAT, classes };
    stored::to_bytes("write the class directory", &file).map(Some)
}

/// Adds records to the wallet, and their classes to the directory, in one transaction; returns how
/// many records were added. A record whose name exists is skipped.
pub(crate) async fn insert_with_classes(
    wallet: &Wallet,
    records: &[NewRecord<'_>],
    classes: &BTreeSet<ClassEntry>,
) -> Result<usize, AnoncredsError> {
    let index = wallet.index().await?;
    loop {
        let stored = index.stored_bytes(CATEGORY, NAME).await?;
        let current = open(index, stored.clone())?;
        let new = with_entries(current.as_deref().map(Vec::as_slice), classes)?;
        let directory = new.as_deref().map(|value| Replacement {
            record: NewRecord { category: CATEGORY, name: NAME, value, tags: &[] },
            expected: stored.as_deref(),
        });
        if let Some(inserted) = index.insert_batch(records, directory.as_slice()).await? {
            return Ok(inserted);
        }
    }
}

/// Rebuilds the directory from the credentials; returns its entries.
pub(crate) async fn rebuild(wallet: &Wallet) -> Result<Vec<ClassEntry>, AnoncredsError> {
    let index = wallet.index().await?;
    // with the ids of their first credentials, for the order in which they were first stored
    let mut found: BTreeMap<ClassEntry, ItemId> = BTreeMap::new();
    for cred_def_id in index.distinct_values(CRED_DEF_TAG).await? {
        let terms = [index.term(CRED_DEF_TAG, &cred_def_id)?];
        let mut after = 0;
        loop {
            let ids = index.ids(&terms, after, PAGE).await?;
            let Some(last) = ids.last() else { break };
            after = *last;
            for record in index.records(CREDENTIAL, &ids).await? {
                let view = CredentialView::from_record(wallet, &record)?;
                found.entry(view.class()).or_insert(record.id);
            }
        }
    }
    let mut entries: Vec<(ClassEntry, ItemId)> = found.into_iter().collect();
    entries.sort_by_key(|(_, first)| *first);
    let entries: Vec<ClassEntry> = entries.into_iter().map(|(entry, _)| entry).collect();
    // this keeps classes that other processes have added in between
    insert_with_classes(wallet, &[], &entries.iter().cloned().collect()).await?;
    Ok(entries)
}

#[cfg(test)]
mod tests;
