//! From an AnonCreds request to criteria.

use std::collections::BTreeMap;

use proofs::{
    Interval, ProofRequest, RequestVersion,
    request::{RequestedAttribute, RequestedPredicate},
};

use super::{
    BridgeError, Loss,
    asked::VERSION,
    error::below,
    origin::{Origin, origin},
    shape::Referent,
};
use crate::message::{Criterion, Issuers, Members, Predicate, Property, CredentialKind};

/// The criteria of an AnonCreds request, and what of it they cannot say.
#[derive(Debug, Clone, PartialEq)]
pub struct Translated {
    /// One for each attribute or group, in the order of the referents, then one for each predicate that stands
    /// alone.
    pub criteria: Vec<Criterion>,
    /// What they do not say, with pointers into the AnonCreds request.
    pub losses: Vec<Loss>,
}

/// The criteria that ask for what an AnonCreds request asks for.
///
/// Each requested attribute or group becomes a criterion of its own, for each may be answered from another
/// credential; so does each predicate. A predicate whose referent is named as
/// [`to_anoncreds`](super::to_anoncreds) names them, with the same restrictions as its group, goes into
/// the group's criterion.
///
/// What has no schema or no issuer cannot be a criterion: it is left out, and listed among the losses.
///
/// # Errors
///
/// [`BridgeError::NothingTranslates`] if no criterion is left.
pub fn from_anoncreds(request: &ProofRequest) -> Result<Translated, BridgeError> {
    let mut losses = of_the_whole(request);
    let mut criteria: BTreeMap<Order, Criterion> = BTreeMap::new();
    for (referent, requested) in &request.requested_attributes {
        let pointer = below("/requested_attributes", referent);
        interval(requested.non_revoked, &pointer, &mut losses);
        if let Some(origin) = origin(requested.restriction(), &pointer, &mut losses) {
            let criterion = shown(request, requested, origin);
            criteria.insert(Order::of(referent), criterion);
        }
    }
    for (referent, requested) in &request.requested_predicates {
        let pointer = below("/requested_predicates", referent);
        interval(requested.non_revoked, &pointer, &mut losses);
        let Some(origin) = origin(requested.restriction(), &pointer, &mut losses) else {
            continue;
        };
        let place = place(request, referent, requested);
        criteria
            .entry(place)
            .or_insert_with(|| empty(request, origin))
            .predicates
            .push(compared(requested));
    }
    match criteria.is_empty() {
        true => Err(BridgeError::NothingTranslates { losses }),
        false => Ok(Translated {
            criteria: criteria.into_values().collect(),
            losses,
        }),
    }
}

/// Referents by number where they have one: `credential_2` is before `credential_10`.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Order {
    Credential(usize),
    Attribute(String),
    Predicate(String),
}

impl Order {
    fn of(attribute: &str) -> Self {
        match Referent::read(attribute) {
            Some(Referent {
                credential,
                predicate: None,
            }) => Self::Credential(credential),
            _ => Self::Attribute(attribute.to_owned()),
        }
    }
}

/// The criterion to which a predicate belongs: by its name to a group, or to the other predicates of one credential.
fn place(request: &ProofRequest, referent: &str, requested: &RequestedPredicate) -> Order {
    let alone = || Order::Predicate(referent.to_owned());
    let Some(Referent {
        credential,
        predicate: Some(_),
    }) = Referent::read(referent)
    else {
        return alone();
    };
    let same = |restrictions| restrictions == requested.restrictions.as_ref();
    let group = request
        .requested_attributes
        .get(&Referent::group(credential).name());
    let first = request
        .requested_predicates
        .get(&Referent::predicate(credential, 0).name());
    let belongs = match (group, first) {
        (Some(group), _) => same(group.restrictions.as_ref()),
        (None, Some(first)) => same(first.restrictions.as_ref()),
        (None, None) => false,
    };
    match belongs {
        true => Order::Credential(credential),
        false => alone(),
    }
}

/// What belongs to the request as a whole.
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
            below(pointer, "non_revoked"),
            "when the credential must not have been revoked",
            "a criterion has no such interval; a revoked credential would answer it",
        ));
    }
}

fn shown(request: &ProofRequest, requested: &RequestedAttribute, origin: Origin) -> Criterion {
    let properties = requested.names().iter().map(|name| Property {
        name: name.clone(),
        required: true,
        other: Members::new(),
    });
    Criterion {
        properties: properties.collect(),
        ..empty(request, origin)
    }
}

fn empty(request: &ProofRequest, origin: Origin) -> Criterion {
    Criterion {
        description: request.name.clone(),
        reason: String::new(),
        issuers: Issuers {
            dids: origin.issuers,
            other: Members::new(),
        },
        wanted: CredentialKind::Schema(origin.schema),
        properties: Vec::new(),
        predicates: Vec::new(),
        min: Some(1),
        max: Some(1),
        schema_other: Members::new(),
        other: Members::new(),
    }
}

fn compared(requested: &RequestedPredicate) -> Predicate {
    Predicate {
        name: requested.name.clone(),
        p_type: requested.p_type.to_string(),
        p_value: requested.p_value,
        other: Members::new(),
    }
}
