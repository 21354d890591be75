//! What everybody may read: DIDs, schemas, credential definitions.

use std::sync::Arc;

use anyhow::{Context, Result};
use async_trait::async_trait;
use indy::{
    anoncreds::{CredentialDefinition, Schema},
    pool::Pool,
};
use proof_exchange::{
    bridge::{LedgerObjects, ObjectError, PublicObjects},
    did::{self, Did, DidDocument, ResolveError, Resolver, Resolvers, SovResolver},
};
use serde::de::DeserializeOwned;

use super::registry::{Kind, Registry};

/// The registry, and a home's ledger if there is one.
#[derive(Clone)]
pub struct Public {
    resolver: Arc<dyn Resolver>,
    objects: Arc<Objects>,
}

impl Public {
    /// Read the registry's DID documents.
    pub fn open(registry: Registry, pool: Option<Arc<Pool>>) -> Result<Self> {
        let mut documents = did::Registry::new();
        let folder = registry.directory(Kind::Did);
        if folder.exists() {
            documents
                .add_folder(&folder)
                .with_context(|| format!("cannot use the registry {}", folder.display()))?;
        }
        let resolver: Arc<dyn Resolver> = match &pool {
            None => Arc::new(Resolvers::new(documents)),
            Some(pool) => {
                let sov = Arc::new(LedgerFirst {
                    ledger: SovResolver::new(Arc::clone(pool)),
                    documents: documents.clone(),
                });
                Arc::new(Resolvers::new(documents).with_method("sov", sov))
            }
        };
        let ledger = pool.map(LedgerObjects::new);
        Ok(Self {
            resolver,
            objects: Arc::new(Objects { registry, ledger }),
        })
    }

    /// Finds the keys of DIDs.
    pub fn resolver(&self) -> Arc<dyn Resolver> {
        Arc::clone(&self.resolver)
    }

    /// Finds schemas and credential definitions.
    pub fn objects(&self) -> Arc<dyn PublicObjects> {
        Arc::clone(&self.objects) as Arc<dyn PublicObjects>
    }
}

/// A `did:sov` of this home's ledger, or of another ledger whose document was published.
struct LedgerFirst {
    ledger: SovResolver,
    documents: did::Registry,
}

#[async_trait]
impl Resolver for LedgerFirst {
    async fn resolve(&self, did: &Did) -> Result<DidDocument, ResolveError> {
        match self.ledger.resolve(did).await {
            Err(ResolveError::NotFound { .. }) => self.documents.resolve(did).await,
            resolved => resolved,
        }
    }
}

/// Schemas and credential definitions of this home's ledger, or of the registry.
struct Objects {
    registry: Registry,
    ledger: Option<LedgerObjects>,
}

impl Objects {
    fn published<T: DeserializeOwned>(
        &self,
        kind: Kind,
        what: &'static str,
        id: &str,
    ) -> Result<T, ObjectError> {
        let unread = |reason: String| ObjectError {
            what,
            id: id.to_owned(),
            reason,
        };
        let document = self.registry.read(kind, id);
        let document = document
            .map_err(|error| unread(format!("{error:#}")))?
            .ok_or_else(|| {
                unread("it is not in the registry; name with --registry the one in which it is published".to_owned())
            })?;
        serde_json::from_value(document).map_err(|error| unread(error.to_string()))
    }
}

#[async_trait]
impl PublicObjects for Objects {
    async fn schema(&self, id: &str) -> Result<Schema, ObjectError> {
        if let Some(ledger) = &self.ledger
            && let Ok(schema) = ledger.schema(id).await
        {
            return Ok(schema);
        }
        self.published(Kind::Schema, "schema", id)
    }

    async fn cred_def(&self, id: &str) -> Result<CredentialDefinition, ObjectError> {
        if let Some(ledger) = &self.ledger
            && let Ok(cred_def) = ledger.cred_def(id).await
        {
            return Ok(cred_def);
        }
        self.published(Kind::CredDef, "credential definition", id)
    }
}
