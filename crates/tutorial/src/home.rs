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
//! A hand-over that was edited by hand is input for the next step like any other. A verdict records the hashes
//! of what it was computed from, and is reported later only if they are unchanged.
//!
//! A home is for its owner only, so that no other user reads it or keeps it locked. It is locked while a process works in
//! it. Every file here is written atomically, so that a
//! crash leaves the old file or the new one.

use std::{
    fs::{self, File},
    io::{self, ErrorKind},
    path::{Path, PathBuf},
    thread,
    time::{Duration, SystemTime},
};

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::error::Category;
use sha2::{Digest, Sha256};
use stdx::fs::{
    Existing, LockError, UNFINISHED_PREFIX, create_private_directory, make_private, private,
    write_atomically,
};
use tempfile::TempDir;

use crate::{
    data::POOL_NAME,
    error::TutorialError,
    handover::{Found, Proven, Verdict},
    report,
};

/// The format of the home itself.
const HOME_FORMAT: u32 = 1;
/// The format of the hand-overs. Format 1 had no `computed_from`; its hand-overs are read, and its verdicts
/// computed again.
const STATE_FORMAT: u32 = 2;
/// The format of what a player of scenarios saves.
/// Format 1 had one hash of all files.
const PLAYED_FORMAT: u32 = 2;
const HOME_FILE: &str = "home.json";
const LOCK_FILE: &str = ".lock";
/// The directory of the hand-overs.
const STATE: &str = "state";
/// How far a scenario has been played, in that directory.
const SCENARIO_FILE: &str = "scenario.json";

/// The tutorial's last step that does something.
const LAST_STEP: u8 = 5;

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

#[derive(Serialize, Deserialize)]
struct StateFile<T> {
    format: u32,
    step: u8,
    /// Only in a verdict.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    computed_from: Option<ComputedFrom>,
    data: T,
}

/// How far a scenario has been played.
#[derive(Serialize, Deserialize)]
struct PlayedFile<T> {
    format: u32,
    data: T,
}

/// What a verdict was computed from, and itself: SHA-256 in hexadecimal.
#[derive(PartialEq, Eq, Serialize, Deserialize)]
struct ComputedFrom {
    /// Of step 3's hand-over, as step 5 had read it.
    request: String,
    /// Of step 4's.
    presentation: String,
    /// Of the ledger's files, unless they are deleted after the verdict.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ledger: Option<String>,
    /// Of the verdict.
    verdict: String,
}

/// Returns where a home keeps the configurations of its ledgers. It needs no lock: each ledger has its own.
pub fn pools_of(directory: &Path) -> PathBuf {
    directory.join("pool")
}

/// Returns whether a directory is a home. It needs no lock.
pub fn is_home(directory: &Path) -> bool {
    directory.join(HOME_FILE).exists()
}

/// Returns when a step has finished in a home. It needs no lock.
pub(crate) fn has_finished(directory: &Path, step: u8) -> Option<SystemTime> {
    let state = fs::metadata(state_path(&directory.join(STATE), step)).ok()?;
    state.modified().ok()
}

/// Returns whether a scenario is played in a home, and not the tutorial. It needs no lock.
pub(crate) fn has_scenario(directory: &Path) -> bool {
    directory.join(STATE).join(SCENARIO_FILE).exists()
}

