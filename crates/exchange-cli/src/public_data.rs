//! Public data: DIDs, schemas and credential definitions, from the registry and the ledger.

use std::{collections::BTreeSet, fmt::Display, sync::Arc};

use anyhow::{Result, ensure};
use async_trait::async_trait;
use exchange::{
    did::{Did, DidDocument, KeyResolver, ResolveError, Resolver, read_document},
    schema::{SchemaError, Schemas},
};
use exchange_anoncreds::{LedgerObjects, ObjectError, PublicObjects, SovResolver};
use indy::{
    anoncreds::{
        CredentialDefinition, Schema,
        objects::{self, Object},
    },
    pool::Pool,
};
use serde_json::Value;

use crate::registry::{CRED_DEFS, DIDS, Folder, Registry, SCHEMAS};

/// The registry, and a home's ledger if there is one.
///
/// A document is read when it is needed: a server learns of issuers that come later, and a damaged file affects its
/// own DID only. Errors name files from the registry's directory on only, since a server sends them to clients.
pub struct PublicData {
    registry: Registry,
    ledger: Option<(SovResolver, LedgerObjects)>,
}

impl PublicData {
    /// Opens a registry, which must exist, and perhaps a ledger.
    pub fn open(registry: Registry, pool: Option<Arc<Pool>>) -> Result<Arc<Self>> {
        let directory = registry.directory.display();
        ensure!(
            registry.exists() || !registry.directory.exists(),
            "{directory} is a file; name with --registry the directory in which the issuers publish"
        );
        ensure!(
            registry.exists(),
            "the directory {directory} does not exist; name with --registry the one in which the issuers publish, or \
             make an empty one if every DID is a did:key"
        );
        let ledger = pool.map(|pool| (SovResolver::new(pool.clone()), LedgerObjects::new(pool)));
        Ok(Arc::new(Self { registry, ledger }))
    }

    fn did(&self, did: &Did) -> Result<DidDocument, ResolveError> {
        let malformed = |reason: String| ResolveError::Malformed { did: did.clone(), reason };
        let read = self.registry.read(DIDS, did.as_str());
        let json = read.map_err(|error| malformed(format!("{error:#}")))?.ok_or_else(|| {
            ResolveError::NotFound {
                did: did.clone(),
                remedy: format!(
                    "see that its document is published in the registry that --registry names, as {}",
                    Registry::file_name(DIDS, did.as_str())
                ),
            }
        })?;
        read_document(&json).map_err(|error| malformed(error.to_string()))
    }

    fn object<T: Object>(
        &self,
        folder: Folder,
        what: &'static str,
        id: &str,
    ) -> Result<T, ObjectError> {
        let unread = |reason: &dyn Display| ObjectError::new(what, id, reason);
        let document = self.registry.read(folder, id);
        let document = document.map_err(|error| unread(&format!("{error:#}")))?.ok_or_else(|| {
            unread(&"it is not in the registry; name with --registry the one in which it is published")
        })?;
        objects::from_value(&document).map_err(|error| unread(&error.reason))
    }
}

#[async_trait]
impl Resolver for PublicData {
    async fn resolve(&self, did: &Did) -> Result<DidDocument, ResolveError> {
        match (did.method(), &self.ledger) {
            ("key", _) => return KeyResolver.resolve(did).await,
            ("sov", Some((ledger, _))) => match ledger.resolve(did).await {
                // it may be a DID of another ledger, whose document was published
                Err(ResolveError::NotFound { .. }) => {}
                resolved => return resolved,
            },
            _ => {}
        }
        self.did(did)
    }
}

/// Returns the names of a schema's attributes, as Indy's schemas have them or as others.
fn names(schema: &Value) -> Option<BTreeSet<String>> {
    let names = schema.get("attributes").or_else(|| schema.get("attrNames"))?.as_array()?;
    names.iter().map(|name| name.as_str().map(str::to_owned)).collect()
}

#[async_trait]
impl Schemas for PublicData {
    async fn attributes(&self, id: &str) -> Result<Option<BTreeSet<String>>, SchemaError> {
        let unread = |reason| SchemaError { id: id.to_owned(), reason };
        let published = self.registry.read(SCHEMAS, id);
        let published = published.map_err(|error| unread(format!("{error:#}")))?;
        let schema = match (published, &self.ledger) {
            (None, Some((_, ledger))) => match ledger.schema(id).await {
                Ok(schema) => serde_json::to_value(schema).ok(),
                Err(_) => None,
            },
            (published, _) => published,
        };
        let lists_none = "it has no list `attributes` or `attrNames` of texts".to_owned();
        schema.map(|schema| names(&schema).ok_or_else(|| unread(lists_none))).transpose()
    }
}

#[async_trait]
impl PublicObjects for PublicData {
    async fn schema(&self, id: &str) -> Result<Schema, ObjectError> {
        if let Some((_, ledger)) = &self.ledger
            && let Ok(schema) = ledger.schema(id).await
        {
            return Ok(schema);
        }
        self.object(SCHEMAS, "schema", id)
    }

    async fn cred_def(&self, id: &str) -> Result<CredentialDefinition, ObjectError> {
        if let Some((_, ledger)) = &self.ledger
            && let Ok(cred_def) = ledger.cred_def(id).await
        {
            return Ok(cred_def);
        }
        self.object(CRED_DEFS, "credential definition", id)
    }
}
