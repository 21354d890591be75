//! Blocking work on Tokio's threads, and asynchronous functions that are compiled once.

/// Makes an `async fn` return a boxed future, so that its body is compiled in its own crate.
///
/// The body of a plain `async fn` is compiled in every crate that awaits it, with all that it
/// awaits in turn. For the calls of `wallet`, `ledger`, `anoncreds` and `commands` that was most of
/// what a change in a step of the tutorial had to compile. One allocation a call costs nothing
/// beside a database or a proof.
pub use async_recursion::async_recursion as boxed;

/// The error of work that ended without a result: it panicked, or the runtime shut down.
///
/// It carries nothing of the panic's payload, which may quote a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the work ended without a result")]
pub struct Aborted;

/// Runs work that blocks (files, locks, long computations) on a thread where it delays no other
/// task.
///
/// # Errors
///
/// [`Aborted`] when the work panicked, or when the runtime shut down before the work began.
pub async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Aborted> {
    tokio::task::spawn_blocking(work).await.map_err(|_| Aborted)
}
