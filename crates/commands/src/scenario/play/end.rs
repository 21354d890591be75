//! Actions 22 to 24: wallets and ledger are closed, and deleted unless the home keeps them.

use anyhow::Result;
use indy::{pool, wallet};
use tutorial::{Tutorial, data::POOL_NAME, resume::OrAlreadyDone};

use super::{super::model::Scenario, wallets};
use crate::holder::Account;

/// Plays actions 22 to 24.
pub async fn end(tutorial: &Tutorial, scenario: &Scenario) -> Result<()> {
    let accounts = wallets::all(scenario);
    let ids: Vec<&str> = accounts.iter().map(Account::id).collect();
    tutorial.begin_repeated(22, "Closing both wallets and the pool").await?;
    for account in &accounts {
        if let Some(open) = tutorial.release_wallet(account.open()).await {
            wallet::close_wallet(open).await?;
        }
    }
    if let Some(open) = tutorial.release_pool().await {
        pool::close_pool_ledger(open).await?;
    }
    let closed: Vec<&str> = ids.iter().copied().chain([POOL_NAME]).collect();
    tutorial.show("Closed", &closed)?;

    tutorial.begin_repeated(23, "Deleting both wallets").await?;
    if !tutorial.keeps() {
        for account in &accounts {
            let (config, credentials) = tutorial.wallet_access(account.open());
            wallet::delete_wallet(&config, &credentials).await.or_already_done()?;
        }
    }
    tutorial.show(tutorial.kept_or_deleted(), &ids)?;

    tutorial.begin_repeated(24, "Deleting pool ledger config").await?;
    if !tutorial.keeps() {
        pool::delete_pool_ledger_config(tutorial.pools(), POOL_NAME).await.or_already_done()?;
    }
    tutorial.show(tutorial.kept_or_deleted(), &POOL_NAME)?;
    // nothing follows that would end the last action
    tutorial.printer().end()?;
    Ok(())
}
