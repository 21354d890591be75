//! did: to be written.
