//! wallet: to be written.
