//! Eight numbers in parallel, in limbs of 52 bits, for processors with AVX-512 IFMA.
//!
//! The instructions multiply eight pairs of 52-bit numbers at once and add the lower or the upper
//! 52 bits of the products to eight sums of 64 bits. One operation thus works on eight independent
//! numbers, one in each lane, each with a modulus of its own. Only [`pick`](Kernel::pick) and
//! [`scan`](Kernel::scan), which transpose numbers into lanes, move data across lanes.
//!
//! This file defines the representation of the numbers; the instructions, and all `unsafe` code of
//! the crate, are in the module [`instructions`].

#[cfg_attr(not(target_arch = "x86_64"), path = "absent.rs")]
mod instructions;

use dashu_base::BitTest;
use dashu_int::UBig;
use zeroize::Zeroize;

use super::{Kernel, MAX_LANES, from_limbs, negated_inverse, to_limbs};
use instructions::Instructions;

/// Limbs for a modulus of up to [`MAX_MODULUS_BITS`](crate::parameters::MAX_MODULUS_BITS) bits.
pub(crate) const LIMBS: usize = 40;

/// Limbs for a prime factor of up to [`MAX_PRIME_BITS`](crate::parameters::MAX_PRIME_BITS) bits.
pub(crate) const PRIME_LIMBS: usize = 20;

/// The number of lanes: eight times 64 bits fill a register.
const LANES: usize = MAX_LANES;

/// Bits of a limb, which the instructions determine.
const LIMB_BITS: usize = 52;

/// The largest limb.
const LIMB_MASK: u64 = (1 << LIMB_BITS) - 1;

/// Returns whether this processor has the instructions.
pub(crate) fn available() -> bool {
    Instructions::detect().is_some()
}

/// One limb of the number in each lane: the content of a register, aligned to a cache line.
#[derive(Clone, Copy)]
#[repr(C, align(64))]
struct Row([u64; LANES]);

const ZERO: Row = Row([0; LANES]);

/// Eight numbers of `L` limbs below `2^52`, the least significant one first.
#[derive(Clone)]
pub(crate) struct Vector<const L: usize>([Row; L]);

/// A number of `L` limbs below `2^52`, the least significant one first.
#[derive(Clone)]
#[repr(C, align(64))]
pub(crate) struct Residue<const L: usize>([u64; L]);

/// The moduli, in the form that a multiplication needs.
struct Moduli<const L: usize> {
    n: Vector<L>,
    /// `-1/n mod 2^52`
    n0: Row,
}

/// Arithmetic modulo an odd `n` in each lane, with `R = 2^(52·L)`. `L` is a multiple of 4.
pub(crate) struct Ifma<const L: usize> {
    instructions: Instructions,
    moduli: Moduli<L>,
    /// `R mod n`
    one: Vector<L>,
    /// The first lane's modulus.
    first: UBig,
}

impl<const L: usize> Zeroize for Vector<L> {
    fn zeroize(&mut self) {
        for row in &mut self.0 {
            row.0.zeroize();
        }
    }
}

impl<const L: usize> Zeroize for Residue<L> {
    fn zeroize(&mut self) {
        self.0.zeroize();
    }
}

impl<const L: usize> Kernel for Ifma<L> {
    const LANES: usize = LANES;
    type Residue = Residue<L>;
    type Vector = Vector<L>;

    fn new(modulus: &UBig) -> Option<Self> {
        Self::with_moduli(std::slice::from_ref(modulus))
    }

