//! An index of the wallet's records, for searches whose cost does not grow with the wallet.
//!
//! Askar answers a query on tags by collecting every record that matches before it returns the
//! first. So this module puts an index of its own beside Askar's tables, in the same database (see
//! [`schema`]), and walks it with SQL of its own: a page at a time, in ascending order of
//! [`ItemId`], each page starting behind the last id of the one before. Nothing is left open between
//! two pages, and a page far down costs what the first one costs.
//!
//! Names and values are looked up in their encrypted form (see [`keys`]). What this leaks is what
//! Askar's own tags leak: who can read the file sees which records share a value, not the value.
//!
//! The key of the store's profile, which Askar keeps to itself, is derived once from the wallet's
//! key. It is then kept in the wallet as a record like any other, so that later openings need no
//! second key derivation.

mod database;
mod keys;
mod open;
mod schema;
mod statements;
mod write;

use std::collections::HashMap;

use aries_askar::crypto::buffer::SecretBytes;

pub(crate) use self::database::{Source, postgres_options};
pub use self::write::{NewRecord, Replacement};
use self::{
    database::{Database, read},
    keys::{KeyFault, Keys, NONCE},
};
use crate::error::WalletError;
use crate::{Wallet, place::Place};

/// A record's number in the store. Later records have greater ones.
pub type ItemId = i64;

/// Askar's number for records that are not keys.
const ITEM: i16 = 2;

/// How many entries of a list are read before looking whether the other lists allow a jump.
const FIRST_BLOCK: usize = 64;

/// Blocks double up to this length.
const LONGEST_BLOCK: usize = 2048;

/// How many ids one statement names.
const IDS_AT_ONCE: usize = 500;

/// A row of `items`: id, profile, kind, category, name, value.
type Item = (ItemId, i64, i16, Vec<u8>, Vec<u8>, Vec<u8>);

/// A tag's name and value, encrypted.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Term {
    name: Vec<u8>,
    value: Vec<u8>,
}

impl Term {
    /// The part of the value that is in the index.
    fn fingerprint(&self) -> &[u8] {
        self.value.get(..NONCE).unwrap_or(&self.value)
    }
}

/// A decrypted record.
pub struct Record {
    /// Its number.
    pub id: ItemId,
    /// Its name in its category.
    pub name: String,
    /// Its value, wiped from memory when dropped.
    pub value: SecretBytes,
}

/// The index of an open wallet.
pub struct Index {
    database: Database,
    keys: Keys,
    profile: i64,
    place: Place,
}

impl Wallet {
    /// The wallet's index; opened at the first call, and given to a wallet that has none yet.
    ///
    /// To a large wallet from before the index this takes as long as SQLite or PostgreSQL need to
    /// sort its tags, and nobody else can write meanwhile.
    ///
    /// Not to be called for the first time while the caller holds a transaction of the store: SQLite
    /// would wait for it in vain.
    ///
    /// # Errors
    ///
    /// [`WalletError::InvalidStorage`] when the index does not encrypt as the store does, and the
    /// errors of storage.
    pub async fn index(&self) -> Result<&Index, WalletError> {
        self.index
            .get_or_try_init(|| {
                Index::open(&self.store, &self.source, &self.credentials, &self.place)
            })
            .await
    }
}

impl Index {
    /// A tag's name and value, as they are looked up. Only encrypted tags are in the index.
    ///
    /// # Errors
    ///
    /// [`WalletError::InvalidStorage`] when they cannot be encrypted.
    pub fn term(&self, name: &str, value: &str) -> Result<Term, WalletError> {
        let term = || -> Result<_, KeyFault> {
            Ok(Term {
                name: self.keys.tag_name(name)?,
                value: self.keys.tag_value(value)?,
            })
        };
        term().map_err(|fault| self.key_fault(fault))
    }

