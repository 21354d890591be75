//! From a criterion to an AnonCreds request.

use std::{borrow::Cow, collections::BTreeSet};

use exchange::{
    did::Did,
    message::{ProofRequest, Received},
};
use serde_json::Value;

use crate::{
    BridgeError, Shape,
    criterion::{AnoncredsCriterion, criterion},
    nonce,
};

/// Derives the AnonCreds request for a criterion (by its index, from 0) of a proof request, when
/// this holder answers it in this shape. It is for [`proofs::ProofRequest::from_value`].
///
/// Holder and verifier each derive it; it is never sent. See [the crate](crate) for its form.
///
/// # Errors
///
/// A [`BridgeError`] if AnonCreds cannot answer the criterion, or if the criterion does not allow
/// the shape.
pub fn to_anoncreds(
    request: &Received<ProofRequest>,
    index: usize,
    shape: &Shape,
    holder: &Did,
) -> Result<Value, BridgeError> {
    let mut inner = Cow::Borrowed(criterion(request.message(), index)?);
    if inner.asks_for_all() {
        // here those that the shape shows; whether these are all of the schema is for a verifier to
        // check
        let shown: BTreeSet<&String> = shape.groups.iter().flatten().collect();
        inner = Cow::Owned(inner.with_all(shown.into_iter().cloned()));
    }
    let criterion = AnoncredsCriterion::of(request.message().criterion_pointer(index), &inner)?;
    criterion.check_count(shape.groups.len() as u64)?;
    let (written, _) = criterion.request(shape, &nonce(request.document(), index, holder)?)?;
    Ok(written)
}
