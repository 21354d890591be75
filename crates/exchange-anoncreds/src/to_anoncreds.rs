//! From a criterion to an AnonCreds request.

use std::borrow::Cow;

use exchange::{
    did::Did,
    message::{Members, ProofRequest, Received},
};
use serde_json::Value;
use stdx::pointer::child;

use crate::{
    BridgeError, Loss, Shape,
    criterion::{AnoncredsCriterion, criterion},
    nonce,
    shape::Referent,
};

/// An AnonCreds request, and the parts of the criterion that it cannot express.
#[derive(Debug, Clone, PartialEq)]
pub struct TranslatedRequest {
    /// The request, for [`proofs::ProofRequest::from_value`].
    pub request: Value,
    /// What it does not express, with pointers into the proof request.
    pub losses: Vec<Loss>,
}

/// Derives the AnonCreds request for a criterion (by its index, from 0) of a proof request, when this holder answers it
/// in this shape.
///
/// Holder and verifier each derive it; it is never sent. See [the crate](crate) for its form.
///
/// # Errors
///
/// A [`BridgeError`] if AnonCreds cannot answer the criterion, or if the criterion does not allow the shape.
pub fn to_anoncreds(
    request: &Received<ProofRequest>,
    index: usize,
    shape: &Shape,
    holder: &Did,
) -> Result<TranslatedRequest, BridgeError> {
    let mut inner = Cow::Borrowed(criterion(request.message(), index)?);
    if inner.asks_for_all() {
        // here those that the shape shows; whether these are all of the schema is for a verifier to check
        inner = Cow::Owned(inner.with_all(shape.groups.iter().flatten().cloned().collect()));
    }
    let criterion = AnoncredsCriterion::of(request.message().criterion_pointer(index), &inner)?;
    criterion.check_count(shape.groups.len())?;
    criterion.check_shape(shape)?;
    let nonce = nonce(request.document(), index, holder)?;
    Ok(TranslatedRequest {
        request: criterion.request(shape, &nonce)?,
        losses: losses(&criterion, shape),
    })
}

fn losses(criterion: &AnoncredsCriterion<'_>, shape: &Shape) -> Vec<Loss> {
    let mut losses = Vec::new();
    wording(criterion, &mut losses);
    issuers(criterion, &mut losses);
    number(criterion, shape, &mut losses);
    optional(criterion, shape, &mut losses);
    predicates(criterion, &mut losses);
    members(criterion, &mut losses);
    losses
}

fn wording(criterion: &AnoncredsCriterion<'_>, losses: &mut Vec<Loss>) {
    if !criterion.inner.reason.is_empty() {
        losses.push(Loss::new(
            criterion.at("reason"),
            "why the criterion asks",
            "an AnonCreds request has a name, which is the description, and no place for a reason",
        ));
    }
}

fn issuers(criterion: &AnoncredsCriterion<'_>, losses: &mut Vec<Loss>) {
    for (number, did) in criterion.inner.issuers.dids.iter().enumerate() {
        if !criterion.issuers.iter().any(|(index, _)| *index == number) {
            losses.push(Loss::new(
                criterion.at(&format!("issuers/dids/{number}")),
                format!("the issuer {did}"),
                "only a DID of the method `sov` issues AnonCreds credentials; its credentials answer with \
                 signed attributes only",
            ));
        }
    }
}

fn number(criterion: &AnoncredsCriterion<'_>, shape: &Shape, losses: &mut Vec<Loss>) {
    let credentials = shape.groups.len();
    let inner = criterion.inner;
    let because = match credentials {
        1 => "an AnonCreds request asks for a certain number, here for one".to_owned(),
        several => format!(
            "an AnonCreds request asks for a certain number, here for {several}, and cannot express that they are \
             different credentials; the verifier looks for a difference in the answer"
        ),
    };
    for (member, bound, what) in [
        ("min", inner.min_count(), "the least number of credentials"),
        ("max", inner.max_count(), "the greatest number of credentials"),
    ] {
        if bound != credentials as u64 || credentials > 1 {
            losses.push(Loss::new(criterion.at(member), what, because.clone()));
        }
    }
}

fn optional(criterion: &AnoncredsCriterion<'_>, shape: &Shape, losses: &mut Vec<Loss>) {
    let properties = criterion.inner.properties.iter().enumerate();
    for (number, property) in properties.filter(|(_, property)| !property.required) {
        let shown = shape.groups.iter();
        let shown = shown.filter(|shown| shown.contains(&property.name)).count();
        let because = match shown {
            0 => {
                "an AnonCreds request has no optional attributes; it is left out, for the holder does not show it"
            }
            _ => {
                "an AnonCreds request has no optional attributes; it is asked for where the holder shows it"
            }
        };
        losses.push(Loss::new(
            criterion.at(&format!("properties/{number}/required")),
            format!("that {:?} is optional", property.name),
            because,
        ));
    }
}

fn predicates(criterion: &AnoncredsCriterion<'_>, losses: &mut Vec<Loss>) {
    for number in 0..criterion.inner.predicates.len() {
        losses.push(Loss::new(
            criterion.at(&format!("predicates/{number}")),
            "that the predicate is about the credential which shows the attributes",
            format!(
                "an AnonCreds request cannot express it; the names of the referents do ({}), and the verifier \
                 compares the sub-proofs",
                Referent::predicate(0, number).name()
            ),
        ));
    }
}

/// Adds members that are only carried along.
fn members(criterion: &AnoncredsCriterion<'_>, losses: &mut Vec<Loss>) {
    let inner = criterion.inner;
    let mut carried = |pointer: String, members: &Members| {
        for name in members.keys() {
            losses.push(Loss::new(
                child(&pointer, name),
                format!("the member {name:?}"),
                "this crate does not know it, and so not how AnonCreds would express it",
            ));
        }
    };
    carried(criterion.pointer.clone(), &inner.other);
    carried(criterion.at("issuers"), &inner.issuers.other);
    for (number, property) in inner.properties.iter().enumerate() {
        carried(criterion.at(&format!("properties/{number}")), &property.other);
    }
    for (number, predicate) in inner.predicates.iter().enumerate() {
        carried(criterion.at(&format!("predicates/{number}")), &predicate.other);
    }
}
