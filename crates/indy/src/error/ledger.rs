//! Errors of [`crate::ledger`].

/// What can go wrong in [`crate::ledger`].
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {}

impl LedgerError {
    /// The stable code, named after libindy's.
    pub fn code(&self) -> &'static str {
        match *self {}
    }
}
