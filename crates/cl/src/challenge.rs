//! The challenge `c = SHA-256(tau… | c_list… | nonce)`.
//!
//! The hash covers the big-endian bytes of every number, without leading zeros (no byte for 0) and
//! without separators.

use dashu_int::UBig;
use sha2::{Digest, Sha256};

/// The hash of a list of numbers.
#[derive(Default)]
pub(crate) struct Transcript(Sha256);

impl Transcript {
    /// Appends a number.
    pub(crate) fn number(&mut self, number: &UBig) {
        self.0.update(number.to_be_bytes());
    }

    /// Returns the hash of all numbers.
    pub(crate) fn challenge(self) -> UBig {
        UBig::from_be_bytes(&self.0.finalize())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zero_has_no_bytes_and_numbers_have_no_separators() {
        let mut transcript = Transcript::default();
        transcript.number(&UBig::from(0x6162_u32));
        transcript.number(&UBig::ZERO);
        transcript.number(&UBig::from(0x63_u32));
        // SHA-256 of "abc"
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(transcript.challenge(), UBig::from_str_radix(expected, 16).unwrap());
    }
}
