//! Errors of [`crate::wallet`].

/// What can go wrong in [`crate::wallet`].
#[derive(Debug, thiserror::Error)]
pub enum WalletError {}

impl WalletError {
    /// The stable code, named after libindy's.
    pub fn code(&self) -> &'static str {
        match *self {}
    }
}
