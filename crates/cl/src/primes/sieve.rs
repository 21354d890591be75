//! Candidates for safe primes: numbers `p'` such that neither `p'` nor `p = 2p' + 1` has a small factor.
//!
//! Both have to be odd and not divisible by 3, which leaves `p' = 5 (mod 6)`. A window is [`WINDOW`] of
//! these numbers in a row, `start + 6k` for `k = 0, 1, ...`. For every prime `r` from 5 up to
//! [`BOUND`], two of the `r` residues of `k` are struck out:
//!
//! - `r` divides `p'` where `k = -start/6 (mod r)`,
//! - `r` divides `2p' + 1` where `k = -start/6 - 1/12 (mod r)`.
//!
//! What is left is tested with exponentiations. These cost so much more that nearly all of the sieve's
//! art is in finding `-start/6` modulo hundreds of thousands of primes fast: several primes are
//! multiplied into one [`Divisor`] of a word's length, and `start` is reduced modulo that.
//!
//! Not constant time: the memory that is touched depends on `start`.

use std::sync::OnceLock;

use dashu_int::UBig;
use zeroize::Zeroizing;

/// How many candidates a window has. One bit for each fits the processor's nearest cache; a window for
/// primes of 1,024 bits contains about two safe primes.
pub(crate) const WINDOW: usize = 1 << 17;

/// Candidates are 6 apart.
pub(crate) const STEP: usize = 6;

/// No candidate has a prime factor below this, nor has twice the candidate plus one.
pub(crate) const BOUND: u32 = 1 << 21;

/// Words of a window's start.
const LIMBS: usize = 16;

/// The primes that candidates are divided by.
pub(crate) struct Sieve {
    /// The primes from 5, in ascending order.
    primes: Vec<u32>,
    /// The same primes, in groups.
    divisors: Vec<Divisor>,
}

impl Sieve {
    /// The sieve by all primes below [`BOUND`], made when it is first asked for.
    pub(crate) fn shared() -> &'static Self {
        static SHARED: OnceLock<Sieve> = OnceLock::new();
        SHARED.get_or_init(|| Self::new(BOUND))
    }

    /// The sieve by the primes below `bound`.
    fn new(bound: u32) -> Self {
        let primes = primes_from_5(bound);
        let mut divisors = Vec::new();
        let mut rest = primes.as_slice();
        while !rest.is_empty() {
            let (divisor, left) = Divisor::of_first(rest);
            divisors.push(divisor);
            rest = left;
        }
        Self { primes, divisors }
    }

    /// The positions `k` in the window at `start` that are left, in ascending order.
    ///
    /// `start` is 5 modulo 6, longer than the sieve's primes, and has 1,024 bits at most.
    pub(crate) fn survivors(&self, start: &UBig) -> Zeroizing<Vec<u32>> {
        let mut limbs = Zeroizing::new([0; LIMBS]);
        for (limb, word) in limbs.iter_mut().zip(start.as_words()) {
            *limb = *word;
        }
        let mut alive = Zeroizing::new(vec![u64::MAX; WINDOW / 64]);
        let mut primes = self.primes.iter();
        for divisor in &self.divisors {
            let position = divisor.minus_one_sixth(&limbs);
            for &prime in primes.by_ref().take(divisor.primes) {
                let half = (position % u64::from(prime)) as u32;
                let whole = match half.checked_sub(one_twelfth(prime)) {
                    Some(whole) => whole,
                    None => half + prime - one_twelfth(prime),
                };
                strike(&mut alive, half, prime);
                strike(&mut alive, whole, prime);
            }
        }
        let mut survivors = Zeroizing::new(Vec::with_capacity(WINDOW / 64));
        for (index, &word) in alive.iter().enumerate() {
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
fn strike(alive: &mut [u64], first: u32, prime: u32) {
    let mut position = first as usize;
    while position < WINDOW {
        alive[position / 64] &= !(1 << (position % 64));
        position += prime as usize;
    }
}

/// Several primes in one odd number, and what a division by it without division instructions needs.
struct Divisor {
    product: u64,
    /// `1/product mod 2^64`
    inverse: u64,
    /// `-2^(64·LIMBS + 128) / 6 mod product`
    turn: u64,
    /// How many primes there are in it.
    primes: usize,
}

impl Divisor {
    /// As many of the first primes as fit a word, and the primes that are left.
    fn of_first(primes: &[u32]) -> (Self, &[u32]) {
        let mut product = 1u64;
        let mut count = 0;
        for &prime in primes {
            match product.checked_mul(u64::from(prime)) {
                Some(longer) => product = longer,
                None => break,
            }
            count += 1;
        }
        let divisor = Self {
            product,
            inverse: inverse(product),
            turn: turn(product),
            primes: count,
        };
        (divisor, &primes[count..])
    }

    /// `-x/6` modulo the product, between 0 and the product.
    fn minus_one_sixth(&self, x: &[u64; LIMBS]) -> u64 {
        let wide = u128::from(self.reduce(x)) * u128::from(self.turn);
        self.reduce(&[wide as u64, (wide >> 64) as u64])
    }

    /// `-x / 2^(64·length)` modulo the product, between 0 and the product.
    ///
    /// The words of `x` are cancelled from the lowest on, each by a multiple of the product: with
    /// `q·product = x_i - t_i + 2^64·t_(i+1)` for every `i`, `x = -2^(64·length)·t` in the end.
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

/// `1/n mod 2^64` for an odd `n`, by Newton's iteration, which doubles the correct bits each time.
fn inverse(n: u64) -> u64 {
    // An odd number is its own inverse modulo 8.
    let mut inverse = n;
    for _ in 0..5 {
        inverse = inverse.wrapping_mul(2u64.wrapping_sub(n.wrapping_mul(inverse)));
    }
    inverse
}

/// `-2^(64·LIMBS + 128) / 6` modulo a product of primes from 5.
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
    // Of x, x + n, ..., x + 5n, one is divisible by 6; n is its own inverse modulo 6.
    let x = n - power;
    let multiple = (6 - x % 6) * (n % 6) % 6;
    ((x + multiple * n) / 6) as u64
}

/// `1/12` modulo a prime from 5: of `1 + m·prime`, `m` below 12, one is divisible by 12, and a number
/// that has no factor in common with 12 is its own inverse modulo 12.
fn one_twelfth(prime: u32) -> u32 {
    ((u64::from(12 - prime % 12) * u64::from(prime) + 1) / 12) as u32
}

/// The primes from 5 up to `bound`, by Eratosthenes' sieve over the odd numbers.
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

    /// Whether a prime from 5 below `bound` divides `number`, by division.
    fn has_factor_below(bound: u32, number: u128) -> bool {
        (5..u128::from(bound)).any(|factor| number.is_multiple_of(factor))
    }

    #[test]
    fn the_primes_are_all_there() {
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
            let product: u64 = primes
                .by_ref()
                .take(divisor.primes)
                .map(|&prime| u64::from(prime))
                .product();
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
    fn the_sieve_leaves_what_trial_division_leaves() {
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
        fn a_sixth_is_what_the_big_integers_say(words in any::<[u64; LIMBS]>(), divisor in 0usize..3000) {
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
