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
    BridgeError, Shape,
    choose::{Candidates, Chosen, Prover},
    criterion::{AnoncredsCriterion, resolved},
    nonce,
    shape::Referent,
};

/// An answer in zero knowledge.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// An AnonCreds presentation, for a response's presentation of the type
    /// [`CL_PRESENTATION`](exchange::message::CL_PRESENTATION), which the holder signs.
    pub presentation: Value,
    /// The credentials from which it is made, in order.
    pub credentials: Vec<CredentialInfo>,
    /// The names of the attributes that each of them shows, as the criterion spells them.
    pub shown: BTreeSet<String>,
}

/// Answers a criterion (by its index, from 0) in zero knowledge, for this holder: from these
/// credentials of the wallet, in this order, or else from those that the wallet's search finds.
///
/// Each credential shows the required attributes, and of the optional ones those that `optional`
/// names. A search chooses as many as the criterion asks for at least, and one if it asks for none:
/// in the order in which it finds them, each if it differs visibly from those before it, by its
/// issuer's key or by what it shows. The first 1,000 candidates are considered.
///
/// # Errors
///
/// A [`BridgeError`] if AnonCreds cannot answer the criterion, it asks for fewer or more
/// credentials, the wallet does not have enough that differ, nothing shows that those which are
/// named differ, or the proof cannot be made from them, for example because one of them is of
/// another schema.
pub async fn answer(
    prover: Prover<'_>,
    request: &Received<ProofRequest>,
    index: usize,
    credentials: Option<&[String]>,
    optional: &BTreeSet<String>,
    holder: &Did,
) -> Result<Answer, BridgeError> {
    let inner = resolved(request.message(), index, prover.objects).await?;
    let criterion = AnoncredsCriterion::of(request.message().criterion_pointer(index), &inner)?;
    let count = match credentials {
        Some(named) => named.len() as u64,
        None => inner.min_count().max(1),
    };
    let shown = shown(&criterion, optional)?;
    let shape = Shape { groups: vec![shown.clone(); criterion.check_count(count)?] };
    // too long a request is refused before the wallet is searched
    let (_, derived) = criterion.request(&shape, &nonce(request.document(), index, holder)?)?;
    let mut chosen = Chosen::new(prover, &criterion, &shown);
    match credentials {
        Some(named) => chosen.take(named).await?,
        None => chosen.choose(shape.groups.len()).await?,
    }
    let mut choice = RequestedCredentials::default();
    for (number, CredentialInfo { referent: id, .. }) in chosen.credentials.iter().enumerate() {
        if !shown.is_empty() {
            choice = choice.reveal(Referent::group(number).name(), id);
        }
        for predicate in 0..inner.predicates.len() {
            choice = choice.prove(Referent::predicate(number, predicate).name(), id);
        }
    }
    let presentation = prover_create_proof(
        prover.wallet,
        &derived,
        &choice,
        prover.link_secret,
        &chosen.schemas,
        &chosen.cred_defs,
        &RevocationStates::new(),
    )
    .await?;
    let presentation = serde_json::to_value(presentation).map_err(|error| {
        AnoncredsError::Library { operation: "write a proof", reason: error.to_string() }
    })?;
    let credentials = chosen.credentials;
    Ok(Answer { presentation, credentials, shown })
}

/// Returns the credentials of the prover's wallet that can answer a criterion, in the order in
/// which [`answer`] considers them: the first 1,000.
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
    let shown = shown(&criterion, optional)?;
    let mut search = Candidates::search(prover.wallet, &criterion, &shown).await?;
    let mut found = Vec::new();
    while let Some(page) = search.page().await? {
        found.extend(page);
    }
    Ok(found)
}

/// Returns the names of the attributes that each credential shows: the required ones, and the
/// chosen optional ones.
fn shown(
    criterion: &AnoncredsCriterion<'_>,
    optional: &BTreeSet<String>,
) -> Result<BTreeSet<String>, BridgeError> {
    let possible: BTreeSet<&str> = criterion.inner.optional().collect();
    if let Some(name) = optional.iter().find(|name| !possible.contains(name.as_str())) {
        let pointer = &criterion.pointer;
        return Err(BridgeError::Unanswerable(format!(
            "{pointer} does not ask for {name:?} as an optional attribute; choose among those that it has"
        )));
    }
    let required = criterion.inner.required().map(str::to_owned);
    Ok(required.chain(optional.iter().cloned()).collect())
}
