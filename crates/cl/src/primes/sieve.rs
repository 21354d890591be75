//! A sieve for numbers `p'` such that neither `p'` nor `p = 2p' + 1` has a small factor.
//!
//! Both must be odd and not divisible by 3, which leaves `p' = 5 (mod 6)`. A window consists of
//! [`WINDOW`] consecutive numbers of this kind, `start + 6k` for `k = 0, 1, ...`. For every prime
//! `r` from 5 up to [`BOUND`], two of the `r` residue classes of `k` are struck out:
//!
//! - `r` divides `p'` where `k = -start/6 (mod r)`,
//! - `r` divides `2p' + 1` where `k = -start/6 - 1/12 (mod r)`.
//!
//! The survivors are then tested with exponentiations, which are so much slower that it pays to
//! strike out with many primes. Most of the sieve's work is to find `-start/6` modulo hundreds of
//! thousands of primes: several primes are multiplied to one [`Divisor`] that fits a word, and
//! `start` is reduced modulo that product.
//!
//! Not constant time: the memory accesses depend on `start`.

use std::sync::OnceLock;

use dashu_int::UBig;
use zeroize::Zeroizing;

/// The number of candidates in a window. One bit for each fits into the processor's first cache.
/// For primes of 1,024 bits, a window contains about two safe primes.
pub(crate) const WINDOW: usize = 1 << 17;

/// The distance between two candidates.
pub(crate) const STEP: usize = 6;

/// For every survivor `p'`, neither `p'` nor `2p' + 1` has a prime factor below this.
pub(crate) const BOUND: u32 = 1 << 21;

/// The length of a window's start, in words.
const LIMBS: usize = 16;

/// The primes with which a window is sieved.
pub(crate) struct Sieve {
    /// The primes from 5 up, in ascending order.
    primes: Vec<u32>,
    /// The same primes, in groups.
    divisors: Vec<Divisor>,
}

impl Sieve {
    /// Returns the sieve with all primes below [`BOUND`], which the first call creates.
    pub(crate) fn shared() -> &'static Self {
        static SHARED: OnceLock<Sieve> = OnceLock::new();
        SHARED.get_or_init(|| Self::new(BOUND))
    }

    /// Creates a sieve with the primes below `bound`.
    fn new(bound: u32) -> Self {
        let primes = primes_from_5(bound);
        let mut divisors = Vec::new();
        let mut rest = primes.as_slice();
        while !rest.is_empty() {
            let (divisor, left) = Divisor::from_first(rest);
            divisors.push(divisor);
            rest = left;
        }
        Self { primes, divisors }
    }

    /// Returns the positions `k` that survive in the window at `start`, in ascending order.
    ///
    /// `start` is 5 modulo 6, greater than the primes of the sieve, and has at most 1,024 bits.
    pub(crate) fn survivors(&self, start: &UBig) -> Zeroizing<Vec<u32>> {
        let mut limbs = Zeroizing::new([0; LIMBS]);
        for (limb, word) in limbs.iter_mut().zip(start.as_words()) {
            *limb = *word;
        }
        let mut left = Zeroizing::new(vec![u64::MAX; WINDOW / 64]);
        let mut primes = self.primes.iter();
        for divisor in &self.divisors {
            let position = divisor.minus_one_sixth(&limbs);
            for &prime in primes.by_ref().take(divisor.primes) {
                let half = (position % u64::from(prime)) as u32;
                let whole = match half.checked_sub(one_twelfth(prime)) {
                    Some(whole) => whole,
                    None => half + prime - one_twelfth(prime),
                };
                strike(&mut left, half, prime);
                strike(&mut left, whole, prime);
            }
        }
        let mut survivors = Zeroizing::new(Vec::with_capacity(WINDOW / 64));
        for (index, &word) in left.iter().enumerate() {
            let mut word = word;
            while word != 0 {
                survivors.push((index * 64) as u32 + word.trailing_zeros());
                word &= word - 1;
            }
        }
        survivors
    }
}

/// Strikes out the positions `first`, `first + prime`, ...
fn strike(left: &mut [u64], first: u32, prime: u32) {
    let mut position = first as usize;
    while position < WINDOW {
        left[position / 64] &= !(1 << (position % 64));
        position += prime as usize;
    }
}

/// A product of several primes, with the numbers for a reduction without division instructions.
struct Divisor {
    product: u64,
    /// `1/product mod 2^64`
    inverse: u64,
    /// `-2^(64·LIMBS + 128) / 6 mod product`
    turn: u64,
    /// The number of primes in the product.
    primes: usize,
}

impl Divisor {
    /// Multiplies as many of the first primes as fit into a word. Returns the remaining primes too.
    fn from_first(primes: &[u32]) -> (Self, &[u32]) {
        let mut product = 1u64;
        let mut count = 0;
        for &prime in primes {
            match product.checked_mul(u64::from(prime)) {
                Some(longer) => product = longer,
                None => break,
            }
            count += 1;
        }
        let divisor =
            Self { product, inverse: inverse(product), turn: turn(product), primes: count };
        (divisor, &primes[count..])
    }

    /// Returns `-x/6` modulo the product, between 0 and the product.
    fn minus_one_sixth(&self, x: &[u64; LIMBS]) -> u64 {
        let wide = u128::from(self.reduce(x)) * u128::from(self.turn);
        self.reduce(&[wide as u64, (wide >> 64) as u64])
    }

