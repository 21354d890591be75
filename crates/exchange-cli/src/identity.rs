//! DIDs and their keys, in a home's wallets.

use std::{path::Path, sync::Arc};

use anyhow::{Context, Result, anyhow, bail};
use exchange::{
    did::{Did, DidDocument, PublicKey, VerificationMethod, document_of},
    key::{RsaSigner, Signer, WalletSigner},
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
    input::{self, InputError},
};
use zeroize::Zeroizing;

use crate::{
    cli::SigningKey,
    registry::{DocumentKind, Registry},
};

/// The verifier's wallet, which holds the key that signs requests.
const VERIFIER_WALLET: WalletAccount<'static> =
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
    fn account(self) -> WalletAccount<'static> {
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
    pub signer: Box<dyn Signer>,
    /// Its document, unless the DID contains the key.
    document: Option<DidDocument>,
}

impl Identity {
    /// Publishes the DID's document in the registry, where others find the key.
    pub fn publish(&self, registry: &Registry) -> Result<()> {
        match &self.document {
            Some(document) => {
                registry.publish(DocumentKind::Did, self.did.as_str(), &document_of(document))
            }
            None => Ok(()),
        }
    }
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

/// Returns the identity with which a home's holder or verifier signs: the DID and key that the command line gives, or the
/// home's own.
pub async fn of(wallet: &Arc<Wallet>, role: Role, chosen: &SigningKey) -> Result<Identity> {
    match (&chosen.did, &chosen.key) {
        (Some(did), key) => issuer(wallet, did, key.as_deref().into()).await,
        (None, _) => own(wallet, role).await,
    }
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
    Ok(Identity { did: signer.did().clone(), signer: Box::new(signer), document: None })
}

/// Where the key of a DID comes from.
#[derive(Clone, Copy)]
pub enum KeySource<'k> {
    /// The wallet, in which it is made if need be, from this seed if there is one.
    Wallet(Option<&'k str>),
    /// A file with an RSA private key in PEM.
    File(&'k Path),
}

impl<'k> From<Option<&'k Path>> for KeySource<'k> {
    fn from(file: Option<&'k Path>) -> Self {
        file.map_or(Self::Wallet(None), Self::File)
    }
}

/// Returns the identity of a DID that is published in the registry.
pub async fn issuer(wallet: &Arc<Wallet>, did: &str, key: KeySource<'_>) -> Result<Identity> {
    let did: Did = did.parse()?;
    if !["sov", "work"].contains(&did.method()) {
        bail!("keys are made for did:sov:... and did:work:..., and {did} is another kind of DID");
    }
    let (public, signer): (PublicKey, Box<dyn Signer>) = match key {
        KeySource::File(file) => {
            let signer = rsa_key(file, &did).await?;
            (signer.public_key(), Box::new(signer))
        }
        KeySource::Wallet(seed) => {
            let signer = wallet_key(wallet, &did, seed).await?;
            (signer.public_key(), Box::new(signer))
        }
    };
    let method = VerificationMethod::new(signer.reference(), public);
    let document = DidDocument::new(did, vec![method]);
    Ok(Identity { did: document.did.clone(), signer, document: Some(document) })
}

async fn wallet_key(wallet: &Arc<Wallet>, did: &Did, seed: Option<&str>) -> Result<WalletSigner> {
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
    Ok(WalletSigner::of_did(wallet, did.clone()).await?)
}

async fn rsa_key(file: &Path, did: &Did) -> Result<RsaSigner> {
    let read = input::bytes(file, "an RSA private key").await;
    let pem = Zeroizing::new(read.map_err(|error| {
        let why = match error {
            InputError::Read { source, .. } => source.to_string(),
            InputError::TooLong { max_bytes, .. } => format!("it has more than {max_bytes} bytes"),
            error => error.to_string(),
        };
        let shown = file.display();
        anyhow!("cannot read {shown}; name a file with an RSA private key in PEM: {why}")
    })?);
    RsaSigner::from_pem(&pem, format!("{did}#key-1"))
        .with_context(|| format!("cannot use {}", file.display()))
}
