//! The referents of a proof request.

use proofs::ProofRequest;

use crate::error::AnoncredsError;

/// Returns the referents of a request: attributes first, then predicates.
pub(crate) fn referents(request: &ProofRequest) -> impl Iterator<Item = &String> {
    let attributes = request.requested_attributes.keys();
    attributes.chain(request.requested_predicates.keys())
}

/// The error for a referent that the request does not have.
pub(crate) fn unknown_referent(request: &ProofRequest, referent: &str) -> AnoncredsError {
    let known: Vec<&str> = referents(request).map(String::as_str).collect();
    AnoncredsError::UnknownReferent { referent: referent.to_owned(), known: known.join(", ") }
}
