//! The home directory of a walkthrough.
//!
//! ```text
//! home.json            what this directory is
//! pool/<name>/         pool ledger configurations, with the embedded ledger's transactions or a
//!                      real pool's genesis transactions
//! wallets/<id>.sqlite  the wallets, unless they are in PostgreSQL
//! state/step<N>.json   what step N hands to step N + 1
//! state/scenario.json  instead of these: how far a scenario has been played here
//! public.json          other issuers' public data, if any was taken in
//! progress/            how far it has come, for a person who watches
//! ```
//!
//! A hand-over that was edited by hand is input for the next step like any other. A verdict records
//! the hashes of what it was computed from, and is reported later only if they are unchanged.
//!
//! A home is for its owner only, so that no other user reads it or keeps it locked. It is locked
//! while a process works in it. Every file here is written atomically, so that a crash leaves the
//! old file or the new one.

mod state;

use std::{
    fs::{self, File},
    io::{self, ErrorKind},
    path::{Path, PathBuf},
    thread,
    time::Duration,
};

use serde::{Deserialize, Serialize};
use serde_json::error::Category;
use stdx::fs::{
    Existing, LockError, UNFINISHED_PREFIX, create_private_directory, make_private, private,
    write_atomically,
};
use tempfile::TempDir;

pub(crate) use state::{has_finished, has_scenario};

use crate::{error::TutorialError, report};

/// The format of the home itself.
const HOME_FORMAT: u32 = 1;
const HOME_FILE: &str = "home.json";
const LOCK_FILE: &str = ".lock";
/// The directory of the hand-overs.
const STATE: &str = "state";
/// How often the removal of a temporary home is tried, and how long after each other.
const MAX_REMOVAL_ATTEMPTS: u32 = 20;
const REMOVAL_INTERVAL: Duration = Duration::from_millis(50);

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

/// Returns where a home keeps the configurations of its ledgers. It needs no lock: each ledger has
/// its own.
pub fn pools_of(directory: &Path) -> PathBuf {
    directory.join("pool")
}

/// Returns whether a directory is a home. It needs no lock.
pub fn is_home(directory: &Path) -> bool {
    directory.join(HOME_FILE).exists()
}

/// Returns where a home keeps the public data that it has taken in.
pub(crate) fn public_data_of(directory: &Path) -> PathBuf {
    directory.join("public.json")
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
    /// Never read: closing it releases the lock.
    _lock: File,
}

