//! A verification with all its values, for a reader.

use dashu_int::UBig;
use serde_json::{Value, json};

use crate::prepared::PreparedKey;
use crate::presentation::{Presentation, SubProof};
use crate::rejection::{Equation, Place, Rejection};
use crate::request::ProofRequest;
use crate::verify::{Job, challenge, recompute_all};

/// What a verifier computes, value by value.
///
/// A presentation's hash tells that some value is wrong, not which; a trace shows all of them, so two
/// implementations can be compared, or a verification followed by hand. The presentation is
/// authentic exactly if [`recomputed_challenge`](Self::recomputed_challenge) equals
/// [`claimed_challenge`](Self::claimed_challenge).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trace {
    /// The numbers that are hashed, in order: the equations' values, the commitments, the nonce.
    pub hash_inputs: Vec<HashInput>,
    /// The hash.
    pub recomputed_challenge: UBig,
    /// The challenge in the presentation.
    pub claimed_challenge: UBig,
}

/// A number that is hashed, as its big-endian bytes, as few as possible.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HashInput {
    /// What it is.
    pub role: Role,
    /// The number.
    pub number: UBig,
}
