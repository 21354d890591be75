//! The holder for whom a command works, and the wallet.
//!
//! A home has the wallet of one holder, `prover_wallet`, or several, `prover_wallet_NAME`: those of
//! a scenario with several holders, or of a holder that `--holder` names.

use std::{collections::BTreeMap, sync::Arc};

use anyhow::{Result, anyhow};
use clap::{Args, builder::NonEmptyStringValueParser};
use indy::wallet::Wallet;
use serde::Deserialize;
use serde_json::Value;
use stdx::text::Quoted;
use tutorial::{
    Format, Tutorial, TutorialError,
    data::{PROVER_WALLET, WalletAccount},
    error::quoted,
    options::{HomeOptions, OutputOptions},
};

use crate::open_existing;

/// How many wallets an error names.
const MAX_NAMED: usize = 10;

/// The id and the passphrase of a wallet. Passphrases are as public as the tutorial's.
pub(crate) struct Account {
    id: String,
    key: String,
}

impl Account {
    /// Returns the account of one of several parties, or of the only one.
    pub fn new(of: WalletAccount<'_>, name: Option<&str>) -> Self {
        let with = |text: &str| match name {
            Some(name) => format!("{text}_{name}"),
            None => text.to_owned(),
        };
        Self { id: with(of.id), key: with(of.key) }
    }

    /// Returns the wallet's id.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Returns what opens the wallet.
    pub fn open(&self) -> WalletAccount<'_> {
        WalletAccount { id: &self.id, key: &self.key }
    }
}

/// The home of a holder, and how results are printed.
#[derive(Clone, Args)]
pub struct HolderOptions {
    /// The holder, where the home has several: the one with this name
    #[arg(long, value_name = "NAME", value_parser = NonEmptyStringValueParser::new())]
    holder: Option<String>,
    /// The home.
    #[command(flatten)]
    home: HomeOptions,
    /// How results are printed.
    #[command(flatten)]
    output: OutputOptions,
}

impl HolderOptions {
    /// Returns the format of the results.
    pub fn format(&self) -> Format {
        self.output.format()
    }

    /// Returns the home.
    pub fn home(&self) -> &HomeOptions {
        &self.home
    }

    /// Opens the home; makes it if it does not exist.
    pub fn open_home<'t>(&self, opened: &'t mut Option<Tutorial>) -> Result<&'t Tutorial> {
        Ok(opened.insert(self.home.open(self.format())?))
    }

    /// Opens a home that exists, and the holder's wallet.
    pub async fn open<'t>(
        &self,
        opened: &'t mut Option<Tutorial>,
    ) -> Result<(&'t Tutorial, Arc<Wallet>)> {
        let tutorial = open_existing(&self.home, self.format(), opened)?;
        Ok((tutorial, self.wallet(tutorial).await?))
    }

    /// Opens the holder's wallet; makes it if it does not exist.
    pub async fn wallet_or_new(&self, tutorial: &Tutorial) -> Result<Arc<Wallet>> {
        let holders = scenario_holders(tutorial)?;
        // a misspelt name, or none, must not make a wallet beside those of the scenario
        if holders.len() > 1 && self.holder.as_ref().is_none_or(|name| !holders.contains(name)) {
            return self.wallet(tutorial).await;
        }
        Ok(tutorial.open_or_create_wallet(self.account().open()).await?)
    }

    fn account(&self) -> Account {
        Account::new(PROVER_WALLET, self.holder.as_deref())
    }

    /// Opens the holder's wallet.
    async fn wallet(&self, tutorial: &Tutorial) -> Result<Arc<Wallet>> {
        match tutorial.wallet(self.account().open()).await {
            Err(error @ TutorialError::Gone { .. }) => Err(self.explain(tutorial, error)?),
            opened => Ok(opened?),
        }
    }

    /// Returns why there is no wallet of the holder, and what to do.
    fn explain(&self, tutorial: &Tutorial, error: TutorialError) -> Result<anyhow::Error> {
        let home = quoted(tutorial.home().directory());
        let holders = scenario_holders(tutorial)?;
        if holders.len() > 1 {
            let mut names: Vec<String> =
                holders.iter().take(MAX_NAMED).map(|name| Quoted(name).to_string()).collect();
            match holders.len().saturating_sub(MAX_NAMED) {
                0 => {}
                more => names.push(format!("{more} more")),
            }
            return Ok(anyhow!(
                "{home} has several holders; name one of them with --holder: {}",
                names.join(", ")
            ));
        }
        if tutorial.home().has_scenario() && holders.is_empty() {
            return Ok(anyhow!(
                "the scenario of {home} has no wallet of a holder, yet or any more; play it, in another home if it was \
                 played to its end with --clean: `negotiate-proof --scenario DIR --home {home}`"
            ));
        }
        if let Some(holder) = &self.holder {
            return Ok(anyhow!(
                "there is no wallet of a holder {} in {home}; leave --holder out if the home has one holder, or get a \
                 credential for this one with `negotiate-proof issue` or `issue accept`",
                Quoted(holder)
            ));
        }
        // a wallet that was never made cannot have been deleted
        if tutorial.home().has_finished(2) {
            return Ok(error.into());
        }
        Ok(anyhow!(
            "there is no wallet of the prover in {home} yet; get a credential with `negotiate-proof issue` or `issue \
             accept`, import credentials with `negotiate-proof wallet import`, or run the walkthrough with \
             `negotiate-proof --home {home}`"
        ))
    }
}

/// Returns the holders of a scenario whose wallets are in its home.
fn scenario_holders(tutorial: &Tutorial) -> Result<Vec<String>> {
    /// The part of a scenario's progress that says which wallets it has made.
    #[derive(Deserialize)]
    struct Played {
        issued: Option<Issued>,
        deleted: bool,
    }
    #[derive(Deserialize)]
    struct Issued {
        /// By name.
        holders: BTreeMap<String, Value>,
    }
    let played = tutorial.home().load_played::<Played>()?;
    let issued = played.filter(|played| !played.deleted).and_then(|played| played.issued);
    Ok(issued.map(|issued| issued.holders.into_keys().collect()).unwrap_or_default())
}