/// Returns the path of a step's hand-over in the directory of all.
fn state_path(state: &Path, step: u8) -> PathBuf {
    state.join(format!("step{step}.json"))
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

    /// Returns whether a step has finished here.
    pub fn has_finished(&self, step: u8) -> bool {
        self.state_path(step).exists()
    }

    /// Removes what a step and the later ones have handed over.
    ///
    /// # Errors
    ///
    /// When a file cannot be removed.
    pub fn remove_from(&self, step: u8) -> Result<(), TutorialError> {
        // the last one first, so that a crash never leaves a step without the one before it
        for step in (step..=LAST_STEP).rev() {
            remove_if_there(&self.state_path(step))?;
        }
        Ok(())
    }

    /// Saves what a step hands over.
    ///
    /// # Errors
    ///
    /// When the file cannot be written.
    pub fn save(&self, step: u8, data: &impl Serialize) -> Result<(), TutorialError> {
        self.write_state(step, data, None)
    }

    /// Saves the verdict with the hashes of what it was computed from. `is_last` says that wallets and ledger are
    /// deleted after it.
    ///
    /// # Errors
    ///
    /// When the file cannot be written, or the ledger's files cannot be read.
    pub fn save_verdict(
        &self,
        verdict: &Verdict,
        found: &Found,
        proven: &Proven,
        is_last: bool,
    ) -> Result<(), TutorialError> {
        let computed_from = ComputedFrom {
            request: hash_of(found)?,
            presentation: hash_of(proven)?,
            ledger: self.ledger_hash()?.filter(|_| !is_last),
            verdict: hash_of(verdict)?,
        };
        self.write_state(LAST_STEP, verdict, Some(computed_from))
    }

    /// Returns the verdict if it follows from what is in the home now: if request, presentation and ledger are those
    /// that it was computed from, and it was not edited itself.
    ///
    /// # Errors
    ///
    /// When a file cannot be read; [`TutorialError::StateDamaged`].
    pub fn current_verdict(&self) -> Result<Option<Verdict>, TutorialError> {
        let file: StateFile<Verdict> = self.read_state(LAST_STEP)?;
        let Some(computed_from) = file.computed_from else {
            return Ok(None);
        };
        let now = ComputedFrom {
            request: hash_of(&self.load::<Found>(3)?)?,
            presentation: hash_of(&self.load::<Proven>(4)?)?,
            // a run with --clean deleted it, and said so in the file
            ledger: match computed_from.ledger {
                Some(_) => self.ledger_hash()?,
                None => None,
            },
            verdict: hash_of(&file.data)?,
        };
        Ok((computed_from == now).then_some(file.data))
    }

    /// Returns the hash of the files with public data, the ledger's and what was taken in, with their names and
    /// lengths; `None` if there are none.
    fn ledger_hash(&self) -> Result<Option<String>, TutorialError> {
        let mut files = files_of(&self.pools.join(POOL_NAME))?;
        // it follows from the transactions, and is added to the ledger of an older version when that is opened
        files.retain(|path| path.extension().is_none_or(|extension| extension != "head"));
        files.sort();
        files.extend(Some(public_data_of(&self.directory)).filter(|path| path.exists()));
        let mut hash = Sha256::new();
        for path in &files {
            let bytes = fs::read(path).map_err(TutorialError::io("read", path))?;
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            hash.update(format!("{name} {}\n", bytes.len()));
            hash.update(bytes);
        }
        Ok((!files.is_empty()).then(|| format!("{:x}", hash.finalize())))
    }

    fn write_state(
        &self,
        step: u8,
        data: &impl Serialize,
        computed_from: Option<ComputedFrom>,
    ) -> Result<(), TutorialError> {
        let file = StateFile { format: STATE_FORMAT, step, computed_from, data };
        write_json(&self.state_path(step), &file)
    }

    /// Loads what a step handed over.
    ///
    /// # Errors
    ///
    /// [`TutorialError::StateMissing`], [`TutorialError::StateDamaged`].
    pub fn load<T: DeserializeOwned>(&self, step: u8) -> Result<T, TutorialError> {
        Ok(self.read_state(step)?.data)
    }

    fn read_state<T: DeserializeOwned>(&self, step: u8) -> Result<StateFile<T>, TutorialError> {
        let path = self.state_path(step);
        let home = || self.directory.clone();
        if !path.exists() {
            return Err(TutorialError::StateMissing { step, path, home: home() });
        }
        let bytes = fs::read(&path).map_err(TutorialError::io("read", &path))?;
        let damaged =
            |reason| TutorialError::StateDamaged { step, path: path.clone(), reason, home: home() };
        check_format(&path, &bytes, STATE_FORMAT)?;
        let file: StateFile<T> = serde_json::from_slice(&bytes)
            .map_err(|error| damaged(what_is_wrong(&error, &format!("step {step}"))))?;
        if file.step != step {
            return Err(damaged(format!("expected step {step}, got step {}", file.step)));
        }
        Ok(file)
    }

    /// Returns whether a scenario is played here, and not the tutorial.
    pub fn has_scenario(&self) -> bool {
        self.played_path().exists()
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

    /// Saves how far a scenario has been played.
    ///
    /// # Errors
    ///
    /// When the file cannot be written.
    pub fn save_played(&self, data: &impl Serialize) -> Result<(), TutorialError> {
        write_json(&self.played_path(), &PlayedFile { format: PLAYED_FORMAT, data })
    }

    /// Loads how far a scenario has been played; `None` if none was begun.
    ///
    /// # Errors
    ///
    /// When the file cannot be read; [`TutorialError::ScenarioDamaged`], [`TutorialError::UnknownFormat`].
    pub fn load_played<T: DeserializeOwned>(&self) -> Result<Option<T>, TutorialError> {
        let path = self.played_path();
        if !path.exists() {
            return Ok(None);
        }
        let bytes = fs::read(&path).map_err(TutorialError::io("read", &path))?;
        check_format(&path, &bytes, PLAYED_FORMAT)?;
        match serde_json::from_slice(&bytes) {
            Ok(PlayedFile { data, .. }) => Ok(Some(data)),
            Err(error) => {
                let reason = what_is_wrong(&error, "a scenario");
                Err(TutorialError::ScenarioDamaged { path, reason })
            }
        }
    }

    /// Returns a hash of a value, and of the ledger's files if `with_ledger` is set: whether a result that was saved
    /// still follows from what the home holds.
    ///
    /// # Errors
    ///
    /// When the ledger's files cannot be read.
    pub fn fingerprint(
        &self,
        value: &impl Serialize,
        with_ledger: bool,
    ) -> Result<String, TutorialError> {
        let ledger = match with_ledger {
            true => self.ledger_hash()?,
            false => None,
        };
        hash_of(&(hash_of(value)?, ledger))
    }

    fn played_path(&self) -> PathBuf {
        self.state.join(SCENARIO_FILE)
    }

    /// Returns the path of a step's hand-over.
    pub fn state_path(&self, step: u8) -> PathBuf {
        state_path(&self.state, step)
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

/// Returns the hash of a value's JSON, whose members are sorted.
fn hash_of(value: &impl Serialize) -> Result<String, TutorialError> {
    let json = serde_json::to_value(value).map_err(io::Error::from)?;
    Ok(format!("{:x}", Sha256::digest(json.to_string())))
}

/// Returns why a file that `writer` wrote cannot be read, in words that do not name types of the code.
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

/// Returns the files of a directory; none if it does not exist.
fn files_of(directory: &Path) -> Result<Vec<PathBuf>, TutorialError> {
    let failed = |source| TutorialError::io("read directory", directory)(source);
    let mut files = Vec::new();
    match fs::read_dir(directory) {
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(failed(error)),
        Ok(entries) => {
            for entry in entries {
                let path = entry.map_err(failed)?.path();
                if path.is_file() {
                    files.push(path);
                }
            }
        }
    }
    Ok(files)
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

fn remove_if_there(path: &Path) -> Result<(), TutorialError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(TutorialError::io("remove", path)(error))
        }
        _ => Ok(()),
    }
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
