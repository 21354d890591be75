//! Requests that are published, and responses that were accepted, as files.

use std::{
    fs::{self, File, TryLockError},
    path::{Path, PathBuf},
};

use proofs::Verdict;
use serde::{Deserialize, Serialize};
use serde_json::{Value, value::RawValue};

use super::files::{self, FileError, UNFINISHED};
use crate::{
    check::ExchangeCheck,
    message::{MAX_BYTES, Message, Mode, ProofRequest, Received},
};

/// A directory of signed requests, one in each file. Several processes may use it at once: one adds requests, another
/// serves them.
#[derive(Debug, Clone)]
pub struct RequestShelf {
    directory: PathBuf,
}

impl RequestShelf {
    /// Opens a directory; one that is not there is made.
    ///
    /// # Errors
    ///
    /// [`FileError`].
    pub fn open(directory: impl Into<PathBuf>) -> Result<Self, FileError> {
        let directory = directory.into();
        files::make_directory(&directory)?;
        Ok(Self { directory })
    }

    /// Publishes a request, for good when this returns. Its file's name is the id if that is a UUID, else made
    /// from the id.
    ///
    /// # Errors
    ///
    /// [`FileError::Exists`] if there is a request with this id.
    pub fn put(&self, request: &Received<ProofRequest>) -> Result<PathBuf, FileError> {
        let path = self.path_of(&request.message().id);
        let text = format!("{:#}\n", request.document());
        match files::write_new(&path, text.as_bytes())? {
            true => Ok(path),
            false => Err(FileError::Exists { path }),
        }
    }

    /// The request with this id, which may be anything.
    ///
    /// # Errors
    ///
    /// [`FileError`]: the file is there but cannot be used.
    pub fn get(&self, id: &str) -> Result<Option<Received<ProofRequest>>, FileError> {
        let path = self.path_of(id);
        let Some(text) = files::read(&path, MAX_BYTES)? else {
            return Ok(None);
        };
        let request = Received::<ProofRequest>::read(&text, Mode::Usual)
            .map_err(|error| FileError::corrupt(&path, error.to_string()))?;
        if request.message().id != id {
            let reason = format!(
                "it is the {} {:?}, and the name says another",
                ProofRequest::KIND,
                request.message().id
            );
            return Err(FileError::corrupt(&path, reason));
        }
        Ok(Some(request))
    }

    fn path_of(&self, id: &str) -> PathBuf {
        self.directory.join(files::name_of(id))
    }
}

/// A directory of accepted responses, one in each file: at the same time the memory of which requests have been
/// answered. There is one moment at which a response is accepted and its request is used up, which is when the file
/// gets its name; so a process that is killed leaves both or neither.
#[derive(Debug)]
pub struct AcceptedShelf {
    directory: PathBuf,
    /// Locked as long as this lives.
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
    /// The response, byte for byte as it came.
    pub response: Box<RawValue>,
}

impl AcceptedShelf {
    /// The file that is locked.
    const LOCK: &'static str = ".lock";

    /// A record holds a response of at most 1 MiB, and a verdict: some twenty checks with at most eight short
    /// findings each.
    const MAX_RECORD: usize = 2 * MAX_BYTES;

    /// Opens a directory; one that is not there is made. What a killed process left unfinished is removed: nobody
    /// was told of it.
    ///
    /// # Errors
    ///
    /// [`FileError::InUse`] if another process has it open.
    pub fn open(directory: impl Into<PathBuf>) -> Result<Self, FileError> {
        let directory = directory.into();
        files::make_directory(&directory)?;
        let path = directory.join(Self::LOCK);
        let lock = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .map_err(FileError::io("open", &path))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(FileError::InUse { path: directory }),
            Err(TryLockError::Error(source)) => return Err(FileError::io("lock", &path)(source)),
        }
        remove_unfinished(&directory)?;
        Ok(Self {
            directory,
            _lock: lock,
        })
    }

    /// Whether the request with this id has been answered.
    ///
    /// # Errors
    ///
    /// [`FileError`].
    pub fn holds(&self, id: &str) -> Result<bool, FileError> {
        let path = self.path_of(id);
        path.try_exists().map_err(FileError::io("look at", &path))
    }

    /// Stores a verified response with its verdict, for good when this returns. `false` if the request had been
    /// answered: of two responses at the same time, one gets `true`.
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
        let path = self.path_of(id);
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

    /// The accepted response to the request with this id.
    ///
    /// # Errors
    ///
    /// [`FileError`].
    pub fn get(&self, id: &str) -> Result<Option<AcceptedResponse>, FileError> {
        let path = self.path_of(id);
        let text = files::read(&path, Self::MAX_RECORD)?;
        text.map(|text| {
            serde_json::from_slice(&text)
                .map_err(|error| FileError::corrupt(&path, error.to_string()))
        })
        .transpose()
    }

    fn path_of(&self, id: &str) -> PathBuf {
        self.directory.join(files::name_of(id))
    }
}

fn remove_unfinished(directory: &Path) -> Result<(), FileError> {
    let failed = || FileError::io("tidy up", directory);
    for entry in fs::read_dir(directory).map_err(failed())? {
        let entry = entry.map_err(failed())?;
        if entry
            .file_name()
            .as_encoded_bytes()
            .starts_with(UNFINISHED.as_bytes())
        {
            fs::remove_file(entry.path()).map_err(failed())?;
        }
    }
    Ok(())
}
