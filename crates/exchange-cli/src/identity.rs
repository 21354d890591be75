//! DIDs and their keys, in a home's wallets.

use std::sync::Arc;

use anyhow::{Context, Result, anyhow, bail};
use exchange::{
    did::{Did, DidDocument, VerificationMethod, document_of},
    key::{Signer, WalletSigner},
};
use indy::{
    did::{self, MyDidConfig},
    error::{DidError, WalletError},
    non_secrets,
    wallet::Wallet,
};
use tutorial::{
    Tutorial, TutorialError,
    data::{ISSUER_WALLET, PROVER_WALLET, WalletAccount},
};

use crate::registry::{DocumentKind, Registry};

/// The verifier's wallet, which holds the key that signs requests.
const VERIFIER_WALLET: WalletAccount =
    WalletAccount { id: "verifier_wallet", key: "verifier_wallet_key" };

/// The category of the records that hold the DIDs with which a home's holder and verifier sign.
const CATEGORY: &str = "exchange_party";

/// A role in the exchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Signs attributes.
    Issuer,
    /// Signs presentations and responses.
    Holder,
    /// Signs requests.
    Verifier,
}

impl Role {
    fn account(self) -> WalletAccount {
        match self {
            Self::Issuer => ISSUER_WALLET,
            Self::Holder => PROVER_WALLET,
            Self::Verifier => VERIFIER_WALLET,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Issuer => "issuer",
            Self::Holder => "holder",
            Self::Verifier => "verifier",
        }
    }
}

/// A DID, and the key that signs for it.
pub struct Identity {
    /// The DID.
    pub did: Did,
    /// Its key.
    pub signer: WalletSigner,
}

/// Opens the wallet of a role in a home; makes it if it does not exist.
pub async fn wallet(tutorial: &Tutorial, role: Role) -> Result<Arc<Wallet>, TutorialError> {
    tutorial.open_or_create_wallet(role.account()).await
}

/// Opens the holder's wallet, with which a request is answered. Where there is none it is not made: it would have
/// another DID, and no credentials.
pub async fn holder_wallet(tutorial: &Tutorial) -> Result<Arc<Wallet>> {
    tutorial.wallet(Role::Holder.account()).await.map_err(|error| match error {
        TutorialError::Gone { what, home } => anyhow!(
            "{what} of {} is not there: no credential was ever kept in this home, or the wallet was deleted, and with it \
             the holder's DID, its key and all credentials; restore it from a copy, or get credentials again with \
             `proof-exchange issue` or `proof-exchange keep`, which make a new DID",
            home.display()
        ),
        error => error.into(),
    })
}

/// Returns the identity of a home that has this DID, which is published in the registry.
pub async fn published(wallet: &Arc<Wallet>, did: &str, registry: &Registry) -> Result<Identity> {
    let signer = issuer(wallet, did, None, registry).await?;
    Ok(Identity { did: did.parse()?, signer })
}

/// Returns the identity of a home's holder or verifier: the DID that signed before, or a new `did:key`.
pub async fn own(wallet: &Arc<Wallet>, role: Role) -> Result<Identity> {
    let local = match non_secrets::get_wallet_record(wallet, CATEGORY, role.name()).await {
        Ok(record) => String::from_utf8_lossy(&record.value).into_owned(),
        Err(WalletError::ItemNotFound { .. }) => {
            let made = did::create_and_store_my_did(wallet, &MyDidConfig::random()).await?;
            non_secrets::add_wallet_record(wallet, CATEGORY, role.name(), made.did.as_bytes(), &[])
                .await?;
            made.did
        }
        Err(error) => return Err(error.into()),
    };
    let signer = WalletSigner::did_key(Arc::clone(wallet), &local).await?;
    Ok(Identity { did: signer.did().clone(), signer })
}

/// Returns the key of an issuer, and publishes its DID in the registry. The key is made, from the seed if there is
/// one, unless the wallet holds it.
pub async fn issuer(
    wallet: &Arc<Wallet>,
    did: &str,
    seed: Option<&str>,
    registry: &Registry,
) -> Result<WalletSigner> {
    let did: Did = did.parse()?;
    if !["sov", "work"].contains(&did.method()) {
        bail!("keys are made for did:sov:... and did:work:..., and {did} is another kind of DID");
    }
    let config = match seed {
        // the wallet refuses a seed that makes another key than it holds
        Some(seed) => Some(MyDidConfig::from_seed(seed)),
        None => match did::key_for_local_did(wallet, did.id()).await {
            Ok(_) => None,
            Err(DidError::NotFound { .. }) => Some(MyDidConfig::random()),
            Err(error) => return Err(error.into()),
        },
    };
    if let Some(config) = config {
        did::create_and_store_my_did(wallet, &config.with_did(did.id()))
            .await
            .with_context(|| format!("cannot make a key for {did}"))?;
    }
    let wallet = Arc::clone(wallet);
    let signer = match did.method() {
        "sov" => WalletSigner::did_sov(wallet, did.id()).await?,
        _ => WalletSigner::did_work(wallet, did.id()).await?,
    };
    let document = DidDocument {
        methods: vec![VerificationMethod {
            id: signer.reference().to_owned(),
            key: signer.public_key(),
        }],
        did,
    };
    let id = document.did.as_str();
    registry.publish(DocumentKind::Did, id, &document_of(&document))?;
    Ok(signer)
}
