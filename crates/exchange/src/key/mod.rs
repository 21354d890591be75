//! Private keys that sign messages and attributes.
//!
//! A [`Signer`] is a private key together with the reference under which the public one is found:
//! the DID, and after `#` the key's name in the DID's document.

mod memory_signer;
mod rsa_signer;
mod wallet_signer;

use async_trait::async_trait;

use crate::did::PublicKey;

pub use memory_signer::MemorySigner;
pub use rsa_signer::RsaSigner;
pub use wallet_signer::WalletSigner;

/// The algorithm that a key signs with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyKind {
    /// Ed25519.
    Ed25519,
    /// RSA, PKCS#1 v1.5 with SHA-256 (`RS256`).
    Rsa,
}

/// A key could not sign.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("cannot sign as {reference}: {reason}")]
pub struct SignError {
    /// How the key is referred to.
    pub reference: String,
    /// Why, and what to do, as a clause. It contains nothing of the key.
    pub reason: String,
}

impl SignError {
    fn new(reference: &str, reason: &dyn std::fmt::Display) -> Self {
        Self { reference: reference.to_owned(), reason: reason.to_string() }
    }
}

/// A private key with the reference under which its DID publishes the public one.
#[async_trait]
pub trait Signer: Send + Sync {
    /// Returns the whole reference: `did:work:...#key-1`. The text before `#` is its DID.
    fn reference(&self) -> &str;

    /// Returns the public key.
    fn public_key(&self) -> PublicKey;

    /// Returns the algorithm.
    fn kind(&self) -> KeyKind {
        match self.public_key() {
            PublicKey::Ed25519(_) => KeyKind::Ed25519,
            PublicKey::Rsa { .. } => KeyKind::Rsa,
        }
    }

    /// Signs a message.
    ///
    /// # Errors
    ///
    /// [`SignError`].
    async fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignError>;
}
