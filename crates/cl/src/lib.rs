//! The CL mathematics of AnonCreds 1.0.

mod kernel;
mod number;
mod product;
