//! What a program that watches the server asks: whether it lives, and whether it can work.

use std::{sync::Arc, time::Duration};

use axum::{Router, extract::State, http::StatusCode, response::Response, routing::get};
use serde_json::json;
use tokio::{
    sync::Mutex,
    time::{Instant, timeout},
};

use crate::{Event, JSON, VerifierService, answer::answer};

/// How long the disk may take.
const TIMEOUT: Duration = Duration::from_secs(2);

/// How long an answer is true.
const VALID: Duration = Duration::from_secs(1);

#[derive(Clone)]
struct Readiness {
    service: Arc<VerifierService>,
    /// Locked while the storage is tried, so that a disk which does not answer is asked once.
    tried: Arc<Mutex<Option<Tried>>>,
}

/// When the storage was tried last, and why it cannot be used.
type Tried = (Instant, Result<(), String>);

pub(crate) fn router(service: Arc<VerifierService>) -> Router {
    let state = Readiness { service, tried: Arc::default() };
    Router::new().route("/health", get(health)).route("/ready", get(ready)).with_state(state)
}

/// Answers that the process lives.
pub(crate) async fn health() -> Response {
    answer(StatusCode::OK, JSON, r#"{"status":"ok"}"#)
}

async fn ready(State(readiness): State<Readiness>) -> Response {
    match readiness.try_storage().await {
        Ok(()) => answer(StatusCode::OK, JSON, r#"{"status":"ready"}"#),
        Err(reason) => {
            let text = json!({"status": "unavailable", "reason": reason}).to_string();
            answer(StatusCode::SERVICE_UNAVAILABLE, JSON, text)
        }
    }
}

impl Readiness {
    async fn try_storage(self) -> Result<(), String> {
        let silent = |_| "the storage does not answer".to_owned();
        let mut tried = timeout(TIMEOUT, self.tried.lock_owned()).await.map_err(silent)?;
        if let Some((when, outcome)) = &*tried
            && when.elapsed() < VALID
        {
            return outcome.clone();
        }
        // in a task of its own, since a client that goes must not release the lock
        let trying = tokio::spawn(async move {
            let outcome = self.service.try_storage().await.map_err(|unavailable| {
                let what = unavailable.fault.unwrap_or(unavailable.reason);
                self.service.observe(&Event::Fault { peer: None, what: &what });
                what
            });
            *tried = Some((Instant::now(), outcome.clone()));
            outcome
        });
        let tried = timeout(TIMEOUT, trying).await.map_err(silent)?;
        tried.map_err(|_| "a check of the storage failed".to_owned())?
    }
}
