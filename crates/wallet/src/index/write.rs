//! Writing many records at once.
//!
//! Askar writes a record with one statement per tag. Here hundreds of rows share a statement, and
//! all of them a transaction, so that an import waits for the disk once per batch.

use std::collections::HashMap;
use stdx::task::boxed;

use sqlx::{Connection, SqliteConnection, Transaction, sqlite::SqliteConnectOptions};
#[cfg(feature = "postgres")]
use sqlx::{Executor, PgConnection};

use super::{
    Index, KIND,
    database::Database,
    keys::KeyError,
    seal::{SealedRecord, SealedTag, Sealer},
};
use crate::{
    error::WalletError,
    record::{ItemId, NewRecord, Replacement},
};

/// Rows of one statement. SQLite takes at most 32,766 parameters.
const MAX_ROWS_PER_STATEMENT: usize = 400;

impl Index {
    /// Adds records and replaces others, all in one transaction. A record whose category and name
    /// exist is skipped. Returns how many were added, without the replacements.
    ///
    /// A large batch costs less per record, because each page of the indexes is then written once
    /// for many of them: 5,000 is a good number. In SQLite nothing else can write meanwhile, and
    /// other writers fail after waiting for 5 seconds.
    ///
    /// `None` means that a record to be replaced has changed since it was read, and that nothing
    /// was written: read it again, and try again.
    ///
    /// # Errors
    ///
    /// The errors of storage; then nothing was written.
    #[boxed]
    pub async fn insert_batch(
        &self,
        records: &[NewRecord<'_>],
        replacements: &[Replacement<'_>],
    ) -> Result<Option<usize>, WalletError> {
        let batch = self.seal(records, replacements).map_err(|error| self.key_error(error))?;
        self.write(&batch).await.map_err(|error| self.sql_error(error))
    }

    /// Renews PostgreSQL's statistics after many records were added. Searches here do not need
    /// them; Askar's own queries do. SQLite's never change.
    ///
    /// # Errors
    ///
    /// The errors of storage.
    #[boxed]
    pub async fn analyze(&self) -> Result<(), WalletError> {
        match &self.database {
            Database::Sqlite { .. } => Ok(()),
            #[cfg(feature = "postgres")]
            Database::Postgres(pool) => match pool.execute("ANALYZE items, items_tags").await {
                Ok(_) => Ok(()),
                Err(error) => Err(self.sql_error(error)),
            },
        }
    }

    fn seal<'a>(
        &self,
        records: &[NewRecord<'_>],
        replacements: &[Replacement<'a>],
    ) -> Result<Batch<'a>, KeyError> {
        let mut sealer = Sealer::new(&self.keys);
        Ok(Batch {
            profile: self.profile,
            records: records.iter().map(|record| sealer.seal(record)).collect::<Result<_, _>>()?,
            replacements: replacements
                .iter()
                .map(|new| Ok((sealer.seal(&new.record)?, new.expected)))
                .collect::<Result<_, KeyError>>()?,
        })
    }

    async fn write(&self, batch: &Batch<'_>) -> sqlx::Result<Option<usize>> {
        match &self.database {
            Database::Sqlite { writer, .. } => {
                let mut connection = SqliteConnection::connect_with(&bulk(writer)).await?;
                let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
                let added = batch.write(&mut *transaction).await?;
                finish(transaction, added).await?;
                connection.close().await?;
                Ok(added)
            }
            #[cfg(feature = "postgres")]
            Database::Postgres(pool) => {
                let mut transaction = pool.begin().await?;
                let added = batch.write(&mut *transaction).await?;
                finish(transaction, added).await?;
                Ok(added)
            }
        }
    }
}

/// A tag's record has just been written by the same transaction, so that SQLite need not look it
/// up; and the part of the indexes that a batch changes fits into the cache.
fn bulk(options: &SqliteConnectOptions) -> SqliteConnectOptions {
    options.clone().foreign_keys(false).pragma("cache_size", "-65536")
}

/// Commits what a batch has written, or undoes it when the batch was given up.
async fn finish<DB: sqlx::Database>(
    transaction: Transaction<'_, DB>,
    added: Option<usize>,
) -> sqlx::Result<()> {
    match added {
        Some(_) => transaction.commit().await,
        None => transaction.rollback().await,
    }
}

/// Records that are written in one transaction.
struct Batch<'a> {
    profile: i64,
    records: Vec<SealedRecord>,
    /// Records that replace others, with the stored values that they expect.
    replacements: Vec<(SealedRecord, Option<&'a [u8]>)>,
}

impl Batch<'_> {
    /// Writes all, and returns how many records were added; `None` when a record to be replaced is
    /// not what was expected, and everything must be undone.
    async fn write(&self, writer: &mut impl Writer) -> sqlx::Result<Option<usize>> {
        // The contested rows come first: a writer that waits for them waits before it has done any
        // work.
        for (new, expected) in &self.replacements {
            let found = writer.find(self.profile, new).await?;
            let id = match (&found, expected) {
                (None, None) => {
                    let added =
                        writer.insert_items(self.profile, std::slice::from_ref(new)).await?;
                    match added.first() {
                        Some(&(id, _, _)) => id,
                        None => return Ok(None),
                    }
                }
                (Some((id, stored)), Some(expected)) if stored == expected => {
                    writer.reset(*id, &new.value).await?;
                    *id
                }
                _ => return Ok(None),
            };
            insert_tags(writer, &rows_of(id, &new.tags)).await?;
        }
        let mut added = Vec::new();
        for records in self.records.chunks(MAX_ROWS_PER_STATEMENT) {
            added.extend(writer.insert_items(self.profile, records).await?);
        }
        let mut tags = self.rows_of_added(&added);
        // In the order of the index, so that adjacent rows go to the same page.
        tags.sort_by(|one, other| one.tag.cmp(other.tag));
        insert_tags(writer, &tags).await?;
        Ok(Some(added.len()))
    }

    /// The rows of the tags of the records that were added.
    fn rows_of_added(&self, added: &[AddedItem]) -> Vec<TagRow<'_>> {
        let mut tags: HashMap<(&[u8], &[u8]), &[SealedTag]> = HashMap::new();
        for record in &self.records {
            // Of two records with the same name, the first was added.
            tags.entry((&record.category, &record.name)).or_insert(&record.tags);
        }
        let mut rows = Vec::new();
        for (id, category, name) in added {
            if let Some(tags) = tags.get(&(&**category, &**name)) {
                rows.extend(rows_of(*id, tags));
            }
        }
        rows
    }
}

