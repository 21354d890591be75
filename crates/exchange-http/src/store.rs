//! The store of published requests, and the store of accepted responses: files that exist whole or
//! not at all, under names that no client chooses.

use std::{
    fmt::Display,
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

use exchange::message::{MAX_BYTES, Message, Mode, ProofRequest, Received};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};
use stdx::fs::{
    Existing, LockError, UNFINISHED_PREFIX, create_private_directory, lock, make_private, private,
    read_up_to, write_atomically,
};
use uuid::Uuid;

/// Why a file of a store cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// The operating system fails.
    #[error("cannot {action} {path}: {source}; check that the directory exists, has space, and may be read and written", path = path.display())]
    Io {
        /// What was tried, for example "write".
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// It is there already, or in use, or its content does not belong there.
    #[error("{0}")]
    Unusable(String),
}

impl FileError {
    fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { action, path, source }
    }

    fn unusable(path: &Path, reason: &str) -> Self {
        Self::Unusable(format!("{} {reason}", path.display()))
    }

    fn corrupt(path: &Path, reason: impl Display) -> Self {
        let remedy = "remove it or put the right one there";
        Self::unusable(path, &format!("cannot be used: {reason}; {remedy}"))
    }
}

/// A directory of signed requests, one in each file. Several processes may use it at once: one adds
/// requests, another serves them.
#[derive(Debug, Clone)]
pub struct RequestStore {
    directory: PathBuf,
}

impl RequestStore {
    /// Opens a directory, and creates it if it does not exist.
    ///
    /// # Errors
    ///
    /// [`FileError`].
    pub fn open(directory: impl Into<PathBuf>) -> Result<Self, FileError> {
        let directory = directory.into();
        create_directory(&directory)?;
        Ok(Self { directory })
    }

    /// Publishes a request; when this returns, it is on the disk. The file is named after the id if
    /// that is a UUID, else after a hash of it.
    ///
    /// # Errors
    ///
    /// [`FileError::Unusable`] if there is a request with this id.
    pub fn put(&self, request: &Received<ProofRequest>) -> Result<PathBuf, FileError> {
        let path = path_of(&self.directory, &request.message().id);
        let text = format!("{:#}\n", request.document());
        match write_new(&path, text.as_bytes())? {
            true => Ok(path),
            false => Err(FileError::unusable(
                &path,
                "exists already: the id has been used; make a new request with another id",
            )),
        }
    }

    /// Tries whether the directory can be read.
    pub(crate) fn try_out(&self) -> Result<(), FileError> {
        let first = fs::read_dir(&self.directory).and_then(|mut all| all.next().transpose());
        first.map(drop).map_err(FileError::io("read", &self.directory))
    }

    /// Returns the request with this id, which may be any text.
    ///
    /// # Errors
    ///
    /// [`FileError`]: the file exists but cannot be used.
    pub fn get(&self, id: &str) -> Result<Option<Received<ProofRequest>>, FileError> {
        let path = path_of(&self.directory, id);
        let Some(text) = read(&path, MAX_BYTES)? else {
            return Ok(None);
        };
        let request = Received::<ProofRequest>::read(&text, Mode::Usual)
            .map_err(|error| FileError::corrupt(&path, error))?;
        match &request.message().id {
            own if own == id => Ok(Some(request)),
            own => Err(FileError::corrupt(
                &path,
                format!("it is the {} {own:?}, and the name is another's", ProofRequest::KIND),
            )),
        }
    }
}

/// A directory of accepted responses, one in each file, which is also the memory of answered
/// requests. A response is accepted and its request is used up at one moment, when the file gets
/// its name; so a process that is killed leaves both or neither. What is in the file makes no
/// difference to that: with one that was damaged or emptied, the request is still answered.
#[derive(Debug)]
pub struct ResponseStore {
    directory: PathBuf,
    /// Locked until it is dropped.
    _lock: File,
}

/// An accepted response as it is stored.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AcceptedResponse {
    /// The id of the request that it answers.
    pub request_id: String,
    /// When it was accepted, in RFC 3339.
    pub accepted: String,
    /// The verdict, as it was sent to the holder.
    pub verdict: Box<RawValue>,
    /// The response, byte for byte as it was received.
    pub response: Box<RawValue>,
}

/// Whether a request has been answered.
pub(crate) enum Answered {
    /// It has not.
    No,
    /// By the same response, byte for byte.
    Same(AcceptedResponse),
    /// By another one; or by one whose record was damaged, so that it cannot be compared.
    Other,
}

impl ResponseStore {
    /// The name of the lock file.
    const LOCK: &'static str = ".lock";

    /// A record has a response of at most 1 MiB, and a verdict: some twenty checks with at most
    /// eight short failures each.
    const MAX_RECORD: usize = 2 * MAX_BYTES;

    /// Opens a directory, and creates it if it does not exist. Files that a killed process left
    /// unfinished are removed; they were not acknowledged.
    ///
    /// # Errors
    ///
    /// [`FileError::Unusable`] if another process has it open.
    pub fn open(directory: impl Into<PathBuf>) -> Result<Self, FileError> {
        let directory = directory.into();
        create_directory(&directory)?;
        let lock = lock_file(&directory)?;
        remove_unfinished(&directory)?;
        Ok(Self { directory, _lock: lock })
    }