    fn with_moduli(moduli: &[UBig]) -> Option<Self> {
        // The arithmetic processes four limbs at a time.
        const { assert!(L.is_multiple_of(4)) }
        let instructions = Instructions::detect()?;
        let first = moduli.first()?.clone();
        let fits = |n: &UBig| {
            // A product of factors below 4n is reduced to less than 16·n²/R + n. With n ≤ R/2^14
            // that is below 2n, and every number and its double are below R.
            n.bit(0) && *n > UBig::ONE && n.bit_len() + 14 <= LIMB_BITS * L
        };
        if moduli.len() > LANES || !moduli.iter().all(fits) {
            return None;
        }
        let mut kernel = Self {
            instructions,
            moduli: Moduli { n: Vector([ZERO; L]), n0: ZERO },
            one: Vector([ZERO; L]),
            first,
        };
        for lane in 0..LANES {
            let n = moduli.get(lane).unwrap_or(&kernel.first);
            let one = (UBig::ONE << (LIMB_BITS * L)) % n;
            let limbs = Residue(to_limbs(n, LIMB_BITS));
            kernel.moduli.n0.0[lane] = negated_inverse(limbs.0[0]) & LIMB_MASK;
            kernel.moduli.n.put(lane, &limbs);
            kernel.one.put(lane, &Residue(to_limbs(&one, LIMB_BITS)));
        }
        Some(kernel)
    }

    fn enter(&self, value: &UBig) -> Residue<L> {
        let value = (value << (LIMB_BITS * L)) % &self.first;
        Residue(to_limbs(&value, LIMB_BITS))
    }

    fn leave(&self, residue: &Residue<L>) -> UBig {
        let mut vector = Vector([ZERO; L]);
        vector.put(0, residue);
        self.multiply(&mut vector, &unit());
        // (x + m·n)/R with x < 4n and m < R is at most n.
        let value = from_limbs(&vector.take(0).0, LIMB_BITS);
        vector.zeroize();
        if value >= self.first { value - &self.first } else { value }
    }

    fn one(&self) -> Vector<L> {
        self.one.clone()
    }

    fn multiply(&self, into: &mut Vector<L>, by: &Vector<L>) {
        self.instructions.multiply(into, by, &self.moduli);
    }

    fn square(&self, into: &mut Vector<L>) {
        self.instructions.square(into, &self.moduli);
    }

    fn double(&self, into: &mut Vector<L>, lanes: u8) {
        self.instructions.double(into, lanes);
    }

    fn is_one(&self, value: &Vector<L>) -> u8 {
        // At most n, as in `leave`, and n is not 1: only the number 1 has this form.
        let mut plain = value.clone();
        self.multiply(&mut plain, &unit());
        let mut different = [0; LANES];
        for (row, expected) in plain.0.iter().zip(&unit::<L>().0) {
            for (lane, different) in different.iter_mut().enumerate() {
                *different |= row.0[lane] ^ expected.0[lane];
            }
        }
        plain.zeroize();
        (0..LANES).map(|lane| u8::from(different[lane] == 0) << lane).sum()
    }

    fn pick(&self, entries: &[&Residue<L>]) -> Vector<L> {
        let entries = std::array::from_fn(|lane| entries[lane]);
        self.instructions.side_by_side(entries)
    }

    fn scan(&self, tables: &[&[Residue<L>]], digits: &[usize]) -> Vector<L> {
        let tables = std::array::from_fn(|lane| (tables[lane], digits[lane]));
        self.instructions.scan(tables)
    }

    fn extract(&self, vector: &Vector<L>, lane: usize) -> Residue<L> {
        vector.take(lane)
    }

    fn insert(&self, vector: &mut Vector<L>, lane: usize, residue: &Residue<L>) {
        vector.put(lane, residue);
    }
}

impl<const L: usize> Vector<L> {
    fn put(&mut self, lane: usize, number: &Residue<L>) {
        for (row, limb) in self.0.iter_mut().zip(&number.0) {
            row.0[lane] = *limb;
        }
    }

    fn take(&self, lane: usize) -> Residue<L> {
        Residue(std::array::from_fn(|limb| self.0[limb].0[lane]))
    }
}

/// The plain number 1 in every lane: a multiplication by it leaves the Montgomery form.
fn unit<const L: usize>() -> Vector<L> {
    let mut unit = Vector([ZERO; L]);
    unit.0[0] = Row([1; LANES]);
    unit
}
