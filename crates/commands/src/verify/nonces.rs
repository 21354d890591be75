//! The nonces that have been accepted, in a file.

use std::path::Path;

use indy::anoncreds::NonceMemory;
use proof_exchange::memory::{AcceptedFile, Entries, MemoryError};
use proofs::UsedNonces;

const NONCES: Entries = Entries {
    one: "nonce",
    many: "used nonces",
    // the field takes 128 bits at most, and a verifier 80
    longest: 39,
    is_one: |text| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()),
};

/// A file of accepted nonces, locked as long as this lives.
///
/// A nonce is on the disk before anybody is told that its presentation is accepted. A run that is killed
/// leaves all nonces that it has told of; perhaps one more, of which nobody was told.
pub struct NonceFile(AcceptedFile);

impl NonceFile {
    /// Open a file of accepted nonces; one that is not there is made.
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
