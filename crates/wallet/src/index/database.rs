//! The index's own connections to the wallet's database.
//!
//! They only read, but for what is in [`super::write`] and [`super::schema`]. Every statement is
//! written once, in the dialect that SQLite and PostgreSQL share; [`Dialect`] holds the rest.

use std::{path::PathBuf, time::Duration};

use sqlx::{
    ConnectOptions, Executor, PgPool, Pool, SqlitePool,
    postgres::{PgConnectOptions, PgPoolOptions},
    sqlite::{SqliteConnectOptions, SqlitePoolOptions, SqliteSynchronous},
};
use url::Url;

/// Connections that read.
const READERS: u32 = 2;

/// How long SQLite waits for another connection's lock.
const PATIENCE: Duration = Duration::from_secs(5);

/// Keeps PostgreSQL's planner from reading a list whole where it can walk the index and stop. Its
/// guesses are poor here: it takes a tag's name and value for independent of each other.
const WALK_INDEXES: &str = "SET enable_seqscan = off; SET enable_bitmapscan = off; \
    SET enable_sort = off; SET enable_hashjoin = off; SET enable_mergejoin = off";

/// Parameters of a wallet's URL that only Askar knows.
const OF_ASKAR: [&str; 7] = [
    "admin_account",
    "admin_password",
    "connect_timeout",
    "idle_timeout",
    "max_connections",
    "min_connections",
    SCHEMA,
];

/// The one among them that says where the tables are.
const SCHEMA: &str = "schema";

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
                    .busy_timeout(PATIENCE)
                    .synchronous(SqliteSynchronous::Full)
                    .disable_statement_logging();
                let readers = SqlitePoolOptions::new()
                    .min_connections(0)
                    .max_connections(READERS)
                    .test_before_acquire(false)
                    .connect_with(options.clone().read_only(true))
                    .await?;
                Ok(Database::Sqlite {
                    readers,
                    writer: Box::new(options),
                })
            }
            Self::Postgres(url) => {
                let pool = PgPoolOptions::new()
                    .max_connections(READERS)
                    .after_connect(|connection, _| {
                        Box::pin(async move {
                            connection.execute(WALK_INDEXES).await?;
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

/// Sees the same tables as Askar does. The parameters that only Askar understands are left out: the
/// driver would log them, a password among them.
pub(crate) fn postgres_options(url: &Url) -> sqlx::Result<PgConnectOptions> {
    let mut plain = url.clone();
    plain.set_query(None);
    let mut schema = None;
    for (name, value) in url.query_pairs() {
        if name == SCHEMA {
            schema = Some(value.into_owned());
        } else if !OF_ASKAR.contains(&&*name) {
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
    Sqlite {
        readers: SqlitePool,
        writer: Box<SqliteConnectOptions>,
    },
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

/// A connection that comes back while the pool is being closed may be overlooked once.
async fn close<DB: sqlx::Database>(pool: &Pool<DB>) {
    pool.close().await;
    while pool.size() > 0 {
        tokio::task::yield_now().await;
        pool.close().await;
    }
}

/// Where the two differ.
pub(super) struct Dialect {
    /// Behind `items_tags`: use our index or fail. PostgreSQL has no such hint.
    pub(super) by_terms: &'static str,
    /// Behind `items`: use our index of records that expire.
    pub(super) by_expiry: &'static str,
    /// Whether a record `e` has expired.
    pub(super) expired: &'static str,
}

const SQLITE: Dialect = Dialect {
    by_terms: "INDEXED BY ix_negotiate_terms",
    by_expiry: "INDEXED BY ix_negotiate_expiry",
    expired: "DATETIME(e.expiry) <= DATETIME('now')",
};

const POSTGRES: Dialect = Dialect {
    by_terms: "",
    by_expiry: "",
    expired: "e.expiry <= CURRENT_TIMESTAMP",
};

/// Runs the same code with either kind of pool.
macro_rules! read {
    ($database:expr, $pool:ident => $body:expr) => {
        match $database {
            $crate::index::database::Database::Sqlite { readers: $pool, .. } => $body,
            $crate::index::database::Database::Postgres($pool) => $body,
        }
    };
}

pub(super) use read;
