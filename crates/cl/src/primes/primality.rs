//! Primality tests.

use dashu_base::BitTest;
use dashu_int::UBig;
use zeroize::Zeroizing;

use super::candidates::Candidate;
use crate::kernel::Kernel;
use crate::number::Exponent;
use crate::product::{Product, Secrecy, evaluate};
use crate::random::{NoRandomness, Random};

/// Rounds of the Miller-Rabin test.
pub(super) const ROUNDS: usize = 32;

/// Returns which of at most `LANES` candidates pass Fermat's test to base 2, in bit `i` for the
/// `i`-th.
pub(super) fn passes_fermat<K: Kernel>(group: &[Candidate]) -> u8 {
    let exponents: Vec<Zeroizing<UBig>> = group.iter().map(Candidate::minus_one).collect();
    let moduli: Zeroizing<Vec<UBig>> =
        Zeroizing::new(exponents.iter().map(|exponent| &**exponent + UBig::ONE).collect());
    let bits = moduli.iter().map(BitTest::bit_len).max().unwrap_or(0);
    let exponents: Vec<Exponent> =
        exponents.iter().filter_map(|exponent| Exponent::new(exponent, bits)).collect();
    let Some(kernel) = K::with_moduli(&moduli) else {
        return 0;
    };
    let mut power = Zeroizing::new(kernel.one());
    for position in (0..bits).rev() {
        kernel.square(&mut power);
        let lanes = exponents.iter().enumerate();
        let doubled = lanes.map(|(lane, exponent)| (exponent.bit(position) as u8) << lane);
        kernel.double(&mut power, doubled.sum());
    }
    kernel.is_one(&power)
}

/// Returns whether a number is prime, by [`ROUNDS`] rounds of the Miller-Rabin test with random
/// bases.
///
/// Let `number - 1 = 2^twos · odd`. If the number is prime, then for every base `b`, `b^odd` is 1,
/// or becomes -1 after at most `twos - 1` squarings.
pub(crate) fn is_prime<K: Kernel>(
    number: &UBig,
    random: &dyn Random,
) -> Result<bool, NoRandomness> {
    if number < &UBig::from(4u8) {
        return Ok(number > &UBig::ONE);
    }
    let minus_one = Zeroizing::new(number - UBig::ONE);
    let twos = minus_one.trailing_zeros().unwrap_or(0);
    let odd = Zeroizing::new(&*minus_one >> twos);
    let (Some(kernel), Some(exponent)) = (K::new(number), Exponent::new(&odd, number.bit_len()))
    else {
        return Ok(false);
    };
    let mut products = Vec::with_capacity(ROUNDS);
    let bases = Zeroizing::new(number - UBig::from(3u8));
    for _ in 0..ROUNDS {
        let base = Zeroizing::new(random.below("base", &bases)? + 2u8);
        products.push(Product::default().power(kernel.enter(&base), exponent.clone()));
    }
    let powers = Zeroizing::new(evaluate(&kernel, &products, Secrecy::Secret));
    Ok(powers.iter().all(|power| {
        let mut power = Zeroizing::new(kernel.leave(power));
        if *power == UBig::ONE {
            return true;
        }
        for _ in 1..twos {
            if power == minus_one {
                return true;
            }
            power = Zeroizing::new(&*power * &*power % number);
        }
        power == minus_one
    }))
}

/// Returns whether `p = 2p' + 1` is prime, for a prime `p'` greater than 3, by Pocklington's
/// theorem: `p` is not divisible by 3, and `2^(p-1) = 1 (mod p)`.
pub(crate) fn double_is_prime<K: Kernel>(half: &UBig) -> bool {
    let whole = Candidate::Whole(Zeroizing::new(half.clone()));
    half % 3u8 != 1 && passes_fermat::<K>(&[whole]) & 1 == 1
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::kernel::portable::{PRIME_LIMBS, Portable};
    use crate::kernel::reads;
    use crate::random::System;
    use crate::random::tests::Recorder;
    use proptest::prelude::*;

    type Small = Portable<PRIME_LIMBS>;

    /// The Miller-Rabin test with bases that suffice for numbers below 3.3·10^24.
    pub(crate) fn is_small_prime(number: u128) -> bool {
        const BASES: [u128; 13] = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41];
        assert!(number < 3_317_044_064_679_887_385_961_981);
        if let Some(base) = BASES.iter().find(|&base| number.is_multiple_of(*base)) {
            return number == *base;
        }
        let ring = dashu_int::fast_div::ConstDivisor::new(UBig::from(number));
        let twos = (number - 1).trailing_zeros();
        BASES.iter().all(|base| {
            let mut power = ring.reduce(UBig::from(*base)).pow(&((number - 1) >> twos).into());
            let minus_one = ring.reduce(UBig::from(number - 1));
            if power.residue() == UBig::ONE || power == minus_one {
                return true;
            }
            (1..twos).any(|_| {
                power = power.sqr();
                power == minus_one
            })
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(12))]
        #[test]
        fn primes_and_composites_are_distinguished(number in 0u64..=u64::MAX) {
            for number in [number, number | 1, number >> 40, (number >> 40) | 1] {
                let found = is_prime::<Small>(&number.into(), &System).expect("randomness");
                prop_assert_eq!(found, is_small_prime(number.into()), "{}", number);
            }
        }
    }

    #[test]
    fn every_round_has_a_base_of_its_own_from_the_whole_range() {
        let random = Recorder::default();
        let prime = (UBig::ONE << 521) - UBig::ONE;
        let (found, reads) = reads::during(|| is_prime::<Small>(&prime, &random));
        assert_eq!(found, Ok(true));
        let drawn = random.drawn();
        assert_eq!(drawn.len(), 32);
        for (round, base) in drawn.iter().enumerate() {
            assert_eq!((base.name.as_str(), &base.bound), ("base", &(&prime - 3u8)), "{round}");
        }
        assert!(reads.scanned > 0 && reads.indexed == 0, "{reads:?}");
    }

    #[test]
    fn pseudoprimes_are_not_prime() {
        // 2^23 - 1 = 47·178481 and the first Carmichael numbers pass Fermat's test to base 2.
        for number in [8_388_607u32, 561, 1105, 1729, 2465, 2821, 6601, 8911] {
            let found = is_prime::<Small>(&number.into(), &System).expect("randomness");
            assert!(!found, "{number}");
        }
        for number in [2u32, 3, 5, 7, 8_191, 131_071, 2_147_483_647] {
            let found = is_prime::<Small>(&number.into(), &System).expect("randomness");
            assert!(found, "{number}");
        }
    }

    #[test]
    fn fermats_test_agrees_with_big_integers() {
        let mut survivors = 0;
        let numbers = (0..2000u64).map(|k| UBig::from(6 * (k + (1 << 50)) + 5));
        for half in numbers {
            for candidate in [
                Candidate::Half(Zeroizing::new(half.clone())),
                Candidate::Whole(Zeroizing::new(half.clone())),
            ] {
                let number = &*candidate.minus_one() + UBig::ONE;
                let ring = dashu_int::fast_div::ConstDivisor::new(number);
                let power = ring.reduce(UBig::from(2u8)).pow(&candidate.minus_one());
                let expected = power.residue() == UBig::ONE;
                survivors += usize::from(expected);
                assert_eq!(passes_fermat::<Small>(&[candidate]) & 1, u8::from(expected));
            }
        }
        assert!(survivors > 0);
    }
}
