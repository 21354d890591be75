//! What stands behind a [`Pool`](super::Pool).

use async_trait::async_trait;

use super::error::PoolError;

/// A ledger that takes requests and replies as an Indy node does.
#[async_trait]
pub trait Backend: Send + Sync {
    /// Returns the reply to one request. A refusal (`REQNACK`, `REJECT`) is a reply, not an error.
    ///
    /// # Errors
    /// When there is no reply: the ledger cannot be reached, or could not write.
    async fn submit(&self, request: &str) -> Result<String, PoolError>;

    /// Releases what the back end holds. Requests after this are errors.
    ///
    /// # Errors
    /// When something could not be released properly.
    async fn close(&self) -> Result<(), PoolError>;
}

/// Runs work that blocks (files, locks, processes) on a thread where it delays no other task.
pub(super) async fn blocking<T: Send + 'static>(
    name: &str,
    work: impl FnOnce() -> Result<T, PoolError> + Send + 'static,
) -> Result<T, PoolError> {
    stdx::task::blocking(work)
        .await
        .unwrap_or_else(|_| Err(PoolError::Interrupted { name: name.to_owned() }))
}
