//! Copies of SQLite files.

use std::{
    fs::{self, File},
    io::{self, ErrorKind, Read},
    path::{Path, PathBuf},
    time::SystemTime,
};

use sqlx::{ConnectOptions, Connection, SqliteConnection, sqlite::SqliteConnectOptions};
use tempfile::TempDir;

use super::{ForeignError, StoreKind};

/// What SQLite keeps beside a database until it has written it back.
const JOURNALS: [&str; 2] = ["-wal", "-journal"];

/// The first bytes of every SQLite 3 file.
const MAGIC: &[u8] = b"SQLite format 3\0";

/// A copy of a database, in a directory that is removed when this is dropped.
pub(super) struct Copy {
    /// The original, as errors name it.
    location: String,
    path: PathBuf,
    directory: TempDir,
}

/// Copies a database with its journal.
pub(super) async fn copy(file: &Path) -> Result<Copy, ForeignError> {
    let file = file.to_owned();
    let location = file.display().to_string();
    let unreadable =
        |reason: String| ForeignError::Unreadable { location: location.clone(), reason };
    let copying = stdx::task::blocking(move || copy_now(&file));
    match copying.await {
        Ok(result) => result.map_err(|failure| match failure {
            Failure::Io(error) => unreadable(error.to_string()),
            Failure::Changed => ForeignError::InUse { location: location.clone() },
            Failure::NotSqlite(reason) => {
                ForeignError::NotADatabase { location: location.clone(), reason }
            }
        }),
        Err(aborted) => Err(unreadable(aborted.to_string())),
    }
}

enum Failure {
    Io(io::Error),
    Changed,
    NotSqlite(&'static str),
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

fn copy_now(file: &Path) -> Result<Copy, Failure> {
    let metadata = fs::metadata(file)?;
    if !metadata.is_file() {
        return Err(Failure::NotSqlite("it is not a regular file"));
    }
    let mut start = Vec::new();
    File::open(file)?.take(MAGIC.len() as u64).read_to_end(&mut start)?;
    if start != MAGIC {
        return Err(Failure::NotSqlite("it is not an SQLite database"));
    }
    let mut builder = tempfile::Builder::new();
    builder.prefix("negotiate-wallet-");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o700));
    let directory = builder.tempdir()?;
    let path = directory.path().join("copy.sqlite");
    let names: Vec<(PathBuf, PathBuf)> = [""]
        .iter()
        .chain(&JOURNALS)
        .map(|suffix| (beside(file, suffix), beside(&path, suffix)))
        .collect();
    let states = || names.iter().map(|(from, _)| State::of(from)).collect::<io::Result<Vec<_>>>();
    let before = states()?;
    for ((from, to), state) in names.iter().zip(&before) {
        if state.is_some() {
            fs::copy(from, to)?;
            make_writable(to)?;
        }
    }
    // what was written meanwhile may be in one part of the copy and not in another
    match before == states()? {
        true => Ok(Copy { location: file.display().to_string(), path, directory }),
        false => Err(Failure::Changed),
    }
}

/// What changes when a file is written.
#[derive(PartialEq, Eq)]
struct State(u64, Option<SystemTime>);

impl State {
    fn of(file: &Path) -> io::Result<Option<Self>> {
        match fs::metadata(file) {
            Ok(metadata) => Ok(Some(Self(metadata.len(), metadata.modified().ok()))),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// A copy has the mode of its original, which may not let anyone write it.
fn make_writable(file: &Path) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(file, fs::Permissions::from_mode(0o600))
    }
    #[cfg(not(unix))]
    {
        let mut permissions = fs::metadata(file)?.permissions();
        permissions.set_readonly(false);
        fs::set_permissions(file, permissions)
    }
}

fn beside(file: &Path, suffix: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

impl Copy {
    /// Checks what the database is, by the tables that it has.
    pub(super) async fn check_kind(&self, expected: StoreKind) -> Result<(), ForeignError> {
        let tables = self.tables().await.map_err(|error| ForeignError::Damaged {
            location: self.location.clone(),
            reason: error.to_string(),
        })?;
        let has = |name: &str| tables.iter().any(|table| table == name);
        let found = match (has("items"), has("profiles"), has("metadata")) {
            (true, true, _) => Some(StoreKind::Askar),
            (true, false, true) => Some(StoreKind::IndySdk),
            _ => None,
        };
        match found == Some(expected) {
            true => Ok(()),
            false => {
                Err(ForeignError::OtherKind { location: self.location.clone(), expected, found })
            }
        }
    }

    async fn tables(&self) -> sqlx::Result<Vec<String>> {
        let options = SqliteConnectOptions::new().filename(&self.path).disable_statement_logging();
        let mut connection = SqliteConnection::connect_with(&options).await?;
        let tables = sqlx::query_scalar("SELECT name FROM sqlite_master WHERE type = 'table'")
            .fetch_all(&mut connection)
            .await;
        connection.close().await?;
        tables
    }

    /// Returns the copy's path, and the directory that is to be kept as long as it is used.
    pub(super) fn into_parts(self) -> (PathBuf, TempDir) {
        (self.path, self.directory)
    }
}
