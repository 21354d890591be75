//! Wallets that are SQLite files.

use std::{
    fs::{self, File},
    io::{ErrorKind, Read},
    path::{Path, PathBuf},
};

use aries_askar::Store;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use uuid::Uuid;

use super::{
    WalletCredentials,
    credentials::generate_wallet_key,
    fault::guarded,
    index::{Index, Source},
    place::Place,
};
use crate::error::WalletError;

/// How an open wallet uses its file. A connection that is opened while a transaction runs fails
/// with "database is locked", so all of them are opened at once and kept.
const OPEN: &str = "min_connections=4&max_connections=4";

/// How a wallet is opened in order to delete it: SQLite then refuses a file that others have open.
const EXCLUSIVE: &str =
    "min_connections=1&max_connections=1&locking_mode=exclusive&busy_timeout=1000";

/// How a new wallet is written, in a place where nobody else looks.
const ALONE: &str = "min_connections=1&max_connections=1";

/// The first bytes of every SQLite 3 file.
const MAGIC: &[u8] = b"SQLite format 3\0";

/// The length of an SQLite file's header, in bytes.
const HEADER_LENGTH: usize = 100;

/// The file of one wallet.
#[derive(Clone)]
pub(super) struct SqliteWallet {
    directory: PathBuf,
    file: PathBuf,
    pub(super) place: Place,
}

impl SqliteWallet {
    /// The wallet `<directory>/<id>.sqlite`. The id must have been checked.
    pub(super) fn new(id: &str, directory: &Path) -> Self {
        // An absolute path means the same file after a change of the working directory.
        let directory = std::path::absolute(directory).unwrap_or_else(|_| directory.to_owned());
        let file = directory.join(format!("{id}.sqlite"));
        let place = Place {
            id: id.to_owned(),
            location: format!("file {}", file.display()),
        };
        Self {
            directory,
            file,
            place,
        }
    }

    /// Where the search index finds the tables.
    pub(super) fn source(&self) -> Source {
        Source::Sqlite(self.file.clone())
    }

    /// Creates the wallet, whole or not at all: the store is written into a hidden directory beside
    /// its place, closed, and then linked into its place in one step that never overwrites.
    ///
    /// A process that is killed on the way leaves at most the hidden directory, which nothing
    /// reads and which can be deleted at any time.
    pub(super) async fn create(&self, credentials: &WalletCredentials) -> Result<(), WalletError> {
        let workshop = self.blocking(Self::prepare).await?;
        let finished = workshop.store();
        self.write_store(&finished, credentials).await?;
        self.blocking(move |wallet| wallet.settle(&finished)).await
    }

    /// Opens the wallet.
    pub(super) async fn open(&self, credentials: &WalletCredentials) -> Result<Store, WalletError> {
        self.blocking(Self::inspect).await?;
        let url = self.url(&self.file, OPEN)?;
        guarded(Store::open(&url, None, credentials.pass_key(), None))
            .await
            .map_err(|fault| self.place.opening(fault))
    }

    /// Deletes the wallet, if the key opens it and nobody has it open.
    pub(super) async fn delete(&self, credentials: &WalletCredentials) -> Result<(), WalletError> {
        self.blocking(Self::inspect).await?;
        let url = self.url(&self.file, EXCLUSIVE)?;
        let close = async {
            let store = Store::open(&url, None, credentials.pass_key(), None).await?;
            store.close().await
        };
        guarded(close)
            .await
            .map_err(|fault| self.place.deleting(fault))?;
        self.blocking(Self::remove_files).await
    }

