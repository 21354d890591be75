//! `request-shape` and `presentation-shape`: whether there is something to check at all.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::Value;
use stdx::pointer;
use verdict::{Caution, Failure};

use crate::names;
use crate::presentation::ParsedPresentation;
use crate::request::{Interval, ProofRequest};

/// The members of a predicate's numbers: one for each of the four squares, and one for the
/// difference.
const ROOTS: [&str; 4] = ["0", "1", "2", "3"];
const ROOTS_AND_DELTA: [&str; 5] = ["0", "1", "2", "3", "DELTA"];

const REMEDY: &str = "ask the prover for the presentation as its library made it";

/// `request-shape`: the request can be read. Returns it with what its author should know.
pub(super) fn request(written: &Value) -> Result<(ProofRequest, Vec<Caution>), Vec<Failure>> {
    let request = ProofRequest::from_value(written).map_err(|error| vec![error.into_failure()])?;
    let mut failures: Vec<Failure> = nonce(&request.nonce).into_iter().collect();
    failures.extend(repeated_names(&request));
    failures.extend(intervals(&request));
    let cautions = long_nonce(&request.nonce).into_iter().collect();
    if failures.is_empty() { Ok((request, cautions)) } else { Err(failures) }
}

/// Reports a nonce that is not canonical or has more than 128 bits.
fn nonce(nonce: &str) -> Option<Failure> {
    let canonical = nonce == "0" || !nonce.starts_with('0');
    let short = nonce.parse::<u128>().is_ok();
    (!canonical || !short).then(|| {
        Failure::new(
            "/nonce: a number of at most 128 bits in decimal, without leading zeros",
            format!("/nonce: the text {nonce:?}"),
            "make a fresh nonce of 80 random bits for each request",
        )
    })
}

/// Warns of a nonce that is longer than it should be: some provers refuse it.
fn long_nonce(nonce: &str) -> Option<Caution> {
    const MAX_BITS: u32 = 80;
    let bits = u128::BITS - nonce.parse::<u128>().ok()?.leading_zeros();
    (bits > MAX_BITS).then(|| Caution {
        referent: None,
        ..Caution::new(
            "long-nonce",
            "",
            format!("the nonce has {bits} bits"),
            "the format has nonces of 80 bits, and some provers read no longer ones",
        )
    })
}

/// Reports intervals that end before they begin.
fn intervals(request: &ProofRequest) -> Vec<Failure> {
    let attributes = request.requested_attributes.iter();
    let attributes = attributes.map(|(referent, one)| (Some(referent), one.non_revoked));
    let predicates = request.requested_predicates.iter();
    let predicates = predicates.map(|(referent, one)| (Some(referent), one.non_revoked));
    let all = [(None, request.non_revoked)].into_iter().chain(attributes).chain(predicates);
    all.filter_map(|(referent, interval)| {
        let Interval { from: Some(from), to: Some(to) } = interval? else { return None };
        let failure = (from > to).then(|| {
            Failure::new(
                "an interval `non_revoked` that begins before it ends",
                format!("from {from} to {to}"),
                "exchange the two, or write the same time twice for one moment",
            )
        })?;
        Some(match referent {
            Some(referent) => failure.about(referent),
            None => failure,
        })
    })
    .collect()
}

/// Reports groups that name an attribute twice: their names are attributes of one credential.
fn repeated_names(request: &ProofRequest) -> Vec<Failure> {
    let mut failures = Vec::new();
    for (referent, requested) in &request.requested_attributes {
        let mut seen = BTreeSet::new();
        let again = requested.names().iter().find(|name| !seen.insert(names::fold(name)));
        failures.extend(again.map(|name| {
            Failure::new(
                "no attribute twice in a group",
                format!("{name:?} occurs twice, as names compare without spaces and case"),
                "ask for each attribute once",
            )
            .about(referent)
        }));
    }
    failures
}

