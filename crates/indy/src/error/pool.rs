//! Errors of [`crate::pool`].

/// What can go wrong in [`crate::pool`].
#[derive(Debug, thiserror::Error)]
pub enum PoolError {}

impl PoolError {
    /// The stable code, named after libindy's.
    pub fn code(&self) -> &'static str {
        match *self {}
    }
}
