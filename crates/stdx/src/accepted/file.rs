//! What has been accepted, in a file that is only added to.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
    sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError},
};

use super::{
    AcceptedOnce, MemoryFailure,
    entries::Entries,
    format::{Chain, header},
    known::{Known, key},
    read::{self, Contents, End, Form, ReadError},
    upgrade,
};
use crate::fs::{
    LockError, UNFINISHED_PREFIX, is_disk_full, lock, make_private, private, sync_parent,
};

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
    /// A line of it was changed, lost or moved.
    #[error(
        "{} is damaged at line {line}: its check does not follow; restore it from a copy: with a new file for {many}, \
         what was accepted before would be accepted a second time",
        path.display()
    )]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What it holds.
        many: &'static str,
        /// The number of the line, counted from 1.
        line: u64,
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
/// An entry is on the disk before [`accept`](AcceptedOnce::accept) returns. A process that is killed leaves all entries
/// for which it has returned, and perhaps more. Threads that accept at the same time
/// share one write and one `fsync`, so that a slow disk bounds the delay and not the number.
///
/// In memory it takes 16 bytes for each entry.
///
/// The first line of the file names its form, and each entry has a check with it; what is damaged is refused, with the
/// number of the line. A file of an older version, with an entry in each line and nothing else, is rewritten when it is
/// opened.
#[derive(Debug)]
pub struct AcceptedFile {
    entries: Entries,
    path: PathBuf,
    file: File,
    notices: Vec<String>,
    state: Mutex<State>,
    /// Some lines have been written.
    written: Condvar,
}

#[derive(Debug)]
struct State {
    /// All entries, those among them that are not yet on the disk.
    known: Known,
    /// What is to be written next.
    next: Vec<String>,
    /// How that went; each waiting thread holds a copy.
    outcome: Outcome,
    /// Whether a thread is writing.
    is_writing: bool,
    /// The hash of the last whole line.
    chain: Chain,
    /// The length of all whole lines.
    length: u64,
    /// Whether there may be something after the whole lines, because it could not be written.
    is_torn: bool,
}

/// How it went to write some lines; empty until they are written.
type Outcome = Arc<OnceLock<Result<(), MemoryFailure>>>;

impl AcceptedFile {
    /// Opens a file of accepted things; one that is not there is made, for its owner only.
    ///
    /// # Errors
    ///
    /// [`MemoryError`]. A file that is damaged, or holds anything else, is left as it is.
    pub fn open(path: &Path, entries: Entries) -> Result<Self, MemoryError> {
        let file = locked(path, entries.many)?;
        let notices = Vec::from_iter(make_private(path));
        let failed = |source| MemoryError::Use { path: path.to_owned(), source };
        let unwritten = |source| MemoryError::Write { path: path.to_owned(), source };
        let file = match Form::of(&file, entries).map_err(failed)? {
            Form::Current => file,
            Form::New => begin(file, entries).map_err(unwritten)?,
            Form::Other => upgraded(&file, path, entries)?,
        };
        let contents = read::contents(&file, entries).map_err(|error| match error {
            ReadError::Io(source) => failed(source),
            ReadError::Damaged(line) => {
                MemoryError::Damaged { path: path.to_owned(), many: entries.many, line }
            }
        })?;
        let Contents { known, chain, length, end } = contents;
        let length = repair_end(&file, length, end)
            .and_then(|length| sync_parent(path).map(|()| length))
            .map_err(unwritten)?;
        let state = State {
            known,
            next: Vec::new(),
            outcome: Outcome::default(),
            is_writing: false,
            chain,
            length,
            is_torn: false,
        };
        let (path, state) = (path.to_owned(), Mutex::new(state));
        Ok(Self { entries, path, file, notices, state, written: Condvar::new() })
    }

    /// Returns what opening it has changed, each a sentence for the user.
    pub fn notices(&self) -> &[String] {
        &self.notices
    }

    /// Writes what has gathered, for all who wait. Meanwhile others may gather more.
    fn write<'s>(&'s self, mut state: MutexGuard<'s, State>) -> MutexGuard<'s, State> {
        state.is_writing = true;
        let entries = std::mem::take(&mut state.next);
        let outcome = std::mem::take(&mut state.outcome);
        let (mut chain, length, is_torn) = (state.chain.clone(), state.length, state.is_torn);
        drop(state);

        let mut lines = Vec::new();
        for entry in &entries {
            chain.write(entry, &mut lines);
        }
        let kept = self.append(&lines, is_torn.then_some(length));

        let mut state = self.state();
        state.is_writing = false;
        match &kept {
            Ok(()) => {
                state.chain = chain;
                state.length += lines.len() as u64;
                state.is_torn = false;
                if state.next.is_empty() {
                    state.known.merge();
                }
            }
            Err(_) => {
                // what was written of it does not count, here or after a restart
                state.is_torn = self.file.set_len(length).is_err();
                for entry in &entries {
                    state.known.remove(key(entry));
                }
            }
        }
        // this thread alone holds what it took, so that nothing was told before
        let _ = outcome.set(kept.map_err(|error| self.failure(&error)));
        self.written.notify_all();
        state
    }

