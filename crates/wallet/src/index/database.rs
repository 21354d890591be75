//! The index's own connections to the wallet's database.
//!
//! They only read, except in [`super::write`] and [`super::schema`]. Every statement is written once,
//! in the SQL that SQLite and PostgreSQL share; [`Dialect`] holds the differences.

use std::{path::PathBuf, time::Duration};

use sqlx::{
    ConnectOptions, Executor, PgPool, Pool, SqlitePool,
    postgres::{PgConnectOptions, PgPoolOptions},
    sqlite::{SqliteConnectOptions, SqlitePoolOptions, SqliteSynchronous},
};
use url::Url;

/// The number of connections that read.
const READERS: u32 = 2;

/// How long SQLite waits for another connection's lock.
const LOCK_TIMEOUT: Duration = Duration::from_secs(5);

/// Keeps PostgreSQL's planner from reading a whole list where it can read the index in order and stop. Its
/// estimates are poor here: it assumes that a tag's name and value are independent of each other.
const READ_INDEXES_IN_ORDER: &str = "SET enable_seqscan = off; SET enable_bitmapscan = off; \
    SET enable_sort = off; SET enable_hashjoin = off; SET enable_mergejoin = off";

/// Parameters of a wallet's URL that only Askar knows.
const ASKAR_PARAMETERS: [&str; 7] = [
    "admin_account",
    "admin_password",
    "connect_timeout",
    "idle_timeout",
    "max_connections",
    "min_connections",
    SCHEMA_PARAMETER,
];

/// The one among them that says where the tables are.
const SCHEMA_PARAMETER: &str = "schema";

/// Where a wallet's database is.
pub(crate) enum Source {
    /// An SQLite file.
    Sqlite(PathBuf),
    /// The URL of a PostgreSQL database, with Askar's parameters.
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
            Self::Postgres(url) => {
                let pool = PgPoolOptions::new()
                    .max_connections(READERS)
                    .after_connect(|connection, _| {
                        Box::pin(async move {
                            connection.execute(READ_INDEXES_IN_ORDER).await?;
                            Ok(())
                        })
                    })
                    .connect_with(postgres_options(url)?)
                    .await?;
                Ok(Database::Postgres(pool))
            }
        }
    }
}

/// Returns options with which the driver finds the same tables as Askar. The parameters that only Askar
/// understands are left out: the driver would log them, a password among them.
pub(crate) fn postgres_options(url: &Url) -> sqlx::Result<PgConnectOptions> {
    let mut plain = url.clone();
    plain.set_query(None);
    let mut schema = None;
    for (name, value) in url.query_pairs() {
        if name == SCHEMA_PARAMETER {
            schema = Some(value.into_owned());
        } else if !ASKAR_PARAMETERS.contains(&&*name) {
            plain.query_pairs_mut().append_pair(&name, &value);
        }
    }
    let options: PgConnectOptions = plain.as_str().parse()?;
    let options = options.disable_statement_logging();
    Ok(match schema {
        Some(schema) => options.options([("search_path", schema)]),
        None => options,
    })
}

/// A wallet's database.
pub(super) enum Database {
    Sqlite { readers: SqlitePool, writer: Box<SqliteConnectOptions> },
    Postgres(PgPool),
}

impl Database {
    /// Closes all connections, and waits until they are closed.
    pub(super) async fn close(self) {
        match self {
            Self::Sqlite { readers, .. } => close(&readers).await,
            Self::Postgres(pool) => close(&pool).await,
        }
    }

    pub(super) fn dialect(&self) -> &'static Dialect {
        match self {
            Self::Sqlite { .. } => &SQLITE,
            Self::Postgres(_) => &POSTGRES,
        }
    }
}

/// Closes a pool. A connection that is returned while the pool is being closed may be missed, so this is
/// repeated until none is left.
async fn close<DB: sqlx::Database>(pool: &Pool<DB>) {
    pool.close().await;
    while pool.size() > 0 {
        tokio::task::yield_now().await;
        pool.close().await;
    }
}

/// The differences between SQLite and PostgreSQL.
pub(super) struct Dialect {
    /// After `items_tags`: use our index or fail. PostgreSQL has no such hint.
    pub(super) by_terms: &'static str,
    /// After `items`: use our index of records that expire.
    pub(super) by_expiry: &'static str,
    /// The condition that a record `e` has expired.
    pub(super) expired: &'static str,
}

const SQLITE: Dialect = Dialect {
    by_terms: "INDEXED BY ix_negotiate_terms",
    by_expiry: "INDEXED BY ix_negotiate_expiry",
    expired: "DATETIME(e.expiry) <= DATETIME('now')",
};

const POSTGRES: Dialect =
    Dialect { by_terms: "", by_expiry: "", expired: "e.expiry <= CURRENT_TIMESTAMP" };

/// Evaluates the same expression with either kind of pool.
macro_rules! read {
    ($database:expr, $pool:ident => $body:expr) => {
        match $database {
            $crate::index::database::Database::Sqlite { readers: $pool, .. } => $body,
            $crate::index::database::Database::Postgres($pool) => $body,
        }
    };
}

pub(super) use read;
