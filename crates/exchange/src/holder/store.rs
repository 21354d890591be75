//! Credentials in a wallet.

use wallet::{
    Wallet, WalletError,
    non_secrets::{NewWalletRecord, add_wallet_record, add_wallet_records, get_wallet_record},
};
use zeroize::Zeroizing;

use super::tags::{self, Shape};
use crate::{
    error::ExchangeError,
    message::{Mode, Received, VerifiableCredential},
};

/// The category of the wallet in which credentials are stored.
pub const CATEGORY: &str = "w3c_credential";

/// A credential is of at most this many kinds: its schema, and each context with each type.
const MAX_KINDS: usize = 64;

/// Stores a credential in the holder's wallet, without checking its signatures:
/// [`super::check_signatures`] does. Storing the same one again changes nothing, and returns
/// `false`. Ids are their issuer's: where a credential of another issuer has the id, it is held as
/// "ID of ISSUER".
///
/// # Errors
///
/// [`ExchangeError`]: among them that the wallet holds another credential of this issuer under the same id.
pub async fn store(
    wallet: &Wallet,
    credential: &Received<VerifiableCredential>,
) -> Result<bool, ExchangeError> {
    let mut record = record(credential)?;
    let message = credential.message();
    let second = format!("{} of {}", message.id, message.issuer_did);
    loop {
        let tags: Vec<(&str, &str)> =
            record.tags.iter().map(|(name, value)| (&**name, &**value)).collect();
        match add_wallet_record(wallet, CATEGORY, &record.id, &record.value, &tags).await {
            Ok(()) => return Ok(true),
            Err(WalletError::ItemAlreadyExists { .. }) => {}
            Err(error) => return Err(error.into()),
        }
        let held = get_wallet_record(wallet, CATEGORY, &record.id).await?;
        // another one would be lost in silence
        match read(&record.id, &held.value) {
            Ok(held) if held.document() == credential.document() => return Ok(false),
            Ok(held) if held.message().issuer_did != message.issuer_did && record.id != second => {
                record.id.clone_from(&second);
            }
            _ => {
                return Err(ExchangeError::Other(format!(
                    "the wallet holds another credential of this issuer under the id {:?}, which was left as it is; \
                     check that both are about the same holder, and ask the issuer for a credential with an id of its \
                     own, or remove the old one first",
                    message.id
                )));
            }
        }
    }
}

/// Stores many credentials, each with a number, in one transaction but for those whose id another
/// issuer uses too. Returns how many were added; the others were there already.
///
/// # Errors
///
/// [`ExchangeError`] with the number of the one that is refused. Where another credential has the
/// id, those of other ids have been stored; with every other error none has.
pub(super) async fn store_all(
    wallet: &Wallet,
    credentials: &[(u64, Received<VerifiableCredential>)],
) -> Result<usize, (u64, ExchangeError)> {
    let Some((first, _)) = credentials.first() else { return Ok(0) };
    let mut records = Vec::with_capacity(credentials.len());
    for (number, credential) in credentials {
        records.push(record(credential).map_err(|error| (*number, error))?);
    }
    let added = add_wallet_records(wallet, CATEGORY, &records).await;
    let mut added = added.map_err(|error| (*first, error.into()))?;
    if added < records.len() {
        for (number, credential) in credentials {
            let is_new = store(wallet, credential).await.map_err(|error| (*number, error))?;
            added += usize::from(is_new);
        }
    }
    Ok(added)
}

/// Reads a credential from the wallet; `None` if there is none of this id.
///
/// # Errors
///
/// [`ExchangeError`]: the wallet fails, or its record is damaged.
pub async fn get(
    wallet: &Wallet,
    id: &str,
) -> Result<Option<Received<VerifiableCredential>>, ExchangeError> {
    match get_wallet_record(wallet, CATEGORY, id).await {
        Ok(record) => read(id, &record.value).map(Some),
        // no credential has an id that no record can have
        Err(WalletError::ItemNotFound { .. } | WalletError::InvalidRecordName { .. }) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Reads the credential in a record.
pub(super) fn read(
    id: &str,
    record: &[u8],
) -> Result<Received<VerifiableCredential>, ExchangeError> {
    Received::read(record, Mode::Usual).map_err(|error| damaged(id, &error))
}

pub(super) fn damaged(id: &str, reason: &dyn std::error::Error) -> ExchangeError {
    ExchangeError::Other(format!(
        "the credential {id:?} in the wallet cannot be read: {reason}; remove it, and store it again"
    ))
}

/// Returns the record of a credential.
fn record(credential: &Received<VerifiableCredential>) -> Result<NewWalletRecord, ExchangeError> {
    let message = credential.message();
    let subject = subject(message)?;
    let shape = Shape::of(message, subject);
    let kinds = tags::kinds(message);
    if kinds.len() > MAX_KINDS {
        return Err(ExchangeError::Other(format!(
            "the credential {:?} is of {} kinds, and at most {MAX_KINDS} are stored; ask the issuer for one with fewer \
             contexts and types",
            message.id,
            kinds.len()
        )));
    }
    Ok(NewWalletRecord {
        id: message.id.clone(),
        value: Zeroizing::new(credential.document().to_string().into_bytes()),
        tags: tags::of(message, &kinds, &shape),
    })
}

/// Returns the DID that a credential is about: all its attributes, and there are some.
fn subject(credential: &VerifiableCredential) -> Result<&str, ExchangeError> {
    let mut found: Vec<&str> = credential.attributes.iter().map(|one| &*one.id).collect();
    found.sort_unstable();
    found.dedup();
    let found = match *found {
        [one] => return Ok(one),
        [] => "no DID".to_owned(),
        [one, other] => format!("{one} and {other}"),
        [one, ..] => format!("{one} and {} others", found.len() - 1),
    };
    Err(ExchangeError::Other(format!(
        "the credential {:?} is about {found}; ask the issuer for one whose attributes are all about the holder",
        credential.id
    )))
}
