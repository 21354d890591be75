//! The CL mathematics of AnonCreds 1.0, in pure Rust: keys, proving, verification.
//!
//! The signatures of Camenisch and Lysyanskaya are what AnonCreds credentials of Hyperledger Indy are made
//! of. This crate computes with them, from and to the JSON of `indy-credx`, and imports none of this
//! workspace's crates. It is a second engine beside that library: an independent opinion on every
//! proof, several times as fast, and made to be read. There is no input or output in it, nothing asynchronous, and no
//! panic, whatever the input.
//!
//! # How to use
//!
//! **Verify.** Read the issuer's key, prepare it once, and verify with it as often as you like. A
//! [`Rejection`] says which sub-proof and which number is at fault.
//!
//! ```
//! use cl::{PreparedKey, Presentation, ProofRequest, PublicKey};
//!
//! let case: serde_json::Value =
//!     serde_json::from_str(include_str!("../tests/known-answers/one-revealed-attribute.json"))?;
//! let key = PublicKey::from_credential_definition(&case["issuers"][0]["credential_definition"])?;
//! let key = PreparedKey::new(&key)?;
//!
//! let request = ProofRequest::from_json(&case["request"])?;
//! let presentation = Presentation::from_json(&case["presentation"])?;
//! cl::verify(&request, &presentation, &[&key])?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! [`verify_batch`] takes many at once; [`trace()`] shows every number that was recomputed.
//!
//! **Prove** with [`prove()`], from a [`Credential`], the holder's [`LinkSecret`] and a [`ProvingKey`].
//! **Generate keys** with [`keys::generate`], and check those of others with
//! [`keys::check_correctness_proof`].
//!
//! # What it does not do
//!
//! Revocation: presentations with a non-revocation proof are refused by name. Restrictions, raw values, and everything else
//! that is no arithmetic: see the crate `proofs`.
//!
//! # What is constant time
//!
//! Verification has no secrets. Proving and key generation do: there every power of a secret exponent reads all
//! entries of its tables and takes a time that depends on public lengths only. Sums and products of big integers, decimal
//! conversion, and the search for primes and for four squares are not constant time; their modules say what that means.
//! Secrets are wiped when they are dropped and have no `Debug` form that shows them.
//!
//! # Why it works, and why it is fast
//!
//! The private module `notes` has the equations, each with the function that computes it:
//! `cargo doc -p cl --document-private-items --open`.

mod challenge;
mod check;
mod equations;
mod json;
pub mod kernel;
pub mod keys;
mod limits;
mod notes;
mod number;
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
pub use prove::{Chosen, Credential, LinkSecret, ProveError, ProvingKey, UnusableKey, prove};
pub use public_key::{LINK_SECRET, PublicKey};
pub use random::NoRandomness;
pub use rejection::{Equation, Place, Rejection};
pub use request::{Operator, Predicate, ProofRequest, SubProofRequest, fold};
pub use trace::{HashInput, Trace, trace};
pub use verify::{Item, verify, verify_batch};
