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

use dashu_int::UBig;
use zeroize::Zeroize;

/// The largest modulus, in bits: two primes of 1,025 bits, as `indy-credx` draws them.
pub(crate) const MAX_MODULUS_BITS: usize = 2050;

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
