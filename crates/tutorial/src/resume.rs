//! What makes an action safe to run again after an interruption.
//!
//! A run that was killed leaves what it has stored in the wallets and written to the ledger. The
//! next one takes that instead of making it again, and says so: what can exist once is created [or
//! already done](OrAlreadyDone); what a wallet holds is [taken from it](Tutorial::or_stored_did);
//! what the ledger has is [not submitted](unless_on_ledger).

use anyhow::Result;
use indy::{
    anoncreds::{self, Credential, CredentialDefinition},
    did::MyDid,
    error::{AnoncredsError, DidError, LedgerError, PoolError, WalletError},
    ledger::{self, LedgerRequest, Reply},
    pool::Pool,
    wallet::Wallet,
};
use serde_json::{Value, json};

use crate::{Tutorial, error::TutorialError};

/// An error that may say: an earlier run has done this already.
pub trait AlreadyDone {
    /// Returns whether it says so.
    fn is_already_done(&self) -> bool;
}

impl AlreadyDone for PoolError {
    fn is_already_done(&self) -> bool {
        matches!(self, Self::AlreadyExists { .. } | Self::NotCreated { .. })
    }
}

impl AlreadyDone for WalletError {
    fn is_already_done(&self) -> bool {
        matches!(self, Self::AlreadyExists { .. } | Self::NotFound { .. })
    }
}

impl AlreadyDone for AnoncredsError {
    fn is_already_done(&self) -> bool {
        matches!(self, Self::LinkSecretDuplicateName { .. })
    }
}

/// For the result of creating or deleting something.
pub trait OrAlreadyDone {
    /// The error.
    type Error;

    /// Forgets the value, and the error that it is already done.
    ///
    /// # Errors
    ///
    /// Every other error.
    fn or_already_done(self) -> Result<(), Self::Error>;
}

impl<T, E: AlreadyDone> OrAlreadyDone for Result<T, E> {
    type Error = E;

    fn or_already_done(self) -> Result<(), E> {
        match self {
            Err(error) if !error.is_already_done() => Err(error),
            _ => Ok(()),
        }
    }
}

impl Tutorial {
    /// Returns a DID that was made with a label. If an earlier run has stored one under it, that
    /// one, with a note.
    ///
    /// # Errors
    ///
    /// Every other error; when the note cannot be written.
    pub fn or_stored_did(&self, made: Result<MyDid, DidError>) -> Result<MyDid> {
        match made {
            Err(DidError::LabelExists { stored, wallet, .. }) => {
                self.note(&format!("the wallet {wallet} has the DID {} already", stored.did))?;
                Ok(stored)
            }
            made => Ok(made?),
        }
    }

    /// Returns a credential definition that was made. If an earlier run has stored it in the
    /// wallet, with its key, that one, with a note.
    ///
    /// # Errors
    ///
    /// Every other error; when the stored one cannot be read, or the note cannot be written.
    pub async fn or_stored_cred_def(
        &self,
        made: Result<CredentialDefinition, AnoncredsError>,
        wallet: &Wallet,
    ) -> Result<CredentialDefinition> {
        match made {
            Err(AnoncredsError::CredDefAlreadyExists { id, .. }) => {
                let stored = anoncreds::issuer_get_credential_def(wallet, &id).await?;
                let wallet = wallet.id();
                self.note(&format!(
                    "the wallet {wallet} has the credential definition {id} already"
                ))?;
                Ok(stored)
            }
            made => Ok(made?),
        }
    }

    /// Stores a credential, and returns its id. If an earlier run has stored one of the same
    /// credential definition with the same values, that one's, with a note.
    ///
    /// # Errors
    ///
    /// Those of storing it; when the wallet cannot be searched, or the note cannot be written.
    pub async fn unless_held(
        &self,
        wallet: &Wallet,
        credential: &Credential,
        store: impl Future<Output = Result<String, AnoncredsError>>,
    ) -> Result<String> {
        match anoncreds::prover_find_credential_like(wallet, credential).await? {
            Some(held) => {
                let wallet = wallet.id();
                self.note(&format!(
                    "the wallet {wallet} has a credential with these values already"
                ))?;
                Ok(held)
            }
            None => Ok(store.await?),
        }
    }

    fn note(&self, text: &str) -> Result<(), TutorialError> {
        self.show("Note", &text)
    }
}

/// Submits a request, and returns the ledger's reply. If the ledger has already what the request
/// would write, as after an earlier run, nothing is submitted, and a remark takes the reply's
/// place.
///
/// # Errors
///
/// Those of the submission; when the ledger cannot be read.
pub async fn unless_on_ledger(
    pool: &Pool,
    request: &LedgerRequest,
    submit: impl Future<Output = Result<Reply, LedgerError>>,
) -> Result<Value, TutorialError> {
    if let Some(remark) = on_ledger(pool, request).await? {
        return Ok(remark);
    }
    match submit.await {
        Ok(reply) => Ok(json!(reply)),
        // on a pool another program may have written the same schema in between
        Err(LedgerError::Refused { refusal, reason }) => match on_ledger(pool, request).await? {
            Some(remark) => Ok(remark),
            None => Err(LedgerError::Refused { refusal, reason }.into()),
        },
        Err(error) => Err(error.into()),
    }
}

async fn on_ledger(pool: &Pool, request: &LedgerRequest) -> Result<Option<Value>, LedgerError> {
    let written = ledger::find_written(pool, request).await?;
    Ok(written.map(|written| json!(format!("the ledger has {written} already"))))
}
