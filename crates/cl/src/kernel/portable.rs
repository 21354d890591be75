//! One number at a time, in limbs of 60 bits, on any processor.
//!
//! A product of two limbs has 120 bits, so that 256 products can be added in 128 bits before a
//! carry is needed: a column of a product is one sum, with two additions for each term. With limbs
//! of 64 bits there would be fewer limbs (33 instead of 35), but each product would need a carry of
//! its own, and each carry would have to wait for the one before.

use std::num::Wrapping;

use dashu_base::BitTest;
use dashu_int::UBig;
use zeroize::Zeroize;

use super::{Kernel, from_limbs, negated_inverse, to_limbs};

/// Limbs for a modulus of up to [`MAX_MODULUS_BITS`](crate::parameters::MAX_MODULUS_BITS) bits.
pub(crate) const LIMBS: usize = 35;

/// Limbs for a prime factor of up to [`MAX_PRIME_BITS`](crate::parameters::MAX_PRIME_BITS) bits.
pub(crate) const PRIME_LIMBS: usize = 20;

/// Bits of a limb.
const LIMB_BITS: usize = 60;

/// The largest limb.
const LIMB_MASK: u64 = (1 << LIMB_BITS) - 1;

/// The number of limbs of a factor that are multiplied at a time.
const BLOCK: usize = 5;

/// Arithmetic modulo `n` with `R = 2^(60·L)`. `L` is a multiple of 5.
pub(crate) struct Portable<const L: usize> {
    modulus: UBig,
    n: [u64; L],
    /// `-1/n mod 2^60`
    n0: u64,
    /// `R mod n`
    one: Limbs<L>,
}

/// A number of `L` limbs, the least significant one first.
#[derive(Clone)]
pub(crate) struct Limbs<const L: usize>([u64; L]);

impl<const L: usize> Zeroize for Limbs<L> {
    fn zeroize(&mut self) {
        self.0.zeroize();
    }
}

impl<const L: usize> Kernel for Portable<L> {
    const LANES: usize = 1;
    type Residue = Limbs<L>;
    type Vector = Limbs<L>;

    fn new(modulus: &UBig) -> Option<Self> {
        const {
            // A column of a product, and of the multiple of n that is added to it, has at most 2·L
            // products of two limbs, and receives a carry of less than 2^69: 2·L·2^120 + 2^69 <
            // 2^128.
            assert!(2 * L < 256);
            assert!(L.is_multiple_of(BLOCK));
        }
        // A product of factors below 4n is reduced to less than 16·n²/R + n. With n < R/2^14 that
        // is below 2n, and every number and its double are below R.
        if !modulus.bit(0) || modulus.is_one() || modulus.bit_len() + 14 > LIMB_BITS * L {
            return None;
        }
        let n = to_limbs(modulus, LIMB_BITS);
        let one = (UBig::ONE << (LIMB_BITS * L)) % modulus;
        Some(Self {
            n,
            n0: negated_inverse(n[0]) & LIMB_MASK,
            one: Limbs(to_limbs(&one, LIMB_BITS)),
            modulus: modulus.clone(),
        })
    }

    fn with_moduli(moduli: &[UBig]) -> Option<Self> {
        match moduli {
            [modulus] => Self::new(modulus),
            _ => None,
        }
    }

    fn enter(&self, value: &UBig) -> Limbs<L> {
        let value = (value << (LIMB_BITS * L)) % &self.modulus;
        Limbs(to_limbs(&value, LIMB_BITS))
    }

    fn leave(&self, residue: &Limbs<L>) -> UBig {
        // (x + m·n)/R with x < 4n and m < R is at most n.
        let value = from_limbs(&self.plain(residue).0, LIMB_BITS);
        if value >= self.modulus { value - &self.modulus } else { value }
    }

    fn one(&self) -> Limbs<L> {
        self.one.clone()
    }

    fn multiply(&self, into: &mut Limbs<L>, by: &Limbs<L>) {
        self.product(&mut into.0, &by.0);
    }

    fn square(&self, into: &mut Limbs<L>) {
        self.squared(&mut into.0);
    }

    fn double(&self, into: &mut Limbs<L>, lanes: u8) {
        let shift = u32::from(lanes & 1);
        let mut carry = 0;
        for limb in &mut into.0 {
            let shifted = (*limb << shift) | carry;
            carry = shifted >> LIMB_BITS;
            *limb = shifted & LIMB_MASK;
        }
    }

    fn is_one(&self, value: &Limbs<L>) -> u8 {
        // At most n, as in `leave`, and n is not 1: only the number 1 has this form.
        let mut plain = self.plain(value);
        plain.0[0] ^= 1;
        u8::from(plain.0.iter().fold(0, |all, limb| all | limb) == 0)
    }

    fn pick(&self, entries: &[&Limbs<L>]) -> Limbs<L> {
        entries[0].clone()
    }

