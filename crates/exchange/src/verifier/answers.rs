//! A verifier's memory of the requests that have been answered.

use std::{
    collections::BTreeSet,
    path::Path,
    sync::{Mutex, PoisonError},
};

use crate::memory::{AcceptedFile, Entries, MemoryError};

/// Where an [`ExchangeVerifier`](super::ExchangeVerifier) remembers which requests have been answered: a request
/// is answered once.
///
/// Both functions are called where waiting is allowed, as for a disk. To remember in a database, implement
/// this over a table whose key is the request's id.
pub trait AnsweredRequests: Send + Sync {
    /// Whether a response to this request has been accepted before.
    ///
    /// # Errors
    ///
    /// Why the memory cannot be read, as a clause. The response is then rejected.
    fn answered(&self, request_id: &str) -> Result<bool, String>;

    /// Remembers that a response to this request is accepted, and returns when it is kept. `false` if one was
    /// accepted before: of two who ask at the same time, one gets `true`.
    ///
    /// # Errors
    ///
    /// Why it cannot be remembered, as a clause. The response is then rejected.
    fn accept(&self, request_id: &str) -> Result<bool, String>;
}

/// Remembers answered requests as long as it lives, without a bound.
#[derive(Debug, Default)]
pub struct MemoryAnswers {
    accepted: Mutex<BTreeSet<String>>,
}

impl MemoryAnswers {
    /// A memory of nothing.
    pub fn new() -> Self {
        Self::default()
    }
}

impl AnsweredRequests for MemoryAnswers {
    fn answered(&self, request_id: &str) -> Result<bool, String> {
        let accepted = self.accepted.lock();
        Ok(accepted
            .unwrap_or_else(PoisonError::into_inner)
            .contains(request_id))
    }

    fn accept(&self, request_id: &str) -> Result<bool, String> {
        let accepted = self.accepted.lock();
        Ok(accepted
            .unwrap_or_else(PoisonError::into_inner)
            .insert(request_id.to_owned()))
    }
}

const REQUEST_IDS: Entries = Entries {
    one: "request id",
    many: "answered requests",
    longest: 2048,
    is_one: |text| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic()),
};

/// Remembers answered requests in a file, one id a line, beyond the process.
///
/// An id is on the disk before the response is said to be verified; a process that is killed forgets none.
/// Requests that are answered at the same time share one write to the disk.
#[derive(Debug)]
pub struct AnswersFile(AcceptedFile);

impl AnswersFile {
    /// Opens a file of answered requests; one that is not there is made. It is locked as long as this lives.
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
