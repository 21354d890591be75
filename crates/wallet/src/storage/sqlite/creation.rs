//! The hidden directory in which a new wallet is written.

use std::{
    fs::{self, File},
    io::{self, ErrorKind},
    path::{Path, PathBuf},
};

use stdx::fs::{LockError, create_private_directory, lock, private};
use uuid::Uuid;

/// The file in the directory that is locked while the wallet is being written.
const LOCK_FILE: &str = "lock";

/// A hidden directory for one store that is being written; dropping it removes it with its
/// contents.
pub(super) struct CreationDirectory {
    path: PathBuf,
    /// Locked: the directory of a creation that was killed is one whose lock is free.
    _lock: File,
}

impl CreationDirectory {
    /// Creates the directory beside the wallet `id`, in the wallet's own directory.
    pub(super) fn create(directory: &Path, id: &str) -> io::Result<Self> {
        loop {
            let path = directory.join(format!("{}{}", prefix(id), Uuid::new_v4()));
            create_private_directory(&path)?;
            let lock_path = path.join(LOCK_FILE);
            let file = match private(File::options().write(true).create(true)).open(&lock_path) {
                Ok(file) => file,
                // another creation took the directory, not locked yet, for one that was left behind
                Err(error) if error.kind() == ErrorKind::NotFound => continue,
                Err(error) => return Err(error),
            };
            let is_ours = match lock(&file) {
                Ok(()) => lock_path.exists(),
                Err(LockError::InUse) => false,
                // where nothing can be locked, nothing is removed either
                Err(LockError::Unsupported(_)) => true,
            };
            if is_ours {
                return Ok(Self { path, _lock: file });
            }
        }
    }

    /// Removes the directories of creations of this wallet that were killed. One that is still
    /// running is left alone.
    pub(super) fn remove_leftovers(directory: &Path, id: &str) -> io::Result<()> {
        let prefix = prefix(id);
        for entry in fs::read_dir(directory)? {
            let entry = entry?;
            if !entry.file_name().to_string_lossy().starts_with(&prefix) {
                continue;
            }
            match remove_leftover(&entry.path()) {
                Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        Ok(())
    }

    /// The file of the new store.
    pub(super) fn store(&self) -> PathBuf {
        self.path.join("new.sqlite")
    }
}

impl Drop for CreationDirectory {
    fn drop(&mut self) {
        // A directory that cannot be removed does no harm: nothing reads it, and the next creation
        // tries again.
        let _ = fs::remove_dir_all(&self.path);
    }
}

fn remove_leftover(path: &Path) -> io::Result<()> {
    // Made if it is not there, so that a creation that has not come to its lock finds it taken, or
    // its directory gone.
    let file = private(File::options().write(true).create(true)).open(path.join(LOCK_FILE))?;
    match lock(&file) {
        Ok(()) => fs::remove_dir_all(path),
        Err(_) => Ok(()),
    }
}

fn prefix(id: &str) -> String {
    format!(".{id}.creating-")
}
