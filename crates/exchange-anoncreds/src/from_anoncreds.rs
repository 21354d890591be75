//! From an AnonCreds request to criteria.

use std::collections::BTreeMap;

use exchange::message::{CredentialKind, Criterion, Issuers, Predicate};
use proofs::{Interval, ProofRequest, RequestVersion, request::RequestedPredicate};
use stdx::pointer::child;

use crate::{
    BridgeError, Loss,
    criterion::VERSION,
    origin::{Origin, origin},
    shape::Referent,
};

/// Translates an AnonCreds request to criteria that ask for the same. Returns one for each
/// attribute or group, in the order of the referents, then one for each predicate that belongs to
/// no group; and what they do not express, with pointers into the AnonCreds request.
///
/// Each requested attribute or group becomes a criterion of its own, since each may be answered
/// from another credential; so does each predicate. A predicate whose referent is named as
/// [`to_anoncreds`](crate::to_anoncreds()) names it, with the same restrictions as its group, goes
/// into the group's criterion.
///
/// A referent without schema or issuer cannot be a criterion: it is left out, and listed among the
/// losses.
///
/// # Errors
///
/// [`BridgeError::NothingTranslates`] if no criterion is left.
pub fn from_anoncreds(request: &ProofRequest) -> Result<(Vec<Criterion>, Vec<Loss>), BridgeError> {
    let mut losses = of_the_whole(request);
    let mut criteria: BTreeMap<CriterionKey, Criterion> = BTreeMap::new();
    for (referent, requested) in &request.requested_attributes {
        let pointer = child("/requested_attributes", referent);
        interval(requested.non_revoked, &pointer, &mut losses);
        if let Some(origin) = origin(requested.restriction(), &pointer, &mut losses) {
            let criterion = empty(request, origin).with_all(requested.names().to_vec());
            criteria.insert(CriterionKey::of(referent), criterion);
        }
    }
    for (referent, requested) in &request.requested_predicates {
        let pointer = child("/requested_predicates", referent);
        interval(requested.non_revoked, &pointer, &mut losses);
        let Some(origin) = origin(requested.restriction(), &pointer, &mut losses) else {
            continue;
        };
        let criterion = criteria.entry(key(request, referent, requested));
        criterion.or_insert_with(|| empty(request, origin)).predicates.push(Predicate {
            name: requested.name.clone(),
            p_type: requested.p_type.to_string(),
            p_value: requested.p_value,
            ..Predicate::default()
        });
    }
    match criteria.is_empty() {
        true => Err(BridgeError::NothingTranslates(losses)),
        false => Ok((criteria.into_values().collect(), losses)),
    }
}

/// The sort key of a criterion: its referent's number where that has one, so that `credential_2` is
/// before `credential_10`.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum CriterionKey {
    Credential(usize),
    Attribute(String),
    Predicate(String),
}

impl CriterionKey {
    fn of(attribute: &str) -> Self {
        match Referent::parse(attribute) {
            Some(Referent { credential, predicate: None }) => Self::Credential(credential),
            _ => Self::Attribute(attribute.to_owned()),
        }
    }
}

/// Returns the key of the criterion to which a predicate belongs: by its name to a group, or to the
/// other predicates of one credential.
fn key(request: &ProofRequest, referent: &str, requested: &RequestedPredicate) -> CriterionKey {
    let alone = || CriterionKey::Predicate(referent.to_owned());
    let Some(Referent { credential, predicate: Some(_) }) = Referent::parse(referent) else {
        return alone();
    };
    let group = request.requested_attributes.get(&Referent::group(credential).name());
    let first = request.requested_predicates.get(&Referent::predicate(credential, 0).name());
    let restrictions = group.map(|group| &group.restrictions);
    match restrictions.or(first.map(|first| &first.restrictions)) {
        Some(same) if *same == requested.restrictions => CriterionKey::Credential(credential),
        _ => alone(),
    }
}

/// Returns the losses of the request as a whole.
fn of_the_whole(request: &ProofRequest) -> Vec<Loss> {
    let mut losses = vec![Loss::new(
        "/nonce",
        "the nonce",
        "a proof request has an id, and its signature a nonce; the answer is bound to both",
    )];
    if request.version != VERSION {
        losses.push(Loss::new(
            "/version",
            "the verifier's version of the request",
            "a criterion has no version",
        ));
    }
    if request.ver != RequestVersion::V1 {
        losses.push(Loss::new(
            "/ver",
            "that identifiers are meant literally",
            "a criterion means an identifier in its short and in its long form",
        ));
    }
    interval(request.non_revoked, "", &mut losses);
    losses
}

fn interval(interval: Option<Interval>, pointer: &str, losses: &mut Vec<Loss>) {
    if interval.is_some() {
        losses.push(Loss::new(
            child(pointer, "non_revoked"),
            "that the credential is not revoked",
            "a criterion has no interval for this; a revoked credential would answer it",
        ));
    }
}

fn empty(request: &ProofRequest, origin: Origin) -> Criterion {
    Criterion {
        description: request.name.clone(),
        issuers: Issuers { dids: origin.issuers, ..Issuers::default() },
        kind: CredentialKind::Schema(origin.schema),
        min: Some(1),
        max: Some(1),
        ..Criterion::default()
    }
}