/// A row of the table of tags.
struct TagRow<'a> {
    item: ItemId,
    tag: &'a SealedTag,
}

fn rows_of(item: ItemId, tags: &[SealedTag]) -> Vec<TagRow<'_>> {
    tags.iter().map(|tag| TagRow { item, tag }).collect()
}

async fn insert_tags(writer: &mut impl Writer, rows: &[TagRow<'_>]) -> sqlx::Result<()> {
    for rows in rows.chunks(MAX_ROWS_PER_STATEMENT) {
        writer.insert_tags(rows).await?;
    }
    Ok(())
}

/// Id, category and name of a row that was added to `items`.
type AddedItem = (ItemId, Vec<u8>, Vec<u8>);

/// The statements that write.
trait Writer {
    /// Adds rows to `items`, except those whose category and name exist.
    async fn insert_items(
        &mut self,
        profile: i64,
        records: &[SealedRecord],
    ) -> sqlx::Result<Vec<AddedItem>>;

    /// Adds rows to `items_tags`.
    async fn insert_tags(&mut self, tags: &[TagRow<'_>]) -> sqlx::Result<()>;

    /// Returns a record's id and value, and locks its row until the transaction ends.
    async fn find(
        &mut self,
        profile: i64,
        record: &SealedRecord,
    ) -> sqlx::Result<Option<(ItemId, Vec<u8>)>>;

    /// Gives a row another value, and removes its tags.
    async fn reset(&mut self, id: ItemId, value: &[u8]) -> sqlx::Result<()>;
}

/// The statements that SQLite and PostgreSQL share, except for the lock of a row. The connections
/// have different types, so the code is written once here and compiled for each.
macro_rules! shared_statements {
    ($lock:literal) => {
        async fn find(
            &mut self,
            profile: i64,
            record: &SealedRecord,
        ) -> sqlx::Result<Option<(ItemId, Vec<u8>)>> {
            sqlx::query_as(concat!(
                "SELECT id, value FROM items
                 WHERE profile_id = $1 AND kind = $2 AND category = $3 AND name = $4 ",
                $lock
            ))
            .bind(profile)
            .bind(KIND)
            .bind(&*record.category)
            .bind(&*record.name)
            .fetch_optional(self)
            .await
        }

        async fn reset(&mut self, id: ItemId, value: &[u8]) -> sqlx::Result<()> {
            sqlx::query("UPDATE items SET value = $2, expiry = NULL WHERE id = $1")
                .bind(id)
                .bind(value)
                .execute(&mut *self)
                .await?;
            sqlx::query("DELETE FROM items_tags WHERE item_id = $1").bind(id).execute(self).await?;
            Ok(())
        }
    };
}

impl Writer for SqliteConnection {
    // A transaction that begins "IMMEDIATE" locks the whole database.
    shared_statements!("");

    async fn insert_items(
        &mut self,
        profile: i64,
        records: &[SealedRecord],
    ) -> sqlx::Result<Vec<AddedItem>> {
        let rows = (0..records.len()).map(|row| {
            let first = 3 * row + 3;
            format!("($1, $2, ${first}, ${}, ${})", first + 1, first + 2)
        });
        let rows: Vec<_> = rows.collect();
        let statement = format!(
            "INSERT INTO items (profile_id, kind, category, name, value) VALUES {}
             ON CONFLICT DO NOTHING RETURNING id, category, name",
            rows.join(",")
        );
        let mut query = sqlx::query_as(&statement).bind(profile).bind(KIND);
        for record in records {
            query = query.bind(&*record.category).bind(&*record.name).bind(&*record.value);
        }
        query.fetch_all(self).await
    }

    async fn insert_tags(&mut self, tags: &[TagRow<'_>]) -> sqlx::Result<()> {
        let statement = format!(
            "INSERT INTO items_tags (item_id, name, value, plaintext) VALUES {}",
            vec!["(?, ?, ?, 0)"; tags.len()].join(",")
        );
        let mut query = sqlx::query(&statement);
        for TagRow { item, tag } in tags {
            query = query.bind(item).bind(&*tag.name).bind(&*tag.value);
        }
        query.execute(self).await?;
        Ok(())
    }
}

#[cfg(feature = "postgres")]
impl Writer for PgConnection {
    shared_statements!("FOR NO KEY UPDATE");

    async fn insert_items(
        &mut self,
        profile: i64,
        records: &[SealedRecord],
    ) -> sqlx::Result<Vec<AddedItem>> {
        let categories: Vec<&[u8]> = records.iter().map(|record| &*record.category).collect();
        let names: Vec<&[u8]> = records.iter().map(|record| &*record.name).collect();
        let values: Vec<&[u8]> = records.iter().map(|record| &*record.value).collect();
        sqlx::query_as(
            "INSERT INTO items (profile_id, kind, category, name, value)
             SELECT $1, $2, new.* FROM UNNEST($3::bytea[], $4::bytea[], $5::bytea[]) AS new
             ON CONFLICT DO NOTHING RETURNING id, category, name",
        )
        .bind(profile)
        .bind(KIND)
        .bind(categories)
        .bind(names)
        .bind(values)
        .fetch_all(self)
        .await
    }

    async fn insert_tags(&mut self, tags: &[TagRow<'_>]) -> sqlx::Result<()> {
        let items: Vec<ItemId> = tags.iter().map(|row| row.item).collect();
        let names: Vec<&[u8]> = tags.iter().map(|row| &*row.tag.name).collect();
        let values: Vec<&[u8]> = tags.iter().map(|row| &*row.tag.value).collect();
        sqlx::query(
            "INSERT INTO items_tags (item_id, name, value, plaintext)
             SELECT new.*, 0 FROM UNNEST($1::bigint[], $2::bytea[], $3::bytea[]) AS new",
        )
        .bind(items)
        .bind(names)
        .bind(values)
        .execute(self)
        .await?;
        Ok(())
    }
}
