//! The holder's side: an answer from the credentials of a wallet.

use std::collections::BTreeSet;

use indy::{
    anoncreds::{CredentialInfo, RequestedCredentials, RevocationStates, prover_create_proof},
    error::AnoncredsError,
    wallet::Wallet,
};
use serde_json::Value;

use super::{
    BridgeError, MAX_CREDENTIALS, PublicObjects, Shape,
    asked::Asked,
    choose::{Candidates, Chosen},
    nonce,
    shape::Referent,
};
use crate::{
    did::Did,
    message::{ProofRequest, Received},
};

/// Who proves, and from what.
#[derive(Clone, Copy)]
pub struct Prover<'p> {
    /// The wallet with the credentials.
    pub wallet: &'p Wallet,
    /// The name of the link secret in that wallet.
    pub link_secret: &'p str,
    /// Where schemas and credential definitions are read.
    pub objects: &'p dyn PublicObjects,
}

/// Answers a criterion (by its number, from 0) in zero knowledge: an AnonCreds presentation, to be put into a
/// response's presentation of the type [`CL_PRESENTATION`](crate::message::CL_PRESENTATION), which `holder` signs.
///
/// Each credential shows the required attributes, and of the optional ones those that `optional` names. As
/// many credentials are chosen as the criterion asks for at least, and one if it asks for none. They are taken in
/// the order in which the wallet's search finds them, each if it differs visibly from those before it: by its
/// issuer's key, or by what it shows. The first 1,000 candidates are considered.
///
/// # Errors
///
/// A [`BridgeError`] if the criterion cannot be asked in zero knowledge, the wallet does not have enough different
/// credentials, or the proof cannot be made.
pub async fn answer(
    prover: Prover<'_>,
    request: &Received<ProofRequest>,
    criterion: usize,
    optional: &BTreeSet<String>,
    holder: &Did,
) -> Result<Value, BridgeError> {
    let asked = Asked::of(request.message(), criterion)?;
    let shape = shape(&asked, optional, needed(&asked)?)?;
    let derived = asked.parsed(&shape, &nonce(request.document(), criterion, holder)?)?;
    let mut chosen = Chosen::new(prover, &asked, &shape);
    chosen.choose(shape.groups.len()).await?;
    present(prover, &derived, &shape, &chosen).await
}

/// As [`answer`], from these credentials of the wallet, in this order.
///
/// # Errors
///
/// A [`BridgeError`] if the criterion cannot be asked in zero knowledge, asks for fewer or more credentials, nothing
/// shows that they differ, or the proof cannot be made from them, as when one of them is of another schema.
pub async fn answer_from(
    prover: Prover<'_>,
    request: &Received<ProofRequest>,
    criterion: usize,
    credentials: &[String],
    optional: &BTreeSet<String>,
    holder: &Did,
) -> Result<Value, BridgeError> {
    let asked = Asked::of(request.message(), criterion)?;
    asked.check_number(credentials.len())?;
    let shape = shape(&asked, optional, credentials.len())?;
    let derived = asked.parsed(&shape, &nonce(request.document(), criterion, holder)?)?;
    let mut chosen = Chosen::new(prover, &asked, &shape);
    chosen.take(credentials).await?;
    present(prover, &derived, &shape, &chosen).await
}

/// The credentials of a wallet that can answer a criterion, in the order in which [`answer`] considers them: the
/// first 1,000.
///
/// # Errors
///
/// A [`BridgeError`] if the criterion cannot be asked in zero knowledge, or the wallet cannot be read.
pub async fn candidates(
    wallet: &Wallet,
    request: &Received<ProofRequest>,
    criterion: usize,
    optional: &BTreeSet<String>,
) -> Result<Vec<CredentialInfo>, BridgeError> {
    let asked = Asked::of(request.message(), criterion)?;
    let shape = shape(&asked, optional, 1)?;
    let shown = shape.groups.first().cloned().unwrap_or_default();
    let derived = asked.parsed(&shape, "1")?;
    let mut search = Candidates::search(wallet, &asked, &shown, &derived).await?;
    let mut found = Vec::new();
    while let Some(page) = search.page().await? {
        found.extend(page);
    }
    Ok(found)
}

/// So many credentials, each showing what is required and what was chosen.
fn shape(
    asked: &Asked<'_>,
    optional: &BTreeSet<String>,
    credentials: usize,
) -> Result<Shape, BridgeError> {
    let possible: BTreeSet<&str> = asked.criterion.optional().collect();
    if let Some(name) = optional
        .iter()
        .find(|name| !possible.contains(name.as_str()))
    {
        return Err(BridgeError::NotOptional {
            pointer: asked.pointer.clone(),
            name: name.clone(),
        });
    }
    let required = asked.criterion.required().map(str::to_owned);
    let shown: BTreeSet<String> = required.chain(optional.iter().cloned()).collect();
    let shape = Shape {
        groups: vec![shown; credentials],
    };
    asked.check(&shape)?;
    Ok(shape)
}

/// How many credentials are presented.
fn needed(asked: &Asked<'_>) -> Result<usize, BridgeError> {
    let least = asked.criterion.min_count().max(1);
    let needed = usize::try_from(least)
        .ok()
        .filter(|least| *least <= MAX_CREDENTIALS)
        .ok_or_else(|| BridgeError::TooManyCredentials {
            pointer: asked.pointer.clone(),
            got: least,
        })?;
    asked.check_number(needed)?;
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
