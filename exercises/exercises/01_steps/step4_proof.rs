//! Step 4 of the tutorial: `prover_create_proof`, action 20 (10 minutes)
//!
//! Goal: the prover reveals the name, proves that the age is at least 18 without revealing it, and
//! makes the presentation.

// the gaps below would be warned of; remove this once they are filled
#![allow(unreachable_code, unused_imports, unused_variables, clippy::diverging_sub_expression)]

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
    // TODO: reveal ATTRIBUTE and prove PREDICATE, each with its first candidate
    let requested_credentials = RequestedCredentials::default();
    tutorial.show("Requested Credentials", &requested_credentials)?;

    // public data comes from the ledger, not from the issuer
    let (schemas, cred_defs) = tutorial.read_public_data(found.public_ids()).await?;
    // TODO: make the presentation with `anoncreds::prover_create_proof`; no credential of the
    // tutorial can be revoked
    let presentation: anoncreds::Presentation = todo!("the presentation");
    tutorial.show("Proof", &presentation)?;

    let proven = Proven { requested_credentials, presentation };
    tutorial.save(4, &proven)?;
    Ok(proven)
}

fn main() -> ExitCode {
    workshop::steps::check_step_4("step4_proof", run)
}
