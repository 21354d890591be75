//! The bindings of a later release of this crate, for the code that asks for 0.30.

#![no_std]

pub use later::*;