    /// Returns whether the request with this id has been answered, and whether by this response.
    pub(crate) fn answered(&self, id: &str, response: &[u8]) -> Result<Answered, FileError> {
        Ok(match self.get(id) {
            Ok(None) => Answered::No,
            Ok(Some(record)) if record.response.get().as_bytes() == response.trim_ascii() => {
                Answered::Same(record)
            }
            // what is in the file makes no difference to whether there is one
            Ok(Some(_)) | Err(FileError::Unusable(_)) => Answered::Other,
            Err(error) => return Err(error),
        })
    }

    /// Stores a verified response; when this returns, it is on the disk. `false` if its request had
    /// been answered: of two concurrent calls, one returns `true`.
    pub(crate) fn put(&self, record: &AcceptedResponse) -> Result<bool, FileError> {
        let path = path_of(&self.directory, &record.request_id);
        let text = serde_json::to_vec(record);
        let mut text = text.map_err(|error| FileError::corrupt(&path, error))?;
        text.push(b'\n');
        write_new(&path, &text)
    }

    /// Tries whether records can be stored: writes as much as one usually has, forces it to the
    /// disk, and removes it.
    pub(crate) fn try_out(&self) -> Result<(), FileError> {
        const BYTES: usize = 64 << 10;
        let path = self.directory.join(format!("{UNFINISHED_PREFIX}probe"));
        let tried = write_atomically(&path, &[b' '; BYTES], Existing::Replace);
        tried.and_then(|()| fs::remove_file(&path)).map_err(FileError::io("write", &path))
    }

    /// Returns the accepted response to the request with this id.
    ///
    /// # Errors
    ///
    /// [`FileError`].
    pub fn get(&self, id: &str) -> Result<Option<AcceptedResponse>, FileError> {
        let path = path_of(&self.directory, id);
        let text = read(&path, Self::MAX_RECORD)?;
        let record = text.map(|text| serde_json::from_slice(&text)).transpose();
        record.map_err(|error| FileError::corrupt(&path, error))
    }
}

fn lock_file(directory: &Path) -> Result<File, FileError> {
    let path = directory.join(ResponseStore::LOCK);
    let mut options = File::options();
    let options = private(options.create(true).truncate(false).write(true));
    let file = options.open(&path).map_err(FileError::io("open", &path))?;
    match lock(&file) {
        Ok(()) => {
            // older versions left it open to others; who can open the directory is its owner's to
            // say
            let _ = make_private(&path);
            Ok(file)
        }
        Err(LockError::InUse) => Err(FileError::unusable(
            directory,
            "is used by another server; stop it, or use another directory",
        )),
        Err(LockError::Unsupported(source)) => Err(FileError::io("lock", &path)(source)),
    }
}

fn remove_unfinished(directory: &Path) -> Result<(), FileError> {
    let failed = || FileError::io("tidy up", directory);
    for entry in fs::read_dir(directory).map_err(failed())? {
        let entry = entry.map_err(failed())?;
        let name = entry.file_name();
        if name.as_encoded_bytes().starts_with(UNFINISHED_PREFIX.as_bytes()) {
            fs::remove_file(entry.path()).map_err(failed())?;
        }
    }
    Ok(())
}

/// Returns the file for an id in a directory. An id is a UUID or a URI, or any text that a client
/// sends: a UUID in its usual form is its own name; of any other text the name is the SHA-256 sum,
/// so that no id leads out of the directory, and no two ids meet on a file system that ignores
/// case.
fn path_of(directory: &Path, id: &str) -> PathBuf {
    let mut usual = Uuid::encode_buffer();
    if let Ok(uuid) = Uuid::parse_str(id)
        && uuid.as_hyphenated().encode_lower(&mut usual) == id
    {
        return directory.join(format!("{id}.json"));
    }
    directory.join(format!("sha256-{:x}.json", Sha256::digest(id)))
}

/// Creates a directory and its missing parents, for their owner only: what is in it may be private,
/// and who can open a file can lock it.
fn create_directory(path: &Path) -> Result<(), FileError> {
    create_private_directory(path).map_err(FileError::io("create the directory", path))
}

/// Writes a file that does not exist yet, so that a crash leaves all of it or nothing. `false` if
/// it exists: of two concurrent calls, one returns `true`.
fn write_new(path: &Path, content: &[u8]) -> Result<bool, FileError> {
    match write_atomically(path, content, Existing::Keep) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(FileError::io("write", path)(error)),
    }
}

/// Reads a file of at most `limit` bytes. `None` if it does not exist, and its directory does.
fn read(path: &Path, limit: usize) -> Result<Option<Vec<u8>>, FileError> {
    let read = read_up_to(path, limit).map_err(|error| match error.kind() {
        io::ErrorKind::FileTooLarge => FileError::corrupt(path, error),
        _ => FileError::io("read", path)(error),
    })?;
    if let (None, Some(directory)) = (&read, path.parent()) {
        // a store that is gone knows nothing, which is not the client's fault
        fs::metadata(directory).map_err(FileError::io("read", path))?;
    }
    Ok(read)
}
