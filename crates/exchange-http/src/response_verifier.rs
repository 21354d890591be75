//! The checks of a response, as the service needs them.

use std::sync::{Arc, OnceLock};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use exchange::{
    check::ExchangeCheck,
    did::{Did, DidDocument, ResolveError, Resolver},
    message::{ProofRequest, Received},
    verifier::ExchangeVerifier,
};
use verdict::Verdict;

/// Checks a response against its request.
///
/// It has no memory: the service accepts a request once, by its store.
#[async_trait]
pub trait ResponseVerifier: Send + Sync {
    /// Makes all checks.
    ///
    /// # Errors
    ///
    /// [`Unavailable`]: no verdict is possible now, for example because a ledger does not answer.
    async fn verify(
        &self,
        request: &Received<ProofRequest>,
        response: &[u8],
        now: DateTime<Utc>,
    ) -> Result<Verdict<ExchangeCheck>, Unavailable>;

    /// Tries whether what the checks need can be read.
    ///
    /// # Errors
    ///
    /// [`Unavailable`].
    async fn try_out(&self) -> Result<(), Unavailable> {
        Ok(())
    }
}

/// The service lacks something that it needs. It says nothing about the response.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason}; {remedy}")]
pub struct Unavailable {
    /// What is lacking, as a clause.
    pub reason: String,
    /// What to do, as a clause.
    pub remedy: String,
    /// What fails, if clients should not see it: it may name a file.
    pub fault: Option<String>,
}

impl Unavailable {
    /// Returns the error for a reason that will pass.
    pub fn for_now(reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), remedy: "send it again later".to_owned(), fault: None }
    }
}

/// To the verifier every response is the first: a request is answered when the service has stored
/// the response, and not before. If the verifier recorded it and the process were killed, the
/// response would be lost and could not be sent again.
#[async_trait]
impl ResponseVerifier for ExchangeVerifier {
    async fn verify(
        &self,
        request: &Received<ProofRequest>,
        response: &[u8],
        now: DateTime<Utc>,
    ) -> Result<Verdict<ExchangeCheck>, Unavailable> {
        let resolver = Arc::new(ReachabilityResolver {
            inner: Arc::clone(&self.resolver),
            unreachable: OnceLock::new(),
        });
        let verifier = Self { resolver: resolver.clone(), ..self.clone() };
        let verdict = verifier.explain_first(request, response, now).await;
        match resolver.unreachable.get() {
            Some((did, fault)) if !verdict.verified() => Err(Unavailable {
                fault: Some(fault.clone()),
                ..Unavailable::for_now(format!(
                    "{did} cannot be resolved now, because its ledger or registry does not answer"
                ))
            }),
            _ => Ok(verdict),
        }
    }

    async fn try_out(&self) -> Result<(), Unavailable> {
        self.resolver.try_out().await.map_err(|fault| Unavailable {
            fault: Some(fault),
            ..Unavailable::for_now("the registry of DIDs cannot be read")
        })
    }
}

/// Records that a DID could not be resolved for a reason that has nothing to do with the response.
struct ReachabilityResolver {
    inner: Arc<dyn Resolver>,
    /// The DID, and why, for the server's owner.
    unreachable: OnceLock<(Did, String)>,
}

#[async_trait]
impl Resolver for ReachabilityResolver {
    async fn resolve(&self, did: &Did) -> Result<DidDocument, ResolveError> {
        let resolved = self.inner.resolve(did).await;
        if let Err(error @ ResolveError::Unreachable(did, _)) = &resolved {
            // the first one is enough
            let _ = self.unreachable.set((did.clone(), error.to_string()));
        }
        resolved
    }
}
