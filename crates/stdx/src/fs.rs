//! Files that survive a crash, locks on files, and files that other users cannot open.

use std::{
    ffi::OsStr,
    fs::{DirBuilder, File, OpenOptions, TryLockError},
    io::{self, Read, Write},
    path::{Path, PathBuf},
};

use tempfile::NamedTempFile;

/// The beginning of the names of files that [`write_atomically`] has not finished. A process that
/// is killed may leave one behind.
pub const UNFINISHED_PREFIX: &str = ".unfinished-";

/// Forces a directory's entries to the disk: a file that was created, renamed or removed in it
/// stays so after a crash. Windows has no such call, and none is made: its file system keeps a
/// journal of names, so that a file is there under its old name or its new one, but the last
/// changes before a power failure may be lost.
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

/// Reads a file of at most `max_bytes`; `None` if it does not exist.
///
/// # Errors
///
/// The operating system's; [`io::ErrorKind::FileTooLarge`] if it has more.
pub fn read_up_to(path: &Path, max_bytes: usize) -> io::Result<Option<Vec<u8>>> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let mut content = Vec::new();
    file.take(max_bytes as u64 + 1).read_to_end(&mut content)?;
    match content.len() > max_bytes {
        true => {
            let reason = format!("it has more than {max_bytes} bytes");
            Err(io::Error::new(io::ErrorKind::FileTooLarge, reason))
        }
        false => Ok(Some(content)),
    }
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
/// The bytes go to a temporary file beside it, which is then renamed; a reader sees the old file or
/// the new one, never a part. Only its owner may read it (mode 0600). Windows has no modes: it has
/// the access rules of its directory, which in a user's profile are the same.
///
/// # Errors
///
/// The operating system's; the file is then as it was before.
pub fn write_atomically(path: &Path, bytes: &[u8], existing: Existing) -> io::Result<()> {
    persist(unfinished(path, bytes)?, path, existing)
}

/// Writes a new file as [`write_atomically`] with [`Existing::Keep`] does, but for everyone to read
/// (mode 0644).
///
/// # Errors
///
/// The operating system's; [`io::ErrorKind::AlreadyExists`] if the file is there, which then stays
/// as it is.
pub fn publish(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let file = unfinished(path, bytes)?;
    // before it has its name, so that no one finds it unreadable
    #[cfg(unix)]
    set_mode(file.path(), 0o644)?;
    persist(file, path, Existing::Keep)
}

/// A file that is written bit by bit, and whole or not at all, as [`write_atomically`] does at
/// once. When this is dropped before [`finish`](Self::finish), what was written is removed.
pub struct UnfinishedFile {
    file: NamedTempFile,
    path: PathBuf,
}

impl UnfinishedFile {
    /// Begins a file that will have this path.
    ///
    /// # Errors
    ///
    /// The operating system's.
    pub fn begin(path: &Path) -> io::Result<Self> {
        Ok(Self { file: temporary(path)?, path: path.to_owned() })
    }

    /// Forces the file to the disk and gives it its name.
    ///
    /// # Errors
    ///
    /// The operating system's; [`io::ErrorKind::AlreadyExists`] with [`Existing::Keep`].
    pub fn finish(self, existing: Existing) -> io::Result<()> {
        self.file.as_file().sync_all()?;
        persist(self.file, &self.path, existing)
    }
}

impl Write for UnfinishedFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

fn temporary(path: &Path) -> io::Result<NamedTempFile> {
    tempfile::Builder::new().prefix(UNFINISHED_PREFIX).tempfile_in(parent(path))
}

/// Writes the temporary file beside `path`.
fn unfinished(path: &Path, bytes: &[u8]) -> io::Result<NamedTempFile> {
    let mut file = temporary(path)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    Ok(file)
}

fn persist(file: NamedTempFile, path: &Path, existing: Existing) -> io::Result<()> {
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

/// Sets that a file which is created by these options can be opened by its owner only (mode 0600).
/// A file that every user may open is one that every user may lock.
pub fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options
}

