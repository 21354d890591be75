//! What is accepted only once: nonces of presentations, requests that have been answered.
//!
//! [`AcceptedOnce`] is the memory that a verifier needs for this. [`AcceptedInMemory`] ends with
//! the process; [`AcceptedFile`] outlives it.

#[cfg(feature = "fs")]
mod entries;
#[cfg(feature = "fs")]
mod error;
#[cfg(feature = "fs")]
mod file;
#[cfg(feature = "fs")]
mod format;
#[cfg(feature = "fs")]
mod known;
#[cfg(feature = "fs")]
mod read;
#[cfg(all(test, feature = "fs"))]
mod tests;
#[cfg(feature = "fs")]
mod upgrade;

use std::{
    collections::BTreeSet,
    sync::{Mutex, PoisonError},
};

#[cfg(feature = "fs")]
pub use entries::Entries;
#[cfg(feature = "fs")]
pub use error::MemoryError;
#[cfg(feature = "fs")]
pub use file::AcceptedFile;

/// A memory of what has been accepted. Both functions may block, for example on a disk.
///
/// To use a database, implement this over a table whose key is the entry.
pub trait AcceptedOnce: Send + Sync {
    /// Returns whether something has been accepted before.
    ///
    /// # Errors
    ///
    /// The memory cannot be read.
    fn contains(&self, entry: &str) -> Result<bool, MemoryFailure>;

    /// Records that something is accepted, and returns when that is stored. `false` if it was
    /// accepted before: of several concurrent calls, one returns `true`.
    ///
    /// # Errors
    ///
    /// The memory cannot be written; nothing is accepted.
    fn accept(&self, entry: &str) -> Result<bool, MemoryFailure>;
}

/// A memory cannot be read or written. This says nothing about what was to be accepted: it is
/// neither accepted nor rejected.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct MemoryFailure(String);

impl MemoryFailure {
    /// Returns a failure: what happened, to what, and what to do.
    pub fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }
}

/// Keeps what was accepted until the process ends, without a limit.
#[derive(Debug, Default)]
pub struct AcceptedInMemory {
    accepted: Mutex<BTreeSet<String>>,
}

impl AcceptedInMemory {
    /// Returns an empty memory.
    pub fn new() -> Self {
        Self::default()
    }
}

impl AcceptedOnce for AcceptedInMemory {
    fn contains(&self, entry: &str) -> Result<bool, MemoryFailure> {
        let accepted = self.accepted.lock();
        Ok(accepted.unwrap_or_else(PoisonError::into_inner).contains(entry))
    }

    fn accept(&self, entry: &str) -> Result<bool, MemoryFailure> {
        let accepted = self.accepted.lock();
        Ok(accepted.unwrap_or_else(PoisonError::into_inner).insert(entry.to_owned()))
    }
}
