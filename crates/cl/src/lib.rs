//! The CL mathematics of AnonCreds 1.0.

mod challenge;
mod check;
mod equations;
mod json;
pub mod kernel;
mod limits;
mod number;
mod prepared;
mod presentation;
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
pub use prove::{Chosen, Credential, LinkSecret, ProveError, ProvingKey, UnusableKey, prove};
pub use public_key::{LINK_SECRET, PublicKey};
pub use random::NoRandomness;
pub use rejection::{Equation, Place, Rejection};
pub use request::{Operator, Predicate, ProofRequest, SubProofRequest, fold};
pub use trace::{HashInput, Trace, trace};
pub use verify::{Item, verify, verify_batch};
