//! A wallet's key, and how the store's key is derived from it.

use std::fmt;

use aries_askar::{PassKey, Store, StoreKeyMethod};
use zeroize::Zeroizing;

use crate::error::WalletError;

/// The length of a raw key, in bytes.
const RAW_KEY_LENGTH: usize = 32;

/// How the store's key is derived from the key that the caller gives.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum KeyDerivation {
    /// Argon2i, 4 passes over 32 MiB: a fraction of a second each time a wallet is created, opened
    /// or deleted.
    #[default]
    Argon2iInteractive,
    /// Argon2i, 6 passes over 128 MiB: some seconds. For a passphrase that an attacker may
    /// be able to guess.
    Argon2iModerate,
    /// The key is used as it is, so it must be a random one: see [`generate_wallet_key`].
    Raw,
}

/// A wallet's key and its derivation. The key is wiped from memory when this is dropped.
///
/// The derivation matters only when a wallet is created: the store remembers it, so that
/// [`open_wallet`](crate::open_wallet) needs only the key.
#[derive(Clone)]
pub struct WalletCredentials {
    key: Zeroizing<String>,
    derivation: KeyDerivation,
}

/// Shows nothing of the key, not even its length.
impl fmt::Debug for WalletCredentials {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("WalletCredentials")
            .field("derivation", &self.derivation)
            .finish_non_exhaustive()
    }
}

impl WalletCredentials {
    /// Returns a passphrase with [`KeyDerivation::Argon2iInteractive`].
    pub fn passphrase(key: impl AsRef<str>) -> Self {
        Self {
            key: Zeroizing::new(key.as_ref().to_owned()),
            derivation: KeyDerivation::Argon2iInteractive,
        }
    }

    /// Returns a raw key: the base58 of 32 random bytes, as [`generate_wallet_key`] generates it.
    pub fn raw(key: impl AsRef<str>) -> Self {
        Self::passphrase(key).with_derivation(KeyDerivation::Raw)
    }

    /// Returns the same key with another derivation.
    #[must_use]
    pub fn with_derivation(self, derivation: KeyDerivation) -> Self {
        Self { derivation, ..self }
    }

    /// The store's name for the derivation.
    pub(crate) fn method(&self) -> Result<StoreKeyMethod, WalletError> {
        let uri = match self.derivation {
            KeyDerivation::Argon2iInteractive => "kdf:argon2i:13:int",
            KeyDerivation::Argon2iModerate => "kdf:argon2i:13:mod",
            KeyDerivation::Raw => "raw",
        };
        StoreKeyMethod::parse_uri(uri).map_err(|_| WalletError::InvalidKey {
            reason: "this build of the store does not know its derivation",
        })
    }

    /// The key, in the form that the store takes.
    pub(crate) fn pass_key(&self) -> PassKey<'_> {
        PassKey::from(self.key.as_str())
    }

    /// Refuses a malformed key before the store sees it: given an empty raw key, the store would
    /// encrypt a new wallet under a random key that is never returned.
    pub(crate) fn check(&self) -> Result<(), WalletError> {
        let reason = match self.derivation {
            KeyDerivation::Raw if !is_raw_key(&self.key) => {
                "a raw key must be the base58 of exactly 32 bytes (see `generate_wallet_key`)"
            }
            _ if self.key.is_empty() => "the passphrase is empty",
            _ => return Ok(()),
        };
        Err(WalletError::InvalidKey { reason })
    }
}

fn is_raw_key(key: &str) -> bool {
    let mut bytes = Zeroizing::new([0; RAW_KEY_LENGTH]);
    bs58::decode(key).onto(bytes.as_mut_slice()) == Ok(RAW_KEY_LENGTH)
}

/// A fresh raw key for [`WalletCredentials::raw`], wiped from memory when dropped.
pub struct WalletKey(Zeroizing<String>);

impl WalletKey {
    /// Returns the key in base58. It opens the wallet, and without it the wallet is lost.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl AsRef<str> for WalletKey {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

/// Shows nothing of the key.
impl fmt::Debug for WalletKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("WalletKey(..)")
    }
}

/// Generates a random raw key: 32 bytes from the operating system's generator, in base58.
///
/// # Errors
///
/// [`WalletError::InvalidKey`] when the operating system gives no random bytes.
pub fn generate_wallet_key() -> Result<WalletKey, WalletError> {
    let key = Store::new_raw_key(None).map_err(|_| WalletError::InvalidKey {
        reason: "the operating system gave no random bytes to make one",
    })?;
    Ok(WalletKey(Zeroizing::new(key.to_string())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_nothing_of_a_key() {
        let credentials = WalletCredentials::passphrase("correct horse");
        assert_eq!(
            format!("{credentials:?}"),
            "WalletCredentials { derivation: Argon2iInteractive, .. }"
        );
        let key = generate_wallet_key().unwrap();
        assert_eq!(format!("{key:?}"), "WalletKey(..)");
    }

    #[test]
    fn every_derivation_is_known_to_the_store() {
        for derivation in
            [KeyDerivation::Argon2iInteractive, KeyDerivation::Argon2iModerate, KeyDerivation::Raw]
        {
            let credentials = WalletCredentials::passphrase("key").with_derivation(derivation);
            credentials.method().unwrap();
        }
    }

    #[test]
    fn a_generated_key_is_a_new_raw_key_each_time() {
        let (one, other) = (generate_wallet_key().unwrap(), generate_wallet_key().unwrap());
        WalletCredentials::raw(one.as_str()).check().unwrap();
        assert_ne!(one.as_str(), other.as_str());
    }
}
