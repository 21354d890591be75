//! The class directory: what a wallet's credentials are, without looking at one of them.
//!
//! A *class* is what all credentials of one credential definition have in common: issuer, schema,
//! and the names of the attributes. A wallet of a million credentials has few classes, so a search
//! decides everything that a class decides on the directory, in memory, and asks the index for the
//! credentials of the classes that are left.
//!
//! The directory is one encrypted record of the wallet. It changes in the same transaction as the
//! first credential of a class; deleting credentials leaves it as it is, for a class without
//! credentials costs one look at an empty list. Where the record is missing, cannot be read, or
//! lacks a class that the index knows, it is made anew from the credentials.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use aries_askar::crypto::buffer::SecretBytes;
use proofs::ClassTags;
use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;

use super::stored::{self, ClassEntry, CredentialView};
use crate::error::AnoncredsError;
use wallet::category::CREDENTIAL_CLASSES as CATEGORY;
use wallet::{Index, ItemId, NewRecord, Replacement, Wallet, WalletError};

const NAME: &str = "directory";
/// Where the directory is stored: category and name.
pub(super) const PLACE: (&str, &str) = (CATEGORY, NAME);
const FORMAT: u32 = 1;
const CRED_DEF_TAG: &str = "cred_def_id";

/// How many credentials are read at once when the directory is made anew.
const PAGE: usize = 256;

/// The record's JSON.
#[derive(Serialize, Deserialize)]
struct DirectoryFile {
    format: u32,
    /// In the order in which the classes first came into the wallet.
    classes: Vec<ClassEntry>,
}

/// A class, ready to be asked.
pub(super) struct Class {
    pub entry: ClassEntry,
    pub tags: ClassTags,
}

/// The classes of a wallet, in the order in which they first came into it.
#[derive(Default)]
pub(crate) struct Directory {
    classes: Vec<Class>,
}

impl Directory {
    pub(super) fn classes(&self) -> &[Class] {
        &self.classes
    }

    fn of_entries(entries: Vec<ClassEntry>) -> Result<Self, AnoncredsError> {
        let classes = entries.into_iter().map(|entry| {
            let tags = ClassTags::from_ids(&entry.schema_id, &entry.cred_def_id, &entry.attributes)
                .map_err(|error| stored::unknown_form(&entry.cred_def_id, &error))?;
            Ok(Class { entry, tags })
        });
        let classes = classes.collect::<Result<_, AnoncredsError>>()?;
        Ok(Self { classes })
    }
}

/// The directory that an open wallet remembers.
#[derive(Default)]
struct Cache(Mutex<Option<Cached>>);

/// The directory as it was read last, with the bytes that it was read from.
struct Cached {
    stored: Option<Vec<u8>>,
    directory: Arc<Directory>,
}

/// The wallet's class directory.
///
/// It is kept in memory and read again when the stored bytes have changed, be it by another
/// process.
pub(super) async fn directory(wallet: &Wallet) -> Result<Arc<Directory>, AnoncredsError> {
    let index = wallet.index().await?;
    let cache = wallet.cache::<Cache>();
    let mut cache = cache.0.lock().await;
    let stored = index.stored_bytes(CATEGORY, NAME).await?;
    if let Some(cached) = cache.as_ref()
        && cached.stored == stored
    {
        return Ok(Arc::clone(&cached.directory));
    }
    // the bytes change only when a class comes, so this is seldom
    let mut stored = stored;
    let mut entries = read(index, stored.clone())?;
    if !covers(index, entries.as_deref()).await? {
        rebuild(wallet).await?;
        // read again: it may hold classes that others have added meanwhile
        stored = index.stored_bytes(CATEGORY, NAME).await?;
        entries = read(index, stored.clone())?;
    }
    let entries = entries.unwrap_or_default();
    let directory = Arc::new(Directory::of_entries(entries)?);
    *cache = Some(Cached {
        stored,
        directory: Arc::clone(&directory),
    });
    Ok(directory)
}

/// The entries of the record as it is stored; none if it is not there or cannot be read.
fn read(index: &Index, stored: Option<Vec<u8>>) -> Result<Option<Vec<ClassEntry>>, AnoncredsError> {
    Ok(open(index, stored)?.and_then(|bytes| parse(&bytes)))
}

