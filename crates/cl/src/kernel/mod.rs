//! Multiplication modulo `n` in Montgomery form: a trait with two implementations.
//!
//! A residue `x` is stored as `x·R mod n`, where `R` is a power of two that is longer than `n` by
//! at least 14 bits. Between two multiplications a value can therefore be anywhere in `[0, 2n)`,
//! and no multiplication ends with a comparison: that is faster, and takes the same time for every
//! value.
//!
//! One implementation works on one number at a time, in limbs of 60 bits; the other on eight
//! independent numbers in parallel, in limbs of 52 bits, if the processor has AVX-512 IFMA.
//! [`Engine`] tells which of them the processor can run, and [`repeated_square`] measures their
//! speed.

pub(crate) mod ifma;
pub(crate) mod portable;
#[cfg(test)]
pub(crate) mod reads;
#[cfg(test)]
mod tests;

use std::fmt;

use dashu_int::UBig;
use zeroize::{Zeroize, Zeroizing};

/// The largest number of lanes of any kernel.
pub(crate) const MAX_LANES: usize = 8;

/// An implementation of the arithmetic. All engines give the same results; they differ in speed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Engine {
    /// Plain Rust, one number at a time, for every processor.
    Portable,
    /// Eight numbers at a time, for x86-64 processors with the AVX-512 IFMA instructions.
    Ifma,
}

impl Engine {
    /// Returns the fastest engine that this processor can run.
    #[must_use]
    pub fn detect() -> Self {
        if ifma::available() { Self::Ifma } else { Self::Portable }
    }

    /// Returns all engines that this processor can run, the slowest one first.
    #[must_use]
    pub fn available() -> Vec<Self> {
        let mut engines = vec![Self::Portable];
        engines.extend(ifma::available().then_some(Self::Ifma));
        engines
    }

    /// Returns the number of multiplications that one operation carries out in parallel.
    #[must_use]
    pub fn lanes(self) -> usize {
        match self {
            Self::Portable => portable::Portable::<{ portable::LIMBS }>::LANES,
            Self::Ifma => ifma::Ifma::<{ ifma::LIMBS }>::LANES,
        }
    }
}

impl fmt::Display for Engine {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Portable => "portable",
            Self::Ifma => "AVX-512 IFMA",
        })
    }
}

/// Returns `base^(2^times) mod modulus`, computed by consecutive squarings, for benchmarks. All
/// numbers are big-endian bytes. Nearly all the time is spent in the squarings, each of which works
/// on [`Engine::lanes`] equal numbers in parallel.
///
/// Returns `None` if the modulus is even, below 3 or longer than 2,050 bits, or if this processor
/// cannot run the engine.
#[must_use]
pub fn repeated_square(engine: Engine, modulus: &[u8], base: &[u8], times: u32) -> Option<Vec<u8>> {
    let modulus = UBig::from_be_bytes(modulus);
    let base = UBig::from_be_bytes(base);
    let result = match engine {
        Engine::Portable => {
            squarings::<portable::Portable<{ portable::LIMBS }>>(&modulus, &base, times)
        }
        Engine::Ifma => squarings::<ifma::Ifma<{ ifma::LIMBS }>>(&modulus, &base, times),
    };
    Some(result?.to_be_bytes().into_vec())
}

fn squarings<K: Kernel>(modulus: &UBig, base: &UBig, times: u32) -> Option<UBig> {
    let kernel = K::new(modulus)?;
    let base = kernel.enter(base);
    let mut vector = kernel.pick(&vec![&base; K::LANES]);
    for _ in 0..times {
        kernel.square(&mut vector);
    }
    Some(kernel.leave(&kernel.extract(&vector, 0)))
}

/// Montgomery arithmetic modulo an odd number, or modulo one odd number for each lane.
///
/// All methods except [`pick`](Kernel::pick) take the same time and access the same memory whatever
/// the values are. The modulus and the positions of lanes are not secret.
pub(crate) trait Kernel: Sized + Send + Sync {
    /// The number of values that one operation works on, at most [`MAX_LANES`].
    const LANES: usize;

    /// A number in Montgomery form, as tables store it.
    type Residue: Clone + Zeroize + Send + Sync;

