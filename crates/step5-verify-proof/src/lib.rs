//! Step 5 of "Negotiate a Proof": `verifier_verify_proof`, actions 21 to 24.
//!
//! The verifier has its own request and the prover's presentation; everything else it reads from
//! the ledger. Then the stage is cleared.

use anyhow::Result;
use indy::{
    anoncreds::{
        self, CredDefs, Policy, RevocationRegistries, RevocationRegistryDefinitions, Schemas,
    },
    error::{PoolError, WalletError},
    ledger, pool, wallet,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use stage::{POOL_NAME, Stage, WalletAccount};
use step2_issuance::{ISSUER_WALLET, PROVER_WALLET};
use step3_proof_request::Found;
use step4_create_proof::Proven;

/// What the verifier found: the end of the walkthrough.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "verdict", rename_all = "lowercase")]
pub enum Verdict {
    /// The presentation answers the request, and the mathematics holds.
    Verified {
        /// How each check went.
        #[serde(default)]
        checks: Value,
    },
    /// It does not.
    Rejected {
        /// Why: the first check that failed, and what it found.
        reason: String,
        /// How each check went.
        #[serde(default)]
        checks: Value,
    },
}

/// Run actions 21 to 24.
///
/// # Errors
///
/// When something other than the proof is wrong; a wrong proof is a [`Verdict::Rejected`].
pub async fn run(stage: &Stage, found: &Found, proven: &Proven) -> Result<Verdict> {
    let verdict = verify(stage, found, proven).await?;
    // saved before anything is deleted: whatever happens next, the verdict stands
    stage.save(5, &verdict)?;
    close(stage).await?;
    delete(stage).await?;
    Ok(verdict)
}

async fn verify(stage: &Stage, found: &Found, proven: &Proven) -> Result<Verdict> {
    // ANCHOR: action-21
    let mut action = stage
        .begin(21, "Verifier is verifying proof from Prover")
        .await?;
    let pool = stage.pool().await?;
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
    action.tell("Verdict", &explained)?;
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

async fn close(stage: &Stage) -> Result<()> {
    // ANCHOR: action-22
    let mut action = stage.begin(22, "Closing both wallets and the pool").await?;
    for account in [ISSUER_WALLET, PROVER_WALLET] {
        if let Some(open) = stage.release_wallet(account).await {
            wallet::close_wallet(open).await?;
        }
    }
    if let Some(open) = stage.release_pool().await {
        pool::close_pool_ledger(open).await?;
    }
    action.show("Closed", &[ISSUER_WALLET.id, PROVER_WALLET.id, POOL_NAME])?;
    action.end()?;
    // ANCHOR_END: action-22
    Ok(())
}

async fn delete(stage: &Stage) -> Result<()> {
    // ANCHOR: action-23
    let mut action = stage.begin(23, "Deleting both wallets").await?;
    let wallets = [ISSUER_WALLET, PROVER_WALLET].map(|account| account.id);
    if stage.keeps() {
        action.show("Kept", &wallets)?;
    } else {
        for account in [ISSUER_WALLET, PROVER_WALLET] {
            delete_wallet(stage, account).await?;
        }
        action.show("Deleted", &wallets)?;
    }
    action.end()?;
    // ANCHOR_END: action-23

    // ANCHOR: action-24
    let mut action = stage.begin(24, "Deleting pool ledger config").await?;
    if stage.keeps() {
        action.show("Kept", &POOL_NAME)?;
    } else {
        match pool::delete_pool_ledger_config(stage.pools(), POOL_NAME).await {
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

async fn delete_wallet(stage: &Stage, account: WalletAccount) -> Result<()> {
    let config = stage.wallet_config(account);
    match wallet::delete_wallet(&config, &stage.wallet_credentials(account)).await {
        // an earlier, interrupted run deleted it
        Ok(()) | Err(WalletError::NotFound { .. }) => Ok(()),
        Err(error) => Err(error.into()),
    }
}
