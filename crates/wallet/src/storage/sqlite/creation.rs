//! The hidden directory in which a new wallet is written.

use std::{
    fs,
    io::{self, ErrorKind},
    path::{Path, PathBuf},
};

use uuid::Uuid;

/// A hidden directory for one store that is being written; dropping it removes it with its contents.
pub(super) struct CreationDirectory(PathBuf);

impl CreationDirectory {
    /// Creates the directory beside the wallet `id`, in the wallet's own directory.
    pub(super) fn create(directory: &Path, id: &str) -> io::Result<Self> {
        let path = directory.join(format!("{}{}", prefix(id), Uuid::new_v4()));
        fs::create_dir(&path)?;
        Ok(Self(path))
    }

    /// Removes the directories of creations of this wallet that were killed.
    pub(super) fn remove_leftovers(directory: &Path, id: &str) -> io::Result<()> {
        let prefix = prefix(id);
        for entry in fs::read_dir(directory)? {
            let entry = entry?;
            if !entry.file_name().to_string_lossy().starts_with(&prefix) {
                continue;
            }
            match fs::remove_dir_all(entry.path()) {
                Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        Ok(())
    }

    /// The file of the new store.
    pub(super) fn store(&self) -> PathBuf {
        self.0.join("new.sqlite")
    }
}

impl Drop for CreationDirectory {
    fn drop(&mut self) {
        // A directory that cannot be removed does no harm: nothing reads it.
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn prefix(id: &str) -> String {
    format!(".{id}.creating-")
}