    /// The ids greater than `after` of records that carry all terms, in ascending order, at most
    /// `limit` of them. Fewer than `limit` means that there are no more. Without terms there are
    /// none.
    ///
    /// The records of the first term are walked, so it should be the rarest; of the others each
    /// costs a lookup per record walked. Where the lists of two terms lie apart, whole stretches are
    /// jumped over.
    ///
    /// # Errors
    ///
    /// The errors of storage.
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
            _ => FIRST_BLOCK.max(limit),
        };
        while found.len() < limit {
            let block = self
                .block(&statement, first, others, after, length)
                .await
                .map_err(|error| self.failed(&error))?;
            found.extend(block.iter().filter_map(|&(_, carries_all)| carries_all));
            // A record may carry the same tag twice.
            found.dedup();
            let (Some(&(last, _)), true) = (block.last(), block.len() >= length) else {
                break;
            };
            match self.jump(others, last).await {
                Ok(Some(next)) => after = next,
                Ok(None) => break,
                Err(error) => return Err(self.failed(&error)),
            }
            length = (2 * length).min(LONGEST_BLOCK.max(limit));
        }
        found.truncate(limit);
        Ok(found)
    }

    /// A stretch of the first term's list, and which of its records carry the others too.
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

    /// Behind which id a search goes on that has come to `last`: before the next record that can
    /// carry all of the terms, if there is one.
    async fn jump(&self, terms: &[Term], last: ItemId) -> sqlx::Result<Option<ItemId>> {
        let statement = self.jump_statement();
        let mut behind = last;
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
                Some(next) => behind = behind.max(next - 1),
                None => return Ok(None),
            }
        }
        Ok(Some(behind))
    }

    /// How many records carry the term, counted up to `at_most`.
    ///
    /// # Errors
    ///
    /// The errors of storage.
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

    /// The records of a category, decrypted, in the order of the ids. Those that are gone, have
    /// expired, or are of another category are left out.
    ///
    /// # Errors
    ///
    /// [`WalletError::InvalidStorage`] when one of them does not decrypt, and the errors of storage.
    pub async fn records(
        &self,
        category: &str,
        ids: &[ItemId],
    ) -> Result<Vec<Record>, WalletError> {
        let key_fault = |fault| self.key_fault(fault);
        let encrypted = self.keys.category(category).map_err(key_fault)?;
        let mut records = HashMap::new();
        for some in ids.chunks(IDS_AT_ONCE) {
            let statement = self.records_statement(some);
            let rows: sqlx::Result<Vec<Item>> = read!(
                &self.database,
                pool => sqlx::query_as(&statement).persistent(false).fetch_all(pool).await
            );
            for (id, profile, kind, its_category, name, value) in
                rows.map_err(|error| self.failed(&error))?
            {
                if profile != self.profile || kind != ITEM || its_category != encrypted {
                    continue;
                }
                let name = self.keys.open_name(name).map_err(key_fault)?;
                let value = self
                    .keys
                    .open_value(category, &name, value)
                    .map_err(key_fault)?;
                records.insert(id, Record { id, name, value });
            }
        }
        Ok(ids.iter().filter_map(|id| records.remove(id)).collect())
    }

    /// The distinct values of a tag, in no order. A value that only expired records have may be
    /// among them.
    ///
    /// Its cost grows with the number of values, not with that of the records: the list is entered
    /// anew behind each value.
    ///
    /// # Errors
    ///
    /// [`WalletError::InvalidStorage`] when one of them does not decrypt, and the errors of storage.
    pub async fn distinct_values(&self, tag_name: &str) -> Result<Vec<String>, WalletError> {
        let name = self
            .keys
            .tag_name(tag_name)
            .map_err(|fault| self.key_fault(fault))?;
        let statement = self.distinct_statement();
        let values: sqlx::Result<Vec<Option<Vec<u8>>>> = read!(&self.database, pool => {
            sqlx::query_scalar(&statement).bind(&*name).fetch_all(pool).await
        });
        values
            .map_err(|error| self.failed(&error))?
            .into_iter()
            .flatten()
            .map(|value| self.keys.open_tag_value(value))
            .collect::<Result<_, _>>()
            .map_err(|fault| self.key_fault(fault))
    }

    /// A record's value as it is stored, encrypted. Storing it anew changes it, whatever the value:
    /// equal bytes mean that nothing was written since.
    ///
    /// # Errors
    ///
    /// The errors of storage.
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
                .bind(ITEM)
                .bind(&*category)
                .bind(&*name)
                .fetch_optional(pool)
                .await
        });
        value.map_err(|error| self.failed(&error))
    }

    /// Decrypts what [`Self::stored_bytes`] gave for the same record.
    ///
    /// # Errors
    ///
    /// [`WalletError::InvalidStorage`] when it does not decrypt.
    pub fn open_value(
        &self,
        category: &str,
        name: &str,
        stored: Vec<u8>,
    ) -> Result<SecretBytes, WalletError> {
        self.keys
            .open_value(category, name, stored)
            .map_err(|fault| self.key_fault(fault))
    }

    fn encrypted(&self, category: &str, name: &str) -> Result<(Vec<u8>, Vec<u8>), WalletError> {
        let both = || Ok((self.keys.category(category)?, self.keys.name(name)?));
        both().map_err(|fault| self.key_fault(fault))
    }

    fn counted(&self, count: sqlx::Result<i64>) -> Result<usize, WalletError> {
        let count = count.map_err(|error| self.failed(&error))?;
        Ok(usize::try_from(count).unwrap_or_default())
    }

    fn failed(&self, error: &sqlx::Error) -> WalletError {
        self.place.sql(error)
    }

    fn key_fault(&self, fault: KeyFault) -> WalletError {
        self.place.working(fault.into())
    }
}

/// A limit, as SQL takes it.
fn bound(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests;
