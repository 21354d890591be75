//! Public schemas and credential definitions, for example from a ledger.

use anoncreds::{CredentialDefinition, Schema};
use async_trait::async_trait;
use exchange::schema::ObjectError;
use ledger::pool::Pool;
use proofs::identifiers::{IdentifierKind, to_unqualified};

/// A source of schemas and credential definitions. Prover and verifier each read them from a source
/// of their own, never from each other.
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

/// A ledger is read anonymously.
#[async_trait]
impl PublicObjects for Pool {
    async fn schema(&self, id: &str) -> Result<Schema, ObjectError> {
        let short = to_unqualified(IdentifierKind::Schema, id);
        let read = ledger::read_schema(self, None, &short).await;
        read.map_err(|error| ObjectError::new("schema", id, error))
    }

    async fn cred_def(&self, id: &str) -> Result<CredentialDefinition, ObjectError> {
        let short = to_unqualified(IdentifierKind::CredDef, id);
        let read = ledger::read_cred_def(self, None, &short).await;
        read.map_err(|error| ObjectError::new("credential definition", id, error))
    }
}
