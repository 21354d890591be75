//! The home directory of a walkthrough.
//!
//! ```text
//! home.json            what this directory is
//! pool/<name>/         pool ledger configurations, with the embedded ledger's transactions or a
//!                      real pool's genesis transactions
//! wallets/<id>.sqlite  the wallets, unless they are in PostgreSQL
//! state/step<N>.json   what step N hands to step N + 1
//! ```
//!
//! A home is locked while a process works in it. Every file here is written beside its place,
//! synced, and renamed into it, so a crash leaves the old file or the new one.

use std::{
    fs::{self, File, TryLockError},
    io::{ErrorKind, Write},
    path::{Path, PathBuf},
    thread,
    time::Duration,
};

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use tempfile::{NamedTempFile, TempDir};

use crate::error::StageError;

/// The version of the files' form; another one is refused rather than guessed at.
const FORMAT: u32 = 1;
const HOME_FILE: &str = "home.json";
const LOCK_FILE: &str = ".lock";

/// The tutorial's last step that does something.
const LAST_STEP: u8 = 5;

/// How often, and how long apart, the removal of a temporary home is tried.
const REMOVAL_ATTEMPTS: u32 = 20;
const BETWEEN_ATTEMPTS: Duration = Duration::from_millis(50);

/// Where a home's wallets are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum WalletBackend {
    /// SQLite files in the home.
    Sqlite,
    /// A PostgreSQL server; its URL may hold a password, so the home does not remember it.
    Postgres,
}

#[derive(Serialize, Deserialize)]
struct HomeFile {
    format: u32,
    wallets: WalletBackend,
}

#[derive(Serialize, Deserialize)]
struct StateFile<T> {
    format: u32,
    step: u8,
    data: T,
}

/// A home directory, locked.
#[derive(Debug)]
pub struct Home {
    directory: PathBuf,
    pools: PathBuf,
    wallets: PathBuf,
    state: PathBuf,
    /// Removes the directory when dropped.
    temporary: Option<TempDir>,
    /// Held, not read: closing it gives the lock back.
    _lock: File,
}

impl Home {
    /// A fresh home that is removed with everything in it when it is dropped.
    ///
    /// # Errors
    ///
    /// When the system's directory for temporary files cannot be written.
    pub fn temporary(wallets: WalletBackend) -> Result<Self, StageError> {
        let temporary = tempfile::Builder::new()
            .prefix("negotiate-proof-")
            .tempdir();
        let temporary =
            temporary.map_err(StageError::io("make a directory in", std::env::temp_dir()))?;
        let mut home = Self::kept(temporary.path(), wallets)?;
        home.temporary = Some(temporary);
        Ok(home)
    }

    /// A home that stays; made if it is not there.
    ///
    /// # Errors
    ///
    /// When the directory cannot be written, belongs to something else, is in use, or stores its
    /// wallets elsewhere.
    pub fn kept(directory: &Path, wallets: WalletBackend) -> Result<Self, StageError> {
        if directory.exists() && !directory.is_dir() {
            return Err(StageError::NotADirectory {
                path: directory.to_owned(),
            });
        }
        fs::create_dir_all(directory).map_err(StageError::io("make directory", directory))?;
        // absolute, so that a later change of the working directory does no harm
        let directory = directory
            .canonicalize()
            .map_err(StageError::io("find directory", directory))?;
        if !directory.join(HOME_FILE).exists() && !is_unused(&directory)? {
            return Err(StageError::NotAHome { path: directory });
        }
        let home = Self {
            pools: directory.join("pool"),
            wallets: directory.join("wallets"),
            state: directory.join("state"),
            _lock: lock(&directory)?,
            directory,
            temporary: None,
        };
        for path in [&home.pools, &home.wallets, &home.state] {
            fs::create_dir_all(path).map_err(StageError::io("make directory", path))?;
        }
        home.agree_on_wallets(wallets)?;
        Ok(home)
    }

    /// The directory itself.
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// Where the pool ledger configurations are.
    pub fn pools(&self) -> &Path {
        &self.pools
    }

    /// Where the SQLite wallets are.
    pub fn wallets(&self) -> &Path {
        &self.wallets
    }

    /// Whether the home stays when the program ends.
    pub fn is_kept(&self) -> bool {
        self.temporary.is_none()
    }

    /// Leave a home; a temporary one is removed with all that is in it.
    ///
    /// After an interruption a thread of the database may still write a file there, so the removal
    /// is tried for a while.
    ///
    /// # Errors
    ///
    /// When a temporary home cannot be removed.
    pub fn leave(mut self) -> Result<(), StageError> {
        let Some(temporary) = self.temporary.take() else {
            return Ok(());
        };
        // whatever happens here, it is not tried again in secret
        let directory = temporary.keep();
        for _ in 1..REMOVAL_ATTEMPTS {
            match fs::remove_dir_all(&directory) {
                Ok(()) => return Ok(()),
                Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
                Err(_) => thread::sleep(BETWEEN_ATTEMPTS),
            }
        }
        fs::remove_dir_all(&directory).map_err(StageError::io("remove", directory))
    }

