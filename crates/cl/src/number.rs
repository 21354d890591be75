//! Exponents.

use dashu_base::BitTest;
use dashu_int::UBig;
use zeroize::Zeroizing;

/// An exponent, with an upper bound on its length. Wiped when it is dropped.
///
/// The bound is public; the exponent itself may be secret, since the steps of an evaluation depend
/// only on bounds.
#[derive(Clone)]
pub(crate) struct Exponent {
    words: Zeroizing<Vec<u64>>,
    bits: usize,
}

impl Exponent {
    /// Creates an exponent of at most `bits` bits; `None` if `value` is longer.
    pub(crate) fn new(value: &UBig, bits: usize) -> Option<Self> {
        if value.bit_len() > bits {
            return None;
        }
        let mut words = Zeroizing::new(vec![0; bits.div_ceil(64)]);
        for (word, value) in words.iter_mut().zip(value.as_words()) {
            *word = *value;
        }
        Some(Self { words, bits })
    }

    /// Creates a public exponent, whose bound is its own length.
    pub(crate) fn public(value: &UBig) -> Self {
        Self { words: Zeroizing::new(value.as_words().to_vec()), bits: value.bit_len() }
    }

    /// Returns the bound, in bits.
    pub(crate) fn bits(&self) -> usize {
        self.bits
    }

    /// Returns the bit at a position; 0 beyond the bound.
    pub(crate) fn bit(&self, position: usize) -> usize {
        match self.words.get(position / 64) {
            Some(word) => ((word >> (position % 64)) & 1) as usize,
            None => 0,
        }
    }
}
