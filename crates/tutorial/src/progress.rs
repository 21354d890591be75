//! How far a home has come, for a person who watches many homes, such as a teacher.
//!
//! ```text
//! progress/action.json    the action that was begun last
//! progress/verdict.json   the verdict that was given last, with the check that decided it
//! ```
//!
//! These files are read without the home's lock, while a walkthrough waits for Enter. Nothing
//! follows from them, so that one that cannot be written or read is as good as none, and they are
//! not synced to the disk.

use std::{
    fs::{self, Metadata},
    io::{self, Write},
    path::{Path, PathBuf},
    time::SystemTime,
};

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;
use stdx::fs::{create_private_directory, read_up_to};
use stdx::text::shorten;
use tempfile::NamedTempFile;

use crate::{
    handover::Verdict,
    home::{self, has_finished, has_scenario},
    printer::ActionNumber,
};

const ACTION: &str = "action.json";
const VERDICT: &str = "verdict.json";

/// The longest file that is read.
const MAX_BYTES: usize = 16 * 1024;

/// How many characters of what a check found are kept.
const MAX_FOUND: usize = 500;

/// The tutorial's steps, with the last action of each.
const LAST_ACTIONS: [(u8, &str); 4] = [(5, "24"), (4, "20"), (3, "19"), (2, "17")];

/// The action that was begun last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Begun {
    /// Its number, such as `9`, `11b` or `8.2`.
    pub action: String,
    /// The step of the tutorial that it belongs to.
    pub step: u8,
    /// Its label; empty if only the step is known.
    pub label: String,
}

/// The verdict that was given last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judged {
    /// `verified`, `rejected` or `undecided`.
    pub verdict: String,
    /// The check that decided it, if it is not verified.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub check: Option<String>,
    /// What that check found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub found: Option<String>,
}

/// How far a home has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// Whether a scenario is played there, and not the tutorial.
    pub is_scenario: bool,
    /// The action that was begun last, and when, if it is known.
    pub begun: Option<(Begun, SystemTime)>,
    /// The verdict that was given last, and when.
    pub judged: Option<(Judged, SystemTime)>,
}

/// The words of a verdict.
const VERDICTS: [&str; 3] = ["verified", "rejected", "undecided"];

impl Begun {
    /// Returns whether its number may be one: the file is its owner's, who may write anything.
    fn is_plausible(&self) -> bool {
        let is_part = |it: char| it.is_ascii_alphanumeric() || it == '.';
        self.action.len() <= 16 && self.action.chars().all(is_part)
    }
}

impl Judged {
    /// Returns a verdict by its word and its checks as JSON.
    pub fn new(verdict: &str, checks: &Value) -> Self {
        let mut checks = checks.as_array().into_iter().flatten();
        let outcome = match verdict {
            "undecided" => "undecided",
            _ => "failed",
        };
        let decisive = checks.find(|check| check["outcome"] == outcome);
        let text = |name: &str| Some(decisive?[name].as_str()?.to_owned());
        Self {
            verdict: verdict.to_owned(),
            check: text("check"),
            found: text("got").map(|found| shorten(&found, MAX_FOUND).into_owned()),
        }
    }
}

impl From<&Verdict> for Judged {
    fn from(verdict: &Verdict) -> Self {
        match verdict {
            Verdict::Verified { .. } => Self::new("verified", &Value::Null),
            Verdict::Rejected { checks, .. } => Self::new("rejected", checks),
            Verdict::Undecided { checks, .. } => Self::new("undecided", checks),
        }
    }
}

impl Progress {
    /// Reads how far a home has come; `None` if the directory is not a home. It needs no lock.
    pub fn read(directory: &Path) -> Option<Self> {
        if !home::is_home(directory) {
            return None;
        }
        Some(Self {
            is_scenario: has_scenario(directory),
            begun: read(directory, ACTION)
                .filter(|(begun, _): &(Begun, _)| begun.is_plausible())
                .or_else(|| last_step(directory)),
            judged: read(directory, VERDICT)
                .filter(|(judged, _): &(Judged, _)| VERDICTS.contains(&&*judged.verdict)),
        })
    }
}

/// Records that an action begins.
pub(crate) fn note_action(directory: &Path, number: ActionNumber, label: &str) {
    let begun = Begun { action: number.to_string(), step: number.step(), label: label.to_owned() };
    write(directory, ACTION, &begun);
}

/// Records a verdict in a home. Nothing is done where there is none.
pub fn note_verdict(directory: &Path, judged: &Judged) {
    if home::is_home(directory) {
        write(directory, VERDICT, judged);
    }
}

fn path_of(directory: &Path) -> PathBuf {
    directory.join("progress")
}

/// Writes a file under another name and renames it, so that a reader finds it whole.
fn write(directory: &Path, name: &str, value: &impl Serialize) {
    let progress = path_of(directory);
    let write = || -> io::Result<()> {
        create_private_directory(&progress)?;
        let mut unfinished = NamedTempFile::new_in(&progress)?;
        unfinished.write_all(&serde_json::to_vec(value)?)?;
        unfinished.persist(progress.join(name))?;
        Ok(())
    };
    // what cannot be written is not shown, and nothing else follows from it
    let _ = write();
}

/// Reads a file, with the time at which it was written. In a learner's home it may be anything, a
/// pipe without a writer among others.
fn read<T: DeserializeOwned>(directory: &Path, name: &str) -> Option<(T, SystemTime)> {
    let path = path_of(directory).join(name);
    let written = fs::metadata(&path).ok().filter(Metadata::is_file)?.modified().ok()?;
    Some((serde_json::from_slice(&read_up_to(&path, MAX_BYTES).ok()??).ok()?, written))
}

/// Returns the end of the last step that has finished in a home of an older version.
fn last_step(directory: &Path) -> Option<(Begun, SystemTime)> {
    LAST_ACTIONS.into_iter().find_map(|(step, action)| {
        let finished = has_finished(directory, step)?;
        Some((Begun { action: action.to_owned(), step, label: String::new() }, finished))
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_first_check_that_decided_a_verdict_is_kept() {
        let checks = json!([
            {"check": "size", "outcome": "passed"},
            {"check": "non-revocation", "outcome": "undecided", "got": "no entry"},
            {"check": "encoding", "outcome": "failed", "got": "Mallory"},
            {"check": "restrictions", "outcome": "failed"},
        ]);
        let judged = |verdict: &str| {
            let Judged { check, found, .. } = Judged::new(verdict, &checks);
            (check, found)
        };
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(judged("rejected"), (some("encoding"), some("Mallory")));
        assert_eq!(judged("undecided"), (some("non-revocation"), some("no entry")));
        let verified = Judged::new("verified", &json!([{"check": "size", "outcome": "passed"}]));
        assert_eq!((verified.check, verified.found), (None, None));
    }

    #[cfg(unix)]
    #[test]
    fn what_is_not_a_file_of_progress_is_as_good_as_none() {
        let home = tempfile::tempdir().unwrap();
        let begun = Begun { action: "9".to_owned(), step: 2, label: String::new() };
        write(home.path(), ACTION, &begun);
        assert_eq!(read::<Begun>(home.path(), ACTION).map(|(found, _)| found), Some(begun));
        let path = path_of(home.path()).join(VERDICT);
        fs::write(&path, vec![b' '; MAX_BYTES + 1]).unwrap();
        assert_eq!(read::<Judged>(home.path(), VERDICT), None);
        fs::remove_file(&path).unwrap();
        let made = std::process::Command::new("mkfifo").arg(&path).status().unwrap();
        assert!(made.success());
        assert_eq!(read::<Judged>(home.path(), VERDICT), None);
    }
}
