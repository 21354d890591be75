//! Calls of the store, and the meaning of its errors.
//!
//! Askar reports most errors as "backend error" with the database's own error as the cause, whose
//! type it does not export. So the cause is recognised by its text: SQLite's result code,
//! PostgreSQL's SQLSTATE (neither depends on the language of the message), or the driver's message.

use std::{
    future::{Future, poll_fn},
    pin::pin,
    task::Poll,
};

use aries_askar::{Error, ErrorKind};
use sqlx::sqlite::SqliteError;

/// An error of the store, before it is known which operation it ends.
#[derive(Debug)]
pub(crate) enum StoreError {
    /// Something does not decrypt: at opening the key is wrong, later the data is damaged.
    Undecryptable,
    /// There is no such store, or no such record.
    Missing,
    /// There is such a store, or such a record, already.
    AlreadyThere,
    /// The database is in use elsewhere.
    InUse(String),
    /// The database's server does not answer.
    Unreachable(String),
    /// What is stored is not what the store wrote.
    Damaged(String),
    /// The store's URL is malformed.
    InvalidUrl(String),
    /// The disk is full.
    Full,
    /// Anything else.
    Other(String),
}

/// Runs an operation of the store, and turns its error or panic into a [`StoreError`].
///
/// Askar 0.4 slices decrypted records without checking their length, so a damaged file can make it
/// panic. Such a panic says only that the file is damaged.
pub(crate) async fn call_store<T>(
    operation: impl Future<Output = Result<T, Error>>,
) -> Result<T, StoreError> {
    let mut operation = pin!(operation);
    poll_fn(|context| match stdx::panic::catch(|| operation.as_mut().poll(context)) {
        Ok(Poll::Pending) => Poll::Pending,
        Ok(Poll::Ready(result)) => Poll::Ready(result.map_err(|error| StoreError::from(&error))),
        Err(_panic) => Poll::Ready(Err(StoreError::Damaged(
            "a stored value has an impossible shape".to_owned(),
        ))),
    })
    .await
}

/// An error of the driver itself, whose type is known.
impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        let message = error.to_string();
        match error {
            sqlx::Error::Database(error) => {
                let code = error.code().unwrap_or_default();
                if error.try_downcast_ref::<SqliteError>().is_some() {
                    from_sqlite(code.parse().unwrap_or_default(), message)
                } else {
                    from_postgres(&code, message)
                }
            }
            sqlx::Error::Io(_) | sqlx::Error::Tls(_) => Self::Unreachable(message),
            sqlx::Error::RowNotFound
            | sqlx::Error::ColumnDecode { .. }
            | sqlx::Error::Decode(_) => Self::Damaged(message),
            _ => Self::Other(message),
        }
    }
}

impl From<&Error> for StoreError {
    fn from(error: &Error) -> Self {
        let message = error.to_string().replace("\nCaused by: ", ": ");
        match error.kind() {
            ErrorKind::Encryption => Self::Undecryptable,
            ErrorKind::NotFound => Self::Missing,
            ErrorKind::Duplicate => Self::AlreadyThere,
            // A passphrase was given for a store that was made with a raw key.
            ErrorKind::Input if message.contains("raw key") => Self::Undecryptable,
            ErrorKind::Input
                if message.contains("' parameter") || message.contains("identifier") =>
            {
                Self::InvalidUrl(message)
            }
            ErrorKind::Input | ErrorKind::Unexpected | ErrorKind::Unsupported => {
                Self::Damaged(message)
            }
            ErrorKind::Backend | ErrorKind::Busy | ErrorKind::Custom => {
                from_database(error, message)
            }
        }
    }
}

fn from_database(error: &Error, message: String) -> StoreError {
    if let Some(code) = sqlite_code(&message) {
        return from_sqlite(code, message);
    }
    if let Some(state) = sqlstate(error) {
        return from_postgres(&state, message);
    }
    let contains = |words: &str| message.contains(words);
    if contains("error communicating with database") || contains("pool timed out") {
        StoreError::Unreachable(message)
    } else if contains("no rows returned")
        || contains("decoding column")
        || contains("mismatched types")
    {
        StoreError::Damaged(message)
    } else {
        StoreError::Other(message)
    }
}

/// See <https://www.sqlite.org/rescode.html>; the low byte is the primary code.
fn from_sqlite(code: u32, message: String) -> StoreError {
    match code & 0xff {
        // SQLITE_ERROR: a table or column that every store has is not there.
        1 => StoreError::Damaged(message),
        // SQLITE_BUSY, SQLITE_LOCKED
        5 | 6 => StoreError::InUse(message),
        // SQLITE_CORRUPT, SQLITE_NOTADB
        11 | 26 => StoreError::Damaged(message),
        // SQLITE_FULL
        13 => StoreError::Full,
        // SQLITE_IOERR_SHMSIZE: the index of the journal cannot be enlarged
        10 if code == 4874 => StoreError::Full,
        _ => StoreError::Other(message),
    }
}

/// See <https://www.postgresql.org/docs/current/errcodes-appendix.html>.
fn from_postgres(state: &str, message: String) -> StoreError {
    match state {
        // undefined_table
        "42P01" => StoreError::Damaged(
            "the database holds no wallet (if an interrupted creation left it behind, drop it)"
                .to_owned(),
        ),
        // duplicate_table, unique_violation
        "42P07" | "23505" => StoreError::AlreadyThere,
        // object_in_use
        "55006" => StoreError::InUse(message),
        // disk_full
        "53100" => StoreError::Full,
        // class 08, connection exceptions; class 57, the server starts or stops
        state if state.starts_with("08") || state.starts_with("57P") => {
            StoreError::Unreachable(message)
        }
        _ => StoreError::Other(message),
    }
}

/// The number in "(code: 26) file is not a database".
fn sqlite_code(message: &str) -> Option<u32> {
    let (_, after) = message.split_once("(code: ")?;
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
        let error = call_store::<()>(operation).await.unwrap_err();
        assert!(matches!(error, StoreError::Damaged(_)), "{error:?}");
    }

    #[test]
    fn an_sqlite_result_code_is_found_in_the_message() {
        let message = "Error connecting: error returned from database: (code: 267) malformed";
        assert_eq!(sqlite_code(message), Some(267));
        assert!(matches!(from_sqlite(267, message.to_owned()), StoreError::Damaged(_)));
        assert_eq!(sqlite_code("no code here"), None);
    }

    #[test]
    fn a_full_disk_is_recognised_in_both_databases() {
        let code = sqlite_code("(code: 13) database or disk is full").unwrap();
        assert!(matches!(from_sqlite(code, String::new()), StoreError::Full));
        assert!(matches!(from_sqlite(4874, String::new()), StoreError::Full));
        assert!(matches!(from_sqlite(266, String::new()), StoreError::Other(_)));
        assert!(matches!(from_postgres("53100", String::new()), StoreError::Full));
    }
}
