//! What all checks look at: a case that has the right shape.

use super::public_data::Credential;
use crate::case::Case;
use crate::policy::Policy;
use crate::presentation::ParsedPresentation;
use crate::request::ProofRequest;

/// A case whose request and presentation could be read, and whose indices all lead to a sub-proof.
pub(super) struct ParsedCase<'c> {
    pub(super) case: &'c Case,
    pub(super) policy: &'c Policy,
    pub(super) request: ProofRequest,
    pub(super) presentation: ParsedPresentation,
    /// As many as sub-proofs and identifiers, in their order; none if public data is missing.
    pub(super) credentials: Vec<Credential<'c>>,
}

impl ParsedCase<'_> {
    /// Returns how many sub-proofs there are.
    pub(super) fn sub_proofs(&self) -> usize {
        self.presentation.proof.proofs.len()
    }
}

/// The remedy for a presentation that no honest prover makes.
pub(super) const ASK_FOR_ORIGINAL: &str =
    "do not accept it; ask the prover for the presentation as its library made it";