/// The record decrypted; one that does not decrypt is as good as none.
fn open(index: &Index, stored: Option<Vec<u8>>) -> Result<Option<SecretBytes>, AnoncredsError> {
    match stored.map(|stored| index.open_value(CATEGORY, NAME, stored)) {
        None | Some(Err(WalletError::InvalidStorage { .. })) => Ok(None),
        Some(opened) => Ok(Some(opened?)),
    }
}

fn parse(bytes: &[u8]) -> Option<Vec<ClassEntry>> {
    let file: DirectoryFile = serde_json::from_slice(bytes).ok()?;
    (file.format == FORMAT).then_some(file.classes)
}

/// Whether the entries name every credential definition that the index knows.
async fn covers(index: &Index, entries: Option<&[ClassEntry]>) -> Result<bool, AnoncredsError> {
    let known: BTreeSet<&str> = entries
        .unwrap_or_default()
        .iter()
        .map(|entry| entry.cred_def_id.as_str())
        .collect();
    let indexed = index.distinct_values(CRED_DEF_TAG).await?;
    Ok(indexed.iter().all(|id| known.contains(id.as_str())))
}

/// The bytes of the directory with these entries added; `None` if it has them already.
///
/// A directory that cannot be read counts as empty: what it lacks is found out when the wallet is
/// searched next.
///
/// # Errors
///
/// When the directory cannot be written as JSON, which cannot happen to names and ids.
pub(super) fn with_entries<'e>(
    current: Option<&[u8]>,
    added: impl IntoIterator<Item = &'e ClassEntry>,
) -> serde_json::Result<Option<Vec<u8>>> {
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
    let file = DirectoryFile {
        format: FORMAT,
        classes,
    };
    serde_json::to_vec(&file).map(Some)
}

/// Add records to the wallet, and their classes to the directory, in one transaction; returns how
/// many records were added. A record whose name is taken is skipped.
pub(super) async fn insert_with_classes(
    wallet: &Wallet,
    records: &[NewRecord<'_>],
    classes: &BTreeSet<ClassEntry>,
) -> Result<usize, AnoncredsError> {
    let index = wallet.index().await?;
    loop {
        let stored = index.stored_bytes(CATEGORY, NAME).await?;
        let current = open(index, stored.clone())?;
        let new = with_entries(current.as_deref(), classes)
            .map_err(|error| wallet.damaged(error.to_string()))?;
        let directory = new.as_deref().map(|value| Replacement {
            record: NewRecord {
                category: CATEGORY,
                name: NAME,
                value,
                tags: &[],
            },
            stored: stored.as_deref(),
        });
        if let Some(inserted) = index.insert_batch(records, directory.as_slice()).await? {
            return Ok(inserted);
        }
    }
}

/// Make the directory anew from the credentials; returns its entries.
pub(super) async fn rebuild(wallet: &Wallet) -> Result<Vec<ClassEntry>, AnoncredsError> {
    let index = wallet.index().await?;
    // by the id of the first credential, which is the order in which they came
    let mut found: BTreeMap<ClassEntry, ItemId> = BTreeMap::new();
    for cred_def_id in index.distinct_values(CRED_DEF_TAG).await? {
        let terms = [index.term(CRED_DEF_TAG, &cred_def_id)?];
        let mut after = 0;
        loop {
            let ids = index.ids(&terms, after, PAGE).await?;
            let Some(last) = ids.last() else { break };
            after = *last;
            for record in index.records(stored::CREDENTIAL, &ids).await? {
                let view = CredentialView::of_record(wallet, &record)?;
                found.entry(view.class()).or_insert(record.id);
            }
        }
    }
    let mut entries: Vec<(ClassEntry, ItemId)> = found.into_iter().collect();
    entries.sort_by_key(|(_, first)| *first);
    let entries: Vec<ClassEntry> = entries.into_iter().map(|(entry, _)| entry).collect();
    // classes that other processes have added meanwhile stay
    insert_with_classes(wallet, &[], &entries.iter().cloned().collect()).await?;
    Ok(entries)
}

#[cfg(test)]
mod tests;