    fn scan(&self, tables: &[&[Limbs<L>]], digits: &[usize]) -> Limbs<L> {
        let mut found = [0; L];
        for (index, entry) in tables[0].iter().enumerate() {
            #[cfg(test)]
            super::reads::scanned();
            let mask = 0u64.wrapping_sub(u64::from(index == digits[0]));
            for (limb, entry) in found.iter_mut().zip(&entry.0) {
                *limb |= entry & mask;
            }
        }
        Limbs(found)
    }

    fn extract(&self, vector: &Limbs<L>, _lane: usize) -> Limbs<L> {
        vector.clone()
    }

    fn insert(&self, vector: &mut Limbs<L>, _lane: usize, residue: &Limbs<L>) {
        vector.clone_from(residue);
    }
}

impl<const L: usize> Portable<L> {
    /// `value/R`, which leaves the Montgomery form.
    fn plain(&self, value: &Limbs<L>) -> Limbs<L> {
        let mut unit = [0; L];
        unit[0] = 1;
        let mut plain = value.clone();
        self.product(&mut plain.0, &unit);
        plain
    }

    /// `into ← into·by/R mod n`, below `2n` for factors below `4n`.
    fn product(&self, into: &mut [u64; L], by: &[u64; L]) {
        let mut columns = [[Column::default(); L]; 2];
        let columns = columns.as_flattened_mut();
        for (index, block) in by.as_chunks::<BLOCK>().0.iter().enumerate() {
            sweep(&mut columns[index * BLOCK..], block, into);
        }
        self.reduce(into, columns);
    }

    /// `into ← into²/R mod n`, below `2n` for a number below `4n`.
    fn squared(&self, into: &mut [u64; L]) {
        let mut columns = [[Column::default(); L]; 2];
        let columns = columns.as_flattened_mut();
        // The products of different limbs occur twice: they are added once, and doubled.
        for (index, block) in into.as_chunks::<BLOCK>().0.iter().enumerate() {
            let (from, end) = (index * BLOCK, (index + 1) * BLOCK);
            for (i, a) in block.iter().enumerate() {
                for (j, b) in block.iter().enumerate().skip(i + 1) {
                    columns[2 * from + i + j] += wide(*a, *b);
                }
            }
            sweep(&mut columns[from + end..], block, &into[end..]);
        }
        for (pair, limb) in columns.as_chunks_mut::<2>().0.iter_mut().zip(&*into) {
            pair[0] = pair[0] + pair[0] + wide(*limb, *limb);
            pair[1] = pair[1] + pair[1];
        }
        self.reduce(into, columns);
    }

    /// `into ← columns/R mod n`, by adding the multiple of `n` that makes the lower half of the
    /// columns zero.
    #[inline(always)]
    fn reduce(&self, into: &mut [u64; L], columns: &mut [Column]) {
        for block in 0..L / BLOCK {
            let columns = &mut columns[block * BLOCK..];
            let mut quotients = [0; BLOCK];
            for i in 0..BLOCK {
                let quotient = (columns[i].0 as u64).wrapping_mul(self.n0) & LIMB_MASK;
                quotients[i] = quotient;
                for j in 0..BLOCK {
                    columns[i + j] += wide(quotient, self.n[j]);
                }
                // The lowest 60 bits are zero now.
                let carry = columns[i] >> LIMB_BITS;
                columns[i + 1] += carry;
            }
            sweep(&mut columns[BLOCK..], &quotients, &self.n[BLOCK..]);
        }
        let mut carry = Column::default();
        for (limb, column) in into.iter_mut().zip(&columns[L..]) {
            carry += *column;
            *limb = carry.0 as u64 & LIMB_MASK;
            carry >>= LIMB_BITS;
        }
    }
}

/// A column of a product: a sum of products of limbs. Limbs have 60 bits, so that no sum reaches
/// 128 bits; the type says so to the compiler, which would check each addition of the innermost
/// loop for overflow.
type Column = Wrapping<u128>;

/// The product of two limbs.
#[inline(always)]
fn wide(a: u64, b: u64) -> Column {
    Wrapping(u128::from(a)) * Wrapping(u128::from(b))
}

/// Adds the product of a block and a number to the columns. Four columns stay in registers, and
/// each limb is multiplied with the whole block when it is read.
#[inline(always)]
fn sweep(columns: &mut [Column], block: &[u64; BLOCK], by: &[u64]) {
    let columns = &mut columns[..by.len() + BLOCK - 1];
    // Variables instead of arrays, because the compiler would keep arrays in memory.
    let [b0, b1, b2, b3, b4] = *block;
    let (mut c0, mut c1, mut c2, mut c3) = (columns[0], columns[1], columns[2], columns[3]);
    for (j, limb) in by.iter().enumerate() {
        let c4 = columns[j + 4] + wide(b4, *limb);
        columns[j] = c0 + wide(b0, *limb);
        c0 = c1 + wide(b1, *limb);
        c1 = c2 + wide(b2, *limb);
        c2 = c3 + wide(b3, *limb);
        c3 = c4;
    }
    let end = by.len();
    columns[end] = c0;
    columns[end + 1] = c1;
    columns[end + 2] = c2;
    columns[end + 3] = c3;
}
