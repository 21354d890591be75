//! The Ed25519 key of a DID in a wallet.

use std::{fmt, sync::Arc};

use async_trait::async_trait;
use wallet::{
    Wallet,
    did::{key_for_local_did, sign_with_did},
};

use super::{KeyKind, SignError, Signer};
use crate::did::{Did, PublicKey, did_key, ed25519_from_base58};

/// Signs with the key of a DID in a wallet. The private key is read for each signature, and stays inside the wallet.
///
/// A wallet names its DIDs as Indy does, by the base58 of 16 bytes. The caller chooses the method under which such a
/// DID is published.
pub struct WalletSigner {
    wallet: Arc<Wallet>,
    /// As the wallet names it.
    wallet_did: String,
    did: Did,
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
        let key = public_key(&wallet, wallet_did, wallet_did).await?;
        Ok(Self {
            wallet,
            wallet_did: wallet_did.to_owned(),
            did: did_key::did(&key),
            public_key: key,
            reference: did_key::reference(&key),
        })
    }

    /// Returns the key as `did:sov:<DID>#key-1`. A NYM on a ledger has one key without a name; the method's own
    /// documents call it `#key-1`.
    ///
    /// # Errors
    ///
    /// As for [`WalletSigner::did_key`].
    pub async fn did_sov(wallet: Arc<Wallet>, wallet_did: &str) -> Result<Self, SignError> {
        Self::first_key(wallet, "sov", wallet_did).await
    }

    /// Returns the key as `did:work:<DID>#key-1`, as in the draft's examples. An id of `did:work` is the base58 of
    /// 16 bytes too.
    ///
    /// # Errors
    ///
    /// As for [`WalletSigner::did_key`].
    pub async fn did_work(wallet: Arc<Wallet>, wallet_did: &str) -> Result<Self, SignError> {
        Self::first_key(wallet, "work", wallet_did).await
    }

    async fn first_key(
        wallet: Arc<Wallet>,
        method: &str,
        wallet_did: &str,
    ) -> Result<Self, SignError> {
        let did = format!("did:{method}:{wallet_did}");
        let reference = format!("{did}#key-1");
        let key = public_key(&wallet, wallet_did, &reference).await?;
        Ok(Self {
            wallet,
            wallet_did: wallet_did.to_owned(),
            did: did.parse().map_err(|error| failed(&reference, &error))?,
            public_key: key,
            reference,
        })
    }

    /// Returns the DID that it signs as.
    pub fn did(&self) -> &Did {
        &self.did
    }

    /// Returns the public key.
    pub fn public_key(&self) -> PublicKey {
        PublicKey::Ed25519(self.public_key)
    }
}

/// Shows the reference only.
impl fmt::Debug for WalletSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WalletSigner").field("reference", &self.reference).finish_non_exhaustive()
    }
}

#[async_trait]
impl Signer for WalletSigner {
    fn reference(&self) -> &str {
        &self.reference
    }

    fn kind(&self) -> KeyKind {
        KeyKind::Ed25519
    }

    async fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignError> {
        sign_with_did(&self.wallet, &self.wallet_did, message)
            .await
            .map_err(|error| failed(&self.reference, &error))
    }
}

/// Returns the public key of a DID in the wallet.
async fn public_key(
    wallet: &Wallet,
    wallet_did: &str,
    reference: &str,
) -> Result<[u8; 32], SignError> {
    let verkey =
        key_for_local_did(wallet, wallet_did).await.map_err(|error| failed(reference, &error))?;
    ed25519_from_base58(&verkey).ok_or_else(|| {
        failed(reference, &format!("the wallet's verkey {verkey:?} is not the base58 of 32 bytes"))
    })
}

fn failed(reference: &str, reason: &dyn fmt::Display) -> SignError {
    SignError { reference: reference.to_owned(), reason: reason.to_string() }
}
