//! The keys of the signers, each DID resolved once.

use std::{
    collections::{BTreeMap, BTreeSet},
    error::Error,
    sync::Arc,
};

use chrono::{DateTime, Utc};
use tokio::task::JoinSet;
use verdict::Failure;

use crate::did::{Did, DidDocument, PublicKey, Purpose, ResolveError, Resolver};

/// At most this many DIDs are resolved for one response.
pub const MAX_DIDS: usize = 64;

/// The documents of the DIDs of a response.
pub(super) struct Keys {
    documents: BTreeMap<String, Result<DidDocument, ResolveError>>,
}

impl Keys {
    /// Resolves DIDs concurrently, the first [`MAX_DIDS`] of them.
    pub(super) async fn resolve(dids: BTreeSet<Did>, resolver: &Arc<dyn Resolver>) -> Self {
        let mut running = JoinSet::new();
        for did in dids.into_iter().take(MAX_DIDS) {
            let resolver = Arc::clone(resolver);
            running.spawn(async move {
                let document = resolver.resolve(&did).await;
                (did.to_string(), document)
            });
        }
        let mut documents = BTreeMap::new();
        while let Some(resolved) = running.join_next().await {
            // a resolver that panics has resolved nothing; `find` says so
            if let Ok((did, document)) = resolved {
                documents.insert(did, document);
            }
        }
        Self { documents }
    }

    /// Returns the key of a DID that a reference names, if it may be used now for one of these
    /// purposes.
    pub(super) fn find(
        &self,
        did: &str,
        reference: &str,
        purposes: &[Purpose],
        now: DateTime<Utc>,
    ) -> Result<&PublicKey, Failure> {
        let expected = || format!("the key {reference:?} of {did}");
        match self.documents.get(did) {
            Some(Ok(document)) if document.did.as_str() == did => {
                let key = document.key_for(reference, purposes, now);
                key.map_err(|error| as_failure(&expected(), &error))
            }
            Some(Ok(document)) => Err(Failure::new(
                expected(),
                format!("a document of {}", document.did),
                "correct the resolver, which returns another DID's document",
            )),
            Some(Err(error)) => Err(as_failure(&expected(), error)),
            None => Err(Failure::new(
                expected(),
                format!("a DID that was not resolved; at most {MAX_DIDS} are, for one response"),
                "answer with credentials of fewer issuers at a time",
            )),
        }
    }
}

/// Returns what an error says as a failure: it ends with what to do, after a semicolon.
pub(super) fn as_failure(expected: &str, error: &dyn Error) -> Failure {
    let text = error.to_string();
    let (got, remedy) = text.rsplit_once("; ").unwrap_or((&text, "do not accept it"));
    Failure::new(expected, got, remedy)
}
