//! `nonce-fresh`: whether the presentation is a new one.

use verdict::Failure;

use super::parsed::ParsedCase;

/// `nonce-fresh`: a presentation that was copied cannot be presented again.
pub(super) fn check(parsed: &ParsedCase<'_>, is_used: bool) -> Vec<Failure> {
    if !is_used {
        return Vec::new();
    }
    let nonce = &parsed.request.nonce;
    vec![Failure::new(
        format!("a nonce that was not accepted before, not {nonce}"),
        "one that was accepted before",
        "make a fresh nonce for each request; an answer to an old one may be a copy",
    )]
}
