//! Public data: DIDs, schemas and credential definitions, from the registry, from the ledger, and
//! from what a home has taken in.

use std::{
    collections::{BTreeMap, BTreeSet},
    io,
    path::Path,
    sync::Arc,
};

use anyhow::{Result, ensure};
use async_trait::async_trait;
use exchange::{
    did::{Did, DidDocument, KeyResolver, ResolveError, Resolver, read_document},
    schema::{ObjectError, Schemas},
};
use exchange_anoncreds::{PublicObjects, SovResolver};
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

/// The registry, and of a home its ledger if there is one, and what it has taken in, which comes
/// first.
///
/// A document is read when it is needed: a server learns of issuers that come later, and a damaged
/// file affects its own DID only. Errors name files from the registry's directory on only, since a
/// server sends them to clients.
pub struct PublicData {
    registry: Registry,
    ledger: Option<SovResolver>,
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
        let ledger = pool.map(|pool| SovResolver { pool });
        let taken_in = home.map(taken_in).transpose()?.unwrap_or_default();
        let (schemas, cred_defs) = (taken_in.schemas, taken_in.cred_defs);
        Ok(Arc::new(Self { registry, ledger, schemas, cred_defs }))
    }

    fn did(&self, did: &Did) -> Result<DidDocument, ResolveError> {
        let malformed = |reason: String| ResolveError::Malformed(did.clone(), reason);
        let unreachable = |reason: String| ResolveError::Unreachable(did.clone(), reason);
        let read = self.registry.read(DIDS, did.as_str()).map_err(|error| {
            // a file that cannot be read says nothing of the document
            let is_read_error = |cause: &io::Error| cause.kind() != io::ErrorKind::FileTooLarge;
            match error.root_cause().downcast_ref().is_some_and(is_read_error) {
                true => unreachable(format!("{error:#}")),
                false => malformed(format!("{error:#}")),
            }
        })?;
        if read.is_none() {
            self.exists().map_err(unreachable)?;
        }
        let json = read.ok_or_else(|| {
            let file = Registry::file_name(DIDS, did.as_str());
            let remedy =
                "check that its document is published in the registry that --registry names, as";
            ResolveError::NotFound(did.clone(), format!("{remedy} {file}"))
        })?;
        read_document(&json).map_err(|error| malformed(error.to_string()))
    }

    /// Checks that the registry is still there.
    fn exists(&self) -> Result<(), String> {
        let directory = self.registry.directory.display();
        match self.registry.exists() {
            true => Ok(()),
            false => Err(format!("the registry {directory} is not there any more")),
        }
    }

    /// Returns an object from what the home has taken in, else from its ledger, else from a folder
    /// of the registry.
    async fn object<T: Object>(
        &self,
        what: &'static str,
        id: &str,
        taken_in: &BTreeMap<String, Value>,
        on_ledger: Option<impl Future<Output = Result<T, ObjectError>>>,
        folder: Folder,
    ) -> Result<T, ObjectError> {
        let parsed = |document: &Value| {
            objects::from_value(document).map_err(|error| ObjectError::new(what, id, error.reason))
        };
        if let Some(object) = taken_in.get(id) {
            return parsed(&with_id(id, object));
        }
        if let Some(read) = on_ledger
            && let Ok(object) = read.await
        {
            return Ok(object);
        }
        let document = self.registry.read(folder, id);
        let document =
            document.map_err(|error| ObjectError::new(what, id, format!("{error:#}")))?;
        let absent =
            "it is not in the registry; name with --registry the one in which it is published";
        parsed(&document.ok_or_else(|| ObjectError::new(what, id, absent))?)
    }
}

#[async_trait]
impl Resolver for PublicData {
    async fn resolve(&self, did: &Did) -> Result<DidDocument, ResolveError> {
        match (did.method(), &self.ledger) {
            ("key", _) => return KeyResolver.resolve(did).await,
            ("sov", Some(ledger)) => match ledger.resolve(did).await {
                // it may be a DID of another ledger, whose document was published
                Err(ResolveError::NotFound(..)) => {}
                resolved => return resolved,
            },
            _ => {}
        }
        self.did(did)
    }

    async fn try_out(&self) -> Result<(), String> {
        self.exists()
    }
}

/// Returns the names of a schema's attributes, as Indy's schemas have them or as others.
fn names(schema: &Value) -> Option<BTreeSet<String>> {
    let names = schema.get("attributes").or_else(|| schema.get("attrNames"))?.as_array()?;
    names.iter().map(|name| name.as_str().map(str::to_owned)).collect()
}

#[async_trait]
impl Schemas for PublicData {
    async fn attributes(&self, id: &str) -> Result<Option<BTreeSet<String>>, ObjectError> {
        let unread = |reason: String| ObjectError::new("schema", id, reason);
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
        let on_ledger = self.ledger.as_ref().map(|ledger| ledger.pool.schema(id));
        self.object("schema", id, &self.schemas, on_ledger, SCHEMAS).await
    }

    async fn cred_def(&self, id: &str) -> Result<CredentialDefinition, ObjectError> {
        let on_ledger = self.ledger.as_ref().map(|ledger| ledger.pool.cred_def(id));
        self.object("credential definition", id, &self.cred_defs, on_ledger, CRED_DEFS).await
    }
}
