//! Public schemas and credential definitions, from a ledger or from memory.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use anoncreds::{CredDefs, CredentialDefinition, Schema, Schemas};
use async_trait::async_trait;
use ledger::{LedgerError, pool::Pool};
use proofs::identifiers::{IdentifierKind, to_unqualified};
use serde_json::Value;

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
    let schema = serde_json::to_value(objects.schema(id).await?).unwrap_or_default();
    let names = schema.get("attrNames").and_then(Value::as_array).into_iter().flatten();
    Ok(names.filter_map(Value::as_str).map(str::to_owned).collect())
}

/// Public data on a ledger.
pub struct LedgerObjects {
    pool: Arc<Pool>,
    reader: Option<String>,
}

impl LedgerObjects {
    /// Returns a source that reads from this ledger anonymously.
    pub fn new(pool: Arc<Pool>) -> Self {
        Self { pool, reader: None }
    }

    /// Returns the same, reading in the name of a DID (without `did:sov:`).
    #[must_use]
    pub fn read_as(mut self, did: impl Into<String>) -> Self {
        self.reader = Some(did.into());
        self
    }
}

#[async_trait]
impl PublicObjects for LedgerObjects {
    async fn schema(&self, id: &str) -> Result<Schema, ObjectError> {
        let short = to_unqualified(IdentifierKind::Schema, id);
        let read = ledger::read_schema(&self.pool, self.reader.as_deref(), &short).await;
        read.map_err(unread(SCHEMA, id))
    }

    async fn cred_def(&self, id: &str) -> Result<CredentialDefinition, ObjectError> {
        let short = to_unqualified(IdentifierKind::CredDef, id);
        let read = ledger::read_cred_def(&self.pool, self.reader.as_deref(), &short).await;
        read.map_err(unread(CRED_DEF, id))
    }
}

fn unread(what: &'static str, id: &str) -> impl FnOnce(LedgerError) -> ObjectError {
    move |error| ObjectError { what, id: id.to_owned(), reason: error.to_string() }
}

/// Public data in memory.
#[derive(Default)]
pub struct KnownObjects {
    schemas: Schemas,
    cred_defs: CredDefs,
}

impl KnownObjects {
    /// Returns a source of these, by identifier.
    pub fn new(schemas: Schemas, cred_defs: CredDefs) -> Self {
        Self { schemas, cred_defs }
    }

    /// Adds a schema.
    pub fn add_schema(&mut self, schema: Schema) {
        self.schemas.insert(schema.id().to_string(), schema);
    }

    /// Adds a credential definition.
    pub fn add_cred_def(&mut self, cred_def: CredentialDefinition) {
        self.cred_defs.insert(cred_def.id().to_string(), cred_def);
    }
}

const SCHEMA: &str = "schema";
const CRED_DEF: &str = "credential definition";

#[async_trait]
impl PublicObjects for KnownObjects {
    async fn schema(&self, id: &str) -> Result<Schema, ObjectError> {
        let short = to_unqualified(IdentifierKind::Schema, id);
        known(SCHEMA, id, &short, &self.schemas).cloned()
    }

    async fn cred_def(&self, id: &str) -> Result<CredentialDefinition, ObjectError> {
        let short = to_unqualified(IdentifierKind::CredDef, id);
        let cred_def = known(CRED_DEF, id, &short, &self.cred_defs)?;
        // the library's type has no `Clone`
        anoncreds::objects::copy(cred_def).map_err(|error| ObjectError {
            what: CRED_DEF,
            id: id.to_owned(),
            reason: error.reason,
        })
    }
}

fn known<'o, T>(
    what: &'static str,
    id: &str,
    short: &str,
    objects: &'o BTreeMap<String, T>,
) -> Result<&'o T, ObjectError> {
    let object = objects.get(id).or_else(|| objects.get(short));
    object.ok_or_else(|| ObjectError {
        what,
        id: id.to_owned(),
        reason: "it is not among those that are known here; read it from the ledger".to_owned(),
    })
}
