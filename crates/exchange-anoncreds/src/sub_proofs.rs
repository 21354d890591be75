//! Which sub-proof is about which credential.

use std::collections::BTreeMap;

use proofs::{Failure, answer::Answer};

use super::shape::{Referent, Shape};

/// A credential of the shape, and the sub-proof that is about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Placed {
    /// The referent by which it is named.
    pub referent: String,
    /// Where that referent is answered: a pointer into the presentation.
    pub pointer: String,
    /// The number of the sub-proof.
    pub sub_proof: usize,
}

/// The credentials of a presentation, and what is wrong with their places.
#[derive(Debug, Default)]
pub(super) struct Places {
    /// One for each credential of the shape that has a place.
    pub credentials: Vec<Placed>,
    /// Referents of one credential that are answered by another one.
    pub torn: Vec<Failure>,
    /// Credentials that are the same.
    pub shared: Vec<Failure>,
}

/// Looks at which sub-proof answers each referent. An AnonCreds request does not say which of its
/// referents belong to one credential; the names of the derived request do.
pub(super) fn placed(shape: &Shape, answer: &Answer) -> Places {
    let mut places = Places::default();
    for credential in 0..shape.groups.len() {
        let mut referents = of_credential(answer, credential).into_iter();
        let Some(first) = referents.next() else {
            continue;
        };
        let others = referents.filter(|other| other.sub_proof != first.sub_proof);
        places.torn.extend(others.map(|other| {
            Failure::new(
                format!("sub-proof {}, as of {}", first.sub_proof, first.referent),
                format!("sub-proof {}, of another credential", other.sub_proof),
                "do not accept it: what is compared has to be of the credential that is shown",
            )
            .about(other.pointer)
        }));
        places.credentials.push(first);
    }
    let mut by_sub_proof: BTreeMap<usize, &Placed> = BTreeMap::new();
    for placed in &places.credentials {
        if let Some(before) = by_sub_proof.insert(placed.sub_proof, placed) {
            let failure = Failure::new(
                format!("another credential than that of {}", before.referent),
                format!("the same: sub-proof {}", placed.sub_proof),
                "do not count it twice; ask the holder for different credentials",
            );
            places.shared.push(failure.about(placed.pointer.clone()));
        }
    }
    let unused = answer.proof.proofs.len().saturating_sub(by_sub_proof.len());
    if unused > 0 {
        places.torn.push(Failure::new(
            "no sub-proof that answers nothing",
            format!("{unused}"),
            "do not accept it; no honest holder's program adds one",
        ));
    }
    places
}

/// The places of a credential's referents: the group first.
fn of_credential(answer: &Answer, credential: usize) -> Vec<Placed> {
    let shown = &answer.requested_proof;
    let at = |referent: String, member: &str, sub_proof| Placed {
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
        let is_own = Referent::read(referent)
            .is_some_and(|read| read.credential == credential && read.predicate.is_some());
        is_own.then(|| at(referent.clone(), "predicates", answered.sub_proof_index))
    });
    group.into_iter().chain(predicates).collect()
}