/// `presentation-shape`: the presentation can be read: one identifier for each sub-proof, and each
/// used by a referent.
pub(super) fn presentation(written: &Value) -> Result<ParsedPresentation, Vec<Failure>> {
    let presentation: ParsedPresentation = parse(written)?;
    let mut failures = Vec::new();
    let (proofs, identifiers) = (presentation.proof.proofs.len(), presentation.identifiers.len());
    if proofs != identifiers {
        failures.push(Failure::new(
            format!("an identifier for each of the {proofs} sub-proofs"),
            format!("/identifiers: {identifiers} of them"),
            REMEDY,
        ));
    }
    failures.extend(unused(&presentation));
    failures.extend(members_of_predicates(&presentation));
    if failures.is_empty() { Ok(presentation) } else { Err(failures) }
}

/// Reads a presentation. One that is malformed is read a second time, to say where.
fn parse(written: &Value) -> Result<ParsedPresentation, Vec<Failure>> {
    // (`ParsedPresentation::deserialize` would be the derived function, which takes lists.)
    if let Ok(presentation) = <ParsedPresentation as Deserialize>::deserialize(written) {
        return Ok(presentation);
    }
    serde_path_to_error::deserialize(written).map_err(|error| {
        let pointer = pointer(error.path());
        let place = if pointer.is_empty() {
            "the presentation"
        } else {
            &pointer
        };
        vec![Failure::new(
            "a presentation: {\"proof\", \"requested_proof\", \"identifiers\"} in the form of AnonCreds 1.0",
            format!("{place}: {}", error.inner()),
            REMEDY,
        )]
    })
}

fn pointer(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    path.iter().fold(String::new(), |pointer, segment| match segment {
        Segment::Seq { index } => pointer::child(&pointer, &index.to_string()),
        Segment::Map { key } | Segment::Enum { variant: key } => pointer::child(&pointer, key),
        Segment::Unknown => pointer,
    })
}

/// Reports indices that lead nowhere, and sub-proofs that no referent uses.
fn unused(presentation: &ParsedPresentation) -> Vec<Failure> {
    let proofs = presentation.proof.proofs.len();
    let mut failures = Vec::new();
    let mut used = BTreeSet::new();
    for (referent, _, index) in presentation.answers() {
        if index < proofs {
            used.insert(index);
        } else {
            let failure = Failure::new(
                format!("one of the {proofs} sub-proofs, counted from 0"),
                format!("sub_proof_index {index}"),
                REMEDY,
            );
            failures.push(failure.about(referent));
        }
    }
    let idle = (0..proofs).filter(|index| !used.contains(index));
    failures.extend(idle.map(|index| {
        Failure::new(
            "a referent for each sub-proof",
            format!("/proof/proofs/{index} answers none"),
            "ask the prover to present only credentials that answer something",
        )
    }));
    failures
}

/// Reports predicates that lack a number for one of the four squares or for the difference, or have
/// more.
fn members_of_predicates(presentation: &ParsedPresentation) -> Vec<Failure> {
    let mut failures = Vec::new();
    for (index, sub_proof) in presentation.proof.proofs.iter().enumerate() {
        for (position, proof) in sub_proof.primary_proof.ge_proofs.iter().enumerate() {
            for (name, members, wanted) in [
                ("u", &proof.u, ROOTS.as_slice()),
                ("r", &proof.r, ROOTS_AND_DELTA.as_slice()),
                ("t", &proof.t, ROOTS_AND_DELTA.as_slice()),
            ] {
                if !members.keys().eq(wanted) {
                    let got = members.keys().cloned().collect::<Vec<_>>().join(", ");
                    failures.push(Failure::new(
                        format!("the members {}", wanted.join(", ")),
                        format!(
                            "/proof/proofs/{index}/primary_proof/ge_proofs/{position}/{name}: {got}"
                        ),
                        REMEDY,
                    ));
                }
            }
        }
    }
    failures
}
