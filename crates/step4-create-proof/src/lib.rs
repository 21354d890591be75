//! Step 4 of "Negotiate a Proof": `prover_create_proof`, action 20.
//!
//! The holder becomes a prover: it chooses among the candidates of step 3, says which values it
//! reveals, and makes the presentation.

use anyhow::{Context, Result, ensure};
use indy::{
    anoncreds::{self, CredDefs, RequestedCredentials, RevocationStates, Schemas},
    ledger,
};
use step3_proof_request::{ATTRIBUTE, PREDICATE};
use tutorial::{
    Tutorial,
    data::PROVER_WALLET,
    handover::{Found, Issued, Proven},
};

/// Runs action 20.
///
/// # Errors
///
/// When the prover has no candidate for a referent, or the proof cannot be made.
pub async fn run(tutorial: &Tutorial, issued: &Issued, found: &Found) -> Result<Proven> {
    // ANCHOR: action-20
    let mut action = tutorial
        .begin(20, "Prover creates Proof for Proof Request")
        .await?;
    let prover_wallet = tutorial.wallet(PROVER_WALLET).await?;
    let pool = tutorial.pool().await?;

    let requested_credentials = RequestedCredentials::default()
        .reveal(ATTRIBUTE, first_candidate(found, ATTRIBUTE)?)
        .prove(PREDICATE, first_candidate(found, PREDICATE)?);
    action.show("Requested Credentials", &requested_credentials)?;

    let mut schemas = Schemas::new();
    let mut cred_defs = CredDefs::new();
    for candidate in found.candidates.values().flatten() {
        let info = &candidate.cred_info;
        let reader = Some(issued.prover_did.as_str());
        let schema = ledger::read_schema(&pool, reader, &info.schema_id).await?;
        schemas.insert(info.schema_id.clone(), schema);
        let cred_def = ledger::read_cred_def(&pool, reader, &info.cred_def_id).await?;
        cred_defs.insert(info.cred_def_id.clone(), cred_def);
    }

    let presentation = anoncreds::prover_create_proof(
        &prover_wallet,
        &found.proof_request,
        &requested_credentials,
        &issued.link_secret,
        &schemas,
        &cred_defs,
        &RevocationStates::new(),
    )
    .await?;
    action.show("Proof", &presentation)?;

    let revealed = presentation.requested_proof.revealed_attrs.get(ATTRIBUTE);
    ensure!(
        revealed.is_some_and(|attribute| attribute.raw == "Alex"),
        "the proof should reveal the name Alex under {ATTRIBUTE}"
    );
    action.end()?;
    // ANCHOR_END: action-20

    let proven = Proven {
        requested_credentials,
        presentation,
    };
    tutorial.save(4, &proven)?;
    Ok(proven)
}

/// Returns the id of the first credential that was found for a referent.
fn first_candidate<'f>(found: &'f Found, referent: &str) -> Result<&'f str> {
    let candidate = found
        .candidates
        .get(referent)
        .and_then(|found| found.first());
    candidate
        .map(|candidate| candidate.cred_info.referent.as_str())
        .with_context(|| format!("step 3 found no credential for {referent}; run it again"))
}
