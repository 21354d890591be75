//! The wallet owner's DIDs: create them, keep their keys, sign with them.
//!
//! An Indy DID is made from an Ed25519 key pair: the verification key (*verkey*) is the base58 of
//! the 32 bytes of the public key, and the DID is the base58 of the first 16 of them. The private
//! key is stored in the wallet and never leaves it.
//!
//! ```
//! # async fn example(wallet: &negotiate_wallet::Wallet) -> Result<(), negotiate_wallet::did::DidError> {
//! use negotiate_wallet::did::{self, MyDidConfig};
//!
//! let seed = MyDidConfig::from_seed("000000000000000000000000Steward1");
//! let steward = did::create_and_store_my_did(wallet, &seed).await?;
//! assert_eq!(steward.did, "Th7MpTaRZVRYnPiabds81Y");
//!
//! let trust_anchor = did::create_and_store_my_did(wallet, &MyDidConfig::random()).await?;
//! # Ok(())
//! # }
//! ```

mod error;
mod key;
mod seed;

use std::fmt;
use stdx::task::boxed;

use aries_askar::{
    ErrorKind,
    entry::TagFilter,
    kms::{KeyAlg, LocalKey},
};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

pub use error::DidError;
pub use key::SigningKey;

use crate::{category::DID as CATEGORY, record::Tag, wallet::Wallet};

/// The tag by which a DID is found from its verkey.
const VERKEY_TAG: &str = "verkey";

/// The tag by which a DID is found from its label.
const LABEL_TAG: &str = "label";

/// The length of a DID, in bytes before base58.
const DID_LENGTH: usize = 16;

/// The greatest length of a DID's text, in bytes: PostgreSQL's indexes take no more than about
/// 2,700.
const MAX_LENGTH: usize = 1_024;

/// A DID whose private key is in the wallet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MyDid {
    /// The DID: base58 of the first 16 bytes of the public key, unless another was asked for.
    pub did: String,
    /// The verification key: base58 of the 32 bytes of the Ed25519 public key.
    pub verkey: String,
}

/// What a DID is created from. A seed is wiped from memory when this is dropped.
#[derive(Clone, Default)]
pub struct MyDidConfig {
    seed: Option<Zeroizing<String>>,
    did: Option<String>,
    label: Option<String>,
}

impl MyDidConfig {
    /// Returns the configuration of a DID with a fresh random key.
    pub fn random() -> Self {
        Self::default()
    }

    /// Returns the configuration of a DID from a seed, always the same DID. A seed is 32 bytes of
    /// text, or 64 hexadecimal digits, or the base64 of 32 bytes with its closing `=`; it is
    /// checked when the DID is created.
    pub fn from_seed(seed: impl AsRef<str>) -> Self {
        Self { seed: Some(Zeroizing::new(seed.as_ref().to_owned())), ..Self::default() }
    }

    /// Sets the DID, which otherwise is derived from the key.
    #[must_use]
    pub fn with_did(self, did: impl Into<String>) -> Self {
        Self { did: Some(did.into()), ..self }
    }

    /// Sets a label under which the wallet keeps the DID, and holds only one. It is stored together
    /// with the DID, so a program that is killed and run again finds a DID with a random key by its
    /// label.
    #[must_use]
    pub fn with_label(self, label: impl Into<String>) -> Self {
        Self { label: Some(label.into()), ..self }
    }

    /// Returns the DID that is created from the seed; `None` if there is no seed.
    ///
    /// # Errors
    ///
    /// [`DidError::InvalidSeed`], [`DidError::InvalidDid`].
    pub fn seeded_did(&self) -> Result<Option<MyDid>, DidError> {
        let did = self.did.as_deref();
        self.seed.as_ref().map(|_| identify(&self.key()?, did)).transpose()
    }

    fn key(&self) -> Result<LocalKey, DidError> {
        match &self.seed {
            None => LocalKey::generate_with_rng(KeyAlg::Ed25519, false),
            Some(seed) => {
                let bytes = seed::bytes(seed)?;
                LocalKey::from_secret_bytes(KeyAlg::Ed25519, bytes.as_slice())
            }
        }
        .map_err(key_error)
    }
}

