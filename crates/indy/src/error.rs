//! What can go wrong, one enum per module.
//!
//! Every variant has a stable code whose name follows libindy's (`WalletAlreadyExists`,
//! `LedgerInvalidTransaction`, ...; see each enum's `code`), and a message that says what
//! happened, to what, and what to do about it. No variant ever carries a secret.

mod anoncreds;
mod did;
mod ledger;
mod pool;
mod wallet;

pub use anoncreds::AnoncredsError;
pub use did::DidError;
pub use ledger::LedgerError;
pub use pool::PoolError;
pub use wallet::WalletError;

/// Any error of this crate, for callers that handle all modules alike.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// From [`crate::wallet`].
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
    /// The stable code, named after libindy's.
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
