//! Limits of what the bridge translates.

/// The most credentials in one presentation.
pub const MAX_CREDENTIALS: usize = 20;
