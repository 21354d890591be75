//! The engines that recompute a presentation's equations.

use serde_json::Value;

use crate::case::Case;

/// A library that can recompute a presentation's equations.
///
/// It sees only what passed the checks before it.
pub trait Engine: Sync {
    /// Returns whether the equations hold.
    ///
    /// # Errors
    /// Why there is no answer: the engine's complaint about its input, or its panic.
    fn verify(&self, case: &Case) -> Result<bool, String>;

    /// Returns why the engine cannot read a request, if it cannot. `request-shape` asks the library.
    fn request_error(&self, request: &Value) -> Option<String> {
        let _ = request;
        None
    }

    /// Returns whether the engine computes non-revocation proofs too.
    fn computes_non_revocation(&self) -> bool {
        true
    }
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
