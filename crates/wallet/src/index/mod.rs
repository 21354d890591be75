//! An index of the wallet's records, for searches whose cost does not grow with the wallet.
//!
//! Askar answers a query on tags by collecting every record that matches before it returns the
//! first. So this module adds an index of its own to Askar's tables, in the same database (see
//! `schema`), and reads it with SQL of its own: a page at a time, in ascending order of
//! [`ItemId`], each page starting after the last id of the one before. Nothing stays open between
//! two pages, and the cost of a page does not depend on the pages before it.
//!
//! Names and values are looked up in their encrypted form (see `keys`). What this leaks is what
//! Askar's own tags leak: a reader of the file sees which records share a value, not the value.
//!
//! The key of the store's profile, which Askar does not export, is derived once from the wallet's
//! key. It is then kept in the wallet as a record like any other, so that later openings need no
//! second key derivation.
//!
//! The index is for the crates of this workspace. Programs use [`non_secrets`](crate::non_secrets),
//! which keeps the tags of each category apart.

mod database;
mod dialect;
mod keys;
mod open;
#[cfg(feature = "postgres")]
mod postgres;
mod schema;
mod seal;
mod statements;
mod write;

use std::collections::HashMap;
use stdx::task::boxed;

use zeroize::Zeroizing;

pub(crate) use self::database::Source;
pub(crate) use self::keys::{SealingKey, open as open_sealed, sealing_key};
#[cfg(feature = "postgres")]
pub(crate) use self::postgres::options as postgres_options;
use self::{
    database::{Database, read},
    keys::{KeyError, Keys, NONCE_LENGTH},
};
use crate::{
    error::WalletError,
    location::WalletLocation,
    record::{ItemId, Record},
};

/// Askar's number for the kind of records that are not keys.
const KIND: i16 = 2;

/// How many entries of a list are read first, before the other lists are asked for the next common
/// entry.
const MIN_BLOCK: usize = 64;

/// Blocks double up to this length.
const MAX_BLOCK: usize = 2048;

/// How many ids one statement names.
const MAX_IDS_PER_STATEMENT: usize = 500;

/// A row of `items`: id, profile, kind, category, name, value.
type Item = (ItemId, i64, i16, Vec<u8>, Vec<u8>, Vec<u8>);

/// A tag's name and value in their encrypted form, in which the index lists them.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Term {
    name: Vec<u8>,
    value: Vec<u8>,
}

impl Term {
    /// The part of the value that is in the index.
    fn fingerprint(&self) -> &[u8] {
        self.value.get(..NONCE_LENGTH).unwrap_or(&self.value)
    }
}

/// The index of an open wallet.
pub struct Index {
    database: Database,
    keys: Keys,
    profile: i64,
    location: WalletLocation,
}

impl Index {
    /// Returns the term under which records with this tag are listed.
    ///
    /// # Errors
    ///
    /// [`WalletError::InvalidStorage`] when they cannot be encrypted.
    pub fn term(&self, name: &str, value: &str) -> Result<Term, WalletError> {
        let term = || -> Result<_, KeyError> {
            Ok(Term { name: self.keys.tag_name(name)?, value: self.keys.tag_value(value)? })
        };
        term().map_err(|error| self.key_error(error))
    }

    /// Returns the ids greater than `after` of records that carry all terms, in ascending order, at
    /// most `limit` of them. Fewer than `limit` means that there are no more. Without terms there
    /// are none.
    ///
    /// The records of the first term are read one by one, so it should be the rarest; each of the
    /// others costs a lookup per record read. Where the lists of two terms have no ids in common,
    /// the part in between is skipped.
    ///
    /// # Errors
    ///
    /// The errors of storage.
    #[boxed]
    pub async fn ids(
        &self,
        terms: &[Term],
        after: ItemId,
        limit: usize,
    ) -> Result<Vec<ItemId>, WalletError> {
        let mut found = Vec::new();
        let Some((first, others)) = terms.split_first() else {
            return Ok(found);
        };
        let statement = self.block_statement(others.len());
        let mut after = after;
        let mut length = match others {
            [] => limit,
            _ => MIN_BLOCK.max(limit),
        };
        while found.len() < limit {
            let block = self
                .block(&statement, first, others, after, length)
                .await
                .map_err(|error| self.sql_error(error))?;
            found.extend(block.iter().filter_map(|&(_, carries_all)| carries_all));
            // A record may carry the same tag twice.
            found.dedup();
            let (Some(&(last, _)), true) = (block.last(), block.len() >= length) else {
                break;
            };
            match self.skip(others, last).await {
                Ok(Some(next)) => after = next,
                Ok(None) => break,
                Err(error) => return Err(self.sql_error(error)),
            }
            length = (2 * length).min(MAX_BLOCK.max(limit));
        }
        found.truncate(limit);
        Ok(found)
    }

    /// Reads a block of the first term's list: its ids, each with itself when the record carries
    /// the other terms too.
    async fn block(
        &self,
        statement: &str,
        first: &Term,
        others: &[Term],
        after: ItemId,
        length: usize,
    ) -> sqlx::Result<Vec<(ItemId, Option<ItemId>)>> {
        read!(&self.database, pool => {
            let mut query = sqlx::query_as(statement)
                .bind(after)
                .bind(bound(length));
            for term in std::iter::once(first).chain(others) {
                query = query
                    .bind(&*term.name)
                    .bind(term.fingerprint())
                    .bind(&*term.value);
            }
            query.fetch_all(pool).await
        })
    }

