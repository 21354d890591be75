//! The failures that are known of an implementation: `expected-failures/<implementation>.json`.
//!
//! A list says for which tests another answer than the right one is expected, and why. A listed
//! test that is answered rightly is an error, so that a list can only shrink.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::corpus::Corpus;

/// The directory of the lists, within that of the corpus.
pub const DIRECTORY: &str = "expected-failures";

/// The known failures of one implementation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExpectedFailures {
    /// The implementation's name, which is also that of the file.
    pub implementation: String,
    /// The version that has the failures.
    pub version: String,
    /// The failures.
    pub failures: Vec<ExpectedFailure>,
}

/// A known failure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExpectedFailure {
    /// The test's id.
    pub id: String,
    /// Why the implementation answers otherwise.
    pub reason: String,
}

/// Why a list cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ExpectedError {
    /// The file cannot be read.
    #[error("cannot read {}: {error}", path.display())]
    Unreadable {
        /// Its path.
        path: PathBuf,
        /// Why not.
        error: io::Error,
    },
    /// It has another form.
    #[error(
        "{} is not a list of expected failures: {error}; it has the members \"implementation\", \
         \"version\" and \"failures\", a list of {{\"id\", \"reason\"}}",
        path.display()
    )]
    OtherForm {
        /// Its path.
        path: PathBuf,
        /// What is wrong with it.
        error: serde_json::Error,
    },
    /// It is about another implementation than its name says.
    #[error("{} is about {found:?}, and its name says {expected:?}", path.display())]
    OtherImplementation {
        /// Its path.
        path: PathBuf,
        /// The implementation that the file's name stands for.
        expected: String,
        /// The one that it names.
        found: String,
    },
    /// It names a test that does not exist.
    #[error("{} lists {id:?}, and the corpus has no such test; remove it there", path.display())]
    NoSuchTest {
        /// The list's path.
        path: PathBuf,
        /// The id.
        id: String,
    },
    /// It names a test twice.
    #[error("{} lists {id:?} twice", path.display())]
    Repeated {
        /// The list's path.
        path: PathBuf,
        /// The id.
        id: String,
    },
    /// It gives no reason.
    #[error("{} gives no reason for {id:?}", path.display())]
    NoReason {
        /// The list's path.
        path: PathBuf,
        /// The id.
        id: String,
    },
}

impl ExpectedFailures {
    /// Reads the list of an implementation from a directory; `None` if there is none.
    ///
    /// # Errors
    /// [`ExpectedError`], for a list with a mistake.
    pub fn read(
        directory: &Path,
        implementation: &str,
        corpus: &Corpus,
    ) -> Result<Option<Self>, ExpectedError> {
        // an adapter gives itself its name, which must not lead to another directory
        if !is_file_name(implementation) {
            return Ok(None);
        }
        let path = directory.join(format!("{implementation}.json"));
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(ExpectedError::Unreadable { path, error }),
        };
        let list: Self = match serde_json::from_str(&text) {
            Ok(list) => list,
            Err(error) => return Err(ExpectedError::OtherForm { path, error }),
        };
        list.check(&path, implementation, corpus)?;
        Ok(Some(list))
    }

    fn check(
        &self,
        path: &Path,
        implementation: &str,
        corpus: &Corpus,
    ) -> Result<(), ExpectedError> {
        let path = || path.to_owned();
        if self.implementation != implementation {
            return Err(ExpectedError::OtherImplementation {
                path: path(),
                expected: implementation.to_owned(),
                found: self.implementation.clone(),
            });
        }
        let mut unlisted: BTreeMap<&str, bool> =
            corpus.tests().map(|placed| (placed.test.id.as_str(), true)).collect();
        for ExpectedFailure { id, reason } in &self.failures {
            let (path, listed) = (path(), id.clone());
            match unlisted.insert(id, false) {
                None => return Err(ExpectedError::NoSuchTest { path, id: listed }),
                Some(false) => return Err(ExpectedError::Repeated { path, id: listed }),
                Some(true) if reason.trim().is_empty() => {
                    return Err(ExpectedError::NoReason { path, id: listed });
                }
                Some(true) => {}
            }
        }
        Ok(())
    }

    /// Returns why a test fails, if it is listed.
    #[must_use]
    pub fn reason(&self, id: &str) -> Option<&str> {
        let listed = self.failures.iter().find(|listed| listed.id == id);
        listed.map(|listed| listed.reason.as_str())
    }
}

/// Returns whether a name can be that of a file in a directory, and no path elsewhere.
fn is_file_name(name: &str) -> bool {
    let is_plain = |character: char| {
        character.is_ascii_alphanumeric() || matches!(character, '.' | '_' | '-' | '+')
    };
    !name.is_empty() && !name.starts_with('.') && name.chars().all(is_plain)
}
