//! Private keys that sign messages and attributes.
//!
//! A [`Signer`] is a private key together with the reference under which the public one is found: the DID, and
//! behind `#` the key's name in the DID's document.

mod memory;
mod rsa;
mod wallet;

use async_trait::async_trait;

pub use memory::MemorySigner;
pub use rsa::RsaSigner;
pub use wallet::WalletSigner;

/// Which algorithm a key signs with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyKind {
    /// Ed25519.
    Ed25519,
    /// RSA, PKCS#1 v1.5 with SHA-256 (`RS256`).
    Rsa,
}

/// A key could not sign.
#[derive(Debug, thiserror::Error)]
#[error("cannot sign as {reference}: {reason}")]
pub struct SignError {
    /// How the key is referred to.
    pub reference: String,
    /// Why, and what to do, as a clause. Nothing of the key.
    pub reason: String,
}

/// A private key with the reference under which its DID publishes the public one.
#[async_trait]
pub trait Signer: Send + Sync {
    /// The whole reference: `did:work:...#key-1`. Its DID is what is before `#`.
    fn reference(&self) -> &str;

    /// The algorithm.
    fn kind(&self) -> KeyKind;

    /// Signs a message.
    ///
    /// # Errors
    ///
    /// [`SignError`].
    async fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignError>;
}
