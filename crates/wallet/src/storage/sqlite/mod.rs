//! Wallets that are SQLite files.

mod creation;
mod header;

use std::{
    fs::{self, File},
    io::{self, ErrorKind, Read},
    path::{Path, PathBuf},
};

use aries_askar::Store;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use self::creation::CreationDirectory;
use crate::{
    credentials::{WalletCredentials, generate_wallet_key},
    error::WalletError,
    index::{Index, Source},
    location::WalletLocation,
    store::call_store,
};

/// How an open wallet uses its file. A connection that is opened while a transaction runs fails
/// with "database is locked", so all of them are opened at once and kept.
const OPEN_OPTIONS: &str = "min_connections=4&max_connections=4";

/// How a wallet is opened in order to delete it: SQLite then refuses a file that is open elsewhere.
const DELETE_OPTIONS: &str =
    "min_connections=1&max_connections=1&locking_mode=exclusive&busy_timeout=1000";

/// How a new wallet is written, in a directory that nothing else uses.
const CREATE_OPTIONS: &str = "min_connections=1&max_connections=1";

/// The file of one wallet.
#[derive(Clone)]
pub(crate) struct SqliteWallet {
    directory: PathBuf,
    file: PathBuf,
    location: WalletLocation,
}

impl SqliteWallet {
    /// The wallet `<directory>/<id>.sqlite`. The id must have been checked.
    pub(super) fn new(id: &str, directory: &Path) -> Self {
        // An absolute path means the same file after a change of the working directory.
        let directory = std::path::absolute(directory).unwrap_or_else(|_| directory.to_owned());
        let file = directory.join(format!("{id}.sqlite"));
        let location =
            WalletLocation { id: id.to_owned(), location: format!("file {}", file.display()) };
        Self { directory, file, location }
    }

    pub(super) fn into_parts(self) -> (Source, WalletLocation) {
        (Source::Sqlite(self.file), self.location)
    }

    /// Creates the wallet, whole or not at all: the store is written into a hidden directory beside
    /// the wallet's file, closed, and then linked to its final name in one step that never
    /// overwrites.
    ///
    /// A process that is killed in between leaves at most the hidden directory, which nothing
    /// reads. The next creation of this wallet removes it.
    pub(super) async fn create(&self, credentials: &WalletCredentials) -> Result<(), WalletError> {
        let creation = self.blocking(Self::prepare).await?;
        let new = creation.store();
        self.write_store(&new, credentials).await?;
        self.blocking(move |wallet| wallet.publish(&new)).await
    }

    /// Opens the wallet.
    pub(super) async fn open(&self, credentials: &WalletCredentials) -> Result<Store, WalletError> {
        self.blocking(Self::inspect).await?;
        let url = self.url(&self.file, OPEN_OPTIONS)?;
        call_store(Store::open(&url, None, credentials.pass_key(), None))
            .await
            .map_err(|error| self.location.while_opening(error))
    }

    /// Deletes the wallet, if the key opens it and it is not open elsewhere.
    pub(super) async fn delete(&self, credentials: &WalletCredentials) -> Result<(), WalletError> {
        self.blocking(Self::inspect).await?;
        let url = self.url(&self.file, DELETE_OPTIONS)?;
        let close = async {
            let store = Store::open(&url, None, credentials.pass_key(), None).await?;
            store.close().await
        };
        call_store(close).await.map_err(|error| self.location.while_deleting(error))?;
        self.blocking(Self::remove_files).await
    }