/// Shows whether there is a seed, but not the seed.
impl fmt::Debug for MyDidConfig {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("MyDidConfig")
            .field("seeded", &self.seed.is_some())
            .field("did", &self.did)
            .field("label", &self.label)
            .finish()
    }
}

/// Creates a DID and stores it with its private key, both or neither.
///
/// A DID that the wallet already holds with the same key is returned.
///
/// # Errors
///
/// - [`DidError::InvalidSeed`], [`DidError::InvalidDid`] when the seed or the DID is malformed;
/// - [`DidError::AlreadyExists`] when the wallet holds the DID with another key;
/// - [`DidError::LabelExists`] when the wallet holds a DID under the label;
/// - [`DidError::Wallet`] when the wallet fails.
#[boxed]
pub async fn create_and_store_my_did(
    wallet: &Wallet,
    config: &MyDidConfig,
) -> Result<MyDid, DidError> {
    if let Some(label) = &config.label
        && let Some(stored) = labelled(wallet, label).await?
    {
        let (label, wallet) = (label.clone(), wallet.id().to_owned());
        return Err(DidError::LabelExists { label, stored, wallet });
    }
    let key = config.key()?;
    let mine = identify(&key, config.did.as_deref())?;
    if !store_if_new(wallet, &mine, &key, config.label.as_deref()).await? {
        let stored = key_for_local_did(wallet, &mine.did).await?;
        if stored != mine.verkey {
            return Err(DidError::AlreadyExists { did: mine.did, wallet: wallet.id().to_owned() });
        }
    }
    Ok(mine)
}

/// Stores a DID with a key that was made elsewhere, both or neither; returns whether the DID was
/// new. It may be of any method.
///
/// # Errors
///
/// - [`DidError::AlreadyExists`] when the wallet holds the DID with another key;
/// - [`DidError::InvalidDid`] when its text is empty or longer than 1,024 bytes;
/// - [`DidError::Wallet`] when the wallet fails.
#[boxed]
pub async fn store_existing_did(
    wallet: &Wallet,
    did: &str,
    key: &SigningKey,
) -> Result<bool, DidError> {
    if did.is_empty() || did.len() > MAX_LENGTH {
        return Err(DidError::InvalidDid { did: stdx::text::shorten(did, 100).into_owned() });
    }
    let mine = MyDid { did: did.to_owned(), verkey: key.verkey().to_owned() };
    if store_if_new(wallet, &mine, &key.to_local_key()?, None).await? {
        return Ok(true);
    }
    match key_for_local_did(wallet, did).await? == mine.verkey {
        true => Ok(false),
        false => Err(DidError::AlreadyExists { did: mine.did, wallet: wallet.id().to_owned() }),
    }
}

/// Returns the verkey of a DID in the wallet.
///
/// # Errors
///
/// [`DidError::NotFound`] when the wallet does not hold the DID, [`DidError::Wallet`] when it
/// fails.
#[boxed]
pub async fn key_for_local_did(wallet: &Wallet, did: &str) -> Result<String, DidError> {
    let value = wallet.fetch_record(CATEGORY, did).await?.ok_or_else(|| not_found(wallet, did))?;
    Ok(parse(wallet, &value)?.verkey)
}

/// Returns all DIDs in the wallet, sorted by their text.
///
/// # Errors
///
/// [`DidError::Wallet`] when the wallet fails.
#[boxed]
pub async fn list_my_dids(wallet: &Wallet) -> Result<Vec<MyDid>, DidError> {
    let entries = wallet
        .call_store(async {
            let mut session = wallet.store().session(None).await?;
            session.fetch_all(Some(CATEGORY), None, None, None, false, false).await
        })
        .await?;
    let mut dids =
        entries.iter().map(|entry| parse(wallet, &entry.value)).collect::<Result<Vec<_>, _>>()?;
    dids.sort_by(|a, b| a.did.cmp(&b.did));
    Ok(dids)
}

