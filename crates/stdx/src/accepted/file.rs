//! What has been accepted, in a file that is only added to.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
    sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError},
};

use tempfile::NamedTempFile;

use super::{
    AcceptedOnce, MemoryFailure,
    entries::Entries,
    error::MemoryError,
    format::{Chain, header},
    known::{Known, key},
    read::{self, Contents, End, Form, ReadError},
    upgrade,
};
use crate::{
    fs::{LockError, UNFINISHED_PREFIX, is_disk_full, lock, make_private, private, sync_parent},
    head::{Head, HeadError, HeadFile, Mismatch},
};

/// A file of accepted things, locked as long as this lives.
///
/// An entry is on the disk before [`accept`](AcceptedOnce::accept) returns. A process that is
/// killed leaves all entries for which it has returned, and perhaps more. Threads that accept at
/// the same time share one write and one `fsync`, so that a slow disk bounds the delay and not the
/// number.
///
/// In memory it takes 16 bytes for each entry.
///
/// The first line of the file names its form, and each entry has a check with it; what is damaged
/// is refused, with the number of the line. A file of an older version, with an entry in each line
/// and nothing else, is rewritten when it is opened.
///
/// A [head](crate::head) beside the file, `<name>.head`, counts the entries, so that a file which
/// was shortened or emptied is refused too. It is made for a file that has none.
#[derive(Debug)]
pub struct AcceptedFile {
    entries: Entries,
    path: PathBuf,
    file: File,
    /// Used by the thread that writes.
    head: Mutex<HeadFile>,
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
    /// The number of whole lines that hold an entry.
    count: u64,
    /// The hash of the last of them.
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
        let form = Form::of(&file, entries).map_err(failed)?;
        let rewritten = match form {
            Form::Other => Some(rewritten(&file, path, entries)?),
            Form::Current | Form::New => None,
        };
        let current = rewritten.as_ref().map_or(&file, NamedTempFile::as_file);
        let head_path = head_path(path).map_err(failed)?;
        let saved = read_head(&head_path, path, entries)?;
        let counted = saved.map(|head| head.count);
        let contents = read::contents(current, entries, counted).map_err(|error| match error {
            ReadError::Io(source) => failed(source),
            ReadError::Damaged(line) => {
                MemoryError::Damaged { path: path.to_owned(), many: entries.many, line }
            }
        })?;
        check_head(saved, &contents, &head_path, path, entries)?;

        // nothing has been changed so far
        let file = match (form, rewritten) {
            (_, Some(rewritten)) => replaced(rewritten, path)?,
            (Form::New, None) => begin(file, entries).map_err(unwritten)?,
            (_, None) => file,
        };
        let Contents { known, chain, count, length, end, .. } = contents;
        let length = repair_end(&file, length, end)
            .and_then(|length| sync_parent(path).map(|()| length))
            .map_err(unwritten)?;
        let head = Head { count, hash: chain.hash() };
        if saved != Some(head) {
            // what the head counts is on the disk before the head; a crash may have left it behind
            file.sync_data().map_err(unwritten)?;
        }
        let head = HeadFile::open(&head_path, entries.many, &head)
            .map_err(|source| MemoryError::Write { path: head_path, source })?;
        let state = State {
            known,
            next: Vec::new(),
            outcome: Outcome::default(),
            is_writing: false,
            count,
            chain,
            length,
            is_torn: false,
        };
        Ok(Self {
            entries,
            path: path.to_owned(),
            file,
            head: Mutex::new(head),
            notices,
            state: Mutex::new(state),
            written: Condvar::new(),
        })
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
        let (mut chain, count) = (state.chain.clone(), state.count + entries.len() as u64);
        let (length, is_torn) = (state.length, state.is_torn);
        drop(state);

        let mut lines = Vec::new();
        for entry in &entries {
            chain.write(entry, &mut lines);
        }
        let kept = self.append(&lines, is_torn.then_some(length));
        if kept.is_ok() {
            // The entries are on the disk, whether or not the head can be written. It may be
            // behind: the next one, or the next process that opens the file, writes it again.
            let mut head = self.head.lock().unwrap_or_else(PoisonError::into_inner);
            let _ = head.save(&Head { count, hash: chain.hash() });
        }

        let mut state = self.state();
        state.is_writing = false;
        match &kept {
            Ok(()) => {
                state.chain = chain;
                state.count = count;
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
            false => "check that it can be written",
        };
        MemoryFailure::new(format!(
            "cannot write the file of {}, {}: {error}; {advice}, and verify again, because nothing is decided",
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

/// Writes a file of an older version in the current form, beside it. The new file is locked before
/// it gets the name.
fn rewritten(old: &File, path: &Path, entries: Entries) -> Result<NamedTempFile, MemoryError> {
    let failed = |source| MemoryError::Use { path: path.to_owned(), source };
    let unwritten = |source: io::Error| match source.kind() {
        io::ErrorKind::InvalidData => failed(source),
        _ => MemoryError::Write { path: path.to_owned(), source },
    };
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
    Ok(temporary)
}

/// Gives a rewritten file its name.
fn replaced(rewritten: NamedTempFile, path: &Path) -> Result<File, MemoryError> {
    // a name that is a link stays one
    let place = fs::canonicalize(path);
    let persisted =
        place.and_then(|place| rewritten.persist(place).map_err(|failure| failure.error));
    persisted.map_err(|source| MemoryError::Write { path: path.to_owned(), source })
}

/// Returns the path of a file's head: the same for all names that lead to the file.
fn head_path(path: &Path) -> io::Result<PathBuf> {
    let mut name = fs::canonicalize(path)?.into_os_string();
    name.push(".head");
    Ok(name.into())
}

fn read_head(head: &Path, path: &Path, entries: Entries) -> Result<Option<Head>, MemoryError> {
    HeadFile::read(head, entries.many).map_err(|error| match error {
        HeadError::Io(source) => MemoryError::Use { path: head.to_owned(), source },
        HeadError::Damaged => head_damaged(head, path, entries),
    })
}

/// Checks that a file has at least the entries that its head counts.
fn check_head(
    saved: Option<Head>,
    contents: &Contents,
    head: &Path,
    path: &Path,
    entries: Entries,
) -> Result<(), MemoryError> {
    let Some(saved) = saved else {
        return Ok(());
    };
    saved.check(contents.counted.as_ref()).map_err(|mismatch| match mismatch {
        Mismatch::Other => head_damaged(head, path, entries),
        Mismatch::Shortened => MemoryError::Shortened {
            path: path.to_owned(),
            many: entries.many,
            head: head.to_owned(),
            expected: saved.count,
            found: contents.count,
        },
    })
}

fn head_damaged(head: &Path, path: &Path, entries: Entries) -> MemoryError {
    let (head, path) = (head.to_owned(), path.to_owned());
    MemoryError::HeadDamaged { path, many: entries.many, head }
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
