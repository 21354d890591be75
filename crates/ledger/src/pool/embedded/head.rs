//! How long the file of transactions is, kept beside it.
//!
//! One line: `{"format":1,"transactions":<number>,"hash":"<that of the last line>"}`. It is written after the lines that
//! it counts are on the disk. So after a crash it may be behind, and is never ahead: a file with fewer lines was
//! shortened, and is refused.

use std::{
    fs,
    io::{self, ErrorKind},
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};
use stdx::fs::{Existing, write_atomically};

use super::transaction::to_hex;
use crate::pool::{
    error::PoolError,
    files::{HEAD_EXTENSION, io_error},
};

const FORMAT: u32 = 1;

pub(super) type Hash = [u8; 32];

/// The number of lines, and the hash of the last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) count: usize,
    pub(super) hash: Hash,
}

/// A head that was read.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct SavedHead {
    count: usize,
    hash: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct HeadFile {
    format: u32,
    transactions: usize,
    hash: String,
}

impl Head {
    /// Returns the head of a file with these hashes, the first of which is that of no line.
    pub(super) fn of(hashes: &[Hash]) -> Self {
        Self {
            count: hashes.len().saturating_sub(1),
            hash: hashes.last().copied().unwrap_or_default(),
        }
    }

    pub(super) fn save(&self, log: &Path) -> io::Result<()> {
        let file = HeadFile { format: FORMAT, transactions: self.count, hash: to_hex(&self.hash) };
        let mut text = serde_json::to_vec(&file)?;
        text.push(b'\n');
        write_atomically(&head_path(log), &text, Existing::Replace)
    }

    /// Reads the head of the file `log`; `None` if there is none, as beside a file of an older version.
    pub(super) fn load(log: &Path) -> Result<Option<SavedHead>, PoolError> {
        let path = head_path(log);
        let text = match fs::read(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(io_error("read", &path)(error)),
        };
        match serde_json::from_slice(&text) {
            Ok(HeadFile { format: FORMAT, transactions, hash }) => {
                Ok(Some(SavedHead { count: transactions, hash }))
            }
            _ => Err(PoolError::HeadDamaged { path: log.to_owned(), head: path }),
        }
    }
}

impl SavedHead {
    /// Checks that the file has at least the lines that the head counts.
    pub(super) fn check(&self, log: &Path, hashes: &[Hash]) -> Result<(), PoolError> {
        let found = hashes.len().saturating_sub(1);
        match hashes.get(self.count) {
            Some(hash) if to_hex(hash) == self.hash => Ok(()),
            Some(_) => Err(PoolError::HeadDamaged { path: log.to_owned(), head: head_path(log) }),
            None => Err(PoolError::Shortened {
                path: log.to_owned(),
                head: head_path(log),
                expected: self.count,
                found,
            }),
        }
    }
}

impl PartialEq<Head> for SavedHead {
    fn eq(&self, head: &Head) -> bool {
        self.count == head.count && self.hash == to_hex(&head.hash)
    }
}

/// Returns the path of the head of a file of transactions.
pub(super) fn head_path(log: &Path) -> PathBuf {
    log.with_extension(HEAD_EXTENSION)
}
