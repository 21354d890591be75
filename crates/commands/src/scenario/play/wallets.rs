//! The wallets of a scenario: one for each issuer and each holder, named as the tutorial's if there
//! is only one.

use tutorial::data::{ISSUER_WALLET, PROVER_WALLET};

use super::super::model::Scenario;
use crate::holder::Account;

/// Returns the account of an issuer.
pub fn of_issuer(scenario: &Scenario, name: &str) -> Account {
    Account::new(ISSUER_WALLET, (scenario.issuers.len() > 1).then_some(name))
}

/// Returns the account of a holder.
pub fn of_holder(scenario: &Scenario, name: &str) -> Account {
    Account::new(PROVER_WALLET, (scenario.holders.len() > 1).then_some(name))
}

/// Returns the accounts of all issuers, then those of all holders.
pub fn all(scenario: &Scenario) -> Vec<Account> {
    let issuers = scenario.issuers.keys().map(|name| of_issuer(scenario, name));
    let holders = scenario.holders.keys().map(|name| of_holder(scenario, name));
    issuers.chain(holders).collect()
}
