//! Credentials in a wallet.

use wallet::{
    Wallet, WalletError,
    non_secrets::{
        NewWalletRecord, add_wallet_record, add_wallet_records, delete_wallet_record,
        get_wallet_record,
    },
};
use zeroize::Zeroizing;

use super::tags::{self, Shape};
use crate::message::{MessageError, Mode, Received, VerifiableCredential};

/// The category of the wallet in which credentials are stored.
pub const CATEGORY: &str = "w3c_credential";

/// A credential is of at most this many kinds: its schema, and each context with each type.
const MAX_KINDS: usize = 64;

/// What storing a credential did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stored {
    /// It was added.
    Added,
    /// The wallet held it already.
    AlreadyStored,
}

/// Why a credential is not stored, or not read.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The wallet holds another one of this issuer under its id.
    #[error(
        "the wallet holds another credential of this issuer under the id {id:?}, which was left as it is; see that both are about the same holder, and ask the issuer for a credential with an id of its own, or remove the old one first"
    )]
    OtherCredential {
        /// The id.
        id: String,
    },
    /// Its attributes are not all about one DID, or there are none.
    #[error(
        "the credential {id:?} is about {}; ask the issuer for one whose attributes are all about the holder", subjects(.found)
    )]
    Subjects {
        /// The credential's id.
        id: String,
        /// The DIDs that it is about.
        found: Vec<String>,
    },
    /// It has more contexts and types than any real one.
    #[error(
        "the credential {id:?} is of {kinds} kinds, and at most {MAX_KINDS} are stored; ask the issuer for one with fewer contexts and types"
    )]
    TooManyKinds {
        /// The credential's id.
        id: String,
        /// Schema, and pairs of a context and a type.
        kinds: usize,
    },
    /// The record of this id is not a credential.
    #[error(
        "the credential {id:?} in the wallet cannot be read: {reason}; remove it, and store it again"
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
        [] => "no DID".to_owned(),
        some => some.join(" and "),
    }
}

/// Stores a credential in the holder's wallet, without checking its signatures: [`super::store_verified`] does.
/// Storing the same one again changes nothing. Ids are their issuer's: where a credential of another issuer has the id,
/// it is held as "ID of ISSUER".
///
/// # Errors
///
/// [`StoreError`]: among them that the wallet holds another credential of this issuer under the same id.
pub async fn store(
    wallet: &Wallet,
    credential: &Received<VerifiableCredential>,
) -> Result<Stored, StoreError> {
    let mut record = record(credential)?;
    let second = second_name(credential.message());
    loop {
        let tags: Vec<(&str, &str)> =
            record.tags.iter().map(|(name, value)| (&**name, &**value)).collect();
        match add_wallet_record(wallet, CATEGORY, &record.id, &record.value, &tags).await {
            Ok(()) => return Ok(Stored::Added),
            Err(WalletError::ItemAlreadyExists { .. }) => {}
            Err(error) => return Err(error.into()),
        }
        match held_as(wallet, &record.id, credential).await? {
            Held::Same => return Ok(Stored::AlreadyStored),
            Held::OfAnotherIssuer if record.id != second => record.id.clone_from(&second),
            _ => return Err(StoreError::OtherCredential { id: credential.message().id.clone() }),
        }
    }
}

/// Stores many credentials, in one transaction but for those whose id another issuer uses too. Returns how many were
/// added; the others were there already.
///
/// # Errors
///
/// [`StoreError`] with the index in `credentials` of the one that is refused. Where another credential has the id,
/// those of other ids have been stored; with every other error none has.
pub(super) async fn store_all(
    wallet: &Wallet,
    credentials: &[Received<VerifiableCredential>],
) -> Result<usize, (usize, StoreError)> {
    let mut records = Vec::with_capacity(credentials.len());
    for (index, credential) in credentials.iter().enumerate() {
        records.push(record(credential).map_err(|error| (index, error))?);
    }
    let added = add_wallet_records(wallet, CATEGORY, &records).await;
    let mut added = added.map_err(|error| (0, error.into()))?;
    if added < records.len() {
        for (index, credential) in credentials.iter().enumerate() {
            let stored = store(wallet, credential).await.map_err(|error| (index, error))?;
            added += usize::from(stored == Stored::Added);
        }
    }
    Ok(added)
}

/// Reads a credential from the wallet; `None` if there is none of this id.
///
/// # Errors
///
/// [`StoreError::Damaged`], [`StoreError::Wallet`].
pub async fn get(
    wallet: &Wallet,
    id: &str,
) -> Result<Option<Received<VerifiableCredential>>, StoreError> {
    match get_wallet_record(wallet, CATEGORY, id).await {
        Ok(record) => {
            let read = Received::read(&record.value, Mode::Usual);
            read.map(Some).map_err(|error| damaged(id, &error))
        }
        // no credential has an id that no record can have
        Err(WalletError::ItemNotFound { .. } | WalletError::InvalidRecordName { .. }) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Removes a credential from the wallet.
///
/// # Errors
///
/// [`StoreError::Wallet`]: also that there is none of this id.
pub async fn remove(wallet: &Wallet, id: &str) -> Result<(), StoreError> {
    Ok(delete_wallet_record(wallet, CATEGORY, id).await?)
}

fn damaged(id: &str, error: &MessageError) -> StoreError {
    StoreError::Damaged { id: id.to_owned(), reason: error.to_string() }
}

/// What the wallet holds under a name.
enum Held {
    Same,
    OfAnotherIssuer,
    Other,
}

/// Compares what the wallet holds under a name with a credential: another one would be lost in silence.
async fn held_as(
    wallet: &Wallet,
    name: &str,
    credential: &Received<VerifiableCredential>,
) -> Result<Held, StoreError> {
    let record = get_wallet_record(wallet, CATEGORY, name).await?;
    let Ok(held) = Received::<VerifiableCredential>::read(&record.value, Mode::Usual) else {
        return Ok(Held::Other);
    };
    let is_same_issuer = held.message().issuer_did == credential.message().issuer_did;
    Ok(match (held.document() == credential.document(), is_same_issuer) {
        (true, _) => Held::Same,
        (false, false) => Held::OfAnotherIssuer,
        (false, true) => Held::Other,
    })
}

/// Returns the name of a record whose id a credential of another issuer has.
fn second_name(credential: &VerifiableCredential) -> String {
    format!("{} of {}", credential.id, credential.issuer_did)
}

/// Returns the record of a credential.
fn record(credential: &Received<VerifiableCredential>) -> Result<NewWalletRecord, StoreError> {
    let message = credential.message();
    let subject = subject(message)?;
    let shape = Shape::of(message, subject);
    let kinds = tags::kinds(message);
    if kinds.len() > MAX_KINDS {
        return Err(StoreError::TooManyKinds { id: message.id.clone(), kinds: kinds.len() });
    }
    Ok(NewWalletRecord {
        id: message.id.clone(),
        value: Zeroizing::new(credential.document().to_string().into_bytes()),
        tags: tags::of(message, &kinds, &shape),
    })
}

/// Returns the DID that a credential is about.
fn subject(credential: &VerifiableCredential) -> Result<&str, StoreError> {
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
        _ => Err(StoreError::Subjects {
            id: credential.id.clone(),
            found: found.into_iter().map(str::to_owned).collect(),
        }),
    }
}
