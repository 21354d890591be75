//! One resolver for all DID methods.

use std::{collections::BTreeMap, fmt, sync::Arc};

use async_trait::async_trait;

use super::{Did, DidDocument, DidRegistry, KeyResolver, ResolveError, Resolver};

/// Resolves each DID by its method.
///
/// `did:key` resolves by itself, whatever else is registered, for the DID is the key. Any other DID is looked up
/// among the registered documents first, which need no network; then the resolver of its method is called, if there
/// is one.
#[derive(Clone, Default)]
pub struct Resolvers {
    registry: DidRegistry,
    methods: BTreeMap<String, Arc<dyn Resolver>>,
}

impl Resolvers {
    /// Returns a resolver of `did:key` and of the DIDs of a registry.
    pub fn new(registry: DidRegistry) -> Self {
        Self { registry, methods: BTreeMap::new() }
    }

    /// Returns the same with a resolver for the DIDs of a method, for example `sov`.
    #[must_use]
    pub fn with_method(mut self, method: impl Into<String>, resolver: Arc<dyn Resolver>) -> Self {
        self.methods.insert(method.into(), resolver);
        self
    }
}

impl fmt::Debug for Resolvers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Resolvers")
            .field("registry", &self.registry)
            .field("methods", &self.methods.keys())
            .finish()
    }
}

#[async_trait]
impl Resolver for Resolvers {
    async fn resolve(&self, did: &Did) -> Result<DidDocument, ResolveError> {
        if did.method() == "key" {
            return KeyResolver.resolve(did).await;
        }
        if let Some(document) = self.registry.get(did) {
            return Ok(document.clone());
        }
        match self.methods.get(did.method()) {
            Some(resolver) => resolver.resolve(did).await,
            None if self.registry.has_method(did.method()) => self.registry.resolve(did).await,
            None => Err(ResolveError::UnknownMethod { method: did.method().to_owned() }),
        }
    }
}
