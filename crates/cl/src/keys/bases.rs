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
use crate::random::{NoRandomness, Random};

/// Teeth of the comb of `S`. Each look-up reads all `2^TEETH` entries, because the exponents are
/// secret, so that the tables are smaller than a verifier's.
const TEETH: usize = 5;

/// Draws the remaining parts of a key for suitable primes.
pub(super) fn complete(
    private: PrivateKey,
    names: BTreeSet<String>,
    engine: Engine,
    random: &dyn Random,
) -> Result<GeneratedKey, GenerateError> {
    match engine {
        Engine::Portable => {
            complete_with::<portable::Portable<{ portable::LIMBS }>>(private, names, random)
        }
        Engine::Ifma => complete_with::<ifma::Ifma<{ ifma::LIMBS }>>(private, names, random),
    }
}

fn complete_with<K: Kernel>(
    private: PrivateKey,
    names: BTreeSet<String>,
    random: &dyn Random,
) -> Result<GeneratedKey, GenerateError> {
    let n = private.modulus();
    let bits = n.bit_len();
    let s = generator(&private, &n, random)?;
    let comb = Comb::<K>::new(&n, &s).ok_or(KeyFault::Size { bits })?;
    let draw = |name: &str| -> Result<Power, GenerateError> {
        let mask = Zeroizing::new(random.bits(&format!("{name}~"), comb.mask_bits)?);
        let power = comb.power(exponent(&private, name, random)?, mask);
        Ok(power.ok_or(KeyFault::Size { bits })?)
    };
    let z = draw("xz")?;
    let mut r = BTreeMap::new();
    for name in names {
        let power = draw(&format!("xr/{name}"))?;
        r.insert(name, power);
    }
    let rctxt = draw("xc")?;
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
fn generator(private: &PrivateKey, n: &UBig, random: &dyn Random) -> Result<UBig, NoRandomness> {
    loop {
        let root = random.below("root of S", n)?;
        let square = &root * &root % n;
        let generates = |prime: Zeroizing<UBig>| &square % &*prime > UBig::ONE;
        if private.primes().into_iter().all(generates) {
            return Ok(square);
        }
    }
}

/// Draws an exponent from 2 to `p'·q' - 2`.
fn exponent(
    private: &PrivateKey,
    name: &str,
    random: &dyn Random,
) -> Result<Zeroizing<UBig>, NoRandomness> {
    let bound = Zeroizing::new(&*private.order() - UBig::from(3u8));
    let drawn = Zeroizing::new(random.below(name, &bound)?);
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

#[cfg(test)]
mod tests {
    use std::fs;

    use dashu_int::fast_div::ConstDivisor;
    use serde_json::Value;

    use super::*;
    use crate::kernel::reads;
    use crate::public_key::LINK_SECRET;
    use crate::random::tests::{Drawn, Recorder};

    /// Returns the private part of a test key of 2,048 bits.
    fn test_key() -> PrivateKey {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/TEST-KEY-2048.json");
        let text = fs::read_to_string(path).expect("the test key");
        let key: Value = serde_json::from_str(&text).expect("JSON");
        PrivateKey::from_json(&key["private"]).expect("a private key")
    }

    /// Completes the test key. Returns what was drawn for it too, by name.
    fn completed() -> (GeneratedKey, BTreeMap<String, Drawn>) {
        let random = Recorder::default();
        let names = ["age", LINK_SECRET].map(str::to_owned).into();
        let complete = || complete(test_key(), names, Engine::detect(), &random);
        let (key, reads) = reads::during(complete);
        assert!(reads.scanned > 0 && reads.indexed == 0, "{reads:?}");
        let drawn = random.drawn();
        let by_name: BTreeMap<String, Drawn> =
            drawn.iter().map(|drawn| (drawn.name.clone(), drawn.clone())).collect();
        assert_eq!(by_name.len(), drawn.len(), "a number was drawn twice");
        (key.expect("a key"), by_name)
    }

    #[test]
    fn every_number_of_a_key_is_drawn_from_its_whole_range() {
        let (key, drawn) = completed();
        let exponents = &*key.private.order() - UBig::from(3u8);
        // 2,048 bits of the modulus, 256 of the challenge and 80 for hiding
        let masks = UBig::ONE << 2384;
        let expected = [
            ("root of S", &key.public.n),
            ("xc", &exponents),
            ("xc~", &masks),
            ("xr/age", &exponents),
            ("xr/age~", &masks),
            ("xr/master_secret", &exponents),
            ("xr/master_secret~", &masks),
            ("xz", &exponents),
            ("xz~", &masks),
        ];
        let found: Vec<(&str, &UBig)> =
            drawn.values().map(|drawn| (drawn.name.as_str(), &drawn.bound)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn every_base_and_response_has_its_own_drawn_number() {
        let (GeneratedKey { public, correctness_proof, .. }, drawn) = completed();
        let ring = ConstDivisor::new(public.n.clone());
        let value = |name: &str| drawn[name].value.clone();
        let exponent = |name: &str| value(name) + UBig::from(2u8);
        let power = |name: &str| ring.reduce(public.s.clone()).pow(&exponent(name)).residue();
        assert_eq!(ring.reduce(value("root of S")).sqr().residue(), public.s);
        assert_eq!(power("xz"), public.z);
        assert_eq!(power("xc"), public.rctxt);
        assert_eq!(power("xr/age"), public.r["age"]);
        assert_eq!(power("xr/master_secret"), public.r[LINK_SECRET]);
        let proof = correctness_proof.to_json();
        let number = |value: &Value| {
            UBig::from_str_radix(value.as_str().expect("a string"), 10).expect("a number")
        };
        let response =
            |name: &str| number(&proof["c"]) * exponent(name) + value(&format!("{name}~"));
        assert_eq!(number(&proof["xz_cap"]), response("xz"));
        for (index, name) in ["xr/age", "xr/master_secret"].into_iter().enumerate() {
            assert_eq!(number(&proof["xr_cap"][index][1]), response(name), "{name}");
        }
    }
}
