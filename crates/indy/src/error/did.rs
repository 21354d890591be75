//! Errors of [`crate::did`].

/// What can go wrong in [`crate::did`].
#[derive(Debug, thiserror::Error)]
pub enum DidError {}

impl DidError {
    /// The stable code, named after libindy's.
    pub fn code(&self) -> &'static str {
        match *self {}
    }
}
