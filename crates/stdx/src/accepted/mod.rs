//! What has been accepted, in a file: one entry a line, only ever added to.
//!
//! A program that accepts something only once needs a memory that outlives the process: of nonces of
//! presentations, or ids of answered requests. [`AcceptedFile`] is that memory; what an entry is, is for [`Entries`] to say.

mod read;
#[cfg(test)]
mod tests;

use std::{
    collections::HashSet,
    fs::{File, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
    sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError},
};

use crate::fs::{LockError, is_disk_full, lock, sync_parent};

/// What the lines of a file are: how to recognise them, and what to call them.
#[derive(Debug, Clone, Copy)]
pub struct Entries {
    /// What one is called, as "nonce".
    pub one: &'static str,
    /// What they are called, as "used nonces".
    pub many: &'static str,
    /// The greatest length, in bytes.
    pub longest: usize,
    /// Whether a text is one. It accepts no text with white space in it, for an entry is a line; and of each
    /// entry it accepts every beginning but the empty one, for a line may be cut off when a run is killed.
    pub is_one: fn(&str) -> bool,
}

impl Entries {
    fn accepts(&self, text: &str) -> bool {
        text.len() <= self.longest && !text.contains(char::is_whitespace) && (self.is_one)(text)
    }
}

/// Why a file of accepted things cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum MemoryError {
    /// It cannot be opened or made.
    #[error("cannot open {}; name a file for {many} that you may read and write", path.display())]
    Open {
        /// The file.
        path: PathBuf,
        /// What it should hold.
        many: &'static str,
        /// Why.
        source: io::Error,
    },
    /// Another process, or another part of this one, holds it.
    #[error("another program is using {}; wait until it ends, or name another file for {many}", path.display())]
    InUse {
        /// The file.
        path: PathBuf,
        /// What it should hold.
        many: &'static str,
    },
    /// Its disk knows no locks.
    #[error("cannot lock {}; name a file for {many} on another disk", path.display())]
    Lock {
        /// The file.
        path: PathBuf,
        /// What it should hold.
        many: &'static str,
        /// Why.
        source: io::Error,
    },
    /// It cannot be read, or holds something else.
    #[error("cannot use {}", path.display())]
    Use {
        /// The file.
        path: PathBuf,
        /// Why, and what to do.
        source: io::Error,
    },
    /// It cannot be written.
    #[error("cannot write {}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// A file of accepted things, locked as long as this lives.
///
/// An entry is on the disk before [`accept`](Self::accept) returns. A process that is killed leaves all entries
/// for which it has returned, and perhaps more. Threads that accept at the same time
/// share one write and one `fsync`, so that a slow disk bounds the delay and not the number.
///
/// All entries are in memory as well, without a bound.
#[derive(Debug)]
pub struct AcceptedFile {
    entries: Entries,
    file: File,
    state: Mutex<State>,
    /// Some lines have been written.
    written: Condvar,
}

#[derive(Debug)]
struct State {
    /// All entries, those among them that are not yet on the disk.
    known: HashSet<String>,
    /// What is to be written next.
    next: Vec<String>,
    /// How that went; each waiting thread holds a copy.
    outcome: Outcome,
    /// Whether a thread is writing.
    is_writing: bool,
    /// Whether the last line may be without its end, because it could not be written.
    is_torn: bool,
}

/// How it went to write some lines; empty until they are written.
type Outcome = Arc<OnceLock<Result<(), String>>>;

impl AcceptedFile {
    /// Opens a file of accepted things; one that is not there is made.
    ///
    /// # Errors
    ///
    /// [`MemoryError`]. A file that holds anything else is left as it is.
    pub fn open(path: &Path, entries: Entries) -> Result<Self, MemoryError> {
        let many = entries.many;
        let file = locked(path, many)?;
        let known = read::entries(&file, entries)
            .map_err(|source| MemoryError::Use { path: path.to_owned(), source })?;
        read::end_last_line(&file)
            .and_then(|()| sync_parent(path))
            .map_err(|source| MemoryError::Write { path: path.to_owned(), source })?;
        let state = State {
            known,
            next: Vec::new(),
            outcome: Outcome::default(),
            is_writing: false,
            is_torn: false,
        };
        Ok(Self { entries, file, state: Mutex::new(state), written: Condvar::new() })
    }

    /// Whether something has been accepted, or is being accepted now.
    pub fn contains(&self, entry: &str) -> bool {
        self.state().known.contains(entry)
    }

    /// Accepts something, and returns when it is on the disk. `false` if it was accepted before: of several who
    /// ask at the same time, one gets `true`. The thread waits for the disk.
    ///
    /// # Errors
    ///
    /// Why it cannot be written, as a clause. It is then not accepted.
    pub fn accept(&self, entry: &str) -> Result<bool, String> {
        let Entries { one, many, .. } = self.entries;
        if !self.entries.accepts(entry) {
            return Err(format!("{entry:?} is no {one} that can be written in a line"));
        }
        let mut state = self.state();
        if !state.known.insert(entry.to_owned()) {
            return Ok(false);
        }
        state.next.push(entry.to_owned());
        let mine = Arc::clone(&state.outcome);
        loop {
            if let Some(outcome) = mine.get() {
                let told = outcome.clone();
                return told
                    .map(|()| true)
                    .map_err(|error| format!("the file of {many} cannot be written: {error}"));
            }
            state = if state.is_writing {
                let waited = self.written.wait(state);
                waited.unwrap_or_else(PoisonError::into_inner)
            } else {
                self.write(state)
            };
        }
    }

    /// Writes what has gathered, for all who wait. Meanwhile others may gather more.
    fn write<'s>(&'s self, mut state: MutexGuard<'s, State>) -> MutexGuard<'s, State> {
        state.is_writing = true;
        let entries = std::mem::take(&mut state.next);
        let outcome = std::mem::take(&mut state.outcome);
        let is_torn = state.is_torn;
        drop(state);

        let before = if is_torn { "\n" } else { "" };
        let lines = format!("{before}{}\n", entries.join("\n"));
        let kept = (&self.file).write_all(lines.as_bytes()).and_then(|()| self.file.sync_data());

        let mut state = self.state();
        state.is_writing = false;
        state.is_torn = kept.is_err();
        if kept.is_err() {
            for entry in &entries {
                state.known.remove(entry);
            }
        }
        // this thread alone holds what it took, so that nothing was told before
        let _ = outcome.set(kept.map_err(|error| match is_disk_full(&error) {
            true => format!("{error}: free some space on its disk"),
            false => error.to_string(),
        }));
        self.written.notify_all();
        state
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn locked(path: &Path, many: &'static str) -> Result<File, MemoryError> {
    let path = path.to_owned();
    let mut options = OpenOptions::new();
    options.read(true).append(true).create(true);
    let file = match options.open(&path) {
        Ok(file) => file,
        Err(source) => return Err(MemoryError::Open { path, many, source }),
    };
    match lock(&file) {
        Ok(()) => Ok(file),
        Err(LockError::InUse) => Err(MemoryError::InUse { path, many }),
        Err(LockError::Unsupported(source)) => Err(MemoryError::Lock { path, many, source }),
    }
}
