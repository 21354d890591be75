//! The store of published requests, and the store of accepted responses.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
};

use exchange::{
    check::ExchangeCheck,
    message::{MAX_BYTES, Message, Mode, ProofRequest, Received},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, value::RawValue};
use stdx::fs::{LockError, UNFINISHED_PREFIX, lock, make_private, private};
use verdict::Verdict;

use crate::files::{self, FileError};

/// A directory of signed requests, one in each file. Several processes may use it at once: one adds requests, another
/// serves them.
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
        files::create_directory(&directory)?;
        Ok(Self { directory })
    }

    /// Publishes a request; when this returns, it is on the disk. The file is named after the id if that is a UUID,
    /// else after a hash of it.
    ///
    /// # Errors
    ///
    /// [`FileError::Exists`] if there is a request with this id.
    pub fn put(&self, request: &Received<ProofRequest>) -> Result<PathBuf, FileError> {
        let path = files::path_of(&self.directory, &request.message().id);
        let text = format!("{:#}\n", request.document());
        match files::write_new(&path, text.as_bytes())? {
            true => Ok(path),
            false => Err(FileError::Exists { path }),
        }
    }

    /// Returns the request with this id, which may be any text.
    ///
    /// # Errors
    ///
    /// [`FileError`]: the file exists but cannot be used.
    pub fn get(&self, id: &str) -> Result<Option<Received<ProofRequest>>, FileError> {
        let path = files::path_of(&self.directory, id);
        let Some(text) = files::read(&path, MAX_BYTES)? else {
            return Ok(None);
        };
        let request = Received::<ProofRequest>::read(&text, Mode::Usual)
            .map_err(|error| FileError::corrupt(&path, error.to_string()))?;
        match &request.message().id {
            own if own == id => Ok(Some(request)),
            own => Err(FileError::corrupt(
                &path,
                format!("it is the {} {own:?}, and the name is another's", ProofRequest::KIND),
            )),
        }
    }
}

/// A directory of accepted responses, one in each file, which is also the memory of answered requests. A response is
/// accepted and its request is used up at one moment, when the file gets its name; so a process that is killed leaves
/// both or neither. What is in the file makes no difference to that: with one that was damaged or emptied, the request
/// is still answered.
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
    pub verdict: Value,
    /// The response, byte for byte as it was received.
    pub response: Box<RawValue>,
}

impl ResponseStore {
    /// The name of the lock file.
    const LOCK: &'static str = ".lock";

    /// A record has a response of at most 1 MiB, and a verdict: some twenty checks with at most eight short failures
    /// each.
    const MAX_RECORD: usize = 2 * MAX_BYTES;

    /// Opens a directory, and creates it if it does not exist. Files that a killed process left unfinished are
    /// removed; they were not acknowledged.
    ///
    /// # Errors
    ///
    /// [`FileError::InUse`] if another process has it open.
    pub fn open(directory: impl Into<PathBuf>) -> Result<Self, FileError> {
        let directory = directory.into();
        files::create_directory(&directory)?;
        let lock = lock_file(&directory)?;
        remove_unfinished(&directory)?;
        Ok(Self { directory, _lock: lock })
    }

    /// Returns whether the request with this id has been answered.
    ///
    /// # Errors
    ///
    /// [`FileError`].
    pub fn contains(&self, id: &str) -> Result<bool, FileError> {
        let path = files::path_of(&self.directory, id);
        path.try_exists().map_err(FileError::io("look at", &path))
    }

    /// Stores a verified response with its verdict; when this returns, it is on the disk. `false` if the request had
    /// been answered: of two concurrent calls, one returns `true`.
    ///
    /// # Errors
    ///
    /// [`FileError`].
    pub fn put(
        &self,
        id: &str,
        response: &[u8],
        verdict: &Verdict<ExchangeCheck>,
        accepted: String,
    ) -> Result<bool, FileError> {
        let path = files::path_of(&self.directory, id);
        let not_json = |error: serde_json::Error| FileError::corrupt(&path, error.to_string());
        let record = AcceptedResponse {
            request_id: id.to_owned(),
            accepted,
            verdict: serde_json::to_value(verdict).map_err(not_json)?,
            response: serde_json::from_slice(response).map_err(not_json)?,
        };
        let mut text = serde_json::to_vec(&record).map_err(not_json)?;
        text.push(b'\n');
        files::write_new(&path, &text)
    }

    /// Returns the accepted response to the request with this id.
    ///
    /// # Errors
    ///
    /// [`FileError`].
    pub fn get(&self, id: &str) -> Result<Option<AcceptedResponse>, FileError> {
        let path = files::path_of(&self.directory, id);
        let text = files::read(&path, Self::MAX_RECORD)?;
        let record = text.map(|text| serde_json::from_slice(&text)).transpose();
        record.map_err(|error| FileError::corrupt(&path, error.to_string()))
    }
}

fn lock_file(directory: &Path) -> Result<File, FileError> {
    let path = directory.join(ResponseStore::LOCK);
    let mut options = File::options();
    let options = private(options.create(true).truncate(false).write(true));
    let file = options.open(&path).map_err(FileError::io("open", &path))?;
    match lock(&file) {
        Ok(()) => {
            // older versions left it open to others; who can open the directory is its owner's to say
            let _ = make_private(&path);
            Ok(file)
        }
        Err(LockError::InUse) => Err(FileError::InUse { path: directory.to_owned() }),
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
