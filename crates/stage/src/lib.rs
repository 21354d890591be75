//! Where a walkthrough plays: home directory, ledger, wallets, narrator.
