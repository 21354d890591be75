//! Fresh keys: by our own search for primes, or by the library's.

use std::{
    ops::ControlFlow,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

use cl::keys::{GenerateError, GeneratedKey, Options, Progress, generate};

use super::library;
use crate::error::AnoncredsError;

/// How many candidates for primes a search has tested so far, for whoever waits for it.
///
/// Clones show the same search. The library's own search shows nothing.
///
/// ```
/// use negotiate_anoncreds::{CredentialDefinitionConfig, SearchProgress};
///
/// let progress = SearchProgress::default();
/// let config = CredentialDefinitionConfig {
///     progress: progress.clone(),
///     ..CredentialDefinitionConfig::default()
/// };
/// // ... and while a credential definition is created with `config`:
/// assert_eq!(progress.tested(), 0);
/// ```
#[derive(Debug, Clone, Default)]
pub struct SearchProgress {
    tested: Arc<AtomicU64>,
}

impl SearchProgress {
    /// How many it takes on average. No number is the last: one search in 20 takes more than 2.4 times as
    /// many.
    pub const EXPECTED: u64 = Progress::EXPECTED;

    /// How many candidates were tested so far; 0 before the search begins.
    pub fn tested(&self) -> u64 {
        self.tested.load(Ordering::Relaxed)
    }
}

/// Ends a search when the future that waits for it is dropped.
#[derive(Default)]
struct EndWhenDropped(Arc<AtomicBool>);

impl Drop for EndWhenDropped {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Generate a key with `cl`, on a thread that may block.
pub(super) async fn own(
    operation: &'static str,
    attributes: Vec<String>,
    progress: &SearchProgress,
) -> Result<GeneratedKey, AnoncredsError> {
    let nobody_waits = EndWhenDropped::default();
    let is_over = Arc::clone(&nobody_waits.0);
    let progress = progress.clone();
    library::run(operation, move || {
        let watch = |now: Progress| {
            progress.tested.fetch_max(now.tested, Ordering::Relaxed);
            match is_over.load(Ordering::Relaxed) {
                true => ControlFlow::Break(()),
                false => ControlFlow::Continue(()),
            }
        };
        let options = Options {
            watch: &watch,
            ..Options::default()
        };
        let attributes: Vec<&str> = attributes.iter().map(String::as_str).collect();
        generate(&attributes, &options).map_err(failed)
    })
    .await
}

fn failed(error: GenerateError) -> AnoncredsError {
    match error {
        GenerateError::NoAttributes
        | GenerateError::EmptyName { .. }
        | GenerateError::DuplicateName { .. }
        | GenerateError::ReservedName => AnoncredsError::InvalidStructure {
            what: "the schema".to_owned(),
            reason: error.to_string(),
            remedy: "choose other attribute names",
        },
        GenerateError::Cancelled
        | GenerateError::NoRandomness(_)
        | GenerateError::UnsuitablePrimes(_) => AnoncredsError::NoKey {
            reason: error.to_string(),
        },
    }
}
