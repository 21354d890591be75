//! The holder's side: an answer from the credentials of a wallet.

use std::collections::BTreeSet;

use anoncreds::{
    AnoncredsError, CredentialInfo, RequestedCredentials, RevocationStates, prover_create_proof,
};
use exchange::{
    did::Did,
    message::{ProofRequest, Received},
};
use serde_json::Value;

use crate::{
    BridgeError, MAX_CREDENTIALS, Prover, Shape,
    choose::{Candidates, Chosen},
    criterion::{AnoncredsCriterion, resolved},
    nonce,
    shape::Referent,
};

/// Answers a criterion (by its index, from 0) in zero knowledge: an AnonCreds presentation, for a response's
/// presentation of the type [`CL_PRESENTATION`](exchange::message::CL_PRESENTATION), which `holder` signs.
///
/// Each credential shows the required attributes, and of the optional ones those that `optional` names. As
/// many credentials are chosen as the criterion asks for at least, and one if it asks for none. They are taken in
/// the order in which the wallet's search finds them, each if it differs visibly from those before it: by its
/// issuer's key, or by what it shows. The first 1,000 candidates are considered.
///
/// # Errors
///
/// A [`BridgeError`] if AnonCreds cannot answer the criterion, the wallet does not have enough
/// different credentials, or the proof cannot be made.
pub async fn answer(
    prover: Prover<'_>,
    request: &Received<ProofRequest>,
    index: usize,
    optional: &BTreeSet<String>,
    holder: &Did,
) -> Result<Value, BridgeError> {
    let credentials = choose(prover, request, index, optional).await?;
    answer_from(prover, request, index, &credentials, optional, holder).await
}

/// Returns the ids of the credentials that [`answer`] takes.
///
/// # Errors
///
/// A [`BridgeError`] if AnonCreds cannot answer the criterion, or the wallet does not have enough different credentials.
pub async fn choose(
    prover: Prover<'_>,
    request: &Received<ProofRequest>,
    index: usize,
    optional: &BTreeSet<String>,
) -> Result<Vec<String>, BridgeError> {
    let inner = resolved(request.message(), index, prover.objects).await?;
    let criterion = AnoncredsCriterion::of(request.message().criterion_pointer(index), &inner)?;
    let shape = shape(&criterion, optional, needed(&criterion)?)?;
    // too long a request is refused before the wallet is searched; its nonce makes no difference
    criterion.parsed_request(&shape, "1")?;
    let mut chosen = Chosen::new(prover, &criterion, &shape);
    chosen.choose(shape.groups.len()).await?;
    Ok(chosen.ids)
}

/// Does the same as [`answer`], from these credentials of the wallet, in this order.
///
/// # Errors
///
/// A [`BridgeError`] if AnonCreds cannot answer the criterion, the criterion asks for fewer or more
/// credentials, nothing shows that they differ, or the proof cannot be made from them, for example
/// because one of them is of another schema.
pub async fn answer_from(
    prover: Prover<'_>,
    request: &Received<ProofRequest>,
    index: usize,
    credentials: &[String],
    optional: &BTreeSet<String>,
    holder: &Did,
) -> Result<Value, BridgeError> {
    let inner = resolved(request.message(), index, prover.objects).await?;
    let criterion = AnoncredsCriterion::of(request.message().criterion_pointer(index), &inner)?;
    criterion.check_count(credentials.len())?;
    let shape = shape(&criterion, optional, credentials.len())?;
    let derived = criterion.parsed_request(&shape, &nonce(request.document(), index, holder)?)?;
    let mut chosen = Chosen::new(prover, &criterion, &shape);
    chosen.take(credentials).await?;
    present(prover, &derived, &shape, &chosen).await
}

/// Returns the credentials of the prover's wallet that can answer a criterion, in the order in which
/// [`answer`] considers them: the first 1,000.
///
/// # Errors
///
/// A [`BridgeError`] if AnonCreds cannot answer the criterion, or the wallet cannot be read.
pub async fn candidates(
    prover: Prover<'_>,
    request: &Received<ProofRequest>,
    index: usize,
    optional: &BTreeSet<String>,
) -> Result<Vec<CredentialInfo>, BridgeError> {
    let inner = resolved(request.message(), index, prover.objects).await?;
    let criterion = AnoncredsCriterion::of(request.message().criterion_pointer(index), &inner)?;
    let shape = shape(&criterion, optional, 1)?;
    let shown = shape.groups.first().cloned().unwrap_or_default();
    let derived = criterion.parsed_request(&shape, "1")?;
    let mut search = Candidates::search(prover.wallet, &criterion, &shown, &derived).await?;
    let mut found = Vec::new();
    while let Some(page) = search.page().await? {
        found.extend(page);
    }
    Ok(found)
}

/// Returns the shape of an answer in which each credential shows the required attributes and the chosen optional ones.
fn shape(
    criterion: &AnoncredsCriterion<'_>,
    optional: &BTreeSet<String>,
    credentials: usize,
) -> Result<Shape, BridgeError> {
    let possible: BTreeSet<&str> = criterion.inner.optional().collect();
    if let Some(name) = optional.iter().find(|name| !possible.contains(name.as_str())) {
        let pointer = &criterion.pointer;
        return Err(BridgeError::Unanswerable(format!(
            "{pointer} does not ask for {name:?} as an optional attribute; choose among those that it has"
        )));
    }
    let required = criterion.inner.required().map(str::to_owned);
    let shown: BTreeSet<String> = required.chain(optional.iter().cloned()).collect();
    let shape = Shape { groups: vec![shown; credentials] };
    criterion.check_shape(&shape)?;
    Ok(shape)
}

/// Returns how many credentials are presented.
fn needed(criterion: &AnoncredsCriterion<'_>) -> Result<usize, BridgeError> {
    let min = criterion.inner.min_count().max(1);
    let needed = usize::try_from(min)
        .ok()
        .filter(|needed| *needed <= MAX_CREDENTIALS)
        .ok_or_else(|| BridgeError::too_many_credentials(&criterion.pointer, min))?;
    criterion.check_count(needed)?;
    Ok(needed)
}

async fn present(
    prover: Prover<'_>,
    derived: &proofs::ProofRequest,
    shape: &Shape,
    chosen: &Chosen<'_>,
) -> Result<Value, BridgeError> {
    let mut choice = RequestedCredentials::default();
    for (number, (id, shown)) in chosen.ids.iter().zip(&shape.groups).enumerate() {
        if !shown.is_empty() {
            choice = choice.reveal(Referent::group(number).name(), id);
        }
        for predicate in 0..chosen.predicates() {
            choice = choice.prove(Referent::predicate(number, predicate).name(), id);
        }
    }
    let presentation = prover_create_proof(
        prover.wallet,
        derived,
        &choice,
        prover.link_secret,
        &chosen.schemas,
        &chosen.cred_defs,
        &RevocationStates::new(),
    )
    .await?;
    serde_json::to_value(presentation).map_err(|error| {
        BridgeError::Anoncreds(AnoncredsError::Library {
            operation: "write a proof",
            reason: error.to_string(),
        })
    })
}
