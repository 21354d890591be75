//! Files that exist whole or not at all, under names that no client chooses.

use std::{
    fs::File,
    io::{self, Read},
    path::{Path, PathBuf},
};

use sha2::{Digest, Sha256};
use stdx::fs::{Existing, create_private_directory, write_atomically};
use uuid::Uuid;

/// Why a file of a store cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// The operating system fails.
    #[error("cannot {action} {path}: {source}; see that the directory exists, has space, and may be read and written", path = path.display())]
    Io {
        /// What was tried, for example "write".
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// It exists already.
    #[error("{path} exists already: the id has been used; make a new request with another id", path = path.display())]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// Its content does not belong there.
    #[error("{path} cannot be used: {reason}; remove it or put the right one there", path = path.display())]
    Corrupt {
        /// The file.
        path: PathBuf,
        /// Why, as a clause.
        reason: String,
    },
    /// Another process uses the directory.
    #[error("another server is using {path}; stop it, or use another directory", path = path.display())]
    InUse {
        /// The directory.
        path: PathBuf,
    },
}

impl FileError {
    pub(crate) fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { action, path, source }
    }

    pub(crate) fn corrupt(path: &Path, reason: impl Into<String>) -> Self {
        Self::Corrupt { path: path.to_owned(), reason: reason.into() }
    }
}

/// Returns the file for an id in a directory.
pub(crate) fn path_of(directory: &Path, id: &str) -> PathBuf {
    directory.join(name_of(id))
}

/// Returns the file name for an id. An id is a UUID or a URI, or any text that a client sends: a UUID in its usual
/// form is its own name; of any other text the name is the SHA-256 sum, so that no id leads out of the directory, and
/// no two ids meet on a file system that ignores case.
fn name_of(id: &str) -> String {
    let mut usual = Uuid::encode_buffer();
    if let Ok(uuid) = Uuid::parse_str(id)
        && uuid.as_hyphenated().encode_lower(&mut usual) == id
    {
        return format!("{id}.json");
    }
    format!("sha256-{:x}.json", Sha256::digest(id))
}

/// Creates a directory and its missing parents, for their owner only: what is in it may be private, and who can open a
/// file can lock it.
pub(crate) fn create_directory(path: &Path) -> Result<(), FileError> {
    create_private_directory(path).map_err(FileError::io("create the directory", path))
}

/// Writes a file that does not exist yet, so that a crash leaves all of it or nothing. `false` if it exists: of two
/// concurrent calls, one returns `true`.
pub(crate) fn write_new(path: &Path, content: &[u8]) -> Result<bool, FileError> {
    match write_atomically(path, content, Existing::Keep) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(FileError::io("write", path)(error)),
    }
}

/// Reads a file of at most `limit` bytes. `None` if it does not exist.
pub(crate) fn read(path: &Path, limit: usize) -> Result<Option<Vec<u8>>, FileError> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(FileError::io("read", path)(error)),
    };
    let mut content = Vec::new();
    file.take(limit as u64 + 1).read_to_end(&mut content).map_err(FileError::io("read", path))?;
    match content.len() > limit {
        true => Err(FileError::corrupt(path, format!("it has more than {limit} bytes"))),
        false => Ok(Some(content)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uuid_is_its_own_file_name() {
        let id = "eedeec15-c364-4e4c-b7a7-871413e412f9";
        assert_eq!(name_of(id), format!("{id}.json"));
    }

    #[test]
    fn no_other_id_is_part_of_its_file_name() {
        let hostile = [
            "../../etc/passwd",
            "/etc/passwd",
            "",
            ".",
            "..",
            "a\0b",
            "EEDEEC15-C364-4E4C-B7A7-871413E412F9",
            "{eedeec15-c364-4e4c-b7a7-871413e412f9}",
            "eedeec15c3644e4cb7a7871413e412f9",
            "urn:uuid:eedeec15-c364-4e4c-b7a7-871413e412f9",
            "CON",
        ];
        let mut seen = std::collections::BTreeSet::new();
        for id in hostile {
            let name = name_of(id);
            assert_eq!(name.len(), "sha256-".len() + 64 + ".json".len(), "{id:?}");
            assert!(name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-.".contains(&byte)));
            assert!(seen.insert(name), "{id:?}");
        }
    }

    #[test]
    fn a_file_is_written_once_and_nothing_unfinished_stays() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("one.json");
        assert!(write_new(&path, b"first").unwrap());
        assert!(!write_new(&path, b"second").unwrap());
        assert_eq!(read(&path, 100).unwrap().unwrap(), b"first");
        assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 1);
        assert!(matches!(read(&path, 4), Err(FileError::Corrupt { .. })));
    }
}
