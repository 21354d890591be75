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
pub use public_key::{LINK_SECRET, PublicKey};
pub use rejection::{Equation, Place, Rejection};
pub use request::{Operator, Predicate, ProofRequest, SubProofRequest, fold};
pub use trace::{HashInput, Trace, trace};
pub use verify::{Item, verify, verify_batch};
