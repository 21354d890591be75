//! What is handed over in a home, from step to step, and how far a scenario has been played.

use std::{
    fs,
    io::{self, ErrorKind},
    path::{Path, PathBuf},
    time::SystemTime,
};

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};

use super::{Home, STATE, check_format, public_data_of, what_is_wrong, write_json};
use crate::{
    data::POOL_NAME,
    error::TutorialError,
    handover::{Found, Proven, Verdict},
};

/// The format of the hand-overs. Format 1 had no `computed_from`; its hand-overs are read, and its
/// verdicts computed again.
const STATE_FORMAT: u32 = 2;
/// The format of what a player of scenarios saves.
/// Format 1 had one hash of all files.
const PLAYED_FORMAT: u32 = 2;
/// How far a scenario has been played, in that directory.
const SCENARIO_FILE: &str = "scenario.json";

/// The tutorial's last step that does something.
const LAST_STEP: u8 = 5;

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

impl Home {
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

    /// Saves the verdict with the hashes of what it was computed from. `is_last` says that wallets
    /// and ledger are deleted after it.
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

    /// Returns the verdict if it follows from what is in the home now: if request, presentation and
    /// ledger are those that it was computed from, and it was not edited itself.
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

    /// Returns the hash of the files with public data, the ledger's and what was taken in, with
    /// their names and lengths; `None` if there are none.
    fn ledger_hash(&self) -> Result<Option<String>, TutorialError> {
        let mut files = files_of(&self.pools.join(POOL_NAME))?;
        // it follows from the transactions, and is added to the ledger of an older version when
        // that is opened
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
    /// When the file cannot be read; [`TutorialError::ScenarioDamaged`],
    /// [`TutorialError::UnknownFormat`].
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

    /// Returns a hash of a value, and of the ledger's files if `with_ledger` is set: whether a
    /// result that was saved still follows from what the home holds.
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
}

/// Returns the hash of a value's JSON, whose members are sorted.
fn hash_of(value: &impl Serialize) -> Result<String, TutorialError> {
    let json = serde_json::to_value(value).map_err(io::Error::from)?;
    Ok(format!("{:x}", Sha256::digest(json.to_string())))
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

fn remove_if_there(path: &Path) -> Result<(), TutorialError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(TutorialError::io("remove", path)(error))
        }
        _ => Ok(()),
    }
}
