//! The CL mathematics of AnonCreds 1.0.

pub mod kernel;
mod number;
mod product;
