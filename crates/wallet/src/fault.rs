//! What a failure of the store means.
//!
//! Askar reports most failures as "backend error" with the database's own error as the cause,
//! whose type it does not export. So the cause is told by what it prints: SQLite's result code,
//! PostgreSQL's SQLSTATE (neither depends on the language of the message), or the driver's words.

use std::{
    future::{Future, poll_fn},
    panic::{AssertUnwindSafe, catch_unwind},
    pin::pin,
    task::Poll,
};

use aries_askar::{Error, ErrorKind};
use sqlx::sqlite::SqliteError;

/// A failure of the store, before it is known what was being done.
#[derive(Debug)]
pub(super) enum Fault {
    /// Something does not decrypt: at opening the key is wrong, later the data is damaged.
    Undecryptable,
    /// There is no such store, or no such record.
    Missing,
    /// There is such a store, or such a record, already.
    AlreadyThere,
    /// Others use the database.
    InUse(String),
    /// The database's server does not answer.
    Unreachable(String),
    /// What is stored is not what the store wrote.
    Damaged(String),
    /// The store's URL is malformed.
    InvalidUrl(String),
    /// Anything else.
    Other(String),
}

/// Runs an operation of the store, and makes a [`Fault`] of its error or panic.
///
/// Askar 0.4 slices decrypted records without looking at their length, so a damaged file can make
/// it panic. Here that is one more way to learn that the file is damaged.
pub(super) async fn guarded<T>(
    operation: impl Future<Output = Result<T, Error>>,
) -> Result<T, Fault> {
    let mut operation = pin!(operation);
    poll_fn(
        |context| match catch_unwind(AssertUnwindSafe(|| operation.as_mut().poll(context))) {
            Ok(Poll::Pending) => Poll::Pending,
            Ok(Poll::Ready(result)) => Poll::Ready(result.map_err(|error| Fault::from(&error))),
            Err(_panic) => Poll::Ready(Err(Fault::Damaged(
                "a stored value has an impossible shape".to_owned(),
            ))),
        },
    )
    .await
}

impl Fault {
    /// The same of an error of the driver itself, whose type can be looked into.
    pub(super) fn from_sql(error: &sqlx::Error) -> Self {
        let said = error.to_string();
        match error {
            sqlx::Error::Database(error) => {
                let code = error.code().unwrap_or_default();
                if error.try_downcast_ref::<SqliteError>().is_some() {
                    from_sqlite(code.parse().unwrap_or_default(), said)
                } else {
                    from_postgres(&code, said)
                }
            }
            sqlx::Error::Io(_) | sqlx::Error::Tls(_) => Self::Unreachable(said),
            sqlx::Error::RowNotFound
            | sqlx::Error::ColumnDecode { .. }
            | sqlx::Error::Decode(_) => Self::Damaged(said),
            _ => Self::Other(said),
        }
    }
}

impl From<sqlx::Error> for Fault {
    fn from(error: sqlx::Error) -> Self {
        Self::from_sql(&error)
    }
}

impl From<&Error> for Fault {
    fn from(error: &Error) -> Self {
        let said = error.to_string().replace("\nCaused by: ", ": ");
        match error.kind() {
            ErrorKind::Encryption => Self::Undecryptable,
            ErrorKind::NotFound => Self::Missing,
            ErrorKind::Duplicate => Self::AlreadyThere,
            // A passphrase was given for a store that was made with a raw key.
            ErrorKind::Input if said.contains("raw key") => Self::Undecryptable,
            ErrorKind::Input if said.contains("' parameter") || said.contains("identifier") => {
                Self::InvalidUrl(said)
            }
            ErrorKind::Input | ErrorKind::Unexpected | ErrorKind::Unsupported => {
                Self::Damaged(said)
            }
            ErrorKind::Backend | ErrorKind::Busy | ErrorKind::Custom => from_database(error, said),
        }
    }
}

fn from_database(error: &Error, said: String) -> Fault {
    if let Some(code) = sqlite_code(&said) {
        return from_sqlite(code, said);
    }
    if let Some(state) = sqlstate(error) {
        return from_postgres(&state, said);
    }
    let says = |words: &str| said.contains(words);
    if says("error communicating with database") || says("pool timed out") {
        Fault::Unreachable(said)
    } else if says("no rows returned") || says("decoding column") || says("mismatched types") {
        Fault::Damaged(said)
    } else {
        Fault::Other(said)
    }
}

/// See <https://www.sqlite.org/rescode.html>; the low byte is the primary code.
fn from_sqlite(code: u32, said: String) -> Fault {
    match code & 0xff {
        // SQLITE_ERROR: a table or column that every store has is not there.
        1 => Fault::Damaged(said),
        // SQLITE_BUSY, SQLITE_LOCKED
        5 | 6 => Fault::InUse(said),
        // SQLITE_CORRUPT, SQLITE_NOTADB
        11 | 26 => Fault::Damaged(said),
        _ => Fault::Other(said),
    }
}

/// See <https://www.postgresql.org/docs/current/errcodes-appendix.html>.
fn from_postgres(state: &str, said: String) -> Fault {
    match state {
        // undefined_table
        "42P01" => Fault::Damaged(
            "the database holds no wallet (if an interrupted creation left it behind, drop it)"
                .to_owned(),
        ),
        // duplicate_table, unique_violation
        "42P07" | "23505" => Fault::AlreadyThere,
        // object_in_use
        "55006" => Fault::InUse(said),
        // class 08, connection exceptions; class 57, the server starts or stops
        state if state.starts_with("08") || state.starts_with("57P") => Fault::Unreachable(said),
        _ => Fault::Other(said),
    }
}

/// The number in "(code: 26) file is not a database".
fn sqlite_code(said: &str) -> Option<u32> {
    let (_, after) = said.split_once("(code: ")?;
    let (code, _) = after.split_once(')')?;
    code.parse().ok()
}

/// The five characters of PostgreSQL's error code, which the driver shows only in its debug form.
fn sqlstate(error: &Error) -> Option<String> {
    let shown = format!("{:?}", std::error::Error::source(error)?);
    let (_, after) = shown.split_once("code: \"")?;
    let (state, _) = after.split_once('"')?;
    (state.len() == 5).then(|| state.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_of_the_store_becomes_an_error() {
        let operation = async { panic!("range end index 12 out of range") };
        let fault = guarded::<()>(operation).await.unwrap_err();
        assert!(matches!(fault, Fault::Damaged(_)), "{fault:?}");
    }

    #[test]
    fn an_sqlite_result_code_is_found_in_the_message() {
        let said = "Error connecting: error returned from database: (code: 267) malformed";
        assert_eq!(sqlite_code(said), Some(267));
        assert!(matches!(
            from_sqlite(267, said.to_owned()),
            Fault::Damaged(_)
        ));
        assert_eq!(sqlite_code("no code here"), None);
    }
}
