//! A verifier's memory of nonces: a presentation is accepted once.

use std::{
    collections::BTreeSet,
    sync::{Mutex, PoisonError},
};

use proofs::UsedNonces;

/// Where a [`Verifier`](super::Verifier) remembers the nonces of what it has accepted.
///
/// To remember them beyond the process, implement this over a database: a table whose key is the nonce.
pub trait NonceMemory: UsedNonces + Send {
    /// Remembers that a presentation for this nonce is accepted. `false` if one was accepted before: of two who
    /// ask at the same time, one gets `true`.
    ///
    /// # Errors
    ///
    /// Why it cannot be remembered, as a clause. The presentation is then rejected.
    fn accept(&self, nonce: &str) -> Result<bool, String>;
}

/// Remembers nonces as long as it lives, without a bound: 80 bytes or so for each.
#[derive(Debug, Default)]
pub struct MemoryNonces {
    accepted: Mutex<BTreeSet<String>>,
}

impl MemoryNonces {
    /// A memory of nothing.
    pub fn new() -> Self {
        Self::default()
    }
}

impl UsedNonces for MemoryNonces {
    fn used(&self, nonce: &str) -> Result<bool, String> {
        let accepted = self.accepted.lock();
        Ok(accepted
            .unwrap_or_else(PoisonError::into_inner)
            .contains(nonce))
    }
}

impl NonceMemory for MemoryNonces {
    fn accept(&self, nonce: &str) -> Result<bool, String> {
        let accepted = self.accepted.lock();
        Ok(accepted
            .unwrap_or_else(PoisonError::into_inner)
            .insert(nonce.to_owned()))
    }
}
