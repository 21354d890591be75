//! Credentials in a wallet.

use indy::{
    error::WalletError,
    non_secrets::{
        NewWalletRecord, add_wallet_record, add_wallet_records, delete_wallet_record,
        get_wallet_record,
    },
    wallet::Wallet,
};
use serde_json::Value;
use zeroize::Zeroizing;

use super::tags::{self, Shape};
use crate::message::{MessageError, Mode, Received, VerifiableCredential};

/// The category of the wallet in which credentials are kept.
pub const CATEGORY: &str = "w3c_credential";

/// A credential is of at most this many kinds: its schema, and each context with each type.
const MAX_KINDS: usize = 64;

/// What became of a credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// It was added.
    Added,
    /// The wallet held it already.
    HeldAlready,
}

/// Why a credential is not kept, or not read.
#[derive(Debug, thiserror::Error)]
pub enum KeepError {
    /// The wallet holds another one under its id.
    #[error(
        "the wallet holds another credential under the id {id:?}, which was kept; ask the issuer for a credential with an id of its own, or remove the old one first"
    )]
    OtherCredential {
        /// The id.
        id: String,
    },
    /// It is about nobody, or about several.
    #[error(
        "the credential {id:?} is about {}; ask the issuer for one whose attributes are all about the holder", subjects(.found)
    )]
    Subjects {
        /// The credential's id.
        id: String,
        /// Whom it is about.
        found: Vec<String>,
    },
    /// It has more contexts and types than any real one.
    #[error(
        "the credential {id:?} is of {kinds} kinds, and at most {MAX_KINDS} are kept; ask the issuer for one with fewer contexts and types"
    )]
    TooManyKinds {
        /// The credential's id.
        id: String,
        /// Schema, and pairs of a context and a type.
        kinds: usize,
    },
    /// What the wallet holds under this id is no credential.
    #[error(
        "what the wallet holds as the credential {id:?} cannot be read: {reason}; remove it, and keep the credential again"
    )]
    Damaged {
        /// The id.
        id: String,
        /// Why, as a clause.
        reason: String,
    },
    /// The wallet failed.
    #[error(transparent)]
    Wallet(#[from] WalletError),
}

fn subjects(found: &[String]) -> String {
    match found {
        [] => "nobody".to_owned(),
        some => some.join(" and "),
    }
}

/// Puts a credential into the holder's wallet, without looking at its signatures: [`super::keep_verified`] does.
/// To keep the same one again changes nothing.
///
/// # Errors
///
/// [`KeepError`]: among them that the wallet holds another credential under the same id.
pub async fn keep(
    wallet: &Wallet,
    credential: &Received<VerifiableCredential>,
) -> Result<Kept, KeepError> {
    let record = record(credential)?;
    let tags: Vec<(&str, &str)> = record
        .tags
        .iter()
        .map(|(name, value)| (&**name, &**value))
        .collect();
    match add_wallet_record(wallet, CATEGORY, &record.id, &record.value, &tags).await {
        Ok(()) => Ok(Kept::Added),
        Err(WalletError::ItemAlreadyExists { .. }) => {
            check_same(wallet, credential).await?;
            Ok(Kept::HeldAlready)
        }
        Err(error) => Err(error.into()),
    }
}

/// Puts many into the wallet, in one transaction. Returns how many were added; the others it held already.
///
/// # Errors
///
/// [`KeepError`] with the place in `credentials` of the one that is refused. Where another credential has the id,
/// those of other ids have been kept; with every other error none has.
pub(super) async fn keep_all(
    wallet: &Wallet,
    credentials: &[Received<VerifiableCredential>],
) -> Result<usize, (usize, KeepError)> {
    let mut records = Vec::with_capacity(credentials.len());
    for (place, credential) in credentials.iter().enumerate() {
        records.push(record(credential).map_err(|error| (place, error))?);
    }
    let added = add_wallet_records(wallet, CATEGORY, &records).await;
    let added = added.map_err(|error| (0, error.into()))?;
    if added < records.len() {
        for (place, credential) in credentials.iter().enumerate() {
            let same = check_same(wallet, credential).await;
            same.map_err(|error| (place, error))?;
        }
    }
    Ok(added)
}

/// Reads a credential from the wallet; `None` if there is none of this id.
///
/// # Errors
///
/// [`KeepError::Damaged`], [`KeepError::Wallet`].
pub async fn get(
    wallet: &Wallet,
    id: &str,
) -> Result<Option<Received<VerifiableCredential>>, KeepError> {
    match get_wallet_record(wallet, CATEGORY, id).await {
        Ok(record) => {
            let read = Received::read(&record.value, Mode::Usual);
            read.map(Some).map_err(|error| damaged(id, &error))
        }
        // an id that no record can have is the id of none
        Err(WalletError::ItemNotFound { .. } | WalletError::InvalidRecordName { .. }) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Removes a credential from the wallet.
///
/// # Errors
///
/// [`KeepError::Wallet`]: also that there is none of this id.
pub async fn forget(wallet: &Wallet, id: &str) -> Result<(), KeepError> {
    Ok(delete_wallet_record(wallet, CATEGORY, id).await?)
}

fn damaged(id: &str, error: &MessageError) -> KeepError {
    KeepError::Damaged {
        id: id.to_owned(),
        reason: error.to_string(),
    }
}

/// What was not added must be what is there: another credential would be lost in silence.
async fn check_same(
    wallet: &Wallet,
    credential: &Received<VerifiableCredential>,
) -> Result<(), KeepError> {
    let id = &credential.message().id;
    let record = get_wallet_record(wallet, CATEGORY, id).await?;
    let held = serde_json::from_slice::<Value>(&record.value).ok();
    match held.as_ref() == Some(credential.document()) {
        true => Ok(()),
        false => Err(KeepError::OtherCredential { id: id.clone() }),
    }
}

/// The record of a credential.
fn record(credential: &Received<VerifiableCredential>) -> Result<NewWalletRecord, KeepError> {
    let message = credential.message();
    let subject = subject(message)?;
    let shape = Shape::of(message, subject);
    let kinds = tags::kinds(message);
    if kinds.len() > MAX_KINDS {
        return Err(KeepError::TooManyKinds {
            id: message.id.clone(),
            kinds: kinds.len(),
        });
    }
    Ok(NewWalletRecord {
        id: message.id.clone(),
        value: Zeroizing::new(credential.document().to_string().into_bytes()),
        tags: tags::of(message, &kinds, &shape),
    })
}

/// Whom a credential is about.
fn subject(credential: &VerifiableCredential) -> Result<&str, KeepError> {
    let mut found: Vec<&str> = Vec::new();
    for attribute in &credential.attributes {
        if !found.contains(&&*attribute.id) {
            found.push(&attribute.id);
        }
        if found.len() > 2 {
            break;
        }
    }
    match *found {
        [one] => Ok(one),
        _ => Err(KeepError::Subjects {
            id: credential.id.clone(),
            found: found.into_iter().map(str::to_owned).collect(),
        }),
    }
}
