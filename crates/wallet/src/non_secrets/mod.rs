//! Records of programs in a wallet, under libindy's names.
//!
//! A record has a category, an id that is unique in it, a value, and tags: names and values by
//! which it is found. Everything is encrypted, tags as well; a reader of the file sees which
//! records share a tag, not the tag. libindy's unencrypted tags, whose names begin with `~`, are
//! not offered.
//!
//! A search reads an index of the tags, one page at a time, and its cost does not grow with the
//! wallet:
//!
//! ```
//! # async fn example(wallet: &negotiate_wallet::Wallet) -> Result<(), negotiate_wallet::WalletError> {
//! use negotiate_wallet::non_secrets::{add_wallet_record, fetch_wallet_search_next_records, open_wallet_search};
//!
//! add_wallet_record(wallet, "receipt", "12", b"3 apples", &[("shop", "market"), ("year", "2026")]).await?;
//! let mut search = open_wallet_search(wallet, "receipt", &[("shop", "market")], None).await?;
//! let page = fetch_wallet_search_next_records(&mut search, 20).await?;
//! assert_eq!(page[0].id, "12");
//! # Ok(())
//! # }
//! ```

mod search;
mod tags;

use std::fmt;
use stdx::task::boxed;

use zeroize::Zeroizing;

pub use search::{
    SearchPosition, WalletSearch, close_wallet_search, count_wallet_records,
    distinct_wallet_record_tags, fetch_wallet_search_next_records, open_wallet_search,
};

use crate::{
    error::WalletError,
    record::{NewRecord, Tag},
    wallet::Wallet,
};

/// A record as it is read.
#[derive(Clone, PartialEq, Eq)]
pub struct WalletRecord {
    /// Its id in its category.
    pub id: String,
    /// Its value, wiped from memory when dropped.
    pub value: Zeroizing<Vec<u8>>,
}

/// Shows the id only: the value may be a secret.
impl fmt::Debug for WalletRecord {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("WalletRecord").field("id", &self.id).finish_non_exhaustive()
    }
}

/// One of several records that are written together.
#[derive(Clone, PartialEq, Eq)]
pub struct NewWalletRecord {
    /// Its id in its category.
    pub id: String,
    /// Its value, wiped from memory when dropped.
    pub value: Zeroizing<Vec<u8>>,
    /// Its tags: name and value. A name may occur several times, with different values.
    pub tags: Vec<(String, String)>,
}

/// Adds a record.
///
/// # Errors
///
/// [`WalletError::ItemAlreadyExists`] when the category has a record of this id;
/// [`WalletError::ReservedCategory`], [`WalletError::InvalidRecordName`], and the errors of
/// storage.
#[boxed]
pub async fn add_wallet_record(
    wallet: &Wallet,
    category: &str,
    id: &str,
    value: &[u8],
    tags: &[(&str, &str)],
) -> Result<(), WalletError> {
    tags::check_names(wallet, category, Some(id))?;
    let tags = tags::stored(wallet, category, tags.iter().copied())?;
    wallet.insert_record(NewRecord { category, name: id, value, tags: &tags }).await
}

/// Adds many records in one transaction, and returns how many; records whose ids the category
/// already has are left as they are.
///
/// Batches of a few thousand are written fastest. In SQLite nothing else can write meanwhile.
///
/// # Errors
///
/// [`WalletError::ReservedCategory`], [`WalletError::InvalidRecordName`], and the errors of
/// storage; then nothing was written.
#[boxed]
pub async fn add_wallet_records(
    wallet: &Wallet,
    category: &str,
    records: &[NewWalletRecord],
) -> Result<usize, WalletError> {
    let mut tagged: Vec<(&NewWalletRecord, Vec<Tag>)> = Vec::with_capacity(records.len());
    for record in records {
        tags::check_names(wallet, category, Some(&record.id))?;
        let named = record.tags.iter().map(|(name, value)| (&**name, &**value));
        tagged.push((record, tags::stored(wallet, category, named)?));
    }
    let new: Vec<NewRecord<'_>> = tagged
        .iter()
        .map(|(record, tags)| NewRecord { category, name: &record.id, value: &record.value, tags })
        .collect();
    let added = wallet.index().await?.insert_batch(&new, &[]).await?;
    // `None` is for replacements, of which there are none
    Ok(added.unwrap_or_default())
}

/// Gives a record another value and other tags, in one step. libindy has two functions for it.
///
/// # Errors
///
/// [`WalletError::ItemNotFound`]; [`WalletError::ReservedCategory`],
/// [`WalletError::InvalidRecordName`], and the errors of storage.
#[boxed]
pub async fn update_wallet_record(
    wallet: &Wallet,
    category: &str,
    id: &str,
    value: &[u8],
    tags: &[(&str, &str)],
) -> Result<(), WalletError> {
    tags::check_names(wallet, category, Some(id))?;
    let tags = tags::stored(wallet, category, tags.iter().copied())?;
    wallet.replace_record(NewRecord { category, name: id, value, tags: &tags }).await
}

/// Reads a record.
///
/// # Errors
///
/// [`WalletError::ItemNotFound`]; [`WalletError::ReservedCategory`],
/// [`WalletError::InvalidRecordName`], and the errors of storage.
#[boxed]
pub async fn get_wallet_record(
    wallet: &Wallet,
    category: &str,
    id: &str,
) -> Result<WalletRecord, WalletError> {
    tags::check_names(wallet, category, Some(id))?;
    match wallet.fetch_record(category, id).await? {
        Some(value) => Ok(WalletRecord { id: id.to_owned(), value }),
        None => Err(WalletError::ItemNotFound {
            id: wallet.id().to_owned(),
            category: category.to_owned(),
            name: id.to_owned(),
        }),
    }
}

/// Removes a record.
///
/// # Errors
///
/// [`WalletError::ItemNotFound`]; [`WalletError::ReservedCategory`],
/// [`WalletError::InvalidRecordName`], and the errors of storage.
#[boxed]
pub async fn delete_wallet_record(
    wallet: &Wallet,
    category: &str,
    id: &str,
) -> Result<(), WalletError> {
    tags::check_names(wallet, category, Some(id))?;
    wallet.remove_record(category, id).await
}
