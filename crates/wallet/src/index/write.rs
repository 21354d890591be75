//! Writing many records at once.
//!
//! Askar writes a record with one statement per tag. Here hundreds of rows share a statement, and
//! all of them a transaction, so that an import waits for the disk once in a batch.

use std::collections::HashMap;

use aries_askar::entry::EntryTag;
use sqlx::{Connection, Executor, PgConnection, SqliteConnection, sqlite::SqliteConnectOptions};

use super::{Database, ITEM, Index, KeyFault, Keys};
use crate::error::WalletError;

/// Rows of one statement. SQLite takes at most 32,766 parameters.
const ROWS: usize = 400;

/// A record to be written.
#[derive(Clone, Copy, Debug)]
pub struct NewRecord<'a> {
    /// Its category.
    pub category: &'a str,
    /// Its name in the category.
    pub name: &'a str,
    /// Its value.
    pub value: &'a [u8],
    /// Its tags.
    pub tags: &'a [EntryTag],
}

/// A record that takes the place of the one of its name, as long as that has not changed.
#[derive(Clone, Copy, Debug)]
pub struct Replacement<'a> {
    /// The new record.
    pub record: NewRecord<'a>,
    /// What [`Index::stored_bytes`] gave for the old one; `None` when there was none.
    pub stored: Option<&'a [u8]>,
}

/// A record, encrypted.
struct Sealed<'a> {
    category: Vec<u8>,
    name: Vec<u8>,
    value: Vec<u8>,
    tags: Vec<SealedTag>,
    replaces: Option<&'a [u8]>,
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct SealedTag {
    name: Vec<u8>,
    value: Vec<u8>,
    is_plain: bool,
}

/// What tags of a batch became when they were encrypted. Most of them occur again and again.
#[derive(Default)]
struct SeenTags {
    names: HashMap<String, Vec<u8>>,
    values: HashMap<String, Vec<u8>>,
}

impl SeenTags {
    fn name(&mut self, keys: &Keys, name: &str) -> Result<Vec<u8>, KeyFault> {
        seen(&mut self.names, name, || keys.tag_name(name))
    }

    fn value(&mut self, keys: &Keys, value: &str) -> Result<Vec<u8>, KeyFault> {
        seen(&mut self.values, value, || keys.tag_value(value))
    }
}

fn seen(
    texts: &mut HashMap<String, Vec<u8>>,
    text: &str,
    encrypt: impl FnOnce() -> Result<Vec<u8>, KeyFault>,
) -> Result<Vec<u8>, KeyFault> {
    if let Some(encrypted) = texts.get(text) {
        return Ok(encrypted.clone());
    }
    let encrypted = encrypt()?;
    texts.insert(text.to_owned(), encrypted.clone());
    Ok(encrypted)
}

/// A row of the table of tags.
struct TagRow<'a> {
    item: i64,
    tag: &'a SealedTag,
}

