//! What can go wrong, one enum for each module.
//!
//! Every variant has a stable code whose name follows libindy's (`WalletAlreadyExists`,
//! `LedgerInvalidTransaction`, ...; see each enum's `code`), and a message that says what
//! happened, to what, and what to do about it. No variant ever carries a secret.

pub use ::anoncreds::AnoncredsError;
pub use ::ledger::{LedgerError, pool::PoolError};
pub use ::wallet::{WalletError, did::DidError};

/// An error of any of the modules, for callers that handle all of them alike.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// From [`crate::wallet`] or [`crate::non_secrets`].
    #[error(transparent)]
    Wallet(#[from] WalletError),
    /// From [`crate::did`].
    #[error(transparent)]
    Did(#[from] DidError),
    /// From [`crate::ledger`].
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// From [`crate::pool`].
    #[error(transparent)]
    Pool(#[from] PoolError),
    /// From [`crate::anoncreds`].
    #[error(transparent)]
    Anoncreds(#[from] AnoncredsError),
}

impl Error {
    /// Returns the stable code, named after libindy's.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Wallet(error) => error.code(),
            Self::Did(error) => error.code(),
            Self::Ledger(error) => error.code(),
            Self::Pool(error) => error.code(),
            Self::Anoncreds(error) => error.code(),
        }
    }
}
