//! The nonces that a verifier has accepted: each presentation is accepted once.

use std::{
    collections::BTreeSet,
    sync::{Mutex, PoisonError},
};

use proofs::UsedNonces;

/// Where a [`Verifier`](crate::Verifier) keeps the nonces of the presentations that it has accepted.
///
/// To keep them after the process ends, implement this over a database: a table whose key is the nonce.
pub trait NonceMemory: UsedNonces + Send {
    /// Records that a presentation for this nonce is accepted; returns `false` if one was accepted before. Of
    /// several concurrent calls with one nonce, one returns `true`.
    ///
    /// # Errors
    ///
    /// Why the nonce cannot be recorded, as a clause. The presentation is then rejected.
    fn accept(&self, nonce: &str) -> Result<bool, String>;
}

/// Nonces in memory, without a limit: about 80 bytes for each. They are lost with the process.
#[derive(Debug, Default)]
pub struct MemoryNonces {
    accepted: Mutex<BTreeSet<String>>,
}

impl MemoryNonces {
    /// Returns an empty memory.
    pub fn new() -> Self {
        Self::default()
    }
}

impl UsedNonces for MemoryNonces {
    fn used(&self, nonce: &str) -> Result<bool, String> {
        let accepted = self.accepted.lock();
        Ok(accepted.unwrap_or_else(PoisonError::into_inner).contains(nonce))
    }
}

impl NonceMemory for MemoryNonces {
    fn accept(&self, nonce: &str) -> Result<bool, String> {
        let accepted = self.accepted.lock();
        Ok(accepted.unwrap_or_else(PoisonError::into_inner).insert(nonce.to_owned()))
    }
}
