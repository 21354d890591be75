//! The service of a verifier: looks up requests, checks responses, and stores those that it accepts.

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use exchange::{
    check::ExchangeCheck,
    message::{ProofRequest, Received},
};
use stdx::{
    fs::is_disk_full,
    task::{Aborted, blocking},
};
use tokio::time::timeout;
use verdict::{Failure, Verdict};

use crate::{
    files::FileError,
    response_verifier::{ResponseVerifier, Unavailable},
    store::{RequestStore, ResponseStore},
};

/// Returns the time.
pub type Clock = Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>;

/// Is called with the id of a request and the verdict on a response to it.
pub type Observer = Arc<dyn Fn(&str, &Verdict<ExchangeCheck>) + Send + Sync>;

/// A verifier's requests, its checks, and the responses that it accepted.
///
/// [`receive`](Self::receive) handles a response in this order: it looks up the request; if that has expired or has
/// been answered, it rejects the response; it makes the checks; it writes a verified response with its verdict to the
/// disk, under a name that can be taken once; only then it returns the verdict. So a process that is killed at any
/// moment has lost nothing that it acknowledged, and accepts nothing twice. It may have stored a response without
/// acknowledging it: the holder sends it again and learns that the request is answered.
pub struct VerifierService {
    requests: RequestStore,
    accepted: Arc<ResponseStore>,
    verifier: Arc<dyn ResponseVerifier>,
    clock: Clock,
    verify_timeout: Duration,
    observer: Option<Observer>,
}

/// Why a request is not returned, or a response not accepted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ServiceError {
    /// There is no request with this id.
    #[error("there is no proof request with this id; ask the verifier for its URL")]
    UnknownRequest,
    /// The request has expired.
    #[error("the request expired at {at}; ask the verifier for a new one")]
    Expired {
        /// When, in RFC 3339.
        at: String,
    },
    /// The response is rejected, for the reasons in the verdict.
    #[error("the response is rejected: {}", .0.reason().unwrap_or_default())]
    Rejected(Verdict<ExchangeCheck>),
    /// The service lacks something. It says nothing about the response.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

impl VerifierService {
    /// How long the checks of one response may take by default; what takes longer waits for a ledger.
    pub const VERIFY_TIMEOUT: Duration = Duration::from_secs(10);

    /// Returns a service with these stores and these checks, by the machine's clock.
    pub fn new(
        requests: RequestStore,
        accepted: ResponseStore,
        verifier: Arc<dyn ResponseVerifier>,
    ) -> Self {
        Self {
            requests,
            accepted: Arc::new(accepted),
            verifier,
            clock: Arc::new(Utc::now),
            verify_timeout: Self::VERIFY_TIMEOUT,
            observer: None,
        }
    }

    /// Returns the same with another clock.
    #[must_use]
    pub fn with_clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// Returns the same with another limit on the time of the checks.
    #[must_use]
    pub fn with_verify_timeout(mut self, timeout: Duration) -> Self {
        self.verify_timeout = timeout;
        self
    }

    /// Returns the same with a function that is called with every verdict, before it is returned.
    #[must_use]
    pub fn with_observer(mut self, observer: Observer) -> Self {
        self.observer = Some(observer);
        self
    }

    /// Returns the request with this id as it was signed. The id may be any text.
    ///
    /// # Errors
    ///
    /// [`ServiceError`], never [`ServiceError::Rejected`].
    pub async fn request(&self, id: &str) -> Result<Received<ProofRequest>, ServiceError> {
        let request = self.look_up(id).await?;
        match expiry(request.message(), (self.clock)()) {
            Some(at) => Err(ServiceError::Expired { at: at.to_owned() }),
            None => Ok(request),
        }
    }

    /// Returns whether the request with this id has been answered. The id may be any text.
    ///
    /// # Errors
    ///
    /// [`ServiceError::Unavailable`].
    pub async fn is_answered(&self, id: &str) -> Result<bool, ServiceError> {
        let (accepted, id) = (Arc::clone(&self.accepted), id.to_owned());
        Ok(on_disk(move || accepted.contains(&id)).await?)
    }

    /// Checks a response to the request with this id, and stores it if it is verified: when the verdict is returned,
    /// the response is on the disk. Nothing is stored of a rejected response.
    ///
    /// Id and response may be anything; the response has at most [`MAX_BYTES`](exchange::message::MAX_BYTES).
    ///
    /// # Errors
    ///
    /// [`ServiceError`], never [`ServiceError::Expired`]: that the request has expired is a failed check.
    pub async fn receive(
        &self,
        id: &str,
        response: Vec<u8>,
    ) -> Result<Verdict<ExchangeCheck>, ServiceError> {
        let result = self.accept(id, response).await;
        if let Some(observer) = &self.observer
            && let Ok(verdict) | Err(ServiceError::Rejected(verdict)) = &result
        {
            observer(id, verdict);
        }
        result
    }