    /// `LANES` numbers in Montgomery form, one in each lane.
    type Vector: Clone + Zeroize;

    /// Creates arithmetic modulo `modulus` in every lane. `None` if the modulus is even, below 3,
    /// or too long.
    fn new(modulus: &UBig) -> Option<Self>;

    /// Creates arithmetic modulo one number in each lane, at most `LANES` numbers; the remaining
    /// lanes repeat the first one. `None` as for [`new`](Kernel::new), or if there are no moduli.
    fn with_moduli(moduli: &[UBig]) -> Option<Self>;

    /// Returns the Montgomery form of `value`, a number of any size, modulo the first lane's
    /// modulus.
    fn enter(&self, value: &UBig) -> Self::Residue;

    /// Returns the number whose Montgomery form is `residue`, in `[0, n)` of the first lane's
    /// modulus.
    fn leave(&self, residue: &Self::Residue) -> UBig;

    /// Returns 1 in every lane.
    fn one(&self) -> Self::Vector;

    /// `into ← into · by`, lane by lane.
    fn multiply(&self, into: &mut Self::Vector, by: &Self::Vector);

    /// `into ← into²`, lane by lane.
    fn square(&self, into: &mut Self::Vector);

    /// `into ← 2·into` in the lanes whose bit is set in `lanes`, where `into` is the result of a
    /// multiplication or a squaring. The result can be an operand of one multiplication or
    /// squaring, but cannot be doubled again.
    fn double(&self, into: &mut Self::Vector, lanes: u8);

    /// Returns whether each lane is 1, in bit `i` for lane `i`.
    fn is_one(&self, value: &Self::Vector) -> u8;

    /// Returns the given residues, one in each lane. `entries` has `LANES` elements.
    fn pick(&self, entries: &[&Self::Residue]) -> Self::Vector;

    /// Returns `tables[lane][digits[lane]]` in each lane, and reads every entry of every table.
    /// Both slices have `LANES` elements; all tables have the same length; a digit beyond it gives
    /// 0.
    fn scan(&self, tables: &[&[Self::Residue]], digits: &[usize]) -> Self::Vector;

    /// Returns the residue in a lane.
    fn extract(&self, vector: &Self::Vector, lane: usize) -> Self::Residue;

    /// Puts a residue into a lane.
    fn insert(&self, vector: &mut Self::Vector, lane: usize, residue: &Self::Residue);
}

/// `-1/n mod 2^64` for an odd `n`, by Newton's iteration, which doubles the number of correct bits
/// in each step.
fn negated_inverse(n: u64) -> u64 {
    let mut inverse = n;
    for _ in 0..6 {
        inverse = inverse.wrapping_mul(2u64.wrapping_sub(n.wrapping_mul(inverse)));
    }
    inverse.wrapping_neg()
}

/// Returns the lowest `L` limbs of at most 64 bits, the least significant one first.
fn to_limbs<const L: usize>(value: &UBig, limb_bits: usize) -> [u64; L] {
    let bytes = Zeroizing::new(value.to_le_bytes().into_vec());
    let word = |index: usize| {
        let bytes = bytes.iter().skip(8 * index).take(8).rev();
        bytes.fold(0u128, |word, byte| word << 8 | u128::from(*byte))
    };
    std::array::from_fn(|limb| {
        let position = limb * limb_bits;
        let pair = word(position / 64) | word(position / 64 + 1) << 64;
        (pair >> (position % 64)) as u64 & (u64::MAX >> (64 - limb_bits))
    })
}

/// Returns the number with the given limbs.
fn from_limbs(limbs: &[u64], limb_bits: usize) -> UBig {
    let mut bytes = Zeroizing::new(vec![0; (limbs.len() * limb_bits).div_ceil(8) + 8]);
    for (index, limb) in limbs.iter().enumerate() {
        let position = index * limb_bits;
        // A limb begins inside a byte and so overlaps at most nine; its bits in these are still
        // zero.
        let shifted = u128::from(*limb) << (position % 8);
        for (byte, part) in bytes[position / 8..].iter_mut().zip(shifted.to_le_bytes()).take(9) {
            *byte |= part;
        }
    }
    UBig::from_le_bytes(&bytes)
}
