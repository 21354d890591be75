//! The nonces that have been accepted, in a file.

use std::path::Path;

use indy::anoncreds::NonceMemory;
use proofs::UsedNonces;
use stdx::accepted::{AcceptedFile, Entries, MemoryError};

const NONCES: Entries = Entries {
    one: "nonce",
    many: "used nonces",
    // 128 bits: verifiers use 80, and some libraries more
    longest: 39,
    is_one: |text| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()),
};

/// A file of accepted nonces, locked as long as this lives.
///
/// A nonce is on the disk before its verdict is printed. A run that is killed leaves the nonces of
/// all verdicts that it has printed, and perhaps one more.
pub struct NonceFile(AcceptedFile);

impl NonceFile {
    /// Opens a file of accepted nonces; makes it if it does not exist.
    pub fn open(path: &Path) -> Result<Self, MemoryError> {
        AcceptedFile::open(path, NONCES).map(Self)
    }
}

impl UsedNonces for NonceFile {
    fn used(&self, nonce: &str) -> Result<bool, String> {
        Ok(self.0.contains(nonce))
    }
}

impl NonceMemory for NonceFile {
    fn accept(&self, nonce: &str) -> Result<bool, String> {
        self.0.accept(nonce)
    }
}
