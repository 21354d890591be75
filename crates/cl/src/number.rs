//! Numbers outside the kernel: exponents, random numbers, secrets.

use dashu_base::BitTest;
use dashu_int::UBig;
use zeroize::Zeroizing;

/// A number that is raised to: its bits, and how many there may be. Wiped when it is dropped.
///
/// The bound is public, the bits need not be: how an evaluation proceeds depends on bounds only.
#[derive(Clone)]
pub(crate) struct Exponent {
    words: Zeroizing<Vec<u64>>,
    bits: usize,
}

impl Exponent {
    /// An exponent of at most `bits` bits; `None` if `value` is longer.
    pub(crate) fn new(value: &UBig, bits: usize) -> Option<Self> {
        if value.bit_len() > bits {
            return None;
        }
        let mut words = Zeroizing::new(vec![0; bits.div_ceil(64)]);
        for (word, value) in words.iter_mut().zip(value.as_words()) {
            *word = *value as u64;
        }
        Some(Self { words, bits })
    }

    /// A public exponent: its bound is its own length.
    pub(crate) fn public(value: &UBig) -> Self {
        let words = value.as_words().iter().map(|word| *word as u64).collect();
        Self {
            words: Zeroizing::new(words),
            bits: value.bit_len(),
        }
    }

    /// How many bits there may be.
    pub(crate) fn bits(&self) -> usize {
        self.bits
    }

    /// The bit at a position, 0 beyond the bound.
    pub(crate) fn bit(&self, position: usize) -> usize {
        match self.words.get(position / 64) {
            Some(word) => ((word >> (position % 64)) & 1) as usize,
            None => 0,
        }
    }
}
