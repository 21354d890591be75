//! Files that survive a crash, and locks on files.

use std::{
    ffi::OsStr,
    fs::{File, TryLockError},
    io::{self, Write},
    path::Path,
};

/// The beginning of the names of files that [`write_atomically`] has not finished. A process that is killed may
/// leave one behind.
pub const UNFINISHED_PREFIX: &str = ".unfinished-";

/// Forces a directory's entries to the disk: a file that was created, renamed or removed in it stays so
/// after a crash. Windows has no such call, and none is made: its file system keeps a journal of names, so that a file
/// is there under its old name or its new one, but the last changes before a power failure may be lost.
///
/// # Errors
///
/// The operating system's.
pub fn sync_directory(directory: &Path) -> io::Result<()> {
    #[cfg(unix)]
    {
        // the parent of a bare file name is the empty path
        let directory = match directory.as_os_str() == OsStr::new("") {
            true => Path::new("."),
            false => directory,
        };
        File::open(directory)?.sync_all()?;
    }
    // Windows opens no directory as a file
    #[cfg(not(unix))]
    let _ = (directory, OsStr::new(""));
    Ok(())
}

/// The same for the directory that holds `file`.
///
/// # Errors
///
/// The operating system's.
pub fn sync_parent(file: &Path) -> io::Result<()> {
    sync_directory(parent(file))
}

/// Returns whether an error says that the disk is full, or the user's quota of it used up.
pub fn is_disk_full(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
}

/// What becomes of a file that is already there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Existing {
    /// It is replaced, in one step.
    Replace,
    /// It stays, and the write fails with [`io::ErrorKind::AlreadyExists`].
    Keep,
}

/// Writes a file whole or not at all, and returns when it is on the disk.
///
/// The bytes go to a temporary file beside it, which is then renamed; a reader sees the old file or the new one, never a
/// part. Only its owner may read it (mode 0600). Windows has no modes: it has the access rules of its directory, which in
/// a user's profile are the same.
///
/// # Errors
///
/// The operating system's; the file is then as it was before.
pub fn write_atomically(path: &Path, bytes: &[u8], existing: Existing) -> io::Result<()> {
    let mut file = tempfile::Builder::new().prefix(UNFINISHED_PREFIX).tempfile_in(parent(path))?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    match existing {
        Existing::Replace => file.persist(path),
        Existing::Keep => file.persist_noclobber(path),
    }
    .map_err(|failure| failure.error)?;
    sync_parent(path)
}

/// Why a file could not be locked.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// Another holder has the lock: another process, or another part of this one.
    #[error("it is in use")]
    InUse,
    /// The file system supports no locks.
    #[error("it cannot be locked")]
    Unsupported(#[source] io::Error),
}

/// Takes the exclusive lock of a file without waiting. It is held until the file is closed.
///
/// # Errors
///
/// [`LockError`].
pub fn lock(file: &File) -> Result<(), LockError> {
    file.try_lock().map_err(|error| match error {
        TryLockError::WouldBlock => LockError::InUse,
        TryLockError::Error(error) => LockError::Unsupported(error),
    })
}

fn parent(path: &Path) -> &Path {
    match path.parent() {
        Some(directory) if directory != Path::new("") => directory,
        _ => Path::new("."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_atomic_write_replaces_or_keeps_as_asked() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("file");
        write_atomically(&path, b"one", Existing::Keep).unwrap();
        let refused = write_atomically(&path, b"two", Existing::Keep).unwrap_err();
        assert_eq!(refused.kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(std::fs::read(&path).unwrap(), b"one");
        write_atomically(&path, b"two", Existing::Replace).unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"two");
        // no temporary file stays behind
        assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_second_lock_is_refused_until_the_first_file_is_closed() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("lock");
        let first = File::create(&path).unwrap();
        let second = File::create(&path).unwrap();
        lock(&first).unwrap();
        assert!(matches!(lock(&second), Err(LockError::InUse)));
        drop(first);
        lock(&second).unwrap();
    }
}
