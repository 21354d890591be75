//! How long the file of transactions is, kept beside it (see [`stdx::head`]): a file with fewer
//! lines was shortened, and is refused.

use std::path::{Path, PathBuf};

pub(super) use stdx::head::{Hash, Head, HeadFile};
use stdx::head::{HeadError, Mismatch};

use crate::pool::{
    error::PoolError,
    files::{HEAD_EXTENSION, io_error},
};

/// What a head counts.
pub(super) const COUNTED: &str = "transactions";

/// Returns the head of a file with these hashes, the first of which is that of no line.
pub(super) fn head_of(hashes: &[Hash]) -> Head {
    Head { count: count(hashes), hash: hashes.last().copied().unwrap_or_default() }
}

/// Reads the head of the file `log`, and checks that the file has at least the lines that it
/// counts. `None` if there is none, as beside a file of an older version.
pub(super) fn read_and_check(log: &Path, hashes: &[Hash]) -> Result<Option<Head>, PoolError> {
    let head = head_path(log);
    let damaged = || PoolError::HeadDamaged { path: log.to_owned(), head: head.clone() };
    let saved = HeadFile::read(&head, COUNTED).map_err(|error| match error {
        HeadError::Io(source) => io_error("read", &head)(source),
        HeadError::Damaged => damaged(),
    })?;
    let Some(saved) = saved else {
        return Ok(None);
    };
    let at = usize::try_from(saved.count).ok().and_then(|count| hashes.get(count));
    saved.check(at).map_err(|mismatch| match mismatch {
        Mismatch::Other => damaged(),
        Mismatch::Shortened => PoolError::Shortened {
            path: log.to_owned(),
            head: head.clone(),
            expected: saved.count,
            found: count(hashes),
        },
    })?;
    Ok(Some(saved))
}

/// Returns the path of the head of a file of transactions.
pub(super) fn head_path(log: &Path) -> PathBuf {
    log.with_extension(HEAD_EXTENSION)
}

fn count(hashes: &[Hash]) -> u64 {
    hashes.len().saturating_sub(1) as u64
}
