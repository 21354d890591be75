//! pool: to be written.
