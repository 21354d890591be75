//! What all checks look at: a case that has the right shape.

use super::ledger::Credential;
use crate::case::Case;
use crate::presentation::ParsedPresentation;
use crate::request::ProofRequest;

/// A case whose request and presentation could be read, and whose indices all lead to a sub-proof.
pub(super) struct ParsedCase<'c> {
    pub(super) case: &'c Case,
    pub(super) request: ProofRequest,
    pub(super) presentation: ParsedPresentation,
    /// As many as sub-proofs and identifiers, in their order.
    pub(super) credentials: Vec<Credential<'c>>,
}

/// The remedy for a presentation that no honest prover makes.
pub(super) const ASK_FOR_ORIGINAL: &str =
    "do not accept it; ask the prover for the presentation as its library made it";
