//! The configuration's directory: how it comes to be, and how it goes.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::client::Genesis;
use super::embedded;
use crate::pool::PoolError;

const CONFIG_FILE: &str = "config.json";
const TRANSACTIONS_FILE: &str = "transactions.jsonl";
const GENESIS_FILE: &str = "genesis.jsonl";

/// Which back end a pool has. Two are equal when they lead to the same ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PoolLedgerConfig {
    backend: BackendConfig,
}

/// What `config.json` says.
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
    /// A ledger within this process, kept in a file; see [`crate::pool::embedded`].
    pub fn embedded() -> Self {
        Self {
            backend: BackendConfig::Embedded,
        }
    }

    /// The pool of nodes that this file of genesis transactions describes; see
    /// [`crate::pool::client`]. The configuration gets a copy of them, so that it stands alone.
    ///
    /// # Errors
    /// [`PoolError::Io`] when the file cannot be read; [`PoolError::InvalidGenesis`] when it is not
    /// JSON lines of transactions, or names no node.
    pub fn pool(genesis: &Path) -> Result<Self, PoolError> {
        Ok(Self {
            backend: BackendConfig::Pool {
                genesis: Genesis::read(genesis)?,
            },
        })
    }

    /// Which ledger the configuration `name` in `directory` leads to. Reads two small files.
    ///
    /// # Errors
    /// [`PoolError::NotCreated`] when there is none; [`PoolError::InvalidConfig`] and
    /// [`PoolError::InvalidGenesis`] when its files are damaged; [`PoolError::Io`].
    pub fn read(directory: &Path, name: &str) -> Result<Self, PoolError> {
        Place::new(directory, name)?.read_config()
    }

    /// Whether this is the ledger within the process.
    pub fn is_embedded(&self) -> bool {
        matches!(self.backend, BackendConfig::Embedded)
    }

    /// The file that the back end keeps, and what is in it at first.
    fn own_file(&self) -> (&'static str, String) {
        match &self.backend {
            BackendConfig::Embedded => (TRANSACTIONS_FILE, String::new()),
            BackendConfig::Pool { genesis } => (GENESIS_FILE, genesis.to_lines()),
        }
    }
}

/// Where a configuration is, or would be.
pub(super) struct Place {
    name: String,
    parent: PathBuf,
}

impl Place {
    pub(super) fn new(directory: &Path, name: &str) -> Result<Self, PoolError> {
        const LONGEST: usize = 200;
        let is_plain = !name.is_empty()
            && name.len() <= LONGEST
            && !name.starts_with('.')
            && !name.contains(|c: char| matches!(c, '/' | '\\') || c.is_control());
        if !is_plain {
            return Err(PoolError::InvalidName {
                name: name.to_owned(),
            });
        }
        Ok(Self {
            name: name.to_owned(),
            parent: directory.to_owned(),
        })
    }

    pub(super) fn transactions_path(&self) -> PathBuf {
        self.path().join(TRANSACTIONS_FILE)
    }

    pub(super) fn genesis_path(&self) -> PathBuf {
        self.path().join(GENESIS_FILE)
    }

    /// Builds the directory under a hidden name and renames it, so that nobody ever sees half.
    pub(super) fn create(&self, config: &PoolLedgerConfig) -> Result<(), PoolError> {
        fs::create_dir_all(&self.parent).map_err(io_error("create", &self.parent))?;
        let unfinished = self
            .parent
            .join(format!(".{}.{}", self.name, uuid::Uuid::new_v4()));
        let created = write_files(&unfinished, config).and_then(|()| self.move_here(&unfinished));
        if created.is_err() {
            // The error that matters is the one above; a leftover hidden directory hurts nobody.
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
            Ok(()) => sync_directory(&self.parent),
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
        let file: ConfigFile =
            serde_json::from_slice(&text).map_err(|error| PoolError::InvalidConfig {
                path,
                problem: error.to_string(),
            })?;
        match file.backend {
            BackendConfig::Embedded => Ok(PoolLedgerConfig::embedded()),
            BackendConfig::Pool { .. } => PoolLedgerConfig::pool(&self.genesis_path()),
        }
    }

    /// Deletes the configuration's own files, and the directory if nothing else is in it.
    pub(super) fn delete(&self) -> Result<(), PoolError> {
        let config_path = self.path().join(CONFIG_FILE);
        if !config_path.is_file() {
            return Err(self.not_created());
        }
        let transactions_path = self.transactions_path();
        let _nobody_else_has_it = match File::open(&transactions_path) {
            Ok(file) => Some(embedded::lock(file, &transactions_path)?),
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            Err(error) => return Err(io_error("open", &transactions_path)(error)),
        };
        self.refuse_foreign_files()?;
        // One rename takes the configuration away; what a crash leaves after it is hidden, and goes
        // with the next deletion.
        let going = self.parent.join(format!(".{}.deleting", self.name));
        match fs::remove_dir_all(&going) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                return Err(io_error("delete", &going)(error));
            }
            _ => {}
        }
        fs::rename(self.path(), &going).map_err(io_error("delete", &self.path()))?;
        fs::remove_dir_all(&going).map_err(io_error("delete", &going))
    }

    fn refuse_foreign_files(&self) -> Result<(), PoolError> {
        let path = self.path();
        let entries = fs::read_dir(&path).map_err(io_error("read", &path))?;
        for entry in entries {
            let name = entry.map_err(io_error("read", &path))?.file_name();
            if name != CONFIG_FILE && name != TRANSACTIONS_FILE && name != GENESIS_FILE {
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
        PoolError::AlreadyExists {
            name: self.name.clone(),
            path: self.path(),
        }
    }

    fn not_created(&self) -> PoolError {
        PoolError::NotCreated {
            name: self.name.clone(),
            path: self.path(),
        }
    }
}

fn write_files(directory: &Path, config: &PoolLedgerConfig) -> Result<(), PoolError> {
    fs::create_dir(directory).map_err(io_error("create", directory))?;
    let config_path = directory.join(CONFIG_FILE);
    let file = ConfigFile {
        backend: config.backend.clone(),
    };
    let file = serde_json::to_vec_pretty(&file)
        .map_err(|error| io_error("create", &config_path)(io::Error::other(error)))?;
    write_new(&config_path, &file)?;
    let (own_name, own_content) = config.own_file();
    write_new(&directory.join(own_name), own_content.as_bytes())?;
    sync_directory(directory)
}

fn write_new(path: &Path, content: &[u8]) -> Result<(), PoolError> {
    let write = || {
        let mut file = File::create_new(path)?;
        file.write_all(content)?;
        file.sync_all()
    };
    write().map_err(io_error("create", path))
}

/// Makes the names in a directory outlive a power cut, where directories can be synced.
fn sync_directory(path: &Path) -> Result<(), PoolError> {
    if cfg!(unix) {
        File::open(path)
            .and_then(|directory| directory.sync_all())
            .map_err(io_error("sync", path))?;
    }
    Ok(())
}

/// Says what was attempted, on which path.
pub(super) fn io_error(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> PoolError {
    let path = path.to_owned();
    move |source| PoolError::Io {
        action,
        path,
        source,
    }
}
