//! A private key in memory.

use async_trait::async_trait;
use ed25519_dalek::{Signer as _, SigningKey};

use super::{SignError, Signer};
use crate::did::{PublicKey, did_key};

/// An Ed25519 private key in memory, for tests and for tools that store their keys elsewhere. It is
/// wiped when it is dropped, and its `Debug` shows the public key only.
#[derive(Debug)]
pub struct MemorySigner {
    key: SigningKey,
    reference: String,
}

impl MemorySigner {
    /// Returns the key of a seed, which is the 32 bytes of RFC 8032's private key, under a whole
    /// reference such as `did:work:...#key-1`.
    pub fn from_seed(seed: &[u8; 32], reference: impl Into<String>) -> Self {
        Self { key: SigningKey::from_bytes(seed), reference: reference.into() }
    }

    /// Returns the key of a seed under its own `did:key`.
    pub fn did_key(seed: &[u8; 32]) -> Self {
        let key = SigningKey::from_bytes(seed);
        let reference = did_key::reference(key.verifying_key().as_bytes());
        Self { key, reference }
    }
}

#[async_trait]
impl Signer for MemorySigner {
    fn reference(&self) -> &str {
        &self.reference
    }

    fn public_key(&self) -> PublicKey {
        PublicKey::Ed25519(self.key.verifying_key().to_bytes())
    }

    async fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignError> {
        Ok(self.key.sign(message).to_vec())
    }
}
