//! Generating keys with `cl`.

use std::{
    fmt,
    ops::ControlFlow,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

use cl::keys::{GenerateError, GeneratedKey, Options, Progress, generate, generate_from_seed};
use zeroize::Zeroizing;

use crate::{error::AnoncredsError, library};

/// The progress of a search for primes: how many candidates it has tested so far.
///
/// Clones show the same search. The library's own search shows no progress.
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
    /// The average number of candidates. There is no upper limit: one search in 20 tests more than
    /// 2.4 times as many.
    pub const EXPECTED: u64 = Progress::EXPECTED;

    /// Returns how many candidates were tested so far; 0 before the search begins.
    pub fn tested(&self) -> u64 {
        self.tested.load(Ordering::Relaxed)
    }
}

/// What a key follows from that is to be the same again: 32 bytes, as secret as the key. `Debug`
/// does not show them.
#[derive(Clone)]
pub struct KeySeed(Zeroizing<[u8; 32]>);

impl KeySeed {
    /// Returns the seed of these bytes.
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }
}

impl fmt::Debug for KeySeed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("KeySeed").finish_non_exhaustive()
    }
}

/// Cancels a search when the future that waits for it is dropped.
#[derive(Default)]
struct CancelOnDrop(Arc<AtomicBool>);

impl Drop for CancelOnDrop {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Generates a key with `cl`, on a thread that may block: a fresh one, or that of a seed.
pub(crate) async fn generate_key(
    operation: &'static str,
    attributes: Vec<String>,
    seed: Option<&KeySeed>,
    progress: &SearchProgress,
) -> Result<GeneratedKey, AnoncredsError> {
    let cancel_on_drop = CancelOnDrop::default();
    let is_cancelled = Arc::clone(&cancel_on_drop.0);
    let (seed, progress) = (seed.cloned(), progress.clone());
    library::run(operation, move || {
        let watch = |now: Progress| {
            progress.tested.fetch_max(now.tested, Ordering::Relaxed);
            match is_cancelled.load(Ordering::Relaxed) {
                true => ControlFlow::Break(()),
                false => ControlFlow::Continue(()),
            }
        };
        let options = Options { watch: &watch, ..Options::default() };
        let attributes: Vec<&str> = attributes.iter().map(String::as_str).collect();
        match seed {
            None => generate(&attributes, &options),
            Some(KeySeed(seed)) => generate_from_seed(&seed, &attributes, &options),
        }
        .map_err(generate_error)
    })
    .await
}

fn generate_error(error: GenerateError) -> AnoncredsError {
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
        | GenerateError::UnsuitablePrimes(_) => AnoncredsError::NoKey { reason: error.to_string() },
    }
}