impl Index {
    /// Adds records and replaces others, all in one transaction. A record whose category and name
    /// are taken is skipped. Returns how many were added, without the replacements.
    ///
    /// A large batch costs less per record, because each page of the indexes is then written once for
    /// many of them: 5,000 is a good number. SQLite lets nobody else write meanwhile, and others give
    /// up after 5 seconds.
    ///
    /// `None` means that a record to be replaced has changed since it was read, and that nothing was
    /// written: read it again, and try again.
    ///
    /// # Errors
    ///
    /// The errors of storage; then nothing was written.
    pub async fn insert_batch(
        &self,
        records: &[NewRecord<'_>],
        replace: &[Replacement<'_>],
    ) -> Result<Option<usize>, WalletError> {
        let mut seen = SeenTags::default();
        let mut seal = |record: &NewRecord<'_>, replaces| self.seal(record, replaces, &mut seen);
        let mut sealed = || -> Result<_, KeyFault> {
            let records: Vec<_> = records
                .iter()
                .map(|record| seal(record, None))
                .collect::<Result<_, _>>()?;
            let replace: Vec<_> = replace
                .iter()
                .map(|new| seal(&new.record, new.stored))
                .collect::<Result<_, _>>()?;
            Ok((records, replace))
        };
        let (records, replace) = sealed().map_err(|fault| self.key_fault(fault))?;
        self.write(&records, &replace)
            .await
            .map_err(|error| self.failed(&error))
    }

    /// Renews PostgreSQL's statistics after many records were added. Searches here do well without
    /// them; Askar's own queries do not. SQLite's never change.
    ///
    /// # Errors
    ///
    /// The errors of storage.
    pub async fn analyze(&self) -> Result<(), WalletError> {
        match &self.database {
            Database::Sqlite { .. } => Ok(()),
            Database::Postgres(pool) => match pool.execute("ANALYZE items, items_tags").await {
                Ok(_) => Ok(()),
                Err(error) => Err(self.failed(&error)),
            },
        }
    }

    async fn write(
        &self,
        records: &[Sealed<'_>],
        replace: &[Sealed<'_>],
    ) -> sqlx::Result<Option<usize>> {
        match &self.database {
            Database::Sqlite { writer, .. } => {
                let mut connection = SqliteConnection::connect_with(&bulk(writer)).await?;
                let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
                let written = write(&mut *transaction, self.profile, records, replace).await?;
                match written {
                    Some(_) => transaction.commit().await?,
                    None => transaction.rollback().await?,
                }
                connection.close().await?;
                Ok(written)
            }
            Database::Postgres(pool) => {
                let mut transaction = pool.begin().await?;
                let written = write(&mut *transaction, self.profile, records, replace).await?;
                match written {
                    Some(_) => transaction.commit().await?,
                    None => transaction.rollback().await?,
                }
                Ok(written)
            }
        }
    }

    /// Encrypts a record.
    fn seal<'a>(
        &self,
        record: &NewRecord<'_>,
        replaces: Option<&'a [u8]>,
        seen: &mut SeenTags,
    ) -> Result<Sealed<'a>, KeyFault> {
        let NewRecord {
            category,
            name,
            value,
            tags,
        } = *record;
        let tags = tags.iter().map(|tag| {
            let (EntryTag::Encrypted(name, value) | EntryTag::Plaintext(name, value)) = tag;
            let is_plain = matches!(tag, EntryTag::Plaintext(..));
            Ok(SealedTag {
                name: seen.name(&self.keys, name)?,
                value: if is_plain {
                    value.clone().into_bytes()
                } else {
                    seen.value(&self.keys, value)?
                },
                is_plain,
            })
        });
        Ok(Sealed {
            tags: tags.collect::<Result<_, KeyFault>>()?,
            category: self.keys.category(category)?,
            name: self.keys.name(name)?,
            value: self.keys.value(category, name, value)?,
            replaces,
        })
    }
}

/// The statements, of which each kind of database has its own.
trait Writer {
    /// Adds rows to `items` and returns ids, categories and names of those that were not there yet.
    async fn insert_items(
        &mut self,
        profile: i64,
        items: &[Sealed<'_>],
    ) -> sqlx::Result<Vec<(i64, Vec<u8>, Vec<u8>)>>;

    /// Adds rows to `items_tags`.
    async fn insert_tags(&mut self, tags: &[TagRow<'_>]) -> sqlx::Result<()>;

    /// The row of a record, kept from being changed by others; its id and its value.
    async fn find(
        &mut self,
        profile: i64,
        item: &Sealed<'_>,
    ) -> sqlx::Result<Option<(i64, Vec<u8>)>>;

    /// Gives a row another value, and takes its tags away.
    async fn reset(&mut self, id: i64, value: &[u8]) -> sqlx::Result<()>;
}

/// Writes all; `None` when a record to be replaced is not what it was, and all must be undone.
async fn write(
    writer: &mut impl Writer,
    profile: i64,
    records: &[Sealed<'_>],
    replace: &[Sealed<'_>],
) -> sqlx::Result<Option<usize>> {
    // The contested rows come first: whoever waits for them waits before having done any work.
    for new in replace {
        let found = writer.find(profile, new).await?;
        let id = match (&found, new.replaces) {
            (None, None) => {
                let added = writer
                    .insert_items(profile, std::slice::from_ref(new))
                    .await?;
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
    for records in records.chunks(ROWS) {
        added.extend(writer.insert_items(profile, records).await?);
    }
    let mut tags = rows_of_added(&added, records);
    // In the order of the index, so that neighbours in a row go to the same page.
    tags.sort_by(|one, other| one.tag.cmp(other.tag));
    insert_tags(writer, &tags).await?;
    Ok(Some(added.len()))
}

/// The rows of the tags of the records that were added.
fn rows_of_added<'a>(
    added: &[(i64, Vec<u8>, Vec<u8>)],
    records: &'a [Sealed<'_>],
) -> Vec<TagRow<'a>> {
    let mut tags: HashMap<(&[u8], &[u8]), &[SealedTag]> = HashMap::new();
    for record in records {
        // Of two records of one name the first was added.
        tags.entry((&record.category, &record.name))
            .or_insert(&record.tags);
    }
    let mut rows = Vec::new();
    for (id, category, name) in added {
        if let Some(tags) = tags.get(&(&**category, &**name)) {
            rows.extend(rows_of(*id, tags));
        }
    }
    rows
}

fn rows_of(item: i64, tags: &[SealedTag]) -> Vec<TagRow<'_>> {
    tags.iter().map(|tag| TagRow { item, tag }).collect()
}

async fn insert_tags(writer: &mut impl Writer, rows: &[TagRow<'_>]) -> sqlx::Result<()> {
    for rows in rows.chunks(ROWS) {
        writer.insert_tags(rows).await?;
    }
    Ok(())
}

/// A tag's record has just been written by the same transaction, so that SQLite need not look it up;
/// and what a batch touches of the indexes has room in the cache.
fn bulk(options: &SqliteConnectOptions) -> SqliteConnectOptions {
    options
        .clone()
        .foreign_keys(false)
        .pragma("cache_size", "-65536")
}

const DELETE_TAGS: &str = "DELETE FROM items_tags WHERE item_id = $1";
const UPDATE_ITEM: &str = "UPDATE items SET value = $2, expiry = NULL WHERE id = $1";

impl Writer for SqliteConnection {
    async fn insert_items(
        &mut self,
        profile: i64,
        items: &[Sealed<'_>],
    ) -> sqlx::Result<Vec<(i64, Vec<u8>, Vec<u8>)>> {
        let rows = (0..items.len()).map(|row| {
            format!(
                "($1, $2, ${}, ${}, ${})",
                3 * row + 3,
                3 * row + 4,
                3 * row + 5
            )
        });
        let rows: Vec<_> = rows.collect();
        let statement = format!(
            "INSERT INTO items (profile_id, kind, category, name, value) VALUES {}
             ON CONFLICT DO NOTHING RETURNING id, category, name",
            rows.join(",")
        );
        let mut query = sqlx::query_as(&statement).bind(profile).bind(ITEM);
        for item in items {
            query = query
                .bind(&*item.category)
                .bind(&*item.name)
                .bind(&*item.value);
        }
        query.fetch_all(self).await
    }

    async fn insert_tags(&mut self, tags: &[TagRow<'_>]) -> sqlx::Result<()> {
        let statement = format!(
            "INSERT INTO items_tags (item_id, name, value, plaintext) VALUES {}",
            vec!["(?, ?, ?, ?)"; tags.len()].join(",")
        );
        let mut query = sqlx::query(&statement);
        for TagRow { item, tag } in tags {
            query = query
                .bind(item)
                .bind(&*tag.name)
                .bind(&*tag.value)
                .bind(i16::from(tag.is_plain));
        }
        query.execute(self).await?;
        Ok(())
    }

    async fn find(
        &mut self,
        profile: i64,
        item: &Sealed<'_>,
    ) -> sqlx::Result<Option<(i64, Vec<u8>)>> {
        sqlx::query_as(
            "SELECT id, value FROM items
             WHERE profile_id = $1 AND kind = $2 AND category = $3 AND name = $4",
        )
        .bind(profile)
        .bind(ITEM)
        .bind(&*item.category)
        .bind(&*item.name)
        .fetch_optional(self)
        .await
    }

    async fn reset(&mut self, id: i64, value: &[u8]) -> sqlx::Result<()> {
        let update = sqlx::query(UPDATE_ITEM).bind(id).bind(value);
        update.execute(&mut *self).await?;
        sqlx::query(DELETE_TAGS).bind(id).execute(self).await?;
        Ok(())
    }
}

impl Writer for PgConnection {
    async fn insert_items(
        &mut self,
        profile: i64,
        items: &[Sealed<'_>],
    ) -> sqlx::Result<Vec<(i64, Vec<u8>, Vec<u8>)>> {
        let categories: Vec<&[u8]> = items.iter().map(|item| &*item.category).collect();
        let names: Vec<&[u8]> = items.iter().map(|item| &*item.name).collect();
        let values: Vec<&[u8]> = items.iter().map(|item| &*item.value).collect();
        sqlx::query_as(
            "INSERT INTO items (profile_id, kind, category, name, value)
             SELECT $1, $2, new.* FROM UNNEST($3::bytea[], $4::bytea[], $5::bytea[]) AS new
             ON CONFLICT DO NOTHING RETURNING id, category, name",
        )
        .bind(profile)
        .bind(ITEM)
        .bind(categories)
        .bind(names)
        .bind(values)
        .fetch_all(self)
        .await
    }

    async fn insert_tags(&mut self, tags: &[TagRow<'_>]) -> sqlx::Result<()> {
        let items: Vec<i64> = tags.iter().map(|row| row.item).collect();
        let names: Vec<&[u8]> = tags.iter().map(|row| &*row.tag.name).collect();
        let values: Vec<&[u8]> = tags.iter().map(|row| &*row.tag.value).collect();
        let plain: Vec<i16> = tags.iter().map(|row| row.tag.is_plain.into()).collect();
        sqlx::query(
            "INSERT INTO items_tags (item_id, name, value, plaintext)
             SELECT * FROM UNNEST($1::bigint[], $2::bytea[], $3::bytea[], $4::smallint[])",
        )
        .bind(items)
        .bind(names)
        .bind(values)
        .bind(plain)
        .execute(self)
        .await?;
        Ok(())
    }

    async fn find(
        &mut self,
        profile: i64,
        item: &Sealed<'_>,
    ) -> sqlx::Result<Option<(i64, Vec<u8>)>> {
        sqlx::query_as(
            "SELECT id, value FROM items
             WHERE profile_id = $1 AND kind = $2 AND category = $3 AND name = $4
             FOR NO KEY UPDATE",
        )
        .bind(profile)
        .bind(ITEM)
        .bind(&*item.category)
        .bind(&*item.name)
        .fetch_optional(self)
        .await
    }

    async fn reset(&mut self, id: i64, value: &[u8]) -> sqlx::Result<()> {
        let update = sqlx::query(UPDATE_ITEM).bind(id).bind(value);
        update.execute(&mut *self).await?;
        sqlx::query(DELETE_TAGS).bind(id).execute(self).await?;
        Ok(())
    }
}
