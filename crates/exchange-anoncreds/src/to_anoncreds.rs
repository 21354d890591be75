//! From a criterion to an AnonCreds request.

use serde_json::Value;

use super::{BridgeError, Loss, Shape, asked::Asked, error::below, nonce, shape::Referent};
use crate::{
    did::Did,
    message::{Members, ProofRequest, Received},
};

/// An AnonCreds request, and what of the criterion it cannot say.
#[derive(Debug, Clone, PartialEq)]
pub struct Translation {
    /// The request, for [`proofs::ProofRequest::from_value`].
    pub request: Value,
    /// What it does not say, with pointers into the proof request.
    pub losses: Vec<Loss>,
}

/// The AnonCreds request for a criterion (by its number, from 0) of a proof request, when this holder answers it in
/// this shape.
///
/// Holder and verifier derive it each for themselves; nobody sends it. See [the module](super) for the
/// form that it has.
///
/// # Errors
///
/// A [`BridgeError`] if an AnonCreds request cannot ask the criterion, or if the criterion does not allow the
/// shape.
pub fn to_anoncreds(
    request: &Received<ProofRequest>,
    criterion: usize,
    shape: &Shape,
    holder: &Did,
) -> Result<Translation, BridgeError> {
    let asked = Asked::of(request.message(), criterion)?;
    asked.check_number(shape.groups.len())?;
    asked.check(shape)?;
    let nonce = nonce(request.document(), criterion, holder)?;
    Ok(Translation {
        request: asked.request(shape, &nonce)?,
        losses: losses(&asked, shape),
    })
}

fn losses(asked: &Asked<'_>, shape: &Shape) -> Vec<Loss> {
    let mut losses = Vec::new();
    wording(asked, &mut losses);
    issuers(asked, &mut losses);
    number(asked, shape, &mut losses);
    optional(asked, shape, &mut losses);
    predicates(asked, &mut losses);
    members(asked, &mut losses);
    losses
}

fn wording(asked: &Asked<'_>, losses: &mut Vec<Loss>) {
    if !asked.criterion.reason.is_empty() {
        losses.push(Loss::new(
            asked.at("reason"),
            "why the criterion asks",
            "an AnonCreds request has a name, which is the description, and no place for a reason",
        ));
    }
}

fn issuers(asked: &Asked<'_>, losses: &mut Vec<Loss>) {
    for (number, did) in asked.criterion.issuers.dids.iter().enumerate() {
        if !asked.issuers.iter().any(|(kept, _)| *kept == number) {
            losses.push(Loss::new(
                asked.at(&format!("issuers/dids/{number}")),
                format!("the issuer {did}"),
                "only a DID of the method `sov` issues AnonCreds credentials; its credentials answer with \
                 signed attributes only",
            ));
        }
    }
}

fn number(asked: &Asked<'_>, shape: &Shape, losses: &mut Vec<Loss>) {
    let credentials = shape.groups.len();
    let criterion = asked.criterion;
    let because = match credentials {
        1 => "an AnonCreds request asks for a certain number, here for one".to_owned(),
        several => format!(
            "an AnonCreds request asks for a certain number, here for {several}, and cannot say that they are \
             different credentials; the verifier looks for a difference in the answer"
        ),
    };
    for (member, bound, what) in [
        ("min", criterion.min_count(), "the least number of credentials"),
        (
            "max",
            criterion.max_count(),
            "the greatest number of credentials",
        ),
    ] {
        if bound != credentials as u64 || credentials > 1 {
            losses.push(Loss::new(asked.at(member), what, because.clone()));
        }
    }
}

fn optional(asked: &Asked<'_>, shape: &Shape, losses: &mut Vec<Loss>) {
    let properties = asked.criterion.properties.iter().enumerate();
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
            asked.at(&format!("properties/{number}/required")),
            format!("that {:?} is optional", property.name),
            because,
        ));
    }
}

fn predicates(asked: &Asked<'_>, losses: &mut Vec<Loss>) {
    for number in 0..asked.criterion.predicates.len() {
        losses.push(Loss::new(
            asked.at(&format!("predicates/{number}")),
            "that the predicate is about the credential which shows the attributes",
            format!(
                "an AnonCreds request cannot say it; the names of the referents do ({}), and the verifier \
                 compares the sub-proofs",
                Referent::predicate(0, number).name()
            ),
        ));
    }
}

/// Members that were only kept.
fn members(asked: &Asked<'_>, losses: &mut Vec<Loss>) {
    let criterion = asked.criterion;
    let mut kept = |pointer: String, members: &Members| {
        for name in members.keys() {
            losses.push(Loss::new(
                below(&pointer, name),
                format!("the member {name:?}"),
                "it is not known, so that it is not known how AnonCreds would say it",
            ));
        }
    };
    kept(asked.pointer.clone(), &criterion.other);
    kept(asked.at("issuers"), &criterion.issuers.other);
    for (number, property) in criterion.properties.iter().enumerate() {
        kept(asked.at(&format!("properties/{number}")), &property.other);
    }
    for (number, predicate) in criterion.predicates.iter().enumerate() {
        kept(asked.at(&format!("predicates/{number}")), &predicate.other);
    }
}
