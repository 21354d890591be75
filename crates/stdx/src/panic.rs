//! Calls of libraries that may panic on what others sent.
//!
//! The message of such a panic may quote a private key, and the standard library prints it before
//! anyone can catch it.

use std::{
    cell::Cell,
    panic::{self, AssertUnwindSafe},
    sync::Once,
};

/// The error of work that panicked. It carries nothing of the panic's message, which may quote a
/// secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("it panicked")]
pub struct Panicked;

thread_local! {
    /// Whether this thread's panics are caught here, and so must not be printed.
    static IS_CAUGHT: Cell<bool> = const { Cell::new(false) };
}

/// Runs work on this thread, and turns a panic into an error. Nothing of it is printed.
///
/// For that, the first call replaces the process's panic hook with one that ignores these panics
/// and handles all others as before.
///
/// ```
/// use negotiate_stdx::panic::{Panicked, catch};
///
/// assert_eq!(catch(|| 1 + 1), Ok(2));
/// assert_eq!(catch(|| panic!("the key is 4711")), Err::<(), _>(Panicked));
/// ```
///
/// # Errors
///
/// [`Panicked`].
pub fn catch<T>(work: impl FnOnce() -> T) -> Result<T, Panicked> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !IS_CAUGHT.get() {
                before(info);
            }
        }));
    });
    let before = IS_CAUGHT.replace(true);
    let outcome = panic::catch_unwind(AssertUnwindSafe(work));
    IS_CAUGHT.set(before);
    outcome.map_err(|_| Panicked)
}
