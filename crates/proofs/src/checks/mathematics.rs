//! `mathematics/indy-credx` and `mathematics/cl`: what the engines say.

use verdict::Failure;

use super::engine::Engine;
use super::parsed::ParsedCase;

/// `mathematics/indy-credx` or `mathematics/cl`: this engine recomputes the proof's challenge.
pub(super) fn check(parsed: &ParsedCase<'_>, engine: Option<&dyn Engine>) -> Vec<Failure> {
    const EXPECTED: &str = "an engine that finds the equations to hold";
    let Some(engine) = engine else {
        return vec![Failure::new(
            EXPECTED,
            "no such engine at hand",
            "verify where there is one, or choose the other engine alone by policy",
        )];
    };
    let mut proofs = parsed.presentation.proof.proofs.iter();
    let non_revocation = proofs.any(|proof| proof.non_revoc_proof.is_some());
    if non_revocation && !engine.computes_non_revocation() {
        return vec![Failure::new(
            "an engine that computes non-revocation proofs",
            "this one does not",
            "verify by the policy that asks `indy-credx` alone",
        )];
    }
    let failure = match engine.verify(parsed.case) {
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
