//! A verifier's memory of the requests that have been answered.

use std::{
    collections::BTreeSet,
    path::Path,
    sync::{Mutex, PoisonError},
};

use stdx::accepted::{AcceptedFile, Entries, MemoryError};

/// The memory in which an [`ExchangeVerifier`](super::ExchangeVerifier) records which requests have been answered: a
/// request is answered once.
///
/// Both functions may block, for example on a disk. To use a database, implement this over a table whose key is the
/// request's id.
pub trait AnsweredRequests: Send + Sync {
    /// Returns whether a response to this request has been accepted before.
    ///
    /// # Errors
    ///
    /// Why the memory cannot be read, as a clause. The response is then rejected.
    fn answered(&self, request_id: &str) -> Result<bool, String>;

    /// Records that a response to this request is accepted, and returns when that is stored. `false` if one was
    /// accepted before: of two concurrent calls, one returns `true`.
    ///
    /// # Errors
    ///
    /// Why it cannot be recorded, as a clause. The response is then rejected.
    fn accept(&self, request_id: &str) -> Result<bool, String>;
}

/// Records answered requests in memory, without a limit.
#[derive(Debug, Default)]
pub struct MemoryAnswers {
    accepted: Mutex<BTreeSet<String>>,
}

impl MemoryAnswers {
    /// Returns an empty memory.
    pub fn new() -> Self {
        Self::default()
    }
}

impl AnsweredRequests for MemoryAnswers {
    fn answered(&self, request_id: &str) -> Result<bool, String> {
        let accepted = self.accepted.lock();
        Ok(accepted.unwrap_or_else(PoisonError::into_inner).contains(request_id))
    }

    fn accept(&self, request_id: &str) -> Result<bool, String> {
        let accepted = self.accepted.lock();
        Ok(accepted.unwrap_or_else(PoisonError::into_inner).insert(request_id.to_owned()))
    }
}

const REQUEST_IDS: Entries = Entries {
    one: "request id",
    many: "answered requests",
    longest: 2048,
    is_one: |text| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic()),
};

/// Records answered requests in a file, one id a line, which outlives the process.
///
/// An id is on the disk before the verdict is returned; a process that is killed loses none. Requests that are
/// answered at the same time share one write to the disk.
#[derive(Debug)]
pub struct AnswersFile(AcceptedFile);

impl AnswersFile {
    /// Opens a file of answered requests, and creates it if it does not exist. The file is locked until this is
    /// dropped.
    ///
    /// # Errors
    ///
    /// [`MemoryError`]: what is wrong with the file, and what to do.
    pub fn open(path: &Path) -> Result<Self, MemoryError> {
        AcceptedFile::open(path, REQUEST_IDS).map(Self)
    }
}

impl AnsweredRequests for AnswersFile {
    fn answered(&self, request_id: &str) -> Result<bool, String> {
        Ok(self.0.contains(request_id))
    }

    fn accept(&self, request_id: &str) -> Result<bool, String> {
        self.0.accept(request_id)
    }
}
