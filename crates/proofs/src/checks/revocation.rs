//! `non-revocation`: whether each credential that must not be revoked is shown not to be.

use serde::Deserialize;
use verdict::Failure;

use super::ledger::object;
use super::origin::same_id;
use super::parsed::{ASK_FOR_ORIGINAL, ParsedCase};
use crate::identifiers::IdentifierKind;
use crate::presentation::{AnswerKind, Identifier, SubProof};
use crate::request::{Interval, ProofRequest};

/// A registry's definition as the ledger gives it.
#[derive(Deserialize)]
struct RegistryDefinition<'c> {
    id: &'c str,
    #[serde(rename = "credDefId")]
    cred_def_id: &'c str,
}

/// `non-revocation`: a revocable credential, where the request has an interval, comes with a proof about its
/// registry at a time within the interval; and no credential comes with half of that.
pub(super) fn check(parsed: &ParsedCase<'_>) -> Vec<Failure> {
    let mut failures = Vec::new();
    let mut intervals = vec![Vec::new(); parsed.credentials.len()];
    for (referent, kind, index) in parsed.presentation.answers() {
        let interval = interval(&parsed.request, referent, kind);
        if let (Some(interval), Some(intervals)) = (interval, intervals.get_mut(index)) {
            intervals.push((referent, interval));
        }
    }
    let sub_proofs = parsed.presentation.proof.proofs.iter().zip(&parsed.presentation.identifiers);
    for (index, ((sub_proof, identifier), intervals)) in sub_proofs.zip(intervals).enumerate() {
        let is_revocable = parsed.credentials[index].cred_def.is_revocable();
        failures.extend(half(index, sub_proof, identifier, is_revocable));
        failures.extend(outside(identifier, &intervals, is_revocable));
        if let (Some(registry), Some(timestamp)) = (&identifier.rev_reg_id, identifier.timestamp) {
            failures.extend(other_registry(parsed, identifier, registry, timestamp));
        }
    }
    failures
}

/// Returns the interval of a referent: its own, or else the request's.
fn interval(request: &ProofRequest, referent: &str, kind: AnswerKind) -> Option<Interval> {
    let own = match kind {
        AnswerKind::Predicate => request.requested_predicates.get(referent)?.non_revoked,
        AnswerKind::Revealed | AnswerKind::Group | AnswerKind::Unrevealed => {
            request.requested_attributes.get(referent)?.non_revoked
        }
    };
    own.or(request.non_revoked)
}

/// Reports a timestamp, registry or proof without the others, or with a credential that cannot be revoked.
fn half(
    index: usize,
    sub_proof: &SubProof,
    identifier: &Identifier,
    is_revocable: bool,
) -> Option<Failure> {
    let (timestamp, registry) = (identifier.timestamp.is_some(), identifier.rev_reg_id.is_some());
    let proof = sub_proof.non_revoc_proof.is_some();
    let (expected, got) = if !is_revocable {
        let got = [
            (timestamp, "a timestamp"),
            (registry, "a registry"),
            (proof, "a non-revocation proof"),
        ];
        let got: Vec<_> = got.iter().filter(|(given, _)| *given).map(|(_, what)| *what).collect();
        if got.is_empty() {
            return None;
        }
        ("nothing about revocation, as the credential cannot be revoked", got.join(", "))
    } else if timestamp && !proof {
        ("a non-revocation proof for the timestamp", "none".to_owned())
    } else if proof && !timestamp {
        ("a timestamp for the non-revocation proof", "none".to_owned())
    } else if timestamp && !registry {
        ("the registry of the non-revocation proof", "none".to_owned())
    } else {
        return None;
    };
    Some(Failure::new(format!("sub-proof {index}: {expected}"), got, ASK_FOR_ORIGINAL))
}

/// Reports referents whose interval does not contain the timestamp, or for which there is none.
fn outside(
    identifier: &Identifier,
    intervals: &[(&str, Interval)],
    is_revocable: bool,
) -> Vec<Failure> {
    let failure = |referent: &str, interval: &Interval| {
        let got = match identifier.timestamp {
            None if !is_revocable => return None,
            None => "no timestamp".to_owned(),
            Some(time) if contains(interval, time) => return None,
            Some(time) => format!("timestamp {time}"),
        };
        let expected = format!("a credential shown not to be revoked {}", span(interval));
        let remedy = "ask the prover for a presentation with a revocation state of that time";
        Some(Failure::new(expected, got, remedy).about(referent))
    };
    intervals.iter().filter_map(|(referent, interval)| failure(referent, interval)).collect()
}

fn contains(interval: &Interval, time: u64) -> bool {
    interval.from.is_none_or(|from| from <= time) && interval.to.is_none_or(|to| time <= to)
}

fn span(interval: &Interval) -> String {
    match (interval.from, interval.to) {
        (None, None) => "at some time".to_owned(),
        (Some(from), None) => format!("at {from} or later"),
        (None, Some(to)) => format!("at {to} or earlier"),
        (Some(from), Some(to)) => format!("from {from} to {to}"),
    }
}

/// Reports a registry that is not given, or that belongs to another credential definition.
fn other_registry(
    parsed: &ParsedCase<'_>,
    identifier: &Identifier,
    registry: &str,
    timestamp: u64,
) -> Option<Failure> {
    let version = parsed.request.ver;
    let Some(written) = parsed.case.rev_reg_defs.get(registry) else {
        return Some(Failure::new(
            format!("the registry definition {registry:?}, which the presentation names"),
            "it is not among the case's public data",
            "read it from the ledger and give it under `rev_reg_defs`",
        ));
    };
    let definition = match object::<_, RegistryDefinition<'_>>(written) {
        Ok(definition) => definition,
        Err(error) => {
            return Some(Failure::new(
                format!("the registry definition {registry:?} as the ledger gives it"),
                error.to_string(),
                "read it from the ledger again, and give it unaltered",
            ));
        }
    };
    let own_id = same_id(IdentifierKind::RevReg, definition.id, registry, version);
    let own_cred_def =
        same_id(IdentifierKind::CredDef, definition.cred_def_id, &identifier.cred_def_id, version);
    if !own_id || !own_cred_def {
        return Some(Failure::new(
            format!("registry {registry} of credential definition {}", identifier.cred_def_id),
            format!(
                "registry {} of credential definition {}",
                definition.id, definition.cred_def_id
            ),
            "do not accept it: the registry says nothing about this credential",
        ));
    }
    let states = parsed.case.rev_regs.get(registry);
    let given = states.is_some_and(|states| states.contains_key(&timestamp.to_string()));
    (!given).then(|| {
        Failure::new(
            format!("the state of registry {registry} at {timestamp}"),
            "it is not among the case's public data",
            "read it from the ledger and give it under `rev_regs`, by registry and timestamp",
        )
    })
}
