//! A key from its primes: the generator `S`, its powers `Z`, `R_i` and `Rctxt`, and the proof of
//! their correctness.

use std::collections::{BTreeMap, BTreeSet};

use dashu_base::BitTest;
use dashu_int::UBig;
use zeroize::Zeroizing;

use super::power::Power;
use super::{GenerateError, GeneratedKey, KeyCorrectnessProof, KeyFault, PrivateKey};
use crate::kernel::{Engine, Kernel, ifma, portable};
use crate::number::Exponent;
use crate::parameters::{CHALLENGE_BITS, HIDING_BITS};
use crate::product::{Product, Secrecy, Table, evaluate, tables};
use crate::public_key::PublicKey;
use crate::random::{NoRandomness, random_below, random_bits};

/// Teeth of the comb of `S`. Each look-up reads all `2^TEETH` entries, because the exponents are
/// secret, so that the tables are smaller than a verifier's.
const TEETH: usize = 5;

/// Draws the remaining parts of a key for suitable primes.
pub(super) fn complete(
    private: PrivateKey,
    names: BTreeSet<String>,
    engine: Engine,
) -> Result<GeneratedKey, GenerateError> {
    match engine {
        Engine::Portable => {
            complete_with::<portable::Portable<{ portable::LIMBS }>>(private, names)
        }
        Engine::Ifma => complete_with::<ifma::Ifma<{ ifma::LIMBS }>>(private, names),
    }
}

fn complete_with<K: Kernel>(
    private: PrivateKey,
    names: BTreeSet<String>,
) -> Result<GeneratedKey, GenerateError> {
    let n = private.modulus();
    let bits = n.bit_len();
    let s = generator(&private, &n)?;
    let comb = Comb::<K>::new(&n, &s).ok_or(KeyFault::Size { bits })?;
    let draw = || -> Result<Power, GenerateError> {
        let mask = Zeroizing::new(random_bits(comb.mask_bits)?);
        let power = comb.power(exponent(&private)?, mask);
        Ok(power.ok_or(KeyFault::Size { bits })?)
    };
    let z = draw()?;
    let mut r = BTreeMap::new();
    for name in names {
        r.insert(name, draw()?);
    }
    let rctxt = draw()?;
    let correctness_proof = KeyCorrectnessProof::new(&z, &r);
    Ok(GeneratedKey {
        public: PublicKey {
            n,
            s,
            z: z.value,
            r: r.into_iter().map(|(name, power)| (name, power.value)).collect(),
            rctxt: rctxt.value,
        },
        private,
        correctness_proof,
    })
}

/// Draws a square that generates the group of the squares modulo `n`, which has `p'·q'` elements.
///
/// The squares modulo `p` are a group of `p'` elements. Since `p'` is prime, each of them except 1
/// generates the group. The same holds for `q`. So a square generates the group modulo `n` if it is
/// neither 0 nor 1 modulo either prime, in other words if `S^p' != 1`, `S^q' != 1` and
/// `gcd(S - 1, n) = 1`.
fn generator(private: &PrivateKey, n: &UBig) -> Result<UBig, NoRandomness> {
    loop {
        let root = random_below(n)?;
        let square = &root * &root % n;
        let generates = |prime: Zeroizing<UBig>| &square % &*prime > UBig::ONE;
        if private.primes().into_iter().all(generates) {
            return Ok(square);
        }
    }
}

/// Draws an exponent from 2 to `p'·q' - 2`.
fn exponent(private: &PrivateKey) -> Result<Zeroizing<UBig>, NoRandomness> {
    let bound = Zeroizing::new(&*private.order() - UBig::from(3u8));
    let drawn = Zeroizing::new(random_below(&bound)?);
    Ok(Zeroizing::new(&*drawn + UBig::from(2u8)))
}

/// Raises `S` to secret exponents.
struct Comb<K: Kernel> {
    kernel: K,
    table: Table<K>,
    exponent_bits: usize,
    mask_bits: usize,
}

impl<K: Kernel> Comb<K> {
    fn new(n: &UBig, s: &UBig) -> Option<Self> {
        let kernel = K::new(n)?;
        let exponent_bits = n.bit_len();
        let mask_bits = exponent_bits + CHALLENGE_BITS + HIDING_BITS;
        let table = tables(&kernel, TEETH, &[(s.clone(), mask_bits)]).pop()?;
        Some(Self { kernel, table, exponent_bits, mask_bits })
    }

    /// Returns `None` if a number is longer than its bound.
    fn power(&self, exponent: Zeroizing<UBig>, mask: Zeroizing<UBig>) -> Option<Power> {
        let product = |exponent, bits| {
            Some(Product::default().table(&self.table, Exponent::new(exponent, bits)?))
        };
        let products = [product(&exponent, self.exponent_bits)?, product(&mask, self.mask_bits)?];
        let values = evaluate(&self.kernel, &products, Secrecy::Secret);
        let [value, commitment] = values.try_into().ok()?;
        Some(Power {
            exponent,
            value: self.kernel.leave(&value),
            mask,
            commitment: self.kernel.leave(&commitment),
        })
    }
}