    /// Whether a step has finished here.
    pub fn has_finished(&self, step: u8) -> bool {
        self.state_path(step).exists()
    }

    /// Save what a step hands over, and forget what the steps after it handed over before, for that
    /// no longer follows from it.
    ///
    /// # Errors
    ///
    /// When a file cannot be written or removed.
    pub fn save(&self, step: u8, data: &impl Serialize) -> Result<(), StageError> {
        // the last one first, so that a crash never leaves a step without the one before it
        for later in (step + 1..=LAST_STEP).rev() {
            remove_if_there(&self.state_path(later))?;
        }
        let file = StateFile {
            format: FORMAT,
            step,
            data,
        };
        write_json(&self.state_path(step), &file)
    }

    /// Load what a step handed over.
    ///
    /// # Errors
    ///
    /// [`StageError::StateMissing`], [`StageError::StateDamaged`].
    pub fn load<T: DeserializeOwned>(&self, step: u8) -> Result<T, StageError> {
        let path = self.state_path(step);
        if !path.exists() {
            return Err(StageError::StateMissing {
                step,
                path,
                home: self.directory.clone(),
            });
        }
        let damaged = |reason: String| StageError::StateDamaged {
            step,
            path: path.clone(),
            reason,
            home: self.directory.clone(),
        };
        let bytes = fs::read(&path).map_err(StageError::io("read", &path))?;
        let file: StateFile<T> =
            serde_json::from_slice(&bytes).map_err(|error| damaged(error.to_string()))?;
        if file.format != FORMAT || file.step != step {
            return Err(damaged(format!(
                "expected format {FORMAT} and step {step}, got format {} and step {}",
                file.format, file.step
            )));
        }
        Ok(file.data)
    }

    /// Where a step's hand-over is.
    pub fn state_path(&self, step: u8) -> PathBuf {
        self.state.join(format!("step{step}.json"))
    }

    /// Remember where the wallets are, or check that they are where they were.
    fn agree_on_wallets(&self, wallets: WalletBackend) -> Result<(), StageError> {
        let path = self.directory.join(HOME_FILE);
        if !path.exists() {
            let file = HomeFile {
                format: FORMAT,
                wallets,
            };
            return write_json(&path, &file);
        }
        let bytes = fs::read(&path).map_err(StageError::io("read", &path))?;
        let file: HomeFile = match serde_json::from_slice(&bytes) {
            Ok(file) => file,
            Err(_) => {
                return Err(StageError::NotAHome {
                    path: self.directory.clone(),
                });
            }
        };
        if file.format != FORMAT {
            return Err(StageError::NotAHome {
                path: self.directory.clone(),
            });
        }
        let (stored, remedy) = match file.wallets {
            stored if stored == wallets => return Ok(()),
            WalletBackend::Sqlite => ("SQLite files", "no --wallet"),
            WalletBackend::Postgres => ("PostgreSQL", "--wallet and the server's URL"),
        };
        Err(StageError::OtherWalletStorage {
            path: self.directory.clone(),
            stored,
            remedy,
        })
    }
}

/// Whether a directory holds nothing but what an interrupted [`Home::kept`] may have left.
fn is_unused(directory: &Path) -> Result<bool, StageError> {
    let failed = |source| StageError::io("read directory", directory)(source);
    for entry in fs::read_dir(directory).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let name = entry.file_name();
        let ours = [LOCK_FILE, "pool", "wallets", "state"]
            .iter()
            .any(|&known| name == known)
            || name.to_string_lossy().starts_with(".tmp");
        if !ours {
            return Ok(false);
        }
    }
    Ok(true)
}

fn remove_if_there(path: &Path) -> Result<(), StageError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(StageError::io("remove", path)(error))
        }
        _ => Ok(()),
    }
}

fn lock(directory: &Path) -> Result<File, StageError> {
    let path = directory.join(LOCK_FILE);
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&path);
    let file = file.map_err(StageError::io("open", &path))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(StageError::HomeInUse {
            path: directory.to_owned(),
        }),
        Err(TryLockError::Error(source)) => Err(StageError::io("lock", &path)(source)),
    }
}

/// Write a JSON file so that a crash leaves the old content or the new.
fn write_json(path: &Path, value: &impl Serialize) -> Result<(), StageError> {
    let directory = path.parent().unwrap_or(Path::new("."));
    let write = || {
        let mut file = NamedTempFile::new_in(directory)?;
        serde_json::to_writer_pretty(&mut file, value)?;
        file.write_all(b"\n")?;
        file.as_file().sync_all()?;
        file.persist(path)?;
        File::open(directory)?.sync_all()
    };
    write().map_err(StageError::io("write", path))
}
