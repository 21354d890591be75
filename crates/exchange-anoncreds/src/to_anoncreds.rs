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
    criterion.check_count(shape.groups.len() as u64)?;
    let (written, _) = criterion.request(shape, &nonce(request.document(), index, holder)?)?;
    Ok(TranslatedRequest { request: written, losses: losses(&criterion, shape) })
}

/// Returns what the derived request does not express.
fn losses(criterion: &AnoncredsCriterion<'_>, shape: &Shape) -> Vec<Loss> {
    let inner = criterion.inner;
    let mut losses = Vec::new();
    let mut lose = |path: &str, what: String, because: &str| {
        losses.push(Loss::new(criterion.at(path), what, because));
    };
    if !inner.reason.is_empty() {
        let because =
            "an AnonCreds request has a name, which is the description, and no place for a reason";
        lose("reason", "why the criterion asks".to_owned(), because);
    }
    for (number, did) in inner.issuers.dids.iter().enumerate() {
        if !criterion.issuers.iter().any(|(index, _)| *index == number) {
            let because = "only a DID of the method `sov` issues AnonCreds credentials; its credentials answer with \
                           signed attributes only";
            lose(&format!("issuers/dids/{number}"), format!("the issuer {did}"), because);
        }
    }
    let credentials = shape.groups.len();
    let because = match credentials {
        1 => "an AnonCreds request asks for a certain number, here for one".to_owned(),
        several => format!(
            "an AnonCreds request asks for a certain number, here for {several}, and cannot express that they are \
             different credentials; the verifier looks for a difference in the answer"
        ),
    };
    for (member, bound, which) in
        [("min", inner.min_count(), "least"), ("max", inner.max_count(), "greatest")]
    {
        if bound != credentials as u64 || credentials > 1 {
            lose(member, format!("the {which} number of credentials"), &because);
        }
    }
    let optional = inner.properties.iter().enumerate().filter(|(_, property)| !property.required);
    for (number, property) in optional {
        let because = match shape.groups.iter().any(|shown| shown.contains(&property.name)) {
            false => {
                "an AnonCreds request has no optional attributes; it is left out, for the holder does not show it"
            }
            true => {
                "an AnonCreds request has no optional attributes; it is asked for where the holder shows it"
            }
        };
        let what = format!("that {:?} is optional", property.name);
        lose(&format!("properties/{number}/required"), what, because);
    }
    for number in 0..inner.predicates.len() {
        let because = format!(
            "an AnonCreds request cannot express it; the names of the referents do ({}), and the verifier compares the \
             sub-proofs",
            Referent::predicate(0, number).name()
        );
        let what = "that the predicate is about the credential which shows the attributes";
        lose(&format!("predicates/{number}"), what.to_owned(), &because);
    }
    let mut carried = |pointer: String, members: &Members| {
        for name in members.keys() {
            let because = "this crate does not know it, and so not how AnonCreds would express it";
            losses.push(Loss::new(child(&pointer, name), format!("the member {name:?}"), because));
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
    losses
}
