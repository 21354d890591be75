//! The configuration's directory: creating, reading and deleting it.

use std::{
    fs::{self, File},
    io::{self, ErrorKind, Read, Write},
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};
use stdx::fs::{UNFINISHED_PREFIX, create_private_directory, private, sync_directory};

use super::{
    error::PoolError,
    files::{HEAD_EXTENSION, io_error, lock},
};
use crate::format::Genesis;

const CONFIG_FILE: &str = "config.json";
const TRANSACTIONS_FILE: &str = "transactions.jsonl";
const GENESIS_FILE: &str = "genesis.jsonl";

/// The back end of a pool. Two are equal when they lead to the same ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PoolLedgerConfig {
    backend: BackendConfig,
}

/// The content of `config.json`.
#[derive(Serialize, Deserialize)]
struct ConfigFile {
    #[serde(flatten)]
    backend: BackendConfig,
}

/// The back ends, as `config.json` names them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "backend", rename_all = "snake_case")]
enum BackendConfig {
    Embedded,
    /// The genesis transactions have a file of their own.
    Pool {
        #[serde(skip)]
        genesis: Genesis,
    },
}

impl PoolLedgerConfig {
    /// Returns the configuration of a ledger within this process, stored in a file; see
    /// [`embedded`](crate::pool::embedded).
    pub fn embedded() -> Self {
        Self { backend: BackendConfig::Embedded }
    }

    /// Returns the configuration of the pool of nodes that a file of genesis transactions
    /// describes; see [`client`](crate::pool::client). The configuration gets a copy of the
    /// transactions, so that it does not depend on the file.
    ///
    /// # Errors
    /// [`PoolError::Io`] when the file cannot be read; [`PoolError::InvalidGenesis`] when it is not
    /// JSON lines of transactions, or names no node.
    pub fn pool(genesis: &Path) -> Result<Self, PoolError> {
        let mut bytes = Vec::new();
        File::open(genesis)
            .and_then(|file| file.take(Genesis::MAX_BYTES + 1).read_to_end(&mut bytes))
            .map_err(io_error("read", genesis))?;
        match Genesis::parse(&bytes) {
            Ok(genesis) => Ok(Self { backend: BackendConfig::Pool { genesis } }),
            Err(problem) => Err(PoolError::InvalidGenesis { path: genesis.to_owned(), problem }),
        }
    }

    /// Reads the configuration `name` in `directory`: two small files.
    ///
    /// # Errors
    /// [`PoolError::NotCreated`] when there is none; [`PoolError::InvalidConfig`] and
    /// [`PoolError::InvalidGenesis`] when its files are damaged; [`PoolError::Io`].
    pub fn read(directory: &Path, name: &str) -> Result<Self, PoolError> {
        ConfigDirectory::new(directory, name)?.read_config()
    }

    /// Returns whether this is a ledger within the process.
    pub fn is_embedded(&self) -> bool {
        matches!(self.backend, BackendConfig::Embedded)
    }

    /// Returns the name of the back end's own file, and its first content.
    fn own_file(&self) -> (&'static str, String) {
        match &self.backend {
            BackendConfig::Embedded => (TRANSACTIONS_FILE, String::new()),
            BackendConfig::Pool { genesis } => (GENESIS_FILE, genesis.to_lines()),
        }
    }
}

/// The directory of a configuration, which exists or can be created.
pub(super) struct ConfigDirectory {
    name: String,
    parent: PathBuf,
}

impl ConfigDirectory {
    pub(super) fn new(directory: &Path, name: &str) -> Result<Self, PoolError> {
        const MAX_NAME_BYTES: usize = 200;
        let is_plain = !name.is_empty()
            && name.len() <= MAX_NAME_BYTES
            && !name.starts_with('.')
            && !name.contains(|c: char| matches!(c, '/' | '\\') || c.is_control());
        if !is_plain {
            return Err(PoolError::InvalidName { name: name.to_owned() });
        }
        Ok(Self { name: name.to_owned(), parent: directory.to_owned() })
    }

    pub(super) fn transactions_path(&self) -> PathBuf {
        self.path().join(TRANSACTIONS_FILE)
    }

    pub(super) fn genesis_path(&self) -> PathBuf {
        self.path().join(GENESIS_FILE)
    }

    /// Creates the directory under a hidden name and renames it, so that it appears whole.
    pub(super) fn create(&self, config: &PoolLedgerConfig) -> Result<(), PoolError> {
        create_private_directory(&self.parent).map_err(io_error("create", &self.parent))?;
        let unfinished = self.parent.join(format!(".{}.{}", self.name, uuid::Uuid::new_v4()));
        let created = write_files(&unfinished, config).and_then(|()| self.move_here(&unfinished));
        if created.is_err() {
            // The first error is the one to report; a hidden directory that stays does no harm.
            let _ = fs::remove_dir_all(&unfinished);
        }
        created
    }

