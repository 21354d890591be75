//! A key and proofs of a few digits, so that a formula can be written down and followed.
//!
//! Their form is that of AnonCreds, with short numbers: the modulus has 27 bits where it should
//! have 2,048, signatures have an `e` just above `2^10` where it is `2^596`, and a challenge has 8
//! bits of 256. Anyone can factor the modulus and forge proofs under this key.

use super::sha256;

/// What an exponent `ê` is short for: `2^10` here, `2^596` in AnonCreds.
pub const E_START: i128 = 1 << 10;

/// An issuer's public key of a few digits.
#[derive(Debug, Clone, Copy)]
pub struct ToyKey {
    /// The modulus.
    pub n: u128,
    /// The base of the signature's blinding.
    pub s: u128,
    /// What every signature amounts to.
    pub z: u128,
    /// The base of the credential's context.
    pub rctxt: u128,
    /// The bases of the link secret and of the attributes.
    r: [(&'static str, u128); 3],
}

/// A proof of a few digits: responses to one challenge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ToyProof {
    /// The blinded signature, `A'`.
    pub a_prime: u128,
    /// The response for the signature's exponent, `ê`.
    pub e: i128,
    /// The response for the signature's blinding, `v̂`.
    pub v: i128,
    /// The responses for the link secret and the hidden attributes, `m̂`, with their names.
    pub hidden: [(&'static str, i128); 2],
    /// The response for the credential's context, `m̂2`.
    pub m2: i128,
    /// The values of the revealed attributes, `m`, with their names.
    pub revealed: [(&'static str, i128); 1],
    /// The challenge, `c`.
    pub c: i128,
    /// The verifier's nonce.
    pub nonce: u128,
}

impl ToyKey {
    /// Returns the base `R` of an attribute or of the link secret; 1 if the key has none.
    pub fn r(&self, name: &str) -> u128 {
        self.r.iter().find(|(other, _)| *other == name).map_or(1, |(_, base)| *base)
    }

    /// Returns a power modulo `n`. For a negative exponent it is the power of the base's inverse,
    /// and 0 if the base has no inverse.
    pub fn power(&self, base: u128, exponent: i128) -> u128 {
        let mut base = if exponent < 0 { self.inverse(base) } else { base % self.n };
        let mut exponent = exponent.unsigned_abs();
        let mut power = 1;
        while exponent > 0 {
            if exponent % 2 == 1 {
                power = power * base % self.n;
            }
            base = base * base % self.n;
            exponent /= 2;
        }
        power
    }

    /// Returns a product modulo `n`.
    pub fn product(&self, factors: &[u128]) -> u128 {
        factors.iter().fold(1, |product, factor| product * (factor % self.n) % self.n)
    }

    /// Returns the challenge of a value `T` in a proof: the first 8 bits of the hash of `T`, `A'`
    /// and the nonce.
    pub fn challenge(&self, t: u128, proof: &ToyProof) -> i128 {
        let bytes: Vec<u8> =
            [t, proof.a_prime, proof.nonce].into_iter().flat_map(big_endian).collect();
        i128::from(sha256(&bytes)[0])
    }

    /// Returns the inverse modulo `n`; 0 if there is none.
    fn inverse(&self, value: u128) -> u128 {
        // Euclid's algorithm: in each line, a remainder and a factor with
        // `factor · value ≡ remainder`.
        let (mut before, mut last) = ((self.n, 0), (value % self.n, 1));
        while last.0 != 0 {
            let quotient = before.0 / last.0;
            let factor = self.n + before.1 - quotient % self.n * last.1 % self.n;
            (before, last) = (last, (before.0 % last.0, factor % self.n));
        }
        if before.0 == 1 { before.1 } else { 0 }
    }
}

/// Returns the big-endian bytes of a number, without leading zeros.
fn big_endian(number: u128) -> Vec<u8> {
    number.to_be_bytes().into_iter().skip_while(|byte| *byte == 0).collect()
}

/// The key. Its modulus is 10,079 · 10,163, the smallest but one and the smallest but three of the
/// safe primes above 10,000.
pub(super) const KEY: ToyKey = ToyKey {
    n: 102_432_877,
    s: 81_565_053,
    z: 75_689_489,
    rctxt: 84_068_784,
    r: [("master_secret", 72_359_411), ("age", 19_424_562), ("name", 48_845_285)],
};

/// Three valid proofs: two of one credential, with two nonces, and one of another.
const VALID: [ToyProof; 3] = [
    ToyProof {
        a_prime: 77_179_825,
        e: 439_713,
        v: 709_387_311_439,
        hidden: [("master_secret", 5_628_986), ("age", 7_781_668)],
        m2: 8_513_943,
        revealed: [("name", 5)],
        c: 77,
        nonce: 1001,
    },
    ToyProof {
        a_prime: 41_242_453,
        e: 1_005_943,
        v: 751_946_280_210,
        hidden: [("master_secret", 9_493_492), ("age", 10_526_414)],
        m2: 8_690_691,
        revealed: [("name", 5)],
        c: 144,
        nonce: 1002,
    },
    ToyProof {
        a_prime: 88_072_649,
        e: 523_501,
        v: 807_408_263_756,
        hidden: [("master_secret", 13_350_122), ("age", 13_269_025)],
        m2: 8_866_644,
        revealed: [("name", 6)],
        c: 92,
        nonce: 1003,
    },
];

/// Returns proofs, each with a name and whether it is valid: the valid ones, and some in which one
/// number is another.
pub(super) fn proofs() -> Vec<(&'static str, ToyProof, bool)> {
    let [first, second, third] = VALID;
    vec![
        ("the first proof", first, true),
        ("the second proof", second, true),
        ("the third proof", third, true),
        ("the first proof, with a larger v", ToyProof { v: first.v + 1, ..first }, false),
        (
            "the first proof, with another name",
            ToyProof { revealed: [("name", 6)], ..first },
            false,
        ),
        ("the first proof, for another nonce", ToyProof { nonce: second.nonce, ..first }, false),
        ("the second proof, with another challenge", ToyProof { c: second.c - 1, ..second }, false),
        (
            "the third proof, with another response for the age",
            ToyProof { hidden: [third.hidden[0], ("age", third.hidden[1].1 + 1)], ..third },
            false,
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The size of the group of squares: `p' · q'` with `n = (2p' + 1)(2q' + 1)`. Only an issuer
    /// knows it.
    const ORDER: i128 = 5039 * 5081;

    /// A credential, the randomness of a proof of it, and the nonce.
    struct Prover {
        link_secret: i128,
        age: i128,
        name: i128,
        e: i128,
        v: i128,
        m2: i128,
        nonce: u128,
        seed: u64,
    }

    #[test]
    fn the_valid_proofs_are_what_a_prover_makes() {
        let alex = |nonce, seed| Prover {
            link_secret: 77,
            age: 28,
            name: 5,
            e: 1031,
            v: 123_456,
            m2: 9,
            nonce,
            seed,
        };
        let bea = Prover {
            link_secret: 91,
            age: 41,
            name: 6,
            e: 1039,
            v: 654_321,
            m2: 12,
            nonce: 1003,
            seed: 3,
        };
        assert_eq!([alex(1001, 1), alex(1002, 2), bea].map(|prover| prover.prove()), VALID);
    }

    #[test]
    fn an_inverse_times_its_base_is_one() {
        for base in [2, 3, KEY.s, KEY.n - 1] {
            assert_eq!(KEY.product(&[base, KEY.power(base, -1)]), 1);
        }
        assert_eq!((KEY.power(0, -1), KEY.power(10_079, -1)), (0, 0));
        assert_eq!((KEY.power(7, 0), KEY.power(7, 2), KEY.power(2, -3)), (1, 49, KEY.power(8, -1)));
    }

    impl Prover {
        fn prove(&self) -> ToyProof {
            let mut masks = Masks(self.seed);
            // A = (Z / (S^v · Π R^m · Rctxt^m2))^(1/e)
            let attributes =
                [("master_secret", self.link_secret), ("age", self.age), ("name", self.name)];
            let mut factors =
                vec![KEY.z, KEY.power(KEY.s, -self.v), KEY.power(KEY.rctxt, -self.m2)];
            factors.extend(attributes.map(|(name, value)| KEY.power(KEY.r(name), -value)));
            let a = KEY.power(KEY.product(&factors), root(self.e));
            // A' = A · S^r, v' = v - e·r
            let r = masks.next(16);
            let a_prime = KEY.product(&[a, KEY.power(KEY.s, r)]);
            let [e, v, link_secret, age, m2] = [20, 40, 24, 24, 24].map(|bits| masks.next(bits));
            let t = KEY.product(&[
                KEY.power(a_prime, e),
                KEY.power(KEY.s, v),
                KEY.power(KEY.r("master_secret"), link_secret),
                KEY.power(KEY.r("age"), age),
                KEY.power(KEY.rctxt, m2),
            ]);
            let mut proof = ToyProof { a_prime, nonce: self.nonce, ..VALID[0] };
            let c = KEY.challenge(t, &proof);
            proof.c = c;
            proof.e = e + c * (self.e - E_START);
            proof.v = v + c * (self.v - self.e * r);
            proof.hidden = [
                ("master_secret", link_secret + c * self.link_secret),
                ("age", age + c * self.age),
            ];
            proof.m2 = m2 + c * self.m2;
            proof.revealed = [("name", self.name)];
            proof
        }
    }

    /// Returns the inverse of `e` modulo the size of the group, by trial.
    fn root(e: i128) -> i128 {
        (1..e).map(|k| k * ORDER + 1).find(|product| product % e == 0).unwrap() / e
    }

    /// Repeatable numbers, by a linear congruence.
    struct Masks(u64);

    impl Masks {
        fn next(&mut self, bits: u32) -> i128 {
            self.0 = self
                .0
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            i128::from(self.0 >> 24) % (1 << bits)
        }
    }
}
