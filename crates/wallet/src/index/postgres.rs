//! The index's connections to a PostgreSQL server.

use sqlx::{
    ConnectOptions, Executor, PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use url::Url;

/// Keeps PostgreSQL's planner from reading a whole list where it can read the index in order and
/// stop. Its estimates are poor here: it assumes that a tag's name and value are independent of
/// each other.
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

/// Connects to the database that a wallet's URL names, by at most this many connections.
pub(super) async fn connect(url: &Url, readers: u32) -> sqlx::Result<PgPool> {
    PgPoolOptions::new()
        .max_connections(readers)
        .after_connect(|connection, _| {
            Box::pin(async move {
                connection.execute(READ_INDEXES_IN_ORDER).await?;
                Ok(())
            })
        })
        .connect_with(options(url)?)
        .await
}

/// Returns options with which the driver finds the same tables as Askar. The parameters that only
/// Askar understands are left out: the driver would log them, a password among them.
pub(crate) fn options(url: &Url) -> sqlx::Result<PgConnectOptions> {
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
