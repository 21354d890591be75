//! The service of a verifier: looks up requests, checks responses, and stores those that it
//! accepts.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use axum::body::Bytes;
use chrono::{DateTime, Utc};
use exchange::{
    check::ExchangeCheck,
    message::{ProofRequest, Received},
};
use serde_json::value::{RawValue, to_raw_value};
use stdx::{
    fs::is_disk_full,
    task::{Aborted, blocking},
};
use tokio::{sync::Semaphore, time::timeout};
use verdict::{Failure, Verdict};

use crate::{
    response_verifier::{ResponseVerifier, Unavailable},
    store::{AcceptedResponse, Answered, FileError, RequestStore, ResponseStore},
};

/// Returns the time.
pub type Clock = Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>;

/// Is called with what happens. It must not block.
pub type Observer = Arc<dyn Fn(&Event<'_>) + Send + Sync>;

/// What happens to a service.
#[derive(Debug)]
pub enum Event<'e> {
    /// A response was checked. If it is verified, it is on the disk.
    Verdict {
        /// The id of its request.
        request: &'e str,
        /// The verdict.
        verdict: &'e Verdict<ExchangeCheck>,
    },
    /// A response came again that had been accepted.
    Again {
        /// The id of its request.
        request: &'e str,
        /// When it had been accepted, in RFC 3339.
        accepted: &'e str,
    },
    /// The service lacks something, or is at fault.
    Fault {
        /// The client that is refused for this reason, if there is one.
        peer: Option<SocketAddr>,
        /// What fails, with the file that it is about: for the verifier, and not for clients.
        what: &'e str,
    },
}

/// A response that is accepted, and on the disk.
#[derive(Debug, Clone)]
pub struct Acceptance {
    /// The verdict: `{"verdict": "verified", "checks": [...]}`.
    pub verdict: Box<RawValue>,
    /// When it had been accepted, in RFC 3339, if the same response had been sent before: its
    /// holder has not received the answer.
    pub accepted_before: Option<String>,
}

/// A verifier's requests, its checks, and the responses that it accepted.
///
/// [`receive`](Self::receive) handles a response in this order: if the request has expired or has
/// been answered, it rejects the response; it makes the checks; it writes a verified response with
/// its verdict to the disk, under a name that can be taken once; only then it returns the verdict.
/// So a process that is killed at any moment has lost nothing that it acknowledged, and accepts
/// nothing twice. It may have stored a response without acknowledging it: the holder sends the same
/// bytes again, and gets the stored verdict.
pub struct VerifierService {
    requests: RequestStore,
    accepted: Arc<ResponseStore>,
    verifier: Arc<dyn ResponseVerifier>,
    /// The machine's clock, or another one.
    pub clock: Clock,
    /// How long the checks of one response may take, by default
    /// [`VERIFY_TIMEOUT`](Self::VERIFY_TIMEOUT).
    pub verify_timeout: Duration,
    /// Is called with every event, before a client learns of it.
    pub observer: Option<Observer>,
    /// Limits the threads that wait for the disk.
    disk: Semaphore,
}

/// Why a request is not returned, or a response not accepted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ServiceError {
    /// There is no request with this id.
    #[error("there is no proof request with this id; ask the verifier for its URL")]
    UnknownRequest,
    /// The request has expired: when, in RFC 3339.
    #[error("the request expired at {0}; ask the verifier for a new one")]
    Expired(String),
    /// The response is rejected, for the reasons in the verdict.
    #[error("the response is rejected: {}", .0.reason().unwrap_or_default())]
    Rejected(Verdict<ExchangeCheck>),
    /// The service lacks something. It says nothing about the response.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

impl VerifierService {
    /// How long the checks of one response may take by default; what takes longer waits for a
    /// ledger.
    pub const VERIFY_TIMEOUT: Duration = Duration::from_secs(10);

