//! The mathematics of a proof, recomputed by a learner.

mod challenge;
mod encode;
mod equation;
mod find;
mod recorded;
mod toy;

use dashu_int::UBig;
use sha2::{Digest, Sha256};

pub use challenge::{Padded, challenge};
pub use encode::encode;
pub use equation::{E_START, ToyKey, ToyProof, equation};
pub use find::{Place, Reason, find};
pub use recorded::Recorded;

/// Returns the SHA-256 of some bytes.
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// Returns the number with these big-endian bytes, in decimal.
///
/// ```
/// assert_eq!(workshop::numbers::decimal(&[1, 0]), "256");
/// ```
pub fn decimal(bytes: &[u8]) -> String {
    UBig::from_be_bytes(bytes).to_string()
}
