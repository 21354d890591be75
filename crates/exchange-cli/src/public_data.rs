//! Public data: DIDs, schemas and credential definitions, from the registry and the ledger.

use std::sync::Arc;

use anyhow::{Result, ensure};
use async_trait::async_trait;
use exchange::did::{Did, DidDocument, KeyResolver, ResolveError, Resolver, read_document};
use exchange_anoncreds::{LedgerObjects, ObjectError, PublicObjects, SovResolver};
use indy::{
    anoncreds::{
        CredentialDefinition, Schema,
        objects::{self, Object},
    },
    pool::Pool,
};

use crate::registry::{DocumentKind, Registry};

/// The registry, and a home's ledger if there is one.
#[derive(Clone)]
pub struct PublicData {
    dids: Arc<Dids>,
    objects: Arc<Objects>,
}

impl PublicData {
    /// Opens a registry, which must exist, and perhaps a ledger.
    pub fn open(registry: Registry, pool: Option<Arc<Pool>>) -> Result<Self> {
        ensure!(
            registry.exists(),
            "the directory {} does not exist; name with --registry the one in which the issuers publish, or \
             make an empty one if every DID is a did:key",
            registry.root().display()
        );
        Ok(Self {
            dids: Arc::new(Dids {
                registry: registry.clone(),
                ledger: pool.clone().map(SovResolver::new),
            }),
            objects: Arc::new(Objects { registry, ledger: pool.map(LedgerObjects::new) }),
        })
    }

    /// Returns what resolves DIDs.
    pub fn resolver(&self) -> Arc<dyn Resolver> {
        Arc::clone(&self.dids) as Arc<dyn Resolver>
    }

    /// Returns what reads schemas and credential definitions.
    pub fn objects(&self) -> Arc<dyn PublicObjects> {
        Arc::clone(&self.objects) as Arc<dyn PublicObjects>
    }
}

/// The DIDs of this home's ledger, and those whose documents are published in the registry.
///
/// A document is read when it is needed: a server learns of issuers that come later, and a damaged file affects its
/// own DID only. Errors do not name files, since a server sends them to clients.
struct Dids {
    registry: Registry,
    ledger: Option<SovResolver>,
}

impl Dids {
    fn published(&self, did: &Did) -> Result<DidDocument, ResolveError> {
        let malformed = |reason: String| ResolveError::Malformed { did: did.clone(), reason };
        let read = self.registry.read(DocumentKind::Did, did.as_str());
        let json = read.map_err(|error| malformed(format!("{error:#}")))?.ok_or_else(|| {
            ResolveError::NotFound {
                did: did.clone(),
                remedy: "see that its document is published in the registry that --registry names"
                    .to_owned(),
            }
        })?;
        let document = read_document(&json).map_err(|error| malformed(error.to_string()))?;
        match document.did == *did {
            true => Ok(document),
            false => Err(malformed(format!(
                "what is published under its name is the document of {}",
                document.did
            ))),
        }
    }
}

#[async_trait]
impl Resolver for Dids {
    async fn resolve(&self, did: &Did) -> Result<DidDocument, ResolveError> {
        match (did.method(), &self.ledger) {
            ("key", _) => return KeyResolver.resolve(did).await,
            ("sov", Some(ledger)) => match ledger.resolve(did).await {
                // it may be a DID of another ledger, whose document was published
                Err(ResolveError::NotFound { .. }) => {}
                resolved => return resolved,
            },
            _ => {}
        }
        self.published(did)
    }
}

/// Schemas and credential definitions of this home's ledger, or of the registry.
struct Objects {
    registry: Registry,
    ledger: Option<LedgerObjects>,
}

impl Objects {
    fn published<T: Object>(
        &self,
        kind: DocumentKind,
        what: &'static str,
        id: &str,
    ) -> Result<T, ObjectError> {
        let unread = |reason: String| ObjectError { what, id: id.to_owned(), reason };
        let document = self.registry.read(kind, id);
        let document = document
            .map_err(|error| unread(format!("{error:#}")))?
            .ok_or_else(|| {
                unread("it is not in the registry; name with --registry the one in which it is published".to_owned())
            })?;
        objects::from_value(&document).map_err(|error| unread(error.reason))
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
        self.published(DocumentKind::Schema, "schema", id)
    }

    async fn cred_def(&self, id: &str) -> Result<CredentialDefinition, ObjectError> {
        if let Some(ledger) = &self.ledger
            && let Ok(cred_def) = ledger.cred_def(id).await
        {
            return Ok(cred_def);
        }
        self.published(DocumentKind::CredDef, "credential definition", id)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn document(id: &str) -> serde_json::Value {
        json!({"id": id, "publicKey": [{
            "id": format!("{id}#key-1"),
            "type": "Ed25519VerificationKey2018",
            "controller": id,
            "publicKeyBase58": "H3C2AVvLMv6gmMNam3uVAjZpfkcJCwDwnZn6z3wXmqPV"
        }]})
    }

    #[tokio::test]
    async fn a_did_resolves_when_it_is_published_and_its_own_file_is_sound() {
        let directory = tempfile::tempdir().unwrap();
        let registry = Registry::new(directory.path());
        let resolver = PublicData::open(registry.clone(), None).unwrap().resolver();
        let did: Did = "did:work:late".parse().unwrap();
        let missing = resolver.resolve(&did).await.unwrap_err();
        assert!(missing.to_string().contains("did:work:late is not known"));

        registry.publish(DocumentKind::Did, did.as_str(), &document(did.as_str())).unwrap();
        registry.publish(DocumentKind::Did, "did:work:damaged", &json!({"id": 7})).unwrap();
        registry.publish(DocumentKind::Did, "did:work:other", &document(did.as_str())).unwrap();
        assert_eq!(resolver.resolve(&did).await.unwrap().did, did);
        for (broken, reason) in
            [("did:work:damaged", "/id"), ("did:work:other", "the document of did:work:late")]
        {
            let error = resolver.resolve(&broken.parse().unwrap()).await.unwrap_err();
            let error = error.to_string();
            assert!(error.contains(reason), "{error}");
            let path = directory.path().display().to_string();
            assert!(!error.contains(&path), "clients read it: {error}");
        }
    }

    #[test]
    fn a_registry_that_does_not_exist_is_named() {
        let directory = tempfile::tempdir().unwrap();
        let registry = Registry::new(&directory.path().join("regsitry"));
        let error = PublicData::open(registry, None).err().unwrap().to_string();
        assert!(error.contains("regsitry") && error.contains("--registry"), "{error}");
    }
}
