//! Errors of [`crate::anoncreds`].

/// What can go wrong in [`crate::anoncreds`].
#[derive(Debug, thiserror::Error)]
pub enum AnoncredsError {}

impl AnoncredsError {
    /// The stable code, named after libindy's.
    pub fn code(&self) -> &'static str {
        match *self {}
    }
}
