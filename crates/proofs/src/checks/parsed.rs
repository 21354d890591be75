//! What all checks look at: a case that has the right shape.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use verdict::Failure;

use super::public_data::Credential;
use super::registry::Entries;
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
    /// The entries of the registries that are named, read when they are asked for: two checks need
    /// them.
    pub(super) entries: OnceCell<EntriesById<'c>>,
}

/// The entries of registries by identifier, or why they cannot be read.
pub(super) type EntriesById<'c> = BTreeMap<String, Result<Entries<'c>, Failure>>;

impl<'c> ParsedCase<'c> {
    /// Returns the entries of a registry; `None` of one that the presentation does not name.
    pub(super) fn entries_of(&self, registry: &str) -> Option<&Result<Entries<'c>, Failure>> {
        let entries = self.entries.get_or_init(|| {
            let named = self.presentation.identifiers.iter();
            let named = named.filter_map(|identifier| identifier.rev_reg_id.as_deref());
            named.map(|id| (id.to_owned(), Entries::of(self.case, id))).collect()
        });
        entries.get(registry)
    }

    /// Returns how many sub-proofs there are.
    pub(super) fn sub_proofs(&self) -> usize {
        self.presentation.proof.proofs.len()
    }
}

/// The remedy for a presentation that no honest prover makes.
pub(super) const ASK_FOR_ORIGINAL: &str =
    "do not accept it; ask the prover for the presentation as its library made it";
