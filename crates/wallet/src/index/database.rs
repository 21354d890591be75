//! The index's own connections to the wallet's database.
//!
//! They only read, except in [`super::write`] and [`super::schema`]. Every statement is written
//! once, in the SQL that SQLite and PostgreSQL share; [`Dialect`] holds the differences.

use std::{path::PathBuf, time::Duration};

#[cfg(feature = "postgres")]
use sqlx::PgPool;
use sqlx::{
    ConnectOptions, Pool, SqlitePool,
    sqlite::{SqliteConnectOptions, SqlitePoolOptions, SqliteSynchronous},
};
#[cfg(feature = "postgres")]
use url::Url;

use super::dialect::{self, Dialect};
#[cfg(feature = "postgres")]
use super::postgres;

/// The number of connections that read.
const READERS: u32 = 2;

/// How long SQLite waits for another connection's lock.
const LOCK_TIMEOUT: Duration = Duration::from_secs(5);

/// Where a wallet's database is.
pub(crate) enum Source {
    /// An SQLite file.
    Sqlite(PathBuf),
    /// The URL of a PostgreSQL database, with Askar's parameters.
    #[cfg(feature = "postgres")]
    Postgres(Url),
}

impl Source {
    /// Connects.
    pub(super) async fn connect(&self) -> sqlx::Result<Database> {
        match self {
            Self::Sqlite(file) => {
                let options = SqliteConnectOptions::new()
                    .filename(file)
                    .busy_timeout(LOCK_TIMEOUT)
                    .synchronous(SqliteSynchronous::Full)
                    .disable_statement_logging();
                let readers = SqlitePoolOptions::new()
                    .min_connections(0)
                    .max_connections(READERS)
                    .test_before_acquire(false)
                    .connect_with(options.clone().read_only(true))
                    .await?;
                Ok(Database::Sqlite { readers, writer: Box::new(options) })
            }
            #[cfg(feature = "postgres")]
            Self::Postgres(url) => Ok(Database::Postgres(postgres::connect(url, READERS).await?)),
        }
    }
}

/// A wallet's database.
pub(super) enum Database {
    Sqlite {
        readers: SqlitePool,
        writer: Box<SqliteConnectOptions>,
    },
    #[cfg(feature = "postgres")]
    Postgres(PgPool),
}

impl Database {
    /// Closes all connections, and waits until they are closed.
    pub(super) async fn close(self) {
        match self {
            Self::Sqlite { readers, .. } => close(&readers).await,
            #[cfg(feature = "postgres")]
            Self::Postgres(pool) => close(&pool).await,
        }
    }

    pub(super) fn dialect(&self) -> &'static Dialect {
        match self {
            Self::Sqlite { .. } => &dialect::SQLITE,
            #[cfg(feature = "postgres")]
            Self::Postgres(_) => &dialect::POSTGRES,
        }
    }
}

/// Closes a pool. A connection that is returned while the pool is being closed may be missed, so
/// this is repeated until none is left.
async fn close<DB: sqlx::Database>(pool: &Pool<DB>) {
    pool.close().await;
    while pool.size() > 0 {
        tokio::task::yield_now().await;
        pool.close().await;
    }
}

/// Evaluates the same expression with either kind of pool.
macro_rules! read {
    ($database:expr, $pool:ident => $body:expr) => {
        match $database {
            $crate::index::database::Database::Sqlite { readers: $pool, .. } => $body,
            #[cfg(feature = "postgres")]
            $crate::index::database::Database::Postgres($pool) => $body,
        }
    };
}

pub(super) use read;
