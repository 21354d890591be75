//! The assignment of sub-proofs to credentials.

use std::collections::BTreeMap;

use proofs::{Failure, presentation::ParsedPresentation};

use crate::shape::{Referent, Shape};

/// A credential of the shape, and its sub-proof.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CredentialSubProof {
    /// The credential's first referent.
    pub referent: String,
    /// The JSON pointer to the answer of that referent in the presentation.
    pub pointer: String,
    /// The index of the sub-proof.
    pub sub_proof: usize,
}

/// The credentials of a presentation with their sub-proofs, and the failures of that assignment.
#[derive(Debug, Default)]
pub(crate) struct Assignment {
    /// One for each credential of the shape that has a sub-proof.
    pub credentials: Vec<CredentialSubProof>,
    /// Referents of one credential that are answered from another one, and sub-proofs that answer
    /// no referent.
    pub misplaced: Vec<Failure>,
    /// Credentials that share a sub-proof.
    pub shared: Vec<Failure>,
}

/// Finds the sub-proof that answers each referent. An AnonCreds request does not say which of its
/// referents belong to one credential; the names of the derived request do.
pub(crate) fn assign(shape: &Shape, presentation: &ParsedPresentation) -> Assignment {
    let mut assignment = Assignment::default();
    for credential in 0..shape.groups.len() {
        let mut referents = of_credential(presentation, credential).into_iter();
        let Some(first) = referents.next() else {
            continue;
        };
        let others = referents.filter(|other| other.sub_proof != first.sub_proof);
        assignment.misplaced.extend(others.map(|other| {
            Failure::new(
                format!("sub-proof {}, as of {}", first.sub_proof, first.referent),
                format!("sub-proof {}, of another credential", other.sub_proof),
                "do not accept it: a predicate must be about the credential that is shown",
            )
            .about(other.pointer)
        }));
        assignment.credentials.push(first);
    }
    let mut by_sub_proof: BTreeMap<usize, &CredentialSubProof> = BTreeMap::new();
    for credential in &assignment.credentials {
        if let Some(before) = by_sub_proof.insert(credential.sub_proof, credential) {
            let failure = Failure::new(
                format!("another credential than that of {}", before.referent),
                format!("the same: sub-proof {}", credential.sub_proof),
                "do not count it twice; ask the holder for different credentials",
            );
            let failure = failure.about(credential.pointer.clone());
            assignment.shared.push(failure);
        }
    }
    let sub_proofs = presentation.proof.proofs.len();
    let unused = sub_proofs.saturating_sub(by_sub_proof.len());
    if unused > 0 {
        assignment.misplaced.push(Failure::new(
            "no sub-proof that answers nothing",
            format!("{unused}"),
            "do not accept it; no honest holder's program adds one",
        ));
    }
    assignment
}

/// Returns the sub-proofs of a credential's referents: the group first.
fn of_credential(presentation: &ParsedPresentation, credential: usize) -> Vec<CredentialSubProof> {
    let shown = &presentation.requested_proof;
    let at = |referent: String, member: &str, sub_proof| CredentialSubProof {
        pointer: format!("/requested_proof/{member}/{referent}"),
        referent,
        sub_proof,
    };
    let group = Referent::group(credential).name();
    let group = shown
        .revealed_attr_groups
        .get(&group)
        .map(|answered| at(group, "revealed_attr_groups", answered.sub_proof_index));
    let predicates = shown.predicates.iter().filter_map(|(referent, answered)| {
        let is_own = Referent::parse(referent)
            .is_some_and(|parsed| parsed.credential == credential && parsed.predicate.is_some());
        is_own.then(|| at(referent.clone(), "predicates", answered.sub_proof_index))
    });
    group.into_iter().chain(predicates).collect()
}
