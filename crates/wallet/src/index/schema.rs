//! What the index adds to the store's tables.
//!
//! `ix_negotiate_terms` lists, for every encrypted tag, the records that carry it, in ascending
//! order. Of a value it holds only the first 12 bytes, which are an HMAC of the value: a value that
//! is too long for an index's row does no harm. `ix_negotiate_expiry` lists the records that
//! expire; this crate writes none, so that reading it costs nothing.
//!
//! Both are additions only: the database keeps them up to date without Askar's help, and a wallet
//! that lacks them gets them when its index is first opened.

use sqlx::{Connection, Executor, SqliteConnection, sqlite::SqliteConnectOptions};

use super::database::Database;

const INDEXES: &str = "
    CREATE INDEX IF NOT EXISTS ix_negotiate_terms
        ON items_tags (name, SUBSTR(value, 1, 12), item_id) WHERE plaintext = 0;
    CREATE INDEX IF NOT EXISTS ix_negotiate_expiry
        ON items (id) WHERE expiry IS NOT NULL;";

/// Without statistics SQLite answers Askar's own tag queries by reading every record. These
/// describe a large wallet, and serve a small one well enough.
const STATISTICS: &str = "
    ANALYZE config;
    DELETE FROM sqlite_stat1;
    INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
        ('items', 'ix_items_uniq', '1000000 1000000 500000 1000 1'),
        ('items', 'ix_negotiate_expiry', '1 1'),
        ('items_tags', 'ix_negotiate_terms', '20000000 1000000 20 1'),
        ('items_tags', 'ix_items_tags_name_enc', '20000000 1000000 20'),
        ('items_tags', 'ix_items_tags_item_id', '20000000 20'),
        ('items_tags', 'ix_items_tags_name_plain', '20000000 1000000 20');";

/// Lets one process at a time create the indexes: PostgreSQL's `IF NOT EXISTS` is not atomic.
#[cfg(feature = "postgres")]
const POSTGRES_LOCK: &str = "SELECT pg_advisory_xact_lock(7236274901)";

/// Whether both indexes exist.
pub(super) async fn is_complete(database: &Database) -> sqlx::Result<bool> {
    match database {
        Database::Sqlite { readers, .. } => {
            let count: i64 = sqlx::query_scalar(
                "SELECT COUNT(*) FROM sqlite_master WHERE type = 'index'
                 AND name IN ('ix_negotiate_terms', 'ix_negotiate_expiry')",
            )
            .fetch_one(readers)
            .await?;
            Ok(count == 2)
        }
        #[cfg(feature = "postgres")]
        Database::Postgres(pool) => {
            sqlx::query_scalar(
                "SELECT to_regclass('ix_negotiate_terms') IS NOT NULL
                    AND to_regclass('ix_negotiate_expiry') IS NOT NULL",
            )
            .fetch_one(pool)
            .await
        }
    }
}

/// Creates what is missing. Doing so twice does no harm.
pub(super) async fn complete(database: &Database) -> sqlx::Result<()> {
    match database {
        Database::Sqlite { writer, .. } => complete_sqlite(writer).await,
        #[cfg(feature = "postgres")]
        Database::Postgres(pool) => {
            let mut transaction = pool.begin().await?;
            transaction.execute(POSTGRES_LOCK).await?;
            transaction.execute(INDEXES).await?;
            transaction.execute("ANALYZE items, items_tags").await?;
            transaction.commit().await
        }
    }
}

/// The statistics come first: the new index makes every connection read the schema again, and them
/// with it.
async fn complete_sqlite(writer: &SqliteConnectOptions) -> sqlx::Result<()> {
    let mut connection = SqliteConnection::connect_with(writer).await?;
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    transaction.execute(STATISTICS).await?;
    transaction.execute(INDEXES).await?;
    transaction.commit().await?;
    connection.close().await
}