    fn move_here(&self, unfinished: &Path) -> Result<(), PoolError> {
        let path = self.path();
        // A rename would replace an empty directory silently.
        if fs::symlink_metadata(&path).is_ok() {
            return Err(self.already_exists());
        }
        match fs::rename(unfinished, &path) {
            Ok(()) => sync_directory(&self.parent).map_err(io_error("sync", &self.parent)),
            Err(error)
                if matches!(
                    error.kind(),
                    ErrorKind::DirectoryNotEmpty | ErrorKind::AlreadyExists
                ) =>
            {
                Err(self.already_exists())
            }
            Err(error) => Err(io_error("create", &path)(error)),
        }
    }

    pub(super) fn read_config(&self) -> Result<PoolLedgerConfig, PoolError> {
        let path = self.path().join(CONFIG_FILE);
        let text = fs::read(&path).map_err(|error| match error.kind() {
            ErrorKind::NotFound | ErrorKind::NotADirectory => self.not_created(),
            _ => io_error("read", &path)(error),
        })?;
        let file: ConfigFile = serde_json::from_slice(&text)
            .map_err(|error| PoolError::InvalidConfig { path, problem: error.to_string() })?;
        match file.backend {
            BackendConfig::Embedded => Ok(PoolLedgerConfig::embedded()),
            BackendConfig::Pool { .. } => PoolLedgerConfig::pool(&self.genesis_path()),
        }
    }

    /// Deletes the directory, unless there are files in it that are not the configuration's own.
    pub(super) fn delete(&self) -> Result<(), PoolError> {
        let config_path = self.path().join(CONFIG_FILE);
        if !config_path.is_file() {
            return Err(self.not_created());
        }
        // Held to the end, so that the ledger is not opened while it is being deleted.
        let _locked = self.lock_transactions()?;
        self.refuse_foreign_files()?;
        // One rename removes the configuration; what a crash leaves after it is hidden, and is
        // removed by the next deletion.
        let hidden = self.parent.join(format!(".{}.deleting", self.name));
        match fs::remove_dir_all(&hidden) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                return Err(io_error("delete", &hidden)(error));
            }
            _ => {}
        }
        fs::rename(self.path(), &hidden).map_err(io_error("delete", &self.path()))?;
        fs::remove_dir_all(&hidden).map_err(io_error("delete", &hidden))
    }

    /// Locks the embedded ledger's file; `None` when there is no such file.
    fn lock_transactions(&self) -> Result<Option<File>, PoolError> {
        let path = self.transactions_path();
        match File::open(&path) {
            Ok(file) => {
                lock(&file, &path)?;
                Ok(Some(file))
            }
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(io_error("open", &path)(error)),
        }
    }

    fn refuse_foreign_files(&self) -> Result<(), PoolError> {
        let path = self.path();
        let entries = fs::read_dir(&path).map_err(io_error("read", &path))?;
        for entry in entries {
            let name = entry.map_err(io_error("read", &path))?.file_name();
            let own = [CONFIG_FILE, TRANSACTIONS_FILE, GENESIS_FILE].iter().any(|own| name == *own)
                || self.transactions_path().with_extension(HEAD_EXTENSION).ends_with(&name)
                || name.as_encoded_bytes().starts_with(UNFINISHED_PREFIX.as_bytes());
            if !own {
                let problem = io::Error::new(
                    ErrorKind::DirectoryNotEmpty,
                    format!("{name:?} is not one of the configuration's files"),
                );
                return Err(io_error("delete", &path)(problem));
            }
        }
        Ok(())
    }

    fn path(&self) -> PathBuf {
        self.parent.join(&self.name)
    }

    fn already_exists(&self) -> PoolError {
        PoolError::AlreadyExists { name: self.name.clone(), path: self.path() }
    }

    fn not_created(&self) -> PoolError {
        PoolError::NotCreated { name: self.name.clone(), path: self.path() }
    }
}

fn write_files(directory: &Path, config: &PoolLedgerConfig) -> Result<(), PoolError> {
    create_private_directory(directory).map_err(io_error("create", directory))?;
    let config_path = directory.join(CONFIG_FILE);
    let file = ConfigFile { backend: config.backend.clone() };
    let file = serde_json::to_vec_pretty(&file)
        .map_err(|error| io_error("create", &config_path)(io::Error::other(error)))?;
    write_new(&config_path, &file)?;
    let (own_name, own_content) = config.own_file();
    write_new(&directory.join(own_name), own_content.as_bytes())?;
    sync_directory(directory).map_err(io_error("sync", directory))
}

fn write_new(path: &Path, content: &[u8]) -> Result<(), PoolError> {
    let write = || {
        let mut file = private(File::options().write(true).create_new(true)).open(path)?;
        file.write_all(content)?;
        file.sync_all()
    };
    write().map_err(io_error("create", path))
}