    /// Returns the id after which a search continues that has read up to `last`: the one before the
    /// next record that can carry all of the terms; `None` if there is no such record.
    async fn skip(&self, terms: &[Term], last: ItemId) -> sqlx::Result<Option<ItemId>> {
        let statement = self.skip_statement();
        let mut after = last;
        for term in terms {
            let next: Option<ItemId> = read!(&self.database, pool => {
                sqlx::query_scalar(&statement)
                    .bind(last)
                    .bind(&*term.name)
                    .bind(term.fingerprint())
                    .bind(&*term.value)
                    .fetch_optional(pool)
                    .await?
            });
            match next {
                Some(next) => after = after.max(next - 1),
                None => return Ok(None),
            }
        }
        Ok(Some(after))
    }

    /// Counts the records that carry the term, up to `at_most`.
    ///
    /// # Errors
    ///
    /// The errors of storage.
    #[boxed]
    pub async fn count(&self, term: &Term, at_most: usize) -> Result<usize, WalletError> {
        let statement = self.count_statement();
        let count: sqlx::Result<i64> = read!(&self.database, pool => {
            sqlx::query_scalar(&statement)
                .bind(bound(at_most))
                .bind(&*term.name)
                .bind(term.fingerprint())
                .fetch_one(pool)
                .await
        });
        self.counted(count)
    }

    /// Reads records of a category, in the order of the ids. Records that were removed, have
    /// expired, or are of another category are left out.
    ///
    /// # Errors
    ///
    /// [`WalletError::InvalidStorage`] when one of them does not decrypt, and the errors of
    /// storage.
    #[boxed]
    pub async fn records(
        &self,
        category: &str,
        ids: &[ItemId],
    ) -> Result<Vec<Record>, WalletError> {
        let key_error = |error| self.key_error(error);
        let encrypted = self.keys.category(category).map_err(key_error)?;
        let mut records = HashMap::new();
        for ids in ids.chunks(MAX_IDS_PER_STATEMENT) {
            let statement = self.records_statement(ids);
            let rows: sqlx::Result<Vec<Item>> = read!(
                &self.database,
                pool => sqlx::query_as(&statement).persistent(false).fetch_all(pool).await
            );
            for (id, profile, kind, its_category, name, value) in
                rows.map_err(|error| self.sql_error(error))?
            {
                if profile != self.profile || kind != KIND || its_category != encrypted {
                    continue;
                }
                let name = self.keys.open_name(name).map_err(key_error)?;
                let value = self.keys.open_value(category, &name, value).map_err(key_error)?;
                let value = Zeroizing::new(value.into_vec());
                records.insert(id, Record { id, name, value });
            }
        }
        Ok(ids.iter().filter_map(|id| records.remove(id)).collect())
    }

    /// Returns the distinct values of a tag, in no order. A value that only expired records have
    /// may be among them.
    ///
    /// The cost grows with the number of values, not of records: after each value, one lookup finds
    /// the next.
    ///
    /// # Errors
    ///
    /// [`WalletError::InvalidStorage`] when one of them does not decrypt, and the errors of
    /// storage.
    #[boxed]
    pub async fn distinct_values(&self, tag_name: &str) -> Result<Vec<String>, WalletError> {
        let name = self.keys.tag_name(tag_name).map_err(|error| self.key_error(error))?;
        let statement = self.distinct_statement();
        let values: sqlx::Result<Vec<Option<Vec<u8>>>> = read!(&self.database, pool => {
            sqlx::query_scalar(&statement).bind(&*name).fetch_all(pool).await
        });
        values
            .map_err(|error| self.sql_error(error))?
            .into_iter()
            .flatten()
            .map(|value| self.keys.open_tag_value(value))
            .collect::<Result<_, _>>()
            .map_err(|error| self.key_error(error))
    }

    /// Returns a record's value as it is stored, encrypted; `None` when there is no such record.
    ///
    /// Storing a value again changes these bytes, even if the value is the same: equal bytes mean
    /// that nothing was written in between.
    ///
    /// # Errors
    ///
    /// The errors of storage.
    #[boxed]
    pub async fn stored_bytes(
        &self,
        category: &str,
        name: &str,
    ) -> Result<Option<Vec<u8>>, WalletError> {
        let (category, name) = self.encrypted(category, name)?;
        let statement = self.stored_statement();
        let value: sqlx::Result<Option<Vec<u8>>> = read!(&self.database, pool => {
            sqlx::query_scalar(&statement)
                .bind(self.profile)
                .bind(KIND)
                .bind(&*category)
                .bind(&*name)
                .fetch_optional(pool)
                .await
        });
        value.map_err(|error| self.sql_error(error))
    }

    /// Decrypts what [`Self::stored_bytes`] returned for the same record.
    ///
    /// # Errors
    ///
    /// [`WalletError::InvalidStorage`] when it does not decrypt.
    pub fn open_value(
        &self,
        category: &str,
        name: &str,
        stored: Vec<u8>,
    ) -> Result<Zeroizing<Vec<u8>>, WalletError> {
        self.keys
            .open_value(category, name, stored)
            .map(|value| Zeroizing::new(value.into_vec()))
            .map_err(|error| self.key_error(error))
    }

    fn encrypted(&self, category: &str, name: &str) -> Result<(Vec<u8>, Vec<u8>), WalletError> {
        let both = || Ok((self.keys.category(category)?, self.keys.name(name)?));
        both().map_err(|error| self.key_error(error))
    }

    fn counted(&self, count: sqlx::Result<i64>) -> Result<usize, WalletError> {
        let count = count.map_err(|error| self.sql_error(error))?;
        Ok(usize::try_from(count).unwrap_or_default())
    }

    fn sql_error(&self, error: sqlx::Error) -> WalletError {
        self.location.while_open(error.into())
    }

    fn key_error(&self, error: KeyError) -> WalletError {
        self.location.while_open(error.into())
    }
}

/// A limit, as SQL takes it.
fn bound(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests;
