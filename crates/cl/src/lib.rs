//! The CL mathematics of AnonCreds 1.0.

mod json;
pub mod kernel;
mod number;
mod primes;
mod product;
mod public_key;
mod random;
mod request;
mod sieve;

pub use json::{MAX_DIGITS, Malformed};
pub use public_key::{LINK_SECRET, PublicKey};
pub use request::{Operator, Predicate, ProofRequest, SubProofRequest, fold};
