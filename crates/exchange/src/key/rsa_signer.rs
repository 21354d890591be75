//! RSA keys: PKCS#8 in, signatures with PKCS#1 v1.5 and SHA-256 out.

use std::fmt;

use async_trait::async_trait;
use ring::{
    rand::SystemRandom,
    rsa::PublicKeyComponents,
    signature::{RSA_PKCS1_SHA256, RsaKeyPair},
};
use wallet::{
    Wallet,
    non_secrets::{add_wallet_record, get_wallet_record},
};
use zeroize::Zeroizing;

use super::{KeyKind, SignError, Signer};
use crate::{did::PublicKey, pem};

/// The category of the wallet's records that hold RSA private keys in PKCS#8; a record's id is the key's reference.
const CATEGORY: &str = "proof-exchange-rsa-key";

/// An RSA private key with its reference. `Debug` shows the reference only.
pub struct RsaSigner {
    pair: RsaKeyPair,
    reference: String,
}

impl RsaSigner {
    /// Returns the key of a PKCS#8 document, in DER or in PEM (`BEGIN PRIVATE KEY`), of 2,048 to 4,096 bits. The
    /// document is wiped from memory afterwards.
    ///
    /// # Errors
    ///
    /// [`SignError`].
    pub fn from_pkcs8(
        pkcs8: Zeroizing<Vec<u8>>,
        reference: impl Into<String>,
    ) -> Result<Self, SignError> {
        let reference = reference.into();
        let der = match pem::decode(&pkcs8, "PRIVATE KEY") {
            Some(der) => der,
            None => pkcs8,
        };
        match RsaKeyPair::from_pkcs8(&der) {
            Ok(pair) => Ok(Self { pair, reference }),
            Err(rejected) => Err(SignError {
                reason: format!(
                    "the RSA key is refused ({rejected}); give a private key of 2048 to 4096 bits in PKCS#8"
                ),
                reference,
            }),
        }
    }

    /// Reads the key that a wallet has under a reference.
    ///
    /// # Errors
    ///
    /// [`SignError`] when the wallet has no such key, or fails.
    pub async fn from_wallet(
        wallet: &Wallet,
        reference: impl Into<String>,
    ) -> Result<Self, SignError> {
        let reference = reference.into();
        match get_wallet_record(wallet, CATEGORY, &reference).await {
            Ok(record) => Self::from_pkcs8(record.value, reference),
            Err(error) => Err(failed(&reference, &error)),
        }
    }

    /// Checks a key in PKCS#8, and stores it in a wallet under its reference.
    ///
    /// # Errors
    ///
    /// [`SignError`] when the key is refused, when the wallet has a key of this reference, or fails.
    pub async fn import(
        wallet: &Wallet,
        pkcs8: Zeroizing<Vec<u8>>,
        reference: impl Into<String>,
    ) -> Result<Self, SignError> {
        let signer = Self::from_pkcs8(pkcs8.clone(), reference)?;
        add_wallet_record(wallet, CATEGORY, &signer.reference, &pkcs8, &[])
            .await
            .map_err(|error| failed(&signer.reference, &error))?;
        Ok(signer)
    }

    /// Returns the public key.
    pub fn public_key(&self) -> PublicKey {
        let components: PublicKeyComponents<Vec<u8>> = self.pair.public().into();
        PublicKey::Rsa { modulus: components.n, exponent: components.e }
    }
}

impl fmt::Debug for RsaSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RsaSigner").field("reference", &self.reference).finish_non_exhaustive()
    }
}

#[async_trait]
impl Signer for RsaSigner {
    fn reference(&self) -> &str {
        &self.reference
    }

    fn kind(&self) -> KeyKind {
        KeyKind::Rsa
    }

    async fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignError> {
        let mut signature = vec![0; self.pair.public().modulus_len()];
        // the randomness blinds the computation; the signature does not depend on it
        self.pair
            .sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature)
            .map_err(|error| failed(&self.reference, &error))?;
        Ok(signature)
    }
}

fn failed(reference: &str, reason: &dyn fmt::Display) -> SignError {
    SignError { reference: reference.to_owned(), reason: reason.to_string() }
}
