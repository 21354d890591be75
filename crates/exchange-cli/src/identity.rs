//! Who signs: DIDs and keys in a home's wallets.

use std::sync::Arc;

use anyhow::{Context, Result, bail};
use indy::{
    did::{self, MyDidConfig},
    error::{DidError, WalletError},
    non_secrets,
    wallet::{self, Wallet},
};
use proof_exchange::{
    did::{Did, DidDocument, VerificationMethod, document_of},
    key::{Signer, WalletSigner},
};
use stage::{Stage, WalletAccount};
use step2_issuance::{ISSUER_WALLET, PROVER_WALLET};

use super::registry::{Kind, Registry};

/// The verifier's wallet, which holds the key that signs requests.
const VERIFIER_WALLET: WalletAccount = WalletAccount {
    id: "verifier_wallet",
    key: "verifier_wallet_key",
};

/// The category of the records that say under which DID a home's holder or verifier signs.
const CATEGORY: &str = "exchange_party";

/// A part in the exchange.
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
pub struct Party {
    /// The DID.
    pub did: Did,
    /// Its key.
    pub signer: WalletSigner,
}

/// The wallet of a role in a home; made if it is not there.
pub async fn wallet(stage: &Stage, role: Role) -> Result<Arc<Wallet>> {
    let account = role.account();
    let credentials = stage.wallet_credentials(account);
    match wallet::create_wallet(&stage.wallet_config(account), &credentials).await {
        Ok(()) | Err(WalletError::AlreadyExists { .. }) => {}
        Err(error) => return Err(error.into()),
    }
    Ok(stage.wallet(account).await?)
}

/// The holder or the verifier of a home: the DID that is asked for, or the one that signed before, or a new
/// `did:key`.
pub async fn party(
    wallet: &Arc<Wallet>,
    role: Role,
    wanted: Option<&str>,
    registry: &Registry,
) -> Result<Party> {
    if let Some(wanted) = wanted {
        let signer = issuer(wallet, wanted, None, registry).await?;
        return Ok(Party {
            did: wanted.parse()?,
            signer,
        });
    }
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
    Ok(Party {
        did: signer.did().clone(),
        signer,
    })
}

/// An issuer, whose DID is published in the registry. Its key is made, from the seed if there is one, unless
/// the wallet holds it.
pub async fn issuer(
    wallet: &Arc<Wallet>,
    did: &str,
    seed: Option<&str>,
    registry: &Registry,
) -> Result<WalletSigner> {
    let did: Did = did.parse()?;
    if !["sov", "work"].contains(&did.method()) {
        bail!(
            "a key is made here for did:sov:... and did:work:..., and {did} is another kind of DID"
        );
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
    registry.publish(Kind::Did, id, &document_of(&document))?;
    Ok(signer)
}