    /// Appends lines; first cuts off what an earlier failure has left after the whole ones.
    fn append(&self, lines: &[u8], whole: Option<u64>) -> io::Result<()> {
        if let Some(length) = whole {
            self.file.set_len(length)?;
        }
        (&self.file).write_all(lines)?;
        self.file.sync_data()
    }

    fn failure(&self, error: &io::Error) -> MemoryFailure {
        let advice = match is_disk_full(error) {
            true => "free some space on its disk",
            false => "see that it can be written",
        };
        MemoryFailure::new(format!(
            "cannot write the file of {}, {}: {error}; {advice}, and verify again, for nothing is decided",
            self.entries.many,
            self.path.display()
        ))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl AcceptedOnce for AcceptedFile {
    /// Returns whether something has been accepted, or is being accepted now. Never fails.
    fn contains(&self, entry: &str) -> Result<bool, MemoryFailure> {
        Ok(self.state().known.contains(key(entry)))
    }

    fn accept(&self, entry: &str) -> Result<bool, MemoryFailure> {
        if !self.entries.accepts(entry) {
            return Err(MemoryFailure::new(format!(
                "{entry:?} is no {} that can be written in a line",
                self.entries.one
            )));
        }
        let mut state = self.state();
        if !state.known.insert(key(entry)) {
            return Ok(false);
        }
        state.next.push(entry.to_owned());
        let mine = Arc::clone(&state.outcome);
        loop {
            if let Some(outcome) = mine.get() {
                return outcome.clone().map(|()| true);
            }
            state = if state.is_writing {
                let waited = self.written.wait(state);
                waited.unwrap_or_else(PoisonError::into_inner)
            } else {
                self.write(state)
            };
        }
    }
}

/// Opens and locks a file.
fn locked(path: &Path, many: &'static str) -> Result<File, MemoryError> {
    let owned = || path.to_owned();
    loop {
        let mut options = OpenOptions::new();
        let options = private(options.read(true).append(true).create(true));
        let file = match options.open(path) {
            Ok(file) => file,
            Err(source) => return Err(MemoryError::Open { path: owned(), many, source }),
        };
        match lock(&file) {
            Ok(()) if is_at(&file, path) => return Ok(file),
            // another process has rewritten it in between
            Ok(()) => {}
            Err(LockError::InUse) => return Err(MemoryError::InUse { path: owned(), many }),
            Err(LockError::Unsupported(source)) => {
                return Err(MemoryError::Lock { path: owned(), many, source });
            }
        }
    }
}

/// Returns whether an open file is the one that has this name now.
fn is_at(file: &File, path: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        match (file.metadata(), fs::metadata(path)) {
            (Ok(open), Ok(named)) => (open.dev(), open.ino()) == (named.dev(), named.ino()),
            _ => false,
        }
    }
    #[cfg(not(unix))]
    {
        let _ = (file, path);
        true
    }
}

/// Writes the first line.
fn begin(mut file: File, entries: Entries) -> io::Result<File> {
    file.set_len(0)?;
    file.write_all(header(entries.many).as_bytes())?;
    file.sync_all()?;
    Ok(file)
}

/// Replaces a file of an older version by one of the current form, which is locked before it has the name.
fn upgraded(old: &File, path: &Path, entries: Entries) -> Result<File, MemoryError> {
    let failed = |source| MemoryError::Use { path: path.to_owned(), source };
    let unwritten = |source: io::Error| match source.kind() {
        io::ErrorKind::InvalidData => failed(source),
        _ => MemoryError::Write { path: path.to_owned(), source },
    };
    // a name that is a link stays one
    let place = fs::canonicalize(path).map_err(failed)?;
    let directory = place.parent().unwrap_or(&place);
    let temporary = tempfile::Builder::new()
        .prefix(UNFINISHED_PREFIX)
        .append(true)
        .tempfile_in(directory)
        .map_err(unwritten)?;
    upgrade::rewrite(old, entries, temporary.as_file())
        .and_then(|()| temporary.as_file().sync_all())
        .map_err(unwritten)?;
    lock(temporary.as_file()).map_err(|error| unwritten(io::Error::other(error)))?;
    temporary.persist(&place).map_err(|failure| unwritten(failure.error))
}

/// Ends the last line, or removes what is left of it; returns the length of the file.
fn repair_end(mut file: &File, length: u64, end: End) -> io::Result<u64> {
    match end {
        End::Whole => return Ok(length),
        End::Unended => file.write_all(b"\n")?,
        End::CutOff => file.set_len(length)?,
    }
    file.sync_all()?;
    Ok(match end {
        End::Unended => length + 1,
        _ => length,
    })
}
