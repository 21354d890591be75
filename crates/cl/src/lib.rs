#![doc = include_str!("../README.md")]
//!
//! # Why it works, and why it is fast
//!
//! The private module `notes` contains the equations, each with the function that computes it:
//! `cargo doc -p negotiate-cl --document-private-items --open`.

mod answers;
mod challenge;
mod check;
mod equations;
mod json;
pub mod kernel;
pub mod keys;
mod notes;
mod number;
pub mod parameters;
mod prepared;
mod presentation;
mod primes;
mod product;
mod prove;
mod public_key;
mod random;
mod rejection;
mod request;
mod trace;
mod verify;

pub use json::{MAX_DIGITS, Malformed};
pub use kernel::Engine;
pub use prepared::PreparedKey;
pub use presentation::Presentation;
#[doc(hidden)]
pub use prove::prove_with_recorded_randomness;
pub use prove::{
    ChosenCredential, Credential, LinkSecret, ProveError, ProvingKey, UnusableKey, prove,
};
pub use public_key::{LINK_SECRET, PublicKey};
pub use random::NoRandomness;
pub use rejection::{Equation, ProofPart, Rejection};
pub use request::{Operator, Predicate, ProofRequest, fold};
pub use trace::{HashInput, Trace, trace};
pub use verify::{BatchItem, verify, verify_batch};