/// Signs a message with a DID's private key: Ed25519, 64 bytes. The key does not leave the wallet.
///
/// # Errors
///
/// [`DidError::NotFound`] when the wallet does not hold the DID, [`DidError::Wallet`] when it
/// fails.
#[boxed]
pub async fn sign_with_did(
    wallet: &Wallet,
    did: &str,
    message: &[u8],
) -> Result<Vec<u8>, DidError> {
    let verkey = key_for_local_did(wallet, did).await?;
    let entry = wallet
        .call_store(async {
            let mut session = wallet.store().session(None).await?;
            session.fetch_key(&verkey, false).await
        })
        .await?
        .ok_or_else(|| not_found(wallet, did))?;
    let key = entry.load_local_key().map_err(key_error)?;
    key.sign_message(message, None).map_err(key_error)
}

/// Returns the DID that the wallet holds under a label.
async fn labelled(wallet: &Wallet, label: &str) -> Result<Option<MyDid>, DidError> {
    let filter = TagFilter::is_eq(LABEL_TAG, label);
    let entries = wallet
        .call_store(async {
            let mut session = wallet.store().session(None).await?;
            session.fetch_all(Some(CATEGORY), Some(filter), Some(1), None, false, false).await
        })
        .await?;
    entries.first().map(|entry| parse(wallet, &entry.value)).transpose()
}

/// Derives a key's DID, unless another is asked for, and its verkey.
fn identify(key: &LocalKey, asked_for: Option<&str>) -> Result<MyDid, DidError> {
    let public = key.to_public_bytes().map_err(key_error)?;
    let did = match asked_for {
        Some(did) if is_did(did) => did.to_owned(),
        Some(did) => {
            return Err(DidError::InvalidDid { did: did.to_owned() });
        }
        None => {
            bs58::encode(public.iter().take(DID_LENGTH).copied().collect::<Vec<_>>()).into_string()
        }
    };
    let verkey = bs58::encode(&*public).into_string();
    Ok(MyDid { did, verkey })
}

fn is_did(did: &str) -> bool {
    let mut bytes = [0; DID_LENGTH];
    bs58::decode(did).onto(&mut bytes) == Ok(DID_LENGTH)
}

/// Stores a DID, its key and its label in one transaction, and returns whether the DID was new.
async fn store_if_new(
    wallet: &Wallet,
    mine: &MyDid,
    key: &LocalKey,
    label: Option<&str>,
) -> Result<bool, DidError> {
    let value =
        serde_json::to_vec(mine).map_err(|error| DidError::Key { reason: error.to_string() })?;
    let label = label.map(|label| Tag::new(LABEL_TAG, label));
    let tags = [Tag::new(VERKEY_TAG, &mine.verkey)].into_iter().chain(label);
    let tags: Vec<_> = tags.map(|tag| tag.to_entry_tag()).collect();
    let stored = wallet.call_store(async {
        let mut transaction = wallet.store().transaction(None).await?;
        let inserted = transaction.insert(CATEGORY, &mine.did, &value, Some(&tags), None).await;
        if !is_new(inserted)? {
            transaction.rollback().await?;
            return Ok(false);
        }
        // The wallet may hold the key already, under another DID.
        let inserted = transaction.insert_key(&mine.verkey, key, None, None, None, None).await;
        is_new(inserted)?;
        transaction.commit().await?;
        Ok(true)
    });
    Ok(stored.await?)
}

/// Returns whether an insertion added something; `false` when the name was taken.
fn is_new(inserted: Result<(), aries_askar::Error>) -> Result<bool, aries_askar::Error> {
    match inserted {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == ErrorKind::Duplicate => Ok(false),
        Err(error) => Err(error),
    }
}

fn parse(wallet: &Wallet, value: &[u8]) -> Result<MyDid, DidError> {
    let damaged =
        |error: serde_json::Error| wallet.invalid_record(format!("a DID's record: {error}"));
    Ok(serde_json::from_slice(value).map_err(damaged)?)
}

fn not_found(wallet: &Wallet, did: &str) -> DidError {
    DidError::NotFound { did: did.to_owned(), wallet: wallet.id().to_owned() }
}

fn key_error(error: aries_askar::Error) -> DidError {
    DidError::Key { reason: error.to_string() }
}
