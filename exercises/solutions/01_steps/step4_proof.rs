//! Step 4 of the tutorial: `prover_create_proof` (action 20). This is the step crate itself.

use std::process::ExitCode;

use anyhow::Result;
use indy::anoncreds::{self, RequestedCredentials, RevocationStates};
use tutorial::{
    Tutorial,
    data::{ATTRIBUTE, PREDICATE, PROVER_WALLET},
    handover::{Found, Issued, Proven},
};

async fn run(tutorial: &Tutorial, issued: &Issued, found: &Found) -> Result<Proven> {
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

    let proven = Proven { requested_credentials, presentation };
    tutorial.save(4, &proven)?;
    Ok(proven)
}

fn main() -> ExitCode {
    workshop::steps::check_step_4("step4_proof", run)
}
