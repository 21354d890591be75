//! The desk of a verifier whose requests and accepted responses are files.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use proofs::{Failure, Verdict};
use tokio::{task::spawn_blocking, time::timeout};

use super::{
    desk::{Desk, Posted, Receipt, Unavailable},
    files::FileError,
    judge::{Judge, VerifierJudge},
    shelf::{AcceptedShelf, RequestShelf},
};
use crate::{
    check::ExchangeCheck,
    message::{ProofRequest, Received},
    verifier::ExchangeVerifier,
};

/// Tells the time.
pub type Clock = Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>;

/// A verifier's requests, its judge, and what it accepted.
///
/// What happens to a response, in this order: the request is looked up; if it has expired or has been answered,
/// that is the verdict; the judge makes its checks; a verified response is written to the disk with its verdict,
/// under a name that can be taken once; only then is anybody told. So a process that is killed at any moment has
/// lost nothing that it acknowledged, and accepts nothing twice. It may have stored a response of whose
/// acceptance the holder did not hear: the holder sends it again and is told that the request is answered.
pub struct VerifierDesk {
    requests: RequestShelf,
    accepted: Arc<AcceptedShelf>,
    judge: Arc<dyn Judge>,
    clock: Clock,
    limit: Duration,
}

impl VerifierDesk {
    /// A judge takes at most this long, unless told otherwise; what takes longer waits for a ledger.
    pub const JUDGE_LIMIT: Duration = Duration::from_secs(10);

    /// A desk with these shelves and this judge, by the machine's clock.
    pub fn new(requests: RequestShelf, accepted: AcceptedShelf, judge: Arc<dyn Judge>) -> Self {
        Self {
            requests,
            accepted: Arc::new(accepted),
            judge,
            clock: Arc::new(Utc::now),
            limit: Self::JUDGE_LIMIT,
        }
    }

    /// A desk whose judge is this verifier. Its memory of answered requests, if it has one, is replaced by the shelf
    /// of accepted responses.
    pub fn verifying(
        requests: RequestShelf,
        accepted: AcceptedShelf,
        verifier: ExchangeVerifier,
    ) -> Self {
        let accepted = Arc::new(accepted);
        let judge = VerifierJudge::new(verifier, Arc::clone(&accepted));
        Self {
            requests,
            accepted,
            judge: Arc::new(judge),
            clock: Arc::new(Utc::now),
            limit: Self::JUDGE_LIMIT,
        }
    }

    /// The same, by another clock.
    #[must_use]
    pub fn with_clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// The same, with another limit for the judge.
    #[must_use]
    pub fn with_judge_limit(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    async fn look_up(&self, id: &str) -> Result<Option<Received<ProofRequest>>, Unavailable> {
        let (requests, id) = (self.requests.clone(), id.to_owned());
        on_disk(move || requests.get(&id)).await
    }

    async fn is_answered(&self, id: &str) -> Result<bool, Unavailable> {
        let (accepted, id) = (Arc::clone(&self.accepted), id.to_owned());
        on_disk(move || accepted.holds(&id)).await
    }

    async fn judge(
        &self,
        request: &Received<ProofRequest>,
        response: &[u8],
        now: DateTime<Utc>,
    ) -> Result<Verdict<ExchangeCheck>, Unavailable> {
        let judging = self.judge.judge(request, response, now);
        timeout(self.limit, judging).await.unwrap_or_else(|_| {
            Err(Unavailable::for_now(format!(
                "checking took longer than {} s, because a place where DIDs are resolved does not answer",
                self.limit.as_secs_f32()
            )))
        })
    }
}

#[async_trait]
impl Desk for VerifierDesk {
    async fn request(&self, id: &str) -> Result<Posted, Unavailable> {
        let Some(request) = self.look_up(id).await? else {
            return Ok(Posted::Unknown);
        };
        Ok(match expired(request.message(), (self.clock)()) {
            Some(at) => Posted::Expired { at: at.to_owned() },
            None => Posted::Open(request.document().clone()),
        })
    }

    async fn receive(&self, id: &str, response: Vec<u8>) -> Result<Receipt, Unavailable> {
        let Some(request) = self.look_up(id).await? else {
            return Ok(Receipt::Unknown);
        };
        let now = (self.clock)();
        if let Some(at) = expired(request.message(), now) {
            return Ok(Receipt::Judged(too_late(id, at)));
        }
        if self.is_answered(id).await? {
            return Ok(Receipt::Judged(answered_before(id)));
        }
        let verdict = self.judge(&request, &response, now).await?;
        if !verdict.verified() {
            return Ok(Receipt::Judged(verdict));
        }
        let (accepted, owned, kept) = (Arc::clone(&self.accepted), id.to_owned(), verdict.clone());
        let stored =
            on_disk(move || accepted.put(&owned, &response, &kept, now.to_rfc3339())).await?;
        Ok(Receipt::Judged(match stored {
            true => verdict,
            false => answered_before(id),
        }))
    }
}

/// When a request expired, if it has. A date that cannot be read is for the checks to report.
fn expired(request: &ProofRequest, now: DateTime<Utc>) -> Option<&str> {
    let expires = request.body.expires.as_deref()?;
    let at = DateTime::parse_from_rfc3339(expires).ok()?;
    (at < now).then_some(expires)
}

fn too_late(id: &str, at: &str) -> Verdict<ExchangeCheck> {
    let failure = Failure::new(
        format!("a response before {at}"),
        "a later one",
        "ask the verifier for a new request",
    );
    Verdict::failed_at(ExchangeCheck::InTime, Some(id.to_owned()), failure)
}

fn answered_before(id: &str) -> Verdict<ExchangeCheck> {
    let failure = Failure::new(
        "the first response to this request",
        "a further one",
        "ask the verifier for a new request if the first response was not yours",
    );
    Verdict::failed_at(ExchangeCheck::AnsweredOnce, Some(id.to_owned()), failure)
}

/// Does something with files where waiting for a disk holds up nobody else. Strangers are not told which files.
async fn on_disk<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, FileError> + Send + 'static,
) -> Result<T, Unavailable> {
    let lacking = |reason: &str| Unavailable::for_now(reason);
    match spawn_blocking(work).await {
        Ok(Ok(done)) => Ok(done),
        Ok(Err(FileError::Corrupt { .. })) => Err(Unavailable {
            reason: "what the server has stored under this id cannot be used".to_owned(),
            remedy: "tell the verifier".to_owned(),
        }),
        Ok(Err(_)) => Err(lacking("the server's disk cannot be read or written")),
        Err(_) => Err(lacking("the server's disk does not answer")),
    }
}
