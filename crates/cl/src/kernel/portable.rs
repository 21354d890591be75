//! One number at a time, in limbs of 64 bits, on any processor.

use dashu_base::BitTest;
use dashu_int::UBig;
use zeroize::Zeroize;

use super::Kernel;

/// Limbs for a modulus of up to [`MAX_MODULUS_BITS`](super::MAX_MODULUS_BITS) bits.
pub(crate) const LIMBS: usize = 33;

/// Limbs for one of its prime factors, of up to 1,025 bits.
pub(crate) const PRIME_LIMBS: usize = 17;

/// Arithmetic modulo `n` with `R = 2^(64·L)`.
pub(crate) struct Portable<const L: usize> {
    modulus: UBig,
    n: [u64; L],
    /// `-1/n mod 2^64`
    n0: u64,
    /// `R mod n`
    one: Limbs<L>,
}

/// A number of `L` limbs, least significant first.
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
        let n = to_limbs::<L>(modulus);
        if n[0] & 1 == 0 || modulus < &UBig::from(3u8) || modulus.bit_len() + 14 > 64 * L {
            return None;
        }
        let one = (UBig::ONE << (64 * L)) % modulus;
        Some(Self {
            n,
            n0: negated_inverse(n[0]),
            one: Limbs(to_limbs(&one)),
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
        Limbs(to_limbs(&((value << (64 * L)) % &self.modulus)))
    }

    fn leave(&self, residue: &Limbs<L>) -> UBig {
        let mut unit = [0; L];
        unit[0] = 1;
        let value = from_limbs(&self.montgomery(&residue.0, &unit));
        if value >= self.modulus {
            value - &self.modulus
        } else {
            value
        }
    }

    fn one(&self) -> Limbs<L> {
        self.one.clone()
    }

    fn multiply(&self, into: &mut Limbs<L>, by: &Limbs<L>) {
        into.0 = self.montgomery(&into.0, &by.0);
    }

    fn square(&self, into: &mut Limbs<L>) {
        into.0 = self.montgomery(&into.0, &into.0);
    }

    fn double(&self, into: &mut Limbs<L>, lanes: u8) {
        let shift = u32::from(lanes & 1);
        let mut carry = 0;
        for limb in &mut into.0 {
            let out = (*limb >> 63) & u64::from(shift);
            *limb = (*limb << shift) | carry;
            carry = out;
        }
    }

    fn is_one(&self, value: &Limbs<L>) -> u8 {
        let mut unit = [0; L];
        unit[0] = 1;
        u8::from(self.montgomery(&value.0, &unit) == unit)
    }

    fn pick(&self, entries: &[&Limbs<L>]) -> Limbs<L> {
        entries[0].clone()
    }

    fn scan(&self, tables: &[&[Limbs<L>]], digits: &[usize]) -> Limbs<L> {
        let mut found = [0; L];
        for (index, entry) in tables[0].iter().enumerate() {
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
    /// `a·b/R mod n`, below `2n` for factors below `4n`.
    fn montgomery(&self, a: &[u64; L], b: &[u64; L]) -> [u64; L] {
        let mut t = [0u64; L];
        let mut top = 0u64;
        for &a in a {
            let mut carry = 0u128;
            for (t, &b) in t.iter_mut().zip(b) {
                carry += u128::from(a) * u128::from(b) + u128::from(*t);
                *t = carry as u64;
                carry >>= 64;
            }
            let above = u128::from(top) + carry;
            let m = t[0].wrapping_mul(self.n0);
            let mut carry = (u128::from(m) * u128::from(self.n[0]) + u128::from(t[0])) >> 64;
            for j in 1..L {
                carry += u128::from(m) * u128::from(self.n[j]) + u128::from(t[j]);
                t[j - 1] = carry as u64;
                carry >>= 64;
            }
            let above = above + carry;
            t[L - 1] = above as u64;
            top = (above >> 64) as u64;
        }
        t
    }
}

/// `-1/n mod 2^64` for an odd `n`, by Newton's iteration, which doubles the correct bits each time.
pub(super) fn negated_inverse(n: u64) -> u64 {
    let mut inverse = n;
    for _ in 0..6 {
        inverse = inverse.wrapping_mul(2u64.wrapping_sub(n.wrapping_mul(inverse)));
    }
    inverse.wrapping_neg()
}

/// The lowest `64·L` bits, least significant limb first.
fn to_limbs<const L: usize>(value: &UBig) -> [u64; L] {
    let mut limbs = [0; L];
    for (limb, word) in limbs.iter_mut().zip(value.as_words()) {
        *limb = *word as u64;
    }
    limbs
}

fn from_limbs<const L: usize>(limbs: &[u64; L]) -> UBig {
    let bytes: Vec<u8> = limbs.iter().flat_map(|limb| limb.to_le_bytes()).collect();
    UBig::from_le_bytes(&bytes)
}
