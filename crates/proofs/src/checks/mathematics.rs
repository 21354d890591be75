//! `mathematics/indy-credx` and `mathematics/cl`: what the engines say.

use serde_json::Value;

use super::Read;
use crate::case::Case;
use verdict::Failure;

/// An engine: a library that can recompute a presentation's equations.
///
/// It sees only what passed the checks before it.
pub trait Mathematics: Sync {
    /// Whether the equations hold.
    ///
    /// # Errors
    /// Why there is no yes or no: the engine's complaint about its input, or its panic.
    fn verify(&self, case: &Case) -> Result<bool, String>;

    /// What the engine has against a request, if anything. `request-shape` asks the library.
    fn request_problem(&self, request: &Value) -> Option<String> {
        let _ = request;
        None
    }

    /// Whether the engine computes non-revocation proofs too.
    fn computes_non_revocation(&self) -> bool {
        true
    }
}

pub(super) fn check(read: &Read<'_>, engine: Option<&dyn Mathematics>) -> Vec<Failure> {
    const EXPECTED: &str = "an engine that finds the equations to hold";
    let Some(engine) = engine else {
        return vec![Failure::new(
            EXPECTED,
            "no such engine at hand",
            "verify where there is one, or choose the other engine alone by policy",
        )];
    };
    let mut proofs = read.answer.proof.proofs.iter();
    let non_revocation = proofs.any(|proof| proof.non_revoc_proof.is_some());
    if non_revocation && !engine.computes_non_revocation() {
        return vec![Failure::new(
            "an engine that computes non-revocation proofs",
            "this one does not",
            "verify by the policy that asks `indy-credx` alone",
        )];
    }
    let failure = match engine.verify(read.case) {
        Ok(true) => return Vec::new(),
        Ok(false) => Failure::new(
            EXPECTED,
            "they do not: the recomputed numbers hash to something else than the proof's challenge",
            "do not accept it; if it is honest, it was made for another nonce, or with other issuers' keys than \
             those given, or was altered on its way",
        ),
        Err(reason) => Failure::new(
            EXPECTED,
            format!("no answer: {reason}"),
            "do not accept it; if every other check passed, keep the case and report it",
        ),
    };
    vec![failure]
}
