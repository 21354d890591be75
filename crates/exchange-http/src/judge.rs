//! Whoever decides on responses for a desk.

use std::sync::{Arc, OnceLock};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use proofs::Verdict;

use super::{desk::Unavailable, shelf::AcceptedShelf};
use crate::{
    check::ExchangeCheck,
    did::{Did, DidDocument, ResolveError, Resolver},
    message::{ProofRequest, Received},
    verifier::{AnsweredRequests, ExchangeVerifier},
};

/// Whoever checks a response against its request.
///
/// It remembers nothing: that a request is answered once is seen to by the desk, whose files are the memory.
#[async_trait]
pub trait Judge: Send + Sync {
    /// Makes all checks.
    ///
    /// # Errors
    ///
    /// [`Unavailable`]: no verdict is possible now, as when a ledger does not answer.
    async fn judge(
        &self,
        request: &Received<ProofRequest>,
        response: &[u8],
        now: DateTime<Utc>,
    ) -> Result<Verdict<ExchangeCheck>, Unavailable>;
}

/// A verifier as a judge.
pub(super) struct VerifierJudge(ExchangeVerifier);

impl VerifierJudge {
    pub(super) fn new(verifier: ExchangeVerifier, accepted: Arc<AcceptedShelf>) -> Self {
        Self(verifier.with_answers(Arc::new(Stored(accepted))))
    }
}

#[async_trait]
impl Judge for VerifierJudge {
    async fn judge(
        &self,
        request: &Received<ProofRequest>,
        response: &[u8],
        now: DateTime<Utc>,
    ) -> Result<Verdict<ExchangeCheck>, Unavailable> {
        let watch = Arc::new(Watch {
            resolver: Arc::clone(self.0.resolver()),
            unreachable: OnceLock::new(),
        });
        let verifier = self.0.clone().with_resolver(watch.clone());
        let verdict = verifier.explain(request, response, now).await;
        match watch.unreachable.get() {
            Some(did) if !verdict.verified() => Err(Unavailable::for_now(format!(
                "{did} cannot be resolved now, because the place that knows it does not answer"
            ))),
            _ => Ok(verdict),
        }
    }
}

/// Notices that a DID could not be resolved for a reason that has nothing to do with the response.
struct Watch {
    resolver: Arc<dyn Resolver>,
    unreachable: OnceLock<Did>,
}

#[async_trait]
impl Resolver for Watch {
    async fn resolve(&self, did: &Did) -> Result<DidDocument, ResolveError> {
        let resolved = self.resolver.resolve(did).await;
        if let Err(ResolveError::Unreachable { did, .. }) = &resolved {
            // the first one is enough
            let _ = self.unreachable.set(did.clone());
        }
        resolved
    }
}

/// The shelf as the verifier's memory. A request is used up when the desk stores the response, and not before: if the
/// verifier remembered it and the process were killed, the response would be lost and could not be sent again.
struct Stored(Arc<AcceptedShelf>);

impl AnsweredRequests for Stored {
    fn answered(&self, request_id: &str) -> Result<bool, String> {
        let held = self.0.holds(request_id);
        held.map_err(|_| "the disk with the accepted responses cannot be read".to_owned())
    }

    fn accept(&self, request_id: &str) -> Result<bool, String> {
        self.answered(request_id).map(|answered| !answered)
    }
}
