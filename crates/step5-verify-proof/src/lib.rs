//! Step 5 of "Negotiate a Proof": `verifier_verify_proof`, actions 21 to 24.
//!
//! The verifier has its own request and the prover's presentation; everything else it reads from
//! the ledger. Then the wallets and the pool are closed, and deleted unless the home is kept.

use anyhow::Result;
use indy::{
    anoncreds::{
        self, CredDefs, Policy, RevocationRegistries, RevocationRegistryDefinitions, Schemas,
    },
    error::{PoolError, WalletError},
    ledger, pool, wallet,
};
use tutorial::{
    Tutorial,
    data::{ISSUER_WALLET, POOL_NAME, PROVER_WALLET, WalletAccount},
    handover::{Found, Proven, Verdict},
};

/// Runs actions 21 to 24.
///
/// # Errors
///
/// When something other than the proof is wrong; a wrong proof is a [`Verdict::Rejected`].
pub async fn run(tutorial: &Tutorial, found: &Found, proven: &Proven) -> Result<Verdict> {
    let verdict = verify(tutorial, found, proven).await?;
    // saved before anything is deleted, so that an interruption does not lose the verdict
    tutorial.save(5, &verdict)?;
    close(tutorial).await?;
    delete(tutorial).await?;
    Ok(verdict)
}

async fn verify(tutorial: &Tutorial, found: &Found, proven: &Proven) -> Result<Verdict> {
    // ANCHOR: action-21
    let mut action = tutorial
        .begin(21, "Verifier is verifying proof from Prover")
        .await?;
    let pool = tutorial.pool().await?;
    let mut schemas = Schemas::new();
    let mut cred_defs = CredDefs::new();
    for identifier in &proven.presentation.identifiers {
        let (schema_id, cred_def_id) = (&identifier.schema_id.0, &identifier.cred_def_id.0);
        schemas.insert(
            schema_id.clone(),
            ledger::read_schema(&pool, None, schema_id).await?,
        );
        cred_defs.insert(
            cred_def_id.clone(),
            ledger::read_cred_def(&pool, None, cred_def_id).await?,
        );
    }
    let explained = anoncreds::verifier_explain_proof(
        &found.proof_request,
        &proven.presentation,
        &schemas,
        &cred_defs,
        &RevocationRegistryDefinitions::new(),
        &RevocationRegistries::new(),
        &Policy::default(),
    )
    .await?;
    action.show_text("Verdict", &explained)?;
    action.show("Verified", &explained.verified())?;

    let checks = serde_json::to_value(&explained)?["checks"].take();
    let verdict = match explained.reason() {
        None => Verdict::Verified { checks },
        Some(reason) => Verdict::Rejected { reason, checks },
    };
    action.end()?;
    // ANCHOR_END: action-21
    Ok(verdict)
}

async fn close(tutorial: &Tutorial) -> Result<()> {
    // ANCHOR: action-22
    let mut action = tutorial
        .begin(22, "Closing both wallets and the pool")
        .await?;
    for account in [ISSUER_WALLET, PROVER_WALLET] {
        if let Some(open) = tutorial.release_wallet(account).await {
            wallet::close_wallet(open).await?;
        }
    }
    if let Some(open) = tutorial.release_pool().await {
        pool::close_pool_ledger(open).await?;
    }
    action.show("Closed", &[ISSUER_WALLET.id, PROVER_WALLET.id, POOL_NAME])?;
    action.end()?;
    // ANCHOR_END: action-22
    Ok(())
}

async fn delete(tutorial: &Tutorial) -> Result<()> {
    // ANCHOR: action-23
    let mut action = tutorial.begin(23, "Deleting both wallets").await?;
    let wallets = [ISSUER_WALLET, PROVER_WALLET].map(|account| account.id);
    if tutorial.keeps() {
        action.show("Kept", &wallets)?;
    } else {
        for account in [ISSUER_WALLET, PROVER_WALLET] {
            delete_wallet(tutorial, account).await?;
        }
        action.show("Deleted", &wallets)?;
    }
    action.end()?;
    // ANCHOR_END: action-23

    // ANCHOR: action-24
    let mut action = tutorial.begin(24, "Deleting pool ledger config").await?;
    if tutorial.keeps() {
        action.show("Kept", &POOL_NAME)?;
    } else {
        match pool::delete_pool_ledger_config(tutorial.pools(), POOL_NAME).await {
            // an earlier, interrupted run deleted it
            Ok(()) | Err(PoolError::NotCreated { .. }) => {}
            Err(error) => return Err(error.into()),
        }
        action.show("Deleted", &POOL_NAME)?;
    }
    action.end()?;
    // ANCHOR_END: action-24
    Ok(())
}

async fn delete_wallet(tutorial: &Tutorial, account: WalletAccount) -> Result<()> {
    let config = tutorial.wallet_config(account);
    match wallet::delete_wallet(&config, &tutorial.wallet_credentials(account)).await {
        // an earlier, interrupted run deleted it
        Ok(()) | Err(WalletError::NotFound { .. }) => Ok(()),
        Err(error) => Err(error.into()),
    }
}
