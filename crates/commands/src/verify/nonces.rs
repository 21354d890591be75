//! The nonces that have been accepted, in a file.

use std::{path::Path, sync::Arc};

use indy::anoncreds::AcceptedOnce;
use proofs::limits::MAX_REQUEST_BYTES;
use stdx::accepted::{AcceptedFile, Entries, MemoryError};
use tutorial::report;

const NONCES: Entries = Entries {
    one: "nonce",
    many: "used nonces",
    // as long as any request: verifiers use 80 bits, but what is accepted must be recorded
    longest: MAX_REQUEST_BYTES,
    is_one: |text| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()),
};

/// Opens a file of accepted nonces, and prints what that has changed.
pub fn open(path: &Path) -> Result<Arc<dyn AcceptedOnce>, MemoryError> {
    let file = AcceptedFile::open(path, NONCES)?;
    file.notices().iter().for_each(|notice| report::warning(notice));
    Ok(Arc::new(file))
}
