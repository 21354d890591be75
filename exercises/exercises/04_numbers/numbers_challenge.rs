//! The mathematics, 2: recompute a challenge (10 minutes)
//!
//! Goal: know what a challenge covers, byte by byte.
//!
//! A prover computes values `T` and commitments, and then the challenge:
//!
//!     c = SHA-256( T values | commitments | nonce )
//!
//! Each number is hashed as its big-endian bytes, without zeros before it. There is nothing
//! between the numbers: no lengths and no separators. A verifier recomputes the `T` values from
//! the responses, hashes in the same way, and compares the hash with `c_hash` of the presentation.
//!
//! What to do: correct `challenge`. Here each number is given as 260 bytes, with zeros before it,
//! as many libraries write numbers. The check compares your hash with `c_hash` of three recorded
//! presentations.

use std::process::ExitCode;

use workshop::{
    numbers::{self, Padded, sha256},
    outcome::finish,
};

/// Returns the challenge of a proof.
fn challenge(t_values: &[Padded], commitments: &[Padded], nonce: &Padded) -> [u8; 32] {
    let mut bytes = Vec::new();
    // TODO: two things are not as the formula has them: the order, and the form of each number.
    bytes.extend_from_slice(nonce);
    for number in commitments {
        bytes.extend_from_slice(number);
    }
    for number in t_values {
        bytes.extend_from_slice(number);
    }
    sha256(&bytes)
}

fn main() -> ExitCode {
    finish("numbers_challenge", numbers::challenge(challenge))
}
