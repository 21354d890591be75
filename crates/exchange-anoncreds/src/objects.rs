//! Public schemas and credential definitions, for example from a ledger.

use std::{collections::BTreeSet, sync::Arc};

use anoncreds::{CredentialDefinition, Schema};
use async_trait::async_trait;
use ledger::pool::Pool;
use proofs::identifiers::{IdentifierKind, to_unqualified};

/// Why public data cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the {what} {id} cannot be read: {reason}")]
pub struct ObjectError {
    /// What kind of object: "schema" or "credential definition".
    pub what: &'static str,
    /// Its identifier.
    pub id: String,
    /// Why, and what to do, as a clause.
    pub reason: String,
}

impl ObjectError {
    /// Returns the error of an object of this kind and identifier.
    pub fn new(what: &'static str, id: &str, reason: impl ToString) -> Self {
        Self { what, id: id.to_owned(), reason: reason.to_string() }
    }
}

/// A source of schemas and credential definitions. Prover and verifier each read them from a source of their own,
/// never from each other.
#[async_trait]
pub trait PublicObjects: Send + Sync {
    /// Reads the schema of an identifier, with its sequence number.
    ///
    /// # Errors
    ///
    /// [`ObjectError`].
    async fn schema(&self, id: &str) -> Result<Schema, ObjectError>;

    /// Reads the credential definition of an identifier.
    ///
    /// # Errors
    ///
    /// [`ObjectError`].
    async fn cred_def(&self, id: &str) -> Result<CredentialDefinition, ObjectError>;
}

/// Returns the names of a schema's attributes.
pub(crate) async fn attributes(
    id: &str,
    objects: &dyn PublicObjects,
) -> Result<BTreeSet<String>, ObjectError> {
    let Schema::SchemaV1(schema) = objects.schema(id).await?;
    Ok(schema.attr_names.0.into_iter().collect())
}

/// Public data on a ledger, which is read anonymously.
pub struct LedgerObjects {
    pool: Arc<Pool>,
}

impl LedgerObjects {
    /// Returns a source that reads from this ledger.
    pub fn new(pool: Arc<Pool>) -> Self {
        Self { pool }
    }
}

#[async_trait]
impl PublicObjects for LedgerObjects {
    async fn schema(&self, id: &str) -> Result<Schema, ObjectError> {
        let short = to_unqualified(IdentifierKind::Schema, id);
        let read = ledger::read_schema(&self.pool, None, &short).await;
        read.map_err(|error| ObjectError::new("schema", id, error))
    }

    async fn cred_def(&self, id: &str) -> Result<CredentialDefinition, ObjectError> {
        let short = to_unqualified(IdentifierKind::CredDef, id);
        let read = ledger::read_cred_def(&self.pool, None, &short).await;
        read.map_err(|error| ObjectError::new("credential definition", id, error))
    }
}
