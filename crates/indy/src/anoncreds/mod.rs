//! anoncreds: to be written.
