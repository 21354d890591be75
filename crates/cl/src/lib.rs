//! The CL mathematics of AnonCreds 1.0.

mod challenge;
mod json;
pub mod kernel;
mod number;
mod product;
mod prove;
mod public_key;
mod random;
mod request;

pub use json::{MAX_DIGITS, Malformed};
pub use kernel::Engine;
#[doc(hidden)]
pub use prove::prove_with_recorded_randomness;
pub use prove::{Chosen, Credential, LinkSecret, ProveError, ProvingKey, UnusableKey, prove};
pub use public_key::{LINK_SECRET, PublicKey};
pub use random::NoRandomness;
pub use request::{Operator, Predicate, ProofRequest, SubProofRequest, fold};
