//! What makes an action safe to run again after an interruption.

use indy::{
    anoncreds::Schema,
    error::{AnoncredsError, LedgerError, PoolError, WalletError},
    ledger::{self, Reply},
    pool::Pool,
};
use serde_json::{Value, json};

use crate::error::TutorialError;

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

/// Returns the ledger's response to a SCHEMA request; a remark instead of its refusal where the ledger has this
/// very schema.
///
/// # Errors
///
/// The ledger's refusal otherwise.
pub async fn or_schema_on_ledger(
    response: Result<Reply, LedgerError>,
    pool: &Pool,
    schema: &Schema,
) -> Result<Value, TutorialError> {
    let Schema::SchemaV1(ours) = schema;
    match response {
        Ok(response) => Ok(json!(response)),
        Err(LedgerError::Refused { .. }) if is_on_ledger(pool, schema).await? => {
            Ok(json!(format!("the ledger has the schema {} already", ours.id.0)))
        }
        Err(error) => Err(error.into()),
    }
}

async fn is_on_ledger(pool: &Pool, schema: &Schema) -> Result<bool, LedgerError> {
    let Schema::SchemaV1(ours) = schema;
    match ledger::read_schema(pool, None, &ours.id.0).await {
        // attribute names are a set: a ledger may return them in any order
        Ok(Schema::SchemaV1(theirs)) => Ok(theirs.attr_names.0 == ours.attr_names.0),
        Err(LedgerError::NotFound { .. }) => Ok(false),
        Err(error) => Err(error),
    }
}