    /// Does work that waits for the disk on a thread that may wait.
    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Self) -> Result<T, WalletError> + Send + 'static,
    ) -> Result<T, WalletError> {
        let wallet = self.clone();
        match tokio::task::spawn_blocking(move || work(&wallet)).await {
            Ok(result) => result,
            Err(error) => Err(self.place.failed(error)),
        }
    }

    /// Makes the wallet's directory, and in it the hidden one for the new store.
    fn prepare(&self) -> Result<Workshop, WalletError> {
        fs::create_dir_all(&self.directory).map_err(|error| self.place.failed(error))?;
        self.check_vacant()?;
        Workshop::new(&self.directory, &self.place)
    }

    fn remove_files(&self) -> Result<(), WalletError> {
        // A creation that was killed after its last step has left a second link to the wallet's
        // file. One that is going on would find that the wallet is there.
        Workshop::remove_leftovers(&self.directory, &self.place)?;
        // The journal goes first: left alone, it would be taken for that of the next wallet.
        for file in [self.beside("-wal"), self.beside("-shm"), self.file.clone()] {
            remove_if_there(&file).map_err(|error| self.place.failed(error))?;
        }
        sync_directory(&self.directory).map_err(|error| self.place.failed(error))
    }

    /// Refuses a place where a wallet is, or where a wallet's journal was left behind.
    fn check_vacant(&self) -> Result<(), WalletError> {
        let exists = |path: &Path| path.try_exists().map_err(|error| self.place.failed(error));
        let journal = exists(&self.beside("-wal"))?;
        if exists(&self.file)? {
            return Err(self.place.already_exists());
        }
        if journal {
            return Err(self
                .place
                .invalid("the wallet itself is gone, but its journal (-wal) is still there"));
        }
        Ok(())
    }

    /// Writes the store and its search index. The store is first made under a raw key of the moment,
    /// from which the index gets at the profile's key at once, and only then put under the wallet's:
    /// so the long derivation from a passphrase is computed only once.
    async fn write_store(
        &self,
        file: &Path,
        credentials: &WalletCredentials,
    ) -> Result<(), WalletError> {
        let url = self.url(file, ALONE)?;
        let method = credentials.method()?;
        let first = WalletCredentials::raw(generate_wallet_key()?);
        let provision = Store::provision(&url, first.method()?, first.pass_key(), None, false);
        let mut store = guarded(provision)
            .await
            .map_err(|fault| self.place.working(fault))?;
        let source = Source::Sqlite(file.to_owned());
        let index = Index::open(&store, &source, &first, &self.place).await?;
        index.close().await;
        let finish = async {
            store.rekey(method, credentials.pass_key()).await?;
            store.close().await
        };
        guarded(finish)
            .await
            .map_err(|fault| self.place.working(fault))
    }

    /// Moves a finished store into the wallet's place, and sees to it that it survives a power cut.
    fn settle(&self, finished: &Path) -> Result<(), WalletError> {
        let failed = |error| self.place.failed(error);
        if with_suffix(finished, "-wal").try_exists().map_err(failed)? {
            return Err(failed(std::io::Error::other(
                "SQLite did not write the new wallet's journal back",
            )));
        }
        make_private(finished).map_err(failed)?;
        File::open(finished)
            .and_then(|file| file.sync_all())
            .map_err(failed)?;
        match fs::hard_link(finished, &self.file) {
            Ok(()) => {}
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                return Err(self.place.already_exists());
            }
            // Not every file system has hard links. A rename would overwrite, so look first.
            Err(_) => {
                self.check_vacant()?;
                fs::rename(finished, &self.file).map_err(failed)?;
            }
        }
        sync_directory(&self.directory).map_err(failed)
    }

    /// Tells what is not a wallet's file without touching it; SQLite would turn an empty file into
    /// a database, and reports a truncated one only when it comes to the missing page.
    fn inspect(&self) -> Result<(), WalletError> {
        let failed = |error| self.place.failed(error);
        let mut file = match File::open(&self.file) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => {
                return Err(self.place.not_found());
            }
            Err(error) => return Err(failed(error)),
        };
        let metadata = file.metadata().map_err(failed)?;
        if !metadata.is_file() {
            return Err(self.place.invalid("it is not a regular file"));
        }
        let mut header = Vec::with_capacity(HEADER_LENGTH);
        file.by_ref()
            .take(HEADER_LENGTH as u64)
            .read_to_end(&mut header)
            .map_err(failed)?;
        if header.is_empty() {
            return Err(self.place.invalid("the file is empty"));
        }
        if !header.starts_with(MAGIC) {
            return Err(self.place.invalid("the file is not an SQLite database"));
        }
        match expected_length(&header) {
            Some(expected) if metadata.len() < expected && !self.has_journal() => {
                Err(self.place.invalid(format!(
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
    fn url(&self, file: &Path, query: &str) -> Result<String, WalletError> {
        let path = file.to_str().ok_or_else(|| {
            self.place
                .failed("the path is not UTF-8, as SQLite needs it")
        })?;
        let once = utf8_percent_encode(path, NON_ALPHANUMERIC).to_string();
        let twice = utf8_percent_encode(&once, NON_ALPHANUMERIC);
        Ok(format!("sqlite://{twice}?{query}"))
    }
}

/// The file length that an SQLite header promises, when the header says that the number is valid
/// (<https://www.sqlite.org/fileformat.html#the_database_header>).
fn expected_length(header: &[u8]) -> Option<u64> {
    let number = |at: usize| -> Option<u32> {
        let bytes = header.get(at..at + 4)?.try_into().ok()?;
        Some(u32::from_be_bytes(bytes))
    };
    let (change_counter, valid_for) = match (number(24), number(92)) {
        (Some(change_counter), Some(valid_for)) => (change_counter, valid_for),
        // Not even the header is whole.
        _ => return Some(HEADER_LENGTH as u64),
    };
    let page_size = match number(16)? >> 16 {
        1 => 65536,
        size => u64::from(size),
    };
    let pages = u64::from(number(28)?);
    (change_counter == valid_for).then(|| page_size * pages)
}

/// A hidden directory for one store that is being written; removed with all that is left in it.
struct Workshop(PathBuf);

impl Workshop {
    fn new(directory: &Path, place: &Place) -> Result<Self, WalletError> {
        let path = directory.join(format!("{}{}", Self::prefix(place), Uuid::new_v4()));
        fs::create_dir(&path).map_err(|error| place.failed(error))?;
        Ok(Self(path))
    }

    fn prefix(place: &Place) -> String {
        format!(".{}.creating-", place.id)
    }

    /// Removes what creations of this wallet have left that were killed.
    fn remove_leftovers(directory: &Path, place: &Place) -> Result<(), WalletError> {
        let prefix = Self::prefix(place);
        let remove = || {
            for entry in fs::read_dir(directory)? {
                let entry = entry?;
                if !entry.file_name().to_string_lossy().starts_with(&prefix) {
                    continue;
                }
                match fs::remove_dir_all(entry.path()) {
                    Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
                    _ => {}
                }
            }
            std::io::Result::Ok(())
        };
        remove().map_err(|error| place.failed(error))
    }

    fn store(&self) -> PathBuf {
        self.0.join("new.sqlite")
    }
}

impl Drop for Workshop {
    fn drop(&mut self) {
        // What cannot be removed is only left over: the wallet is in its place, or an error says
        // that it is not.
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn with_suffix(file: &Path, suffix: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

fn remove_if_there(file: &Path) -> std::io::Result<()> {
    match fs::remove_file(file) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        result => result,
    }
}

/// The wallet is encrypted, but nobody else needs to read it. SQLite gives its journal the same
/// permissions.
#[cfg(unix)]
fn make_private(file: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(file, fs::Permissions::from_mode(0o600))
}

#[cfg(not(unix))]
fn make_private(_file: &Path) -> std::io::Result<()> {
    Ok(())
}

/// A new name survives a power cut once its directory is written.
#[cfg(unix)]
fn sync_directory(directory: &Path) -> std::io::Result<()> {
    File::open(directory)?.sync_all()
}

#[cfg(not(unix))]
fn sync_directory(_directory: &Path) -> std::io::Result<()> {
    Ok(())
}