    /// Returns `-x / 2^(64·length)` modulo the product, between 0 and the product.
    ///
    /// The words of `x` are cancelled from the lowest one up, each with a multiple of the product:
    /// with `q·product = x_i - t_i + 2^64·t_(i+1)` for every `i`, the last `t` satisfies
    /// `x = -2^(64·length)·t`.
    fn reduce(&self, x: &[u64]) -> u64 {
        let mut t = 0;
        for &limb in x {
            let (low, borrow) = limb.overflowing_sub(t);
            let quotient = low.wrapping_mul(self.inverse);
            let high = (u128::from(quotient) * u128::from(self.product)) >> 64;
            t = high as u64 + u64::from(borrow);
        }
        t
    }
}

/// `1/n mod 2^64` for an odd `n`, by Newton's iteration, which doubles the number of correct bits
/// in each step.
fn inverse(n: u64) -> u64 {
    // An odd number is its own inverse modulo 8.
    let mut inverse = n;
    for _ in 0..5 {
        inverse = inverse.wrapping_mul(2u64.wrapping_sub(n.wrapping_mul(inverse)));
    }
    inverse
}

/// `-2^(64·LIMBS + 128) / 6` modulo a product of primes from 5 up.
fn turn(product: u64) -> u64 {
    let n = u128::from(product);
    // 2^64 to the power of LIMBS + 2 = 18
    let base = (1u128 << 64) % n;
    let square = base * base % n;
    let mut power = square;
    for _ in 0..3 {
        power = power * power % n;
    }
    power = power * square % n;
    // One of x, x + n, ..., x + 5n is divisible by 6; n is its own inverse modulo 6.
    let x = n - power;
    let multiple = (6 - x % 6) * (n % 6) % 6;
    ((x + multiple * n) / 6) as u64
}

/// `1/12` modulo a prime from 5 up: one of the numbers `1 + m·prime` with `m` below 12 is divisible
/// by 12, and a number that has no factor in common with 12 is its own inverse modulo 12.
fn one_twelfth(prime: u32) -> u32 {
    ((u64::from(12 - prime % 12) * u64::from(prime) + 1) / 12) as u32
}

/// Returns the primes from 5 up to `bound`, by the sieve of Eratosthenes over the odd numbers.
fn primes_from_5(bound: u32) -> Vec<u32> {
    let bound = bound as usize;
    // Position i stands for 2i + 1.
    let mut composite = vec![false; bound / 2];
    let mut primes = Vec::new();
    for position in 1..bound / 2 {
        if composite[position] {
            continue;
        }
        let prime = 2 * position + 1;
        if prime >= 5 {
            primes.push(prime as u32);
        }
        for multiple in (prime * prime / 2..bound / 2).step_by(prime) {
            composite[multiple] = true;
        }
    }
    primes
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Returns whether a prime from 5 up, below `bound`, divides `number`, by trial division.
    fn has_factor_below(bound: u32, number: u128) -> bool {
        (5..u128::from(bound)).any(|factor| number.is_multiple_of(factor))
    }

    #[test]
    fn no_prime_is_missing() {
        assert_eq!(primes_from_5(32), [5, 7, 11, 13, 17, 19, 23, 29, 31]);
        assert_eq!(primes_from_5(31), [5, 7, 11, 13, 17, 19, 23, 29]);
        // π(2^20), without 2 and 3
        assert_eq!(primes_from_5(1 << 20).len(), 82_025 - 2);
    }

    #[test]
    fn every_prime_is_in_one_divisor() {
        let sieve = Sieve::new(1 << 16);
        let mut primes = sieve.primes.iter();
        for divisor in &sieve.divisors {
            let product: u64 =
                primes.by_ref().take(divisor.primes).map(|&prime| u64::from(prime)).product();
            assert_eq!(product, divisor.product);
            assert_eq!(product.wrapping_mul(divisor.inverse), 1);
        }
        assert_eq!(primes.next(), None);
    }

    #[test]
    fn a_twelfth_times_twelve_is_one() {
        for prime in primes_from_5(5000) {
            assert_eq!(12 * u64::from(one_twelfth(prime)) % u64::from(prime), 1);
        }
    }

    #[test]
    fn survivors_are_those_of_trial_division() {
        const SMALL: u32 = 300;
        let start = 6 * 0x0123_4567_89ab_cdef_u128 + 5;
        let survivors = Sieve::new(SMALL).survivors(&UBig::from(start));
        let expected: Vec<u32> = (0..WINDOW as u32)
            .filter(|&k| {
                let half = start + 6 * u128::from(k);
                !has_factor_below(SMALL, half) && !has_factor_below(SMALL, 2 * half + 1)
            })
            .collect();
        assert_eq!(*survivors, expected);
    }

    proptest! {
        #[test]
        fn a_sixth_agrees_with_big_integers(words in any::<[u64; LIMBS]>(), divisor in 0usize..3000) {
            let sieve = Sieve::new(1 << 16);
            let divisor = &sieve.divisors[divisor % sieve.divisors.len()];
            let n = UBig::from(divisor.product);
            let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
            let sixth = UBig::from(divisor.minus_one_sixth(&words));
            prop_assert!(sixth <= n);
            prop_assert_eq!((sixth * 6u8 + UBig::from_le_bytes(&bytes)) % n, UBig::ZERO);
        }
    }
}