    const DISK_THREADS: usize = 16;

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
            disk: Semaphore::new(Self::DISK_THREADS),
        }
    }

    /// Returns the request with this id as it was signed. The id may be any text.
    ///
    /// # Errors
    ///
    /// [`ServiceError`], never [`ServiceError::Rejected`].
    pub async fn request(&self, id: &str) -> Result<Received<ProofRequest>, ServiceError> {
        let request = self.look_up(id).await?;
        match request.message().expired((self.clock)()) {
            Some(at) => Err(ServiceError::Expired(at.to_owned())),
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
        let answered = self.on_disk(move || accepted.answered(&id, b"")).await?;
        Ok(!matches!(answered, Answered::No))
    }

    /// Tries whether the stores can be read and written, and what the checks need can be read.
    ///
    /// # Errors
    ///
    /// [`Unavailable`].
    pub async fn try_storage(&self) -> Result<(), Unavailable> {
        let (requests, accepted) = (self.requests.clone(), Arc::clone(&self.accepted));
        self.on_disk(move || requests.try_out().and_then(|()| accepted.try_out())).await?;
        self.verifier.try_out().await
    }

    /// Returns the request with this id as it was signed, whether or not it has expired. The id may
    /// be any text.
    ///
    /// # Errors
    ///
    /// [`ServiceError::UnknownRequest`], [`ServiceError::Unavailable`].
    pub async fn look_up(&self, id: &str) -> Result<Received<ProofRequest>, ServiceError> {
        let (requests, id) = (self.requests.clone(), id.to_owned());
        let found = self.on_disk(move || requests.get(&id)).await?;
        found.ok_or(ServiceError::UnknownRequest)
    }

    /// Checks a response to a request of this service, and stores it if it is verified: when this
    /// returns, the response is on the disk. Nothing is stored of a rejected response. The same
    /// response, sent again, gets the verdict that is stored with it.
    ///
    /// The response may be anything of at most [`MAX_BYTES`](exchange::message::MAX_BYTES).
    ///
    /// # Errors
    ///
    /// [`ServiceError`], never [`ServiceError::Expired`]: that the request has expired is a failed
    /// check.
    pub async fn receive(
        &self,
        request: &Received<ProofRequest>,
        response: Bytes,
    ) -> Result<Acceptance, ServiceError> {
        let result = self.accept(request, response).await;
        let request = &*request.message().id;
        match &result {
            Err(ServiceError::Rejected(verdict)) => {
                self.observe(&Event::Verdict { request, verdict });
            }
            Ok(Acceptance { accepted_before: Some(accepted), .. }) => {
                self.observe(&Event::Again { request, accepted });
            }
            _ => {}
        }
        result
    }

    /// Tells the observer what happened.
    pub(crate) fn observe(&self, event: &Event<'_>) {
        if let Some(observer) = &self.observer {
            observer(event);
        }
    }

    async fn accept(
        &self,
        request: &Received<ProofRequest>,
        response: Bytes,
    ) -> Result<Acceptance, ServiceError> {
        let id = &request.message().id;
        // before the costly checks; storing it would fail anyway
        if let Some(before) = self.accepted_before(id, &response).await? {
            return Ok(before);
        }
        let now = (self.clock)();
        if let Some(at) = request.message().expired(now) {
            return Err(late(id, at));
        }
        let verdict = self.verify(request, &response, now).await?;
        let json = to_raw_value(&verdict).map_err(unwritten)?;
        let record = AcceptedResponse {
            request_id: id.clone(),
            accepted: now.to_rfc3339(),
            verdict: json.clone(),
            response: serde_json::from_slice(&response).map_err(unwritten)?,
        };
        let accepted = Arc::clone(&self.accepted);
        if self.on_disk(move || accepted.put(&record)).await? {
            self.observe(&Event::Verdict { request: id, verdict: &verdict });
            return Ok(Acceptance { verdict: json, accepted_before: None });
        }
        // another one came first
        self.accepted_before(id, &response).await?.ok_or_else(|| answered_before(id))
    }

    /// Returns the acceptance of the same response, if it was accepted. A request that was answered
    /// by another one is an error.
    async fn accepted_before(
        &self,
        id: &str,
        response: &Bytes,
    ) -> Result<Option<Acceptance>, ServiceError> {
        let (accepted, owned) = (Arc::clone(&self.accepted), id.to_owned());
        let response = response.clone();
        match self.on_disk(move || accepted.answered(&owned, &response)).await? {
            Answered::No => Ok(None),
            Answered::Other => Err(answered_before(id)),
            Answered::Same(AcceptedResponse { verdict, accepted, .. }) => {
                Ok(Some(Acceptance { verdict, accepted_before: Some(accepted) }))
            }
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

    /// Runs file operations on a thread where they delay no other task. What the error says to
    /// clients names no file.
    async fn on_disk<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, FileError> + Send + 'static,
    ) -> Result<T, Unavailable> {
        let _thread = self.disk.acquire().await;
        let done = blocking(work).await;
        let done =
            done.map_err(|Aborted| Unavailable::for_now("the server's disk does not answer"))?;
        done.map_err(|error| {
            let mut unavailable = match &error {
                FileError::Unusable(_) => Unavailable {
                    reason: "what the server has stored under this id cannot be used".to_owned(),
                    remedy: "tell the verifier".to_owned(),
                    fault: None,
                },
                FileError::Io { source, .. } if is_disk_full(source) => {
                    Unavailable::for_now("the server's disk is full")
                }
                _ => Unavailable::for_now("the server's disk cannot be read or written"),
            };
            unavailable.fault = Some(error.to_string());
            unavailable
        })
    }
}

fn late(id: &str, at: &str) -> ServiceError {
    let failure = Failure::new(
        format!("a response before {at}"),
        "a later one",
        "ask the verifier for a new request",
    );
    rejected(id, ExchangeCheck::InTime, failure)
}

fn answered_before(id: &str) -> ServiceError {
    let failure = Failure::new(
        "the first response to this request",
        "another one",
        "ask the verifier for a new request if the first response was not yours",
    );
    rejected(id, ExchangeCheck::AnsweredOnce, failure)
}

fn rejected(id: &str, check: ExchangeCheck, failure: Failure) -> ServiceError {
    ServiceError::Rejected(Verdict::failed_at(check, Some(id.to_owned()), failure))
}

/// Returns the error for an accepted response, or its verdict, that cannot be written as JSON.
fn unwritten(error: serde_json::Error) -> Unavailable {
    Unavailable::for_now(format!("the response cannot be stored: {error}"))
}
