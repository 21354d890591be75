//! Step 5 of the tutorial: `verifier_verify_proof`, actions 21 to 24 (10 minutes)
//!
//! Goal: the verifier, which has the request, the presentation and the ledger, and nothing else,
//! finds out whether the presentation is true, and why.

// the gaps below would be warned of; remove this once they are filled
#![allow(unreachable_code, unused_imports, unused_variables, clippy::diverging_sub_expression)]

use std::process::ExitCode;

use anyhow::Result;
use indy::{
    anoncreds::{self, Policy, RevocationRegistries, RevocationRegistryDefinitions},
    pool, wallet,
};
use tutorial::{
    Tutorial,
    data::{ISSUER_WALLET, POOL_NAME, PROVER_WALLET},
    handover::{Found, Proven, Verdict},
    resume::OrAlreadyDone,
};

async fn run(tutorial: &Tutorial, found: &Found, proven: &Proven) -> Result<Verdict> {
    tutorial.begin(21, "Verifier is verifying proof from Prover").await?;
    let (request, presentation) = (&found.proof_request, &proven.presentation);
    // the verifier knows the issuer from the ledger only TODO: read the schemas and credential
    // definitions that the presentation names (`proven.public_ids()`)
    let (schemas, cred_defs) = tutorial.read_public_data(std::iter::empty()).await?;
    // no credential of the tutorial can be revoked
    let (rev_reg_defs, rev_regs) =
        (RevocationRegistryDefinitions::new(), RevocationRegistries::new());

    // TODO: ask `anoncreds::verifier_verify_proof`
    let verified: bool = todo!("the answer of `verifier_verify_proof`");
    tutorial.show("Verified", &verified)?;
    // the tutorial only shows `true` or `false`; this says why
    let policy = Policy::default();
    let reasons = anoncreds::verifier_explain_proof(
        request,
        presentation,
        &schemas,
        &cred_defs,
        &rev_reg_defs,
        &rev_regs,
        &policy,
    )
    .await?;
    tutorial.show_verdict("Verdict", &reasons)?;
    let verdict = Verdict::new(verified, &reasons, request, presentation)?;
    // saved before anything is deleted
    tutorial.save_verdict(&verdict, found, proven)?;

    tutorial.begin(22, "Closing both wallets and the pool").await?;
    // TODO: one wallet stays open
    for account in [ISSUER_WALLET] {
        if let Some(open) = tutorial.release_wallet(account).await {
            wallet::close_wallet(open).await?;
        }
    }
    if let Some(open) = tutorial.release_pool().await {
        pool::close_pool_ledger(open).await?;
    }
    tutorial.show("Closed", &[ISSUER_WALLET.id, PROVER_WALLET.id, POOL_NAME])?;

    tutorial.begin(23, "Deleting both wallets").await?;
    // with --home they are kept, unless --clean is given
    if !tutorial.keeps() {
        for account in [ISSUER_WALLET, PROVER_WALLET] {
            let (config, credentials) = tutorial.wallet_access(account);
            wallet::delete_wallet(&config, &credentials).await.or_already_done()?;
        }
    }
    tutorial.show(tutorial.kept_or_deleted(), &[ISSUER_WALLET.id, PROVER_WALLET.id])?;

    tutorial.begin(24, "Deleting pool ledger config").await?;
    if !tutorial.keeps() {
        pool::delete_pool_ledger_config(tutorial.pools(), POOL_NAME).await.or_already_done()?;
    }
    tutorial.show(tutorial.kept_or_deleted(), &POOL_NAME)?;
    Ok(verdict)
}

fn main() -> ExitCode {
    workshop::steps::check_step_5("step5_verdict", run)
}
