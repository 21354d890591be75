//! Files: locks, and errors that name the path.

use std::{fs::File, io, path::Path};

use stdx::fs::LockError;

use super::error::PoolError;

/// The extension of the file beside the transactions that says how many there are.
pub(super) const HEAD_EXTENSION: &str = "head";

/// Takes the file's lock, which is held as long as the file is open.
pub(super) fn lock(file: &File, path: &Path) -> Result<(), PoolError> {
    stdx::fs::lock(file).map_err(|error| match error {
        LockError::InUse => PoolError::InUse { path: path.to_owned() },
        LockError::Unsupported(error) => io_error("lock", path)(error),
    })
}

/// Makes an error that says what was attempted, and on which path.
pub(super) fn io_error(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> PoolError {
    let path = path.to_owned();
    move |source| PoolError::Io { action, path, source }
}