    async fn accept(
        &self,
        id: &str,
        response: Vec<u8>,
    ) -> Result<Verdict<ExchangeCheck>, ServiceError> {
        let request = self.look_up(id).await?;
        let now = (self.clock)();
        check_expiry(&request, now)?;
        self.check_unanswered(id).await?;
        let verdict = self.verify(&request, &response, now).await?;
        self.store(id, response, verdict, now).await
    }

    async fn look_up(&self, id: &str) -> Result<Received<ProofRequest>, ServiceError> {
        let (requests, id) = (self.requests.clone(), id.to_owned());
        let found = on_disk(move || requests.get(&id)).await?;
        found.ok_or(ServiceError::UnknownRequest)
    }

    /// Rejects a second response before the costly checks. Storing it would fail anyway.
    async fn check_unanswered(&self, id: &str) -> Result<(), ServiceError> {
        match self.is_answered(id).await? {
            true => Err(answered_before(id)),
            false => Ok(()),
        }
    }

    async fn verify(
        &self,
        request: &Received<ProofRequest>,
        response: &[u8],
        now: DateTime<Utc>,
    ) -> Result<Verdict<ExchangeCheck>, ServiceError> {
        let verifying = self.verifier.verify(request, response, now);
        let verdict = timeout(self.verify_timeout, verifying).await.map_err(|_| {
            Unavailable::for_now(format!(
                "checking took longer than {} s, because a ledger or registry of DIDs does not answer",
                self.verify_timeout.as_secs_f32()
            ))
        })??;
        match verdict.verified() {
            true => Ok(verdict),
            false => Err(ServiceError::Rejected(verdict)),
        }
    }

    /// Stores a verified response. Of two concurrent ones, the second is rejected here.
    async fn store(
        &self,
        id: &str,
        response: Vec<u8>,
        verdict: Verdict<ExchangeCheck>,
        now: DateTime<Utc>,
    ) -> Result<Verdict<ExchangeCheck>, ServiceError> {
        let (accepted, owned) = (Arc::clone(&self.accepted), id.to_owned());
        let stored = on_disk(move || {
            let is_first = accepted.put(&owned, &response, &verdict, now.to_rfc3339())?;
            Ok(is_first.then_some(verdict))
        });
        stored.await?.ok_or_else(|| answered_before(id))
    }
}

/// Returns when a request expired, if it has. A date that cannot be parsed is for the checks to report.
fn expiry(request: &ProofRequest, now: DateTime<Utc>) -> Option<&str> {
    let expires = request.body.expires.as_deref()?;
    let at = DateTime::parse_from_rfc3339(expires).ok()?;
    (at < now).then_some(expires)
}

fn check_expiry(request: &Received<ProofRequest>, now: DateTime<Utc>) -> Result<(), ServiceError> {
    let Some(at) = expiry(request.message(), now) else {
        return Ok(());
    };
    let failure = Failure::new(
        format!("a response before {at}"),
        "a later one",
        "ask the verifier for a new request",
    );
    Err(rejected(&request.message().id, ExchangeCheck::InTime, failure))
}

fn answered_before(id: &str) -> ServiceError {
    let failure = Failure::new(
        "the first response to this request",
        "a further one",
        "ask the verifier for a new request if the first response was not yours",
    );
    rejected(id, ExchangeCheck::AnsweredOnce, failure)
}

fn rejected(id: &str, check: ExchangeCheck, failure: Failure) -> ServiceError {
    ServiceError::Rejected(Verdict::failed_at(check, Some(id.to_owned()), failure))
}

/// Runs file operations on a thread where they delay no other task. The error names no file, since clients see it.
async fn on_disk<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, FileError> + Send + 'static,
) -> Result<T, Unavailable> {
    let done = blocking(work).await;
    let done = done.map_err(|Aborted| Unavailable::for_now("the server's disk does not answer"))?;
    done.map_err(|error| match error {
        FileError::Corrupt { .. } => Unavailable {
            reason: "what the server has stored under this id cannot be used".to_owned(),
            remedy: "tell the verifier".to_owned(),
        },
        FileError::Io { source, .. } if is_disk_full(&source) => {
            Unavailable::for_now("the server's disk is full")
        }
        _ => Unavailable::for_now("the server's disk cannot be read or written"),
    })
}
