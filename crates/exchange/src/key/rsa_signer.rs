//! RSA keys: PEM in, signatures with PKCS#1 v1.5 and SHA-256 out.

use async_trait::async_trait;
use ring::{
    rand::SystemRandom,
    rsa::PublicKeyComponents,
    signature::{RSA_PKCS1_SHA256, RsaKeyPair},
};

use super::{SignError, Signer};
use crate::{did::PublicKey, pem};

/// An RSA private key with its reference. `Debug` shows the public key only.
#[derive(Debug)]
pub struct RsaSigner {
    pair: RsaKeyPair,
    reference: String,
}

impl RsaSigner {
    /// Returns the private key in a PEM text, under a whole reference such as `did:work:...#rsa-1`:
    /// PKCS#8 (`BEGIN PRIVATE KEY`) or PKCS#1 (`BEGIN RSA PRIVATE KEY`), not encrypted, of 2,048 to
    /// 4,096 bits. What is decoded from the text is wiped; the text is the caller's to wipe.
    ///
    /// # Errors
    ///
    /// [`SignError`]: the text is something else, or the key is of another length. It contains nothing of the text.
    pub fn from_pem(pem: &[u8], reference: impl Into<String>) -> Result<Self, SignError> {
        let reference = reference.into();
        let refused = |reason: &str| SignError::new(&reference, &reason);
        let parsed = match (pem::decode(pem, "PRIVATE KEY"), pem::decode(pem, "RSA PRIVATE KEY")) {
            (Some(pkcs8), _) => RsaKeyPair::from_pkcs8(&pkcs8),
            (_, Some(pkcs1)) => RsaKeyPair::from_der(&pkcs1),
            (None, None) => {
                let is_encrypted = pem.windows(9).any(|part| part == b"ENCRYPTED");
                return Err(refused(match is_encrypted {
                    true => "its private key is encrypted; decrypt it first",
                    false => {
                        "there is no private key in PEM, as in BEGIN PRIVATE KEY (PKCS#8) or \
                         BEGIN RSA PRIVATE KEY (PKCS#1); give one"
                    }
                }));
            }
        };
        let pair = parsed.map_err(|_| {
            refused(
                "the private key cannot sign: it is not an RSA key, or not of 2048 to 4096 bits; give an RSA key of \
                 that length",
            )
        })?;
        Ok(Self { pair, reference })
    }
}

#[async_trait]
impl Signer for RsaSigner {
    fn reference(&self) -> &str {
        &self.reference
    }

    fn public_key(&self) -> PublicKey {
        let components: PublicKeyComponents<Vec<u8>> = self.pair.public().into();
        PublicKey::Rsa { modulus: components.n, exponent: components.e }
    }

    async fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignError> {
        let mut signature = vec![0; self.pair.public().modulus_len()];
        // the randomness blinds the computation; the signature does not depend on it
        self.pair
            .sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature)
            .map_err(|error| SignError::new(&self.reference, &error))?;
        Ok(signature)
    }
}
