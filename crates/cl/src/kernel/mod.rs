//! Multiplication modulo `n` in Montgomery form, in two forms behind one trait.
//!
//! A residue `x` is kept as `x·R mod n`, where `R` is a power of two that is much larger than `n`
//! (by at least 14 bits). So a value may stand anywhere in `[0, 2n)` between two multiplications, and
//! no multiplication ends with a comparison: that is faster, and takes the same time for every value.
//!
//! [`Portable`](portable::Portable) works on one number at a time, in limbs of 64 bits.
//! [`Ifma`](ifma::Ifma) works on eight independent numbers side by side, in limbs of 52 bits,
//! where the processor has AVX-512 IFMA.

pub(crate) mod ifma;
pub(crate) mod portable;
#[cfg(test)]
mod tests;

use std::fmt;

use dashu_int::UBig;
use zeroize::Zeroize;

/// The largest modulus, in bits: two primes of 1,025 bits, as `indy-credx` draws them.
pub(crate) const MAX_MODULUS_BITS: usize = 2050;

/// A form of the arithmetic. All forms give the same results; they differ in speed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Engine {
    /// Plain Rust, one number at a time: for every processor.
    Portable,
    /// Eight numbers at a time, for x86-64 processors with the AVX-512 IFMA instructions.
    Ifma,
}

impl Engine {
    /// The fastest form that this processor can run.
    #[must_use]
    pub fn detect() -> Self {
        if ifma::available() {
            Self::Ifma
        } else {
            Self::Portable
        }
    }

    /// All forms that this processor can run, the slowest first.
    #[must_use]
    pub fn available() -> Vec<Self> {
        let mut engines = vec![Self::Portable];
        engines.extend(ifma::available().then_some(Self::Ifma));
        engines
    }

    /// How many multiplications one step of the arithmetic carries out, side by side.
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

/// `base^(2^times) mod modulus`, by as many squarings one after the other; numbers are big-endian bytes.
/// This is for measuring: nearly all the time goes into the squarings, and each of them works on
/// [`Engine::lanes`] equal numbers side by side.
///
/// `None` if the modulus is even, below 3 or longer than 2,050 bits, or if this processor cannot run the
/// engine.
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

/// Montgomery arithmetic modulo one odd number, or one odd number in each lane.
///
/// All methods but [`pick`](Kernel::pick) take the same time and touch the same memory whatever the
/// values are; the modulus itself and the positions of lanes are no secrets.
pub(crate) trait Kernel: Sized + Send + Sync {
    /// How many numbers one operation works on.
    const LANES: usize;

    /// One number in Montgomery form, as tables keep it.
    type Residue: Clone + Zeroize + Send + Sync;

    /// `LANES` numbers in Montgomery form, side by side.
    type Vector: Clone + Zeroize;

    /// Arithmetic modulo `modulus` in every lane; `None` if the modulus is even, below 3, or too long.
    fn new(modulus: &UBig) -> Option<Self>;

    /// Arithmetic modulo one number in each lane, at most `LANES` of them; lanes that are left over
    /// repeat the first. `None` as for [`new`](Kernel::new), or if there is none.
    fn with_moduli(moduli: &[UBig]) -> Option<Self>;

    /// The Montgomery form of `value`, which may be of any size, modulo the first lane's modulus.
    fn enter(&self, value: &UBig) -> Self::Residue;

    /// The number that a residue stands for, in `[0, n)` of the first lane's modulus.
    fn leave(&self, residue: &Self::Residue) -> UBig;

    /// One, in every lane.
    fn one(&self) -> Self::Vector;

    /// `into ← into · by`, lane by lane.
    fn multiply(&self, into: &mut Self::Vector, by: &Self::Vector);

    /// `into ← into²`, lane by lane.
    fn square(&self, into: &mut Self::Vector);

    /// `into ← 2·into` in the lanes whose bit is set in `lanes`, where `into` has come out of a
    /// multiplication or a squaring. The result may go into one multiplication or squaring.
    fn double(&self, into: &mut Self::Vector, lanes: u8);

    /// Whether each lane holds one: bit `i` for lane `i`.
    fn is_one(&self, value: &Self::Vector) -> u8;

    /// Lane by lane, the given residue. `entries` has `LANES` elements.
    fn pick(&self, entries: &[&Self::Residue]) -> Self::Vector;

    /// Lane by lane, `tables[lane][digits[lane]]`, where every entry of every table is read.
    /// Both slices have `LANES` elements; all tables have the same length; a digit beyond it gives 0.
    fn scan(&self, tables: &[&[Self::Residue]], digits: &[usize]) -> Self::Vector;

    /// What one lane holds.
    fn extract(&self, vector: &Self::Vector, lane: usize) -> Self::Residue;

    /// Puts a residue into one lane.
    fn insert(&self, vector: &mut Self::Vector, lane: usize, residue: &Self::Residue);
}