    /// Runs work that waits for the disk on a thread where it delays no other task.
    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Self) -> Result<T, WalletError> + Send + 'static,
    ) -> Result<T, WalletError> {
        let wallet = self.clone();
        stdx::task::blocking(move || work(&wallet))
            .await
            .unwrap_or_else(|aborted| Err(self.location.storage_failed(aborted)))
    }

    fn io_error(&self, error: io::Error) -> WalletError {
        match stdx::fs::is_disk_full(&error) {
            true => self.location.storage_full(),
            false => self.location.storage_failed(error),
        }
    }

    /// Creates the wallet's directory, and in it the hidden one for the new store.
    fn prepare(&self) -> Result<CreationDirectory, WalletError> {
        stdx::fs::create_private_directory(&self.directory)
            .map_err(|error| self.io_error(error))?;
        // What cannot be removed does no harm, and no creation fails for it.
        let _ = CreationDirectory::remove_leftovers(&self.directory, &self.location.id);
        self.check_vacant()?;
        CreationDirectory::create(&self.directory, &self.location.id)
            .map_err(|error| self.io_error(error))
    }

    /// Refuses to create a wallet where there is one, or where a wallet's journal was left behind.
    fn check_vacant(&self) -> Result<(), WalletError> {
        let exists = |path: &Path| path.try_exists().map_err(|error| self.io_error(error));
        // The journal is looked for first: a wallet created in between has one, too.
        let journal = exists(&self.beside("-wal"))?;
        if exists(&self.file)? {
            return Err(self.location.already_exists());
        }
        if journal {
            return Err(self.location.invalid_storage(
                "the wallet itself is gone, but its journal (-wal) is still there",
            ));
        }
        Ok(())
    }

    /// Writes the store and its search index. The store is first created under a temporary raw key,
    /// with which the index unwraps the profile's key at once, and only then rekeyed to the
    /// wallet's: so the slow derivation from a passphrase is computed only once.
    async fn write_store(
        &self,
        file: &Path,
        credentials: &WalletCredentials,
    ) -> Result<(), WalletError> {
        let url = self.url(file, CREATE_OPTIONS)?;
        let method = credentials.method()?;
        let temporary = WalletCredentials::raw(generate_wallet_key()?);
        let provision =
            Store::provision(&url, temporary.method()?, temporary.pass_key(), None, false);
        let mut store =
            call_store(provision).await.map_err(|error| self.location.while_open(error))?;
        let source = Source::Sqlite(file.to_owned());
        let index = Index::open(&store, &source, &temporary, &self.location).await?;
        index.close().await;
        let finish = async {
            store.rekey(method, credentials.pass_key()).await?;
            store.close().await
        };
        call_store(finish).await.map_err(|error| self.location.while_open(error))
    }

    /// Moves a finished store to the wallet's file, so that it survives a power cut.
    fn publish(&self, new: &Path) -> Result<(), WalletError> {
        let io_error = |error| self.io_error(error);
        if with_suffix(new, "-wal").try_exists().map_err(io_error)? {
            return Err(self
                .location
                .storage_failed("SQLite did not write the new wallet's journal back, as on a full disk: free some space there, and try again"));
        }
        make_private(new).map_err(io_error)?;
        File::open(new).and_then(|file| file.sync_all()).map_err(io_error)?;
        match fs::hard_link(new, &self.file) {
            Ok(()) => {}
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                return Err(self.location.already_exists());
            }
            // Not every file system has hard links. A rename would overwrite, so check first.
            Err(_) => {
                self.check_vacant()?;
                fs::rename(new, &self.file).map_err(io_error)?;
            }
        }
        stdx::fs::sync_directory(&self.directory).map_err(io_error)
    }

    fn remove_files(&self) -> Result<(), WalletError> {
        let remove = || {
            // A creation that was killed after its last step has left a second link to the wallet's
            // file.
            CreationDirectory::remove_leftovers(&self.directory, &self.location.id)?;
            // The journal goes first: left alone, it would be taken for that of the next wallet.
            for file in [self.beside("-wal"), self.beside("-shm"), self.file.clone()] {
                remove_if_there(&file)?;
            }
            stdx::fs::sync_directory(&self.directory)
        };
        remove().map_err(|error| self.io_error(error))
    }

    /// Refuses a file that is not a wallet's without touching it; SQLite would turn an empty file
    /// into a database, and reports a truncated one only when it comes to the missing page.
    fn inspect(&self) -> Result<(), WalletError> {
        let io_error = |error| self.io_error(error);
        let mut file = match File::open(&self.file) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => {
                return Err(self.location.not_found());
            }
            Err(error) => return Err(io_error(error)),
        };
        let metadata = file.metadata().map_err(io_error)?;
        if !metadata.is_file() {
            return Err(self.location.invalid_storage("it is not a regular file"));
        }
        let mut start = Vec::with_capacity(header::HEADER_LENGTH);
        file.by_ref()
            .take(header::HEADER_LENGTH as u64)
            .read_to_end(&mut start)
            .map_err(io_error)?;
        if start.is_empty() {
            return Err(self.location.invalid_storage("the file is empty"));
        }
        if !header::is_sqlite(&start) {
            return Err(self.location.invalid_storage("the file is not an SQLite database"));
        }
        match header::expected_length(&start) {
            Some(expected) if metadata.len() < expected && !self.has_journal() => {
                Err(self.location.invalid_storage(format!(
                    "the file is truncated: {} bytes are left of {expected}",
                    metadata.len()
                )))
            }
            _ => Ok(()),
        }
    }

    /// Whether there is a journal whose pages may still have to be written to the file.
    fn has_journal(&self) -> bool {
        fs::metadata(self.beside("-wal")).is_ok_and(|journal| journal.len() > 0)
    }

    /// One of the files that SQLite puts beside the wallet's.
    fn beside(&self, suffix: &str) -> PathBuf {
        with_suffix(&self.file, suffix)
    }

    /// The store's URL. The path is percent-encoded twice, because Askar decodes it once and the
    /// SQLite driver decodes the result once more.
    fn url(&self, file: &Path, options: &str) -> Result<String, WalletError> {
        url_of(file, options).ok_or_else(|| {
            self.location.storage_failed("the path is not UTF-8, as SQLite needs it")
        })
    }
}

/// Returns the URL of a store's file for Askar; `None` if its path is not UTF-8.
pub(crate) fn url_of(file: &Path, options: &str) -> Option<String> {
    let once = utf8_percent_encode(file.to_str()?, NON_ALPHANUMERIC).to_string();
    let twice = utf8_percent_encode(&once, NON_ALPHANUMERIC);
    Some(format!("sqlite://{twice}?{options}"))
}

fn with_suffix(file: &Path, suffix: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

fn remove_if_there(file: &Path) -> io::Result<()> {
    match fs::remove_file(file) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        result => result,
    }
}

/// Makes a file readable for its owner only. The wallet is encrypted, but nothing else needs to
/// read it; SQLite gives its journal the same permissions.
#[cfg(unix)]
fn make_private(file: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(file, fs::Permissions::from_mode(0o600))
}

/// Windows has no modes: the file has the access rules of its directory, which in a user's profile
/// let only its owner read it.
#[cfg(not(unix))]
fn make_private(_file: &Path) -> io::Result<()> {
    Ok(())
}
