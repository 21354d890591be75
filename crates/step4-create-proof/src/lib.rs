//! Step 4 of "Negotiate a Proof": `prover_create_proof`, action 20.
//!
//! The holder becomes a prover: it chooses among the candidates of step 3, says which values it
//! reveals, and makes the presentation.

use anyhow::Result;
use indy::anoncreds::{self, RequestedCredentials, RevocationStates};
use tutorial::{
    Tutorial,
    data::{ATTRIBUTE, PREDICATE, PROVER_WALLET},
    handover::{Found, Issued, Proven},
};

/// Runs action 20.
///
/// # Errors
///
/// When the prover has no candidate for a referent, or the proof cannot be made.
pub async fn run(tutorial: &Tutorial, issued: &Issued, found: &Found) -> Result<Proven> {
    // ANCHOR: action-20
    tutorial.begin(20, "Prover creates Proof for Proof Request").await?;
    let wallet = tutorial.wallet(PROVER_WALLET).await?;

    // show the name; for the age, only prove the predicate
    let requested_credentials = RequestedCredentials::default()
        .reveal(ATTRIBUTE, found.first_candidate(ATTRIBUTE)?)
        .prove(PREDICATE, found.first_candidate(PREDICATE)?);
    tutorial.show("Requested Credentials", &requested_credentials)?;

    // public data comes from the ledger, not from the issuer
    let (schemas, cred_defs) = tutorial.read_public_data(found.public_ids()).await?;
    let presentation = anoncreds::prover_create_proof(
        &wallet,
        &found.proof_request,
        &requested_credentials,
        &issued.link_secret,
        &schemas,
        &cred_defs,
        &RevocationStates::new(),
    )
    .await?;
    tutorial.show("Proof", &presentation)?;
    // ANCHOR_END: action-20

    let proven = Proven { requested_credentials, presentation };
    tutorial.save(4, &proven)?;
    Ok(proven)
}
