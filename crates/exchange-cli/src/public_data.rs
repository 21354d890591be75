//! Public data: DIDs, schemas and credential definitions, from the registry, from the ledger, and from what a home has
//! taken in.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    sync::Arc,
};

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
use tutorial::public::{taken_in, with_id};

use crate::registry::{CRED_DEFS, DIDS, Folder, Registry, SCHEMAS};

/// The registry, and of a home its ledger if there is one, and what it has taken in, which comes first.
///
/// A document is read when it is needed: a server learns of issuers that come later, and a damaged file affects its
/// own DID only. Errors name files from the registry's directory on only, since a server sends them to clients.
pub struct PublicData {
    registry: Registry,
    ledger: Option<(SovResolver, LedgerObjects)>,
    schemas: BTreeMap<String, Value>,
    cred_defs: BTreeMap<String, Value>,
}

impl PublicData {
    /// Opens a registry, which must exist, and perhaps a home with its ledger.
    pub fn open(
        registry: Registry,
        home: Option<&Path>,
        pool: Option<Arc<Pool>>,
    ) -> Result<Arc<Self>> {
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
        let taken_in = home.map(taken_in).transpose()?.unwrap_or_default();
        let (schemas, cred_defs) = (taken_in.schemas, taken_in.cred_defs);
        Ok(Arc::new(Self { registry, ledger, schemas, cred_defs }))
    }

    fn did(&self, did: &Did) -> Result<DidDocument, ResolveError> {
        let malformed = |reason: String| ResolveError::Malformed(did.clone(), reason);
        let read = self.registry.read(DIDS, did.as_str());
        let json = read.map_err(|error| malformed(format!("{error:#}")))?.ok_or_else(|| {
            let file = Registry::file_name(DIDS, did.as_str());
            let remedy =
                "see that its document is published in the registry that --registry names, as";
            ResolveError::NotFound(did.clone(), format!("{remedy} {file}"))
        })?;
        read_document(&json).map_err(|error| malformed(error.to_string()))
    }

    fn object<T: Object>(
        &self,
        folder: Folder,
        what: &'static str,
        id: &str,
    ) -> Result<T, ObjectError> {
        let document = self.registry.read(folder, id);
        let document =
            document.map_err(|error| ObjectError::new(what, id, format!("{error:#}")))?;
        let absent =
            "it is not in the registry; name with --registry the one in which it is published";
        parsed(what, id, &document.ok_or_else(|| ObjectError::new(what, id, absent))?)
    }
}

fn parsed<T: Object>(what: &'static str, id: &str, document: &Value) -> Result<T, ObjectError> {
    objects::from_value(document).map_err(|error| ObjectError::new(what, id, error.reason))
}

#[async_trait]
impl Resolver for PublicData {
    async fn resolve(&self, did: &Did) -> Result<DidDocument, ResolveError> {
        match (did.method(), &self.ledger) {
            ("key", _) => return KeyResolver.resolve(did).await,
            ("sov", Some((ledger, _))) => match ledger.resolve(did).await {
                // it may be a DID of another ledger, whose document was published
                Err(ResolveError::NotFound(..)) => {}
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
        let schema = match published {
            None => self.schema(id).await.ok().and_then(|found| serde_json::to_value(found).ok()),
            published => published,
        };
        let lists_none = "it has no list `attributes` or `attrNames` of texts".to_owned();
        schema.map(|schema| names(&schema).ok_or_else(|| unread(lists_none))).transpose()
    }
}

#[async_trait]
impl PublicObjects for PublicData {
    async fn schema(&self, id: &str) -> Result<Schema, ObjectError> {
        if let Some(schema) = self.schemas.get(id) {
            return parsed("schema", id, &with_id(id, schema));
        }
        if let Some((_, ledger)) = &self.ledger
            && let Ok(schema) = ledger.schema(id).await
        {
            return Ok(schema);
        }
        self.object(SCHEMAS, "schema", id)
    }

    async fn cred_def(&self, id: &str) -> Result<CredentialDefinition, ObjectError> {
        if let Some(cred_def) = self.cred_defs.get(id) {
            return parsed("credential definition", id, &with_id(id, cred_def));
        }
        if let Some((_, ledger)) = &self.ledger
            && let Ok(cred_def) = ledger.cred_def(id).await
        {
            return Ok(cred_def);
        }
        self.object(CRED_DEFS, "credential definition", id)
    }
}