/// Creates a directory and its missing parents, for their owner only (mode 0700). One that is there
/// stays as it is.
///
/// # Errors
///
/// The operating system's.
pub fn create_private_directory(path: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(path)
}

/// Takes a file or a directory from other users, if an older version or someone else has left it
/// open to them. Returns what to tell the user, in a sentence; `None` if there was nothing to do.
/// Devices and pipes are left as they are.
pub fn make_private(path: &Path) -> Option<String> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let metadata = std::fs::metadata(path).ok()?;
        let mode = metadata.permissions().mode();
        if mode & 0o077 == 0 || !(metadata.is_file() || metadata.is_dir()) {
            return None;
        }
        let path_shown = path.display();
        Some(match set_mode(path, mode & 0o700) {
            Ok(()) => format!(
                "{path_shown} was open to other users of this machine, who could have blocked it; it is now open to its \
                 owner only"
            ),
            Err(error) => format!(
                "{path_shown} is open to other users of this machine, who can block it, and its mode cannot be changed \
                 ({error}); have its owner run chmod go-rwx on it"
            ),
        })
    }
    // Windows has no modes: the access rules of a user's profile let only its owner in
    #[cfg(not(unix))]
    {
        let _ = path;
        None
    }
}

#[cfg(unix)]
fn set_mode(path: &Path, mode: u32) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode))
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
    fn a_file_is_read_up_to_a_limit() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("file");
        assert_eq!(read_up_to(&path, 3).unwrap(), None);
        std::fs::write(&path, b"one").unwrap();
        assert_eq!(read_up_to(&path, 3).unwrap().as_deref(), Some(&b"one"[..]));
        let refused = read_up_to(&path, 2).unwrap_err();
        assert_eq!(refused.kind(), io::ErrorKind::FileTooLarge);
        assert_eq!(refused.to_string(), "it has more than 2 bytes");
    }

    #[test]
    fn what_is_published_stays_and_is_for_everyone() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("file");
        publish(&path, b"one").unwrap();
        let refused = publish(&path, b"two").unwrap_err();
        assert_eq!(refused.kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(std::fs::read(&path).unwrap(), b"one");
        #[cfg(unix)]
        assert_eq!(mode_of(&path), 0o644);
    }

    #[cfg(unix)]
    fn mode_of(path: &Path) -> u32 {
        use std::os::unix::fs::PermissionsExt;
        std::fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn an_unfinished_file_has_no_name_until_it_is_finished() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("file");
        let mut file = UnfinishedFile::begin(&path).unwrap();
        file.write_all(b"half").unwrap();
        assert!(!path.exists());
        drop(file);
        assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 0);
        let mut file = UnfinishedFile::begin(&path).unwrap();
        file.write_all(b"whole").unwrap();
        file.finish(Existing::Keep).unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"whole");
        #[cfg(unix)]
        assert_eq!(mode_of(&path), 0o600);
    }

    #[cfg(unix)]
    #[test]
    fn what_is_created_is_private_and_what_was_open_is_closed_once() {
        let directory = tempfile::tempdir().unwrap();
        let (home, lock) = (directory.path().join("a/b"), directory.path().join("a/b/lock"));
        create_private_directory(&home).unwrap();
        private(File::options().create(true).write(true)).open(&lock).unwrap();
        assert_eq!([mode_of(&home), mode_of(&lock)], [0o700, 0o600]);
        assert_eq!(make_private(&home), None);
        for (path, open, closed) in [(&home, 0o755, 0o700), (&lock, 0o664, 0o600)] {
            set_mode(path, open).unwrap();
            let notice = make_private(path).unwrap();
            assert!(notice.contains("was open to other users"), "{notice}");
            assert_eq!(mode_of(path), closed);
            assert_eq!(make_private(path), None);
        }
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
