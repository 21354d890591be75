//! `nonce-fresh`: whether the presentation is a new one.

use verdict::Failure;

use super::parsed::ParsedCase;

/// A memory for the nonces of accepted presentations.
pub trait UsedNonces: Sync {
    /// Returns whether a presentation for this nonce has been accepted before.
    ///
    /// # Errors
    /// Why the memory cannot be read, as a clause.
    fn used(&self, nonce: &str) -> Result<bool, String>;
}

/// `nonce-fresh`: a presentation that was copied cannot be presented again.
pub(super) fn check(parsed: &ParsedCase<'_>, nonces: &dyn UsedNonces) -> Vec<Failure> {
    let nonce = &parsed.request.nonce;
    let (got, remedy) = match nonces.used(nonce) {
        Ok(false) => return Vec::new(),
        Ok(true) => (
            "one that was accepted before".to_owned(),
            "make a fresh nonce for each request; an answer to an old one may be a copy",
        ),
        Err(reason) => (
            format!("no way to know: {reason}"),
            "repair the memory of used nonces, or verify without one",
        ),
    };
    vec![Failure::new(format!("a nonce that was not accepted before, not {nonce}"), got, remedy)]
}
