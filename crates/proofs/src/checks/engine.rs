//! The engines that recompute a presentation's equations.

use std::time::Duration;

use crate::case::Case;

/// A library that can recompute a presentation's equations.
///
/// It sees only what passed the checks before it, and only the mathematics: a request without
/// restrictions and intervals, no texts, and identifiers that every library can read in place of
/// those that were given.
pub trait Engine: Sync {
    /// Returns whether the equations hold.
    ///
    /// # Errors
    /// Why there is no answer.
    fn verify(&self, case: &Case) -> Result<bool, EngineError>;
}

/// Why an engine gives no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EngineError {
    /// It does not compute such proofs; another engine may.
    #[error("{0}")]
    Unable(String),
    /// It refused its input, or panicked.
    #[error("{0}")]
    Refused(String),
    /// It did not finish in this time.
    #[error("none in {0:?}")]
    TimedOut(Duration),
}

/// The engines that a verifier has. Which of them must accept is for the
/// [policy](crate::policy::Engines) to say.
#[derive(Clone, Copy, Default)]
pub struct EngineSet<'e> {
    /// `indy-credx`.
    pub library: Option<&'e dyn Engine>,
    /// Our own engine: [`ClEngine`](super::ClEngine).
    pub cl: Option<&'e dyn Engine>,
}
