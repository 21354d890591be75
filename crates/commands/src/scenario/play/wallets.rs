//! The wallets of a scenario: one for each issuer and each holder, named as the tutorial's if there is only one.

use tutorial::data::{ISSUER_WALLET, PROVER_WALLET, WalletAccount};

use super::super::model::Scenario;

/// The id and the passphrase of a wallet. Passphrases are as public as the tutorial's.
pub struct Account {
    id: String,
    key: String,
}

impl Account {
    fn new(of: WalletAccount<'_>, name: Option<&str>) -> Self {
        let with = |text: &str| match name {
            Some(name) => format!("{text}_{name}"),
            None => text.to_owned(),
        };
        Self { id: with(of.id), key: with(of.key) }
    }

    /// Returns the account of an issuer.
    pub fn of_issuer(scenario: &Scenario, name: &str) -> Self {
        Self::new(ISSUER_WALLET, (scenario.issuers.len() > 1).then_some(name))
    }

    /// Returns the account of a holder.
    pub fn of_holder(scenario: &Scenario, name: &str) -> Self {
        Self::new(PROVER_WALLET, (scenario.holders.len() > 1).then_some(name))
    }

    /// Returns the accounts of all issuers, then those of all holders.
    pub fn all(scenario: &Scenario) -> Vec<Self> {
        let issuers = scenario.issuers.keys().map(|name| Self::of_issuer(scenario, name));
        let holders = scenario.holders.keys().map(|name| Self::of_holder(scenario, name));
        issuers.chain(holders).collect()
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
