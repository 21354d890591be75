//! The Ed25519 key of a DID in a wallet.

use std::sync::Arc;

use async_trait::async_trait;
use wallet::{
    Wallet,
    did::{key_for_local_did, sign_with_did},
};

use super::{SignError, Signer};
use crate::did::{Did, PublicKey, did_key, ed25519_from_base58};

/// Signs with the key of a DID in a wallet. The private key is read for each signature, and stays
/// inside the wallet.
///
/// A wallet names its DIDs as Indy does, by the base58 of 16 bytes. The caller chooses the method
/// under which such a DID is published.
#[derive(Debug)]
pub struct WalletSigner {
    wallet: Arc<Wallet>,
    /// As the wallet names it.
    wallet_did: String,
    public_key: [u8; 32],
    reference: String,
}

impl WalletSigner {
    /// Returns the key under its own `did:key`, which needs no registry and no ledger.
    ///
    /// # Errors
    ///
    /// [`SignError`] when the wallet holds no such DID, or fails.
    pub async fn did_key(wallet: Arc<Wallet>, wallet_did: &str) -> Result<Self, SignError> {
        let public_key = public_key(&wallet, wallet_did, wallet_did).await?;
        let reference = did_key::reference(&public_key);
        Ok(Self { wallet, wallet_did: wallet_did.to_owned(), public_key, reference })
    }

    /// Returns the key of a DID of which the wallet knows the id, as `<DID>#key-1`: of `did:sov`,
    /// whose NYM on a ledger has one key without a name, or of `did:work`, as in the draft's
    /// examples.
    ///
    /// # Errors
    ///
    /// As for [`WalletSigner::did_key`].
    pub async fn of_did(wallet: Arc<Wallet>, did: &Did) -> Result<Self, SignError> {
        let reference = format!("{did}#key-1");
        let public_key = public_key(&wallet, did.id(), &reference).await?;
        Ok(Self { wallet, wallet_did: did.id().to_owned(), public_key, reference })
    }
}

#[async_trait]
impl Signer for WalletSigner {
    fn reference(&self) -> &str {
        &self.reference
    }

    fn public_key(&self) -> PublicKey {
        PublicKey::Ed25519(self.public_key)
    }

    async fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignError> {
        sign_with_did(&self.wallet, &self.wallet_did, message)
            .await
            .map_err(|error| SignError::new(&self.reference, &error))
    }
}

/// Returns the public key of a DID in the wallet.
async fn public_key(
    wallet: &Wallet,
    wallet_did: &str,
    reference: &str,
) -> Result<[u8; 32], SignError> {
    let verkey = key_for_local_did(wallet, wallet_did)
        .await
        .map_err(|error| SignError::new(reference, &error))?;
    let problem = || format!("the wallet's verkey {verkey:?} is not the base58 of 32 bytes");
    ed25519_from_base58(&verkey).ok_or_else(|| SignError::new(reference, &problem()))
}
