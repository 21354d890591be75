//! Signing keys that were made by other programs.

use std::fmt;

use aries_askar::kms::{KeyAlg, LocalKey};
use zeroize::Zeroizing;

use super::{DidError, key_error};

/// The length of an Ed25519 private key, in bytes.
const LENGTH: usize = 32;

/// An Ed25519 key pair. The private key is wiped from memory when this is dropped.
pub struct SigningKey {
    verkey: String,
    secret: Zeroizing<[u8; LENGTH]>,
}

/// Shows the public key only.
impl fmt::Debug for SigningKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("SigningKey").field("verkey", &self.verkey).finish_non_exhaustive()
    }
}

impl SigningKey {
    /// Returns the key pair of 32 bytes of a private key, or of 64 in which the public key follows,
    /// as libsodium has it.
    ///
    /// # Errors
    ///
    /// [`DidError::Key`] when there are neither 32 nor 64 bytes.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, DidError> {
        let mut secret = Zeroizing::new([0; LENGTH]);
        let given = match bytes.len() {
            LENGTH => bytes,
            length if length == 2 * LENGTH => bytes.get(..LENGTH).unwrap_or_default(),
            length => {
                let reason = format!("a private key has 32 or 64 bytes, and this one has {length}");
                return Err(DidError::Key { reason });
            }
        };
        secret.copy_from_slice(given);
        let key = LocalKey::from_secret_bytes(KeyAlg::Ed25519, secret.as_slice());
        let public = key.and_then(|key| key.to_public_bytes()).map_err(key_error)?;
        Ok(Self { verkey: bs58::encode(&*public).into_string(), secret })
    }

    /// Returns the key pair of a key of Askar.
    pub(crate) fn of(key: &LocalKey) -> Result<Self, DidError> {
        Self::from_bytes(&key.to_secret_bytes().map_err(key_error)?)
    }

    /// Returns the verification key: base58 of the 32 bytes of the public key.
    pub fn verkey(&self) -> &str {
        &self.verkey
    }

    pub(super) fn to_local_key(&self) -> Result<LocalKey, DidError> {
        LocalKey::from_secret_bytes(KeyAlg::Ed25519, self.secret.as_slice()).map_err(key_error)
    }
}