impl Home {
    /// Makes a new home that is removed with everything in it when it is dropped.
    ///
    /// # Errors
    ///
    /// When the system's directory for temporary files cannot be written.
    pub fn temporary(wallets: WalletBackend) -> Result<Self, TutorialError> {
        let mut builder = tempfile::Builder::new();
        builder.prefix("negotiate-proof-");
        // elsewhere the system's directory for temporary files is the user's own
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o700));
        let temporary = builder.tempdir();
        let temporary =
            temporary.map_err(TutorialError::io("make a directory in", std::env::temp_dir()))?;
        let mut home = Self::kept(temporary.path(), wallets)?;
        home.temporary = Some(temporary);
        Ok(home)
    }

    /// Opens a home that stays; makes it if it does not exist.
    ///
    /// # Errors
    ///
    /// When the directory cannot be written, holds something else, is in use, or when its wallets
    /// are stored elsewhere.
    pub fn kept(directory: &Path, wallets: WalletBackend) -> Result<Self, TutorialError> {
        if directory.exists() && !directory.is_dir() {
            return Err(TutorialError::NotADirectory { path: directory.to_owned() });
        }
        create_private_directory(directory)
            .map_err(TutorialError::io("make directory", directory))?;
        // absolute, so that a later change of the working directory does no harm
        let directory =
            directory.canonicalize().map_err(TutorialError::io("find directory", directory))?;
        if !is_home(&directory) && !is_unused(&directory)? {
            return Err(TutorialError::NotAHome { path: directory });
        }
        let home = Self {
            pools: pools_of(&directory),
            wallets: directory.join("wallets"),
            state: directory.join(STATE),
            _lock: lock(&directory)?,
            directory,
            temporary: None,
        };
        home.check_wallets(wallets)?;
        for path in [&home.pools, &home.wallets, &home.state] {
            create_private_directory(path).map_err(TutorialError::io("make directory", path))?;
        }
        // an older version left it open, and other users could have kept it locked
        for path in [&home.directory, &home.directory.join(LOCK_FILE)] {
            if let Some(notice) = make_private(path) {
                report::warning(&notice);
            }
        }
        Ok(home)
    }

    /// Returns the directory itself.
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// Returns the directory of the pool ledger configurations.
    pub fn pools(&self) -> &Path {
        &self.pools
    }

    /// Returns the directory of the SQLite wallets.
    pub fn wallets(&self) -> &Path {
        &self.wallets
    }

    /// Returns whether the home stays when the program ends.
    pub fn is_kept(&self) -> bool {
        self.temporary.is_none()
    }

    /// Closes the home; a temporary one is removed with everything in it.
    ///
    /// After an interruption a thread of the database may still write a file there, so the removal
    /// is tried for a while.
    ///
    /// # Errors
    ///
    /// When a temporary home cannot be removed.
    pub fn close(mut self) -> Result<(), TutorialError> {
        let Some(temporary) = self.temporary.take() else {
            return Ok(());
        };
        // from here on the directory is removed by this function only, not by a destructor
        let directory = temporary.keep();
        for _ in 1..MAX_REMOVAL_ATTEMPTS {
            match fs::remove_dir_all(&directory) {
                Ok(()) => return Ok(()),
                Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
                Err(_) => thread::sleep(REMOVAL_INTERVAL),
            }
        }
        fs::remove_dir_all(&directory).map_err(TutorialError::io("remove", directory))
    }

    /// Returns whether nothing has been done here: no step, no wallet in a file, no ledger.
    ///
    /// # Errors
    ///
    /// When a directory cannot be read.
    pub fn is_new(&self) -> Result<bool, TutorialError> {
        let is_empty = |path: &Path| -> Result<bool, TutorialError> {
            let failed = |source| TutorialError::io("read directory", path)(source);
            for entry in fs::read_dir(path).map_err(failed)? {
                let name = entry.map_err(failed)?.file_name();
                // what an interrupted write may have left
                if !name.to_string_lossy().starts_with(UNFINISHED_PREFIX) {
                    return Ok(false);
                }
            }
            Ok(true)
        };
        for path in [&self.pools, &self.wallets, &self.state] {
            if !is_empty(path)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Records where the wallets are, or checks that they are where they were.
    fn check_wallets(&self, wallets: WalletBackend) -> Result<(), TutorialError> {
        let path = self.directory.join(HOME_FILE);
        if !path.exists() {
            let file = HomeFile { format: HOME_FORMAT, wallets };
            return write_json(&path, &file);
        }
        let bytes = fs::read(&path).map_err(TutorialError::io("read", &path))?;
        check_format(&path, &bytes, HOME_FORMAT)?;
        let file: HomeFile = serde_json::from_slice(&bytes).map_err(|error| {
            // a home has wallets; another directory may have a file of this name
            match self.wallets.is_dir() {
                true => {
                    TutorialError::HomeDamaged { path, reason: what_is_wrong(&error, "a home") }
                }
                false => TutorialError::NotAHome { path: self.directory.clone() },
            }
        })?;
        let (stored, remedy) = match file.wallets {
            stored if stored == wallets => return Ok(()),
            WalletBackend::Sqlite => ("SQLite files", "no --wallet"),
            WalletBackend::Postgres => ("PostgreSQL", "--wallet and the server's URL"),
        };
        Err(TutorialError::OtherWalletStorage { path: self.directory.clone(), stored, remedy })
    }
}

/// Returns why a file that `writer` wrote cannot be read, in words that do not name types of the
/// code.
fn what_is_wrong(error: &serde_json::Error, writer: &str) -> String {
    let problem = match error.classify() {
        Category::Io => return error.to_string(),
        Category::Eof => "the file ends too early".to_owned(),
        Category::Syntax => "not JSON".to_owned(),
        Category::Data => format!("not what {writer} writes"),
    };
    format!("{problem}, at line {}, column {}", error.line(), error.column())
}

/// Refuses a file of a format that this version does not know.
fn check_format(path: &Path, bytes: &[u8], newest: u32) -> Result<(), TutorialError> {
    #[derive(Deserialize)]
    struct Format {
        format: u32,
    }
    // what is not such a file is reported by those who read it whole
    match serde_json::from_slice(bytes) {
        Ok(Format { format }) if !(1..=newest).contains(&format) => {
            Err(TutorialError::UnknownFormat { path: path.to_owned(), format })
        }
        _ => Ok(()),
    }
}

/// Returns whether a directory holds nothing but what an interrupted [`Home::kept`] may have left.
fn is_unused(directory: &Path) -> Result<bool, TutorialError> {
    let failed = |source| TutorialError::io("read directory", directory)(source);
    for entry in fs::read_dir(directory).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let name = entry.file_name();
        let ours = [LOCK_FILE, "pool", "wallets", STATE].iter().any(|&known| name == known)
            || name.to_string_lossy().starts_with(UNFINISHED_PREFIX);
        if !ours {
            return Ok(false);
        }
    }
    Ok(true)
}

fn lock(directory: &Path) -> Result<File, TutorialError> {
    let path = directory.join(LOCK_FILE);
    let mut options = File::options();
    let file = private(options.create(true).truncate(false).write(true)).open(&path);
    let file = file.map_err(TutorialError::io("open", &path))?;
    match stdx::fs::lock(&file) {
        Ok(()) => Ok(file),
        Err(LockError::InUse) => Err(TutorialError::HomeInUse { path: directory.to_owned() }),
        Err(LockError::Unsupported(source)) => Err(TutorialError::io("lock", &path)(source)),
    }
}

/// Writes a JSON file so that a crash leaves the old content or the new.
pub(crate) fn write_json(path: &Path, value: &impl Serialize) -> Result<(), TutorialError> {
    let write = || -> io::Result<()> {
        let mut bytes = serde_json::to_vec_pretty(value)?;
        bytes.push(b'\n');
        write_atomically(path, &bytes, Existing::Replace)
    };
    write().map_err(TutorialError::io("write", path))
}
