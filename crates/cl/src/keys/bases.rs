//! From primes to a key: the generator `S`, its powers `Z`, `R_i`, `Rctxt`, and the proof of their
//! correctness.

use std::collections::{BTreeMap, BTreeSet};

use dashu_base::BitTest;
use dashu_int::UBig;
use zeroize::Zeroizing;

use super::{GenerateError, GeneratedKey, KeyCorrectnessProof, KeyFault, PrivateKey};
use crate::challenge::CHALLENGE_BITS;
use crate::kernel::{Engine, Kernel, ifma, portable};
use crate::number::Exponent;
use crate::product::{Product, Secrecy, Table, evaluate, tables};
use crate::public_key::PublicKey;
use crate::random::{NoRandomness, Randomness, below};

/// Teeth of the comb of `S`. Looking an entry up reads all `2^TEETH` of them, because the exponents are
/// secret; so there are fewer than in a verifier's tables.
const TEETH: usize = 5;

/// How many bits a mask is longer than the product that it hides: nobody can tell from a response which
/// of two secrets is behind it, but for a chance of one in `2^80`.
const MARGIN_BITS: usize = 80;

/// Draws the rest of a key for good primes.
pub(super) fn complete(
    private: PrivateKey,
    names: BTreeSet<String>,
    engine: Engine,
    randomness: &mut dyn Randomness,
) -> Result<GeneratedKey, GenerateError> {
    match engine {
        Engine::Portable => {
            complete_with::<portable::Portable<{ portable::LIMBS }>>(private, names, randomness)
        }
        Engine::Ifma => complete_with::<ifma::Ifma<{ ifma::LIMBS }>>(private, names, randomness),
    }
}

fn complete_with<K: Kernel>(
    private: PrivateKey,
    names: BTreeSet<String>,
    randomness: &mut dyn Randomness,
) -> Result<GeneratedKey, GenerateError> {
    let n = private.modulus();
    let bits = n.bit_len();
    let s = generator(&private, &n, randomness)?;
    let comb = Comb::<K>::new(&n, &s).ok_or(KeyFault::Size { bits })?;
    let mut draw = |name: &str| -> Result<Power, GenerateError> {
        let exponent = exponent(&private, name, randomness)?;
        let mask = randomness.bits(&format!("{name}~"), comb.mask_bits)?;
        let power = comb.power(exponent, Zeroizing::new(mask));
        Ok(power.ok_or(KeyFault::Size { bits })?)
    };
    let z = draw("xz")?;
    let mut r = BTreeMap::new();
    for name in names {
        let power = draw(&format!("xr/{name}"))?;
        r.insert(name, power);
    }
    let rctxt = draw("xrctxt")?;
    let correctness_proof = KeyCorrectnessProof::new(&z, &r);
    Ok(GeneratedKey {
        public: PublicKey {
            n,
            s,
            z: z.value,
            r: r.into_iter()
                .map(|(name, power)| (name, power.value))
                .collect(),
            rctxt: rctxt.value,
        },
        private,
        correctness_proof,
    })
}

/// A power of `S`, and what a proof that it is one needs.
pub(super) struct Power {
    /// `x`
    pub(super) exponent: Zeroizing<UBig>,
    /// `S^x`
    pub(super) value: UBig,
    /// `x~`
    pub(super) mask: Zeroizing<UBig>,
    /// `S^x~`
    pub(super) commitment: UBig,
}

/// A random square that generates the group of the squares modulo `n`, which has `p'·q'` elements.
///
/// The squares modulo `p` are a group of `p'` elements, a prime number, so each of them but 1 generates it; the
/// same goes for `q`. Together: a square generates the group modulo `n` if it is neither 0 nor 1
/// modulo both primes. That is to say `S^p' != 1`, `S^q' != 1` and `gcd(S - 1, n) = 1`.
fn generator(
    private: &PrivateKey,
    n: &UBig,
    randomness: &mut dyn Randomness,
) -> Result<UBig, NoRandomness> {
    loop {
        let root = below(randomness, "s", n)?;
        let square = &root * &root % n;
        let generates = |prime: Zeroizing<UBig>| &square % &*prime > UBig::ONE;
        if private.primes().into_iter().all(generates) {
            return Ok(square);
        }
    }
}

/// A random exponent, from 2 to `p'·q' - 2`.
fn exponent(
    private: &PrivateKey,
    name: &str,
    randomness: &mut dyn Randomness,
) -> Result<Zeroizing<UBig>, NoRandomness> {
    let bound = Zeroizing::new(&*private.order() - UBig::from(3u8));
    let drawn = Zeroizing::new(below(randomness, name, &bound)?);
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
        let mask_bits = exponent_bits + CHALLENGE_BITS + MARGIN_BITS;
        let table = tables(&kernel, TEETH, &[(s.clone(), mask_bits)]).pop()?;
        Some(Self {
            kernel,
            table,
            exponent_bits,
            mask_bits,
        })
    }

    /// `None` if a number is longer than it may be.
    fn power(&self, exponent: Zeroizing<UBig>, mask: Zeroizing<UBig>) -> Option<Power> {
        let product = |exponent, bits| {
            Some(Product::default().table(&self.table, Exponent::new(exponent, bits)?))
        };
        let products = [
            product(&exponent, self.exponent_bits)?,
            product(&mask, self.mask_bits)?,
        ];
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
