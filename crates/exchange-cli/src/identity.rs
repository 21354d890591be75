//! DIDs and their keys, in a home's wallets.

use std::{path::Path, sync::Arc};

use anyhow::{Context, Result, anyhow, ensure};
use exchange::{
    did::{Did, DidDocument, VerificationMethod, document_of, read_document},
    key::{MemorySigner, RsaSigner, Signer, WalletSigner},
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
    registry::{DIDS, Registry},
};

/// The category of the records that hold the DIDs with which a home's holder and verifier sign.
const CATEGORY: &str = "exchange_party";

/// A role in the exchange: its name, and the wallet with its keys.
#[derive(Clone, Copy)]
pub struct Role {
    name: &'static str,
    wallet: WalletAccount<'static>,
}

/// Signs attributes.
pub const ISSUER: Role = Role { name: "issuer", wallet: ISSUER_WALLET };
/// Signs presentations and responses.
pub const HOLDER: Role = Role { name: "holder", wallet: PROVER_WALLET };
/// Signs requests.
pub const VERIFIER: Role = Role {
    name: "verifier",
    wallet: WalletAccount { id: "verifier_wallet", key: "verifier_wallet_key" },
};

/// A DID, and the key that signs for it.
pub struct Identity {
    pub did: Did,
    pub signer: Box<dyn Signer>,
    /// Its document, unless the DID contains the key.
    document: Option<DidDocument>,
}

impl Identity {
    /// Publishes the DID's document in the registry, where others find the key. One that is there
    /// is as good if it has this key: it may write it in another way, and have others.
    pub fn publish(&self, registry: &Registry) -> Result<()> {
        let Some(document) = &self.document else {
            return Ok(());
        };
        registry.publish(DIDS, self.did.as_str(), &document_of(document), |there| {
            let there = read_document(there).ok();
            let key = |id: &str| Some(&there.as_ref()?.method(id)?.key);
            document.methods.iter().all(|own| key(&own.id) == Some(&own.key))
        })
    }
}

/// Opens the wallet of a role in a home; makes it if it does not exist.
pub async fn wallet(tutorial: &Tutorial, role: Role) -> Result<Arc<Wallet>, TutorialError> {
    tutorial.open_or_create_wallet(role.wallet).await
}

/// Opens the holder's wallet, with which a request is answered. Where there is none it is not made:
/// it would have another DID, and no credentials.
pub async fn holder_wallet(tutorial: &Tutorial) -> Result<Arc<Wallet>> {
    tutorial.wallet(HOLDER.wallet).await.map_err(|error| match error {
        TutorialError::Gone { what, home } => anyhow!(
            "{what} of {} is not there: no credential was ever kept in this home, or the wallet was deleted, and with it \
             the holder's DID, its key and all credentials; restore it from a copy, or get credentials again with \
             `proof-exchange issue` or `proof-exchange keep`, which make a new DID",
            home.display()
        ),
        error => error.into(),
    })
}

/// Returns the identity with which a home's holder or verifier signs: the DID and key that the
/// command line gives, or the home's own.
pub async fn of(wallet: &Arc<Wallet>, role: Role, chosen: &SigningKey) -> Result<Identity> {
    match &chosen.did {
        Some(did) => published(wallet, did, chosen.key.as_deref(), None).await,
        None => own(wallet, role).await,
    }
}

/// Returns the same for a dry run, which writes nothing: where the key would have to be made, one
/// that everyone knows takes its place, so that nothing may be signed with it.
pub async fn of_dry_run(wallet: &Arc<Wallet>, role: Role, chosen: &SigningKey) -> Result<Identity> {
    const KNOWN: &[u8; 32] = &[0; 32];
    let signer = match &chosen.did {
        Some(did) if chosen.key.is_none() => {
            match did::key_for_local_did(wallet, publishable(did)?.id()).await {
                Err(DidError::NotFound { .. }) => {
                    MemorySigner::from_seed(KNOWN, format!("{did}#key-1"))
                }
                _ => return of(wallet, role, chosen).await,
            }
        }
        None if own_name(wallet, role).await?.is_none() => MemorySigner::did_key(KNOWN),
        _ => return of(wallet, role, chosen).await,
    };
    let did = Did::of_reference(signer.reference())?;
    Ok(Identity { did, signer: Box::new(signer), document: None })
}

/// Returns the identity of a home's holder or verifier: the DID that signed before, or a new
/// `did:key`.
pub async fn own(wallet: &Arc<Wallet>, role: Role) -> Result<Identity> {
    let name = match own_name(wallet, role).await? {
        Some(name) => name,
        None => {
            let made = did::create_and_store_my_did(wallet, &MyDidConfig::random()).await?;
            non_secrets::add_wallet_record(wallet, CATEGORY, role.name, made.did.as_bytes(), &[])
                .await?;
            made.did
        }
    };
    let signer = WalletSigner::did_key(Arc::clone(wallet), &name).await?;
    let did = Did::of_reference(signer.reference())?;
    Ok(Identity { did, signer: Box::new(signer), document: None })
}

/// Returns the wallet's name of the DID that signed before, if there is one.
async fn own_name(wallet: &Wallet, role: Role) -> Result<Option<String>, WalletError> {
    match non_secrets::get_wallet_record(wallet, CATEGORY, role.name).await {
        Ok(record) => Ok(Some(String::from_utf8_lossy(&record.value).into_owned())),
        Err(WalletError::ItemNotFound { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Returns the identity of a DID that is published in the registry. Its key is in a file with an
/// RSA private key in PEM, or else in the wallet, in which it is made if need be, from a seed if
/// there is one.
pub async fn published(
    wallet: &Arc<Wallet>,
    did: &str,
    file: Option<&Path>,
    seed: Option<&str>,
) -> Result<Identity> {
    let did = publishable(did)?;
    let signer: Box<dyn Signer> = match file {
        Some(file) => Box::new(rsa_key(file, &did).await?),
        None => Box::new(wallet_key(wallet, &did, seed).await?),
    };
    let method = VerificationMethod::new(signer.reference(), signer.public_key());
    let document = DidDocument::new(did.clone(), vec![method]);
    Ok(Identity { did, signer, document: Some(document) })
}

fn publishable(did: &str) -> Result<Did> {
    let did: Did = did.parse()?;
    ensure!(
        ["sov", "work"].contains(&did.method()),
        "keys are made for did:sov:... and did:work:..., and {did} is another kind of DID"
    );
    Ok(did)
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
    Ok(WalletSigner::of_did(Arc::clone(wallet), did).await?)
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
