//! The queue of responses to be checked.

use std::{future::Future, sync::Arc};

use tokio::{
    sync::Semaphore,
    time::{Instant, timeout_at},
};

use crate::{Limits, refusal::Refusal};

/// Limits how many responses are checked concurrently, and how many wait for it.
#[derive(Clone)]
pub(crate) struct CheckQueue {
    /// One permit for each response that is checked or waits.
    places: Arc<Semaphore>,
    /// One permit for each response that is checked.
    workers: Arc<Semaphore>,
}

impl CheckQueue {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self {
            places: Arc::new(Semaphore::new(limits.max_checks + limits.max_waiting)),
            workers: Arc::new(Semaphore::new(limits.max_checks)),
        }
    }

    /// Runs a check in a task of its own, and waits for it until the deadline.
    ///
    /// The task runs to its end even if the deadline passes or the client disconnects, so that a response is either
    /// accepted and stored, or neither.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        deadline: Instant,
        check: impl Future<Output = T> + Send + 'static,
    ) -> Result<T, Refusal> {
        let place = Arc::clone(&self.places).try_acquire_owned();
        let place = place.map_err(|_| Refusal::Busy)?;
        let workers = Arc::clone(&self.workers);
        let task = tokio::spawn(async move {
            let _place = place;
            let _worker = workers.acquire().await;
            check.await
        });
        let done = timeout_at(deadline, task).await;
        done.map_err(|_| Refusal::CheckTimeout)?.map_err(|_| Refusal::CheckAborted)
    }
}
