//! Safe primes: primes `p = 2p' + 1` for which `p'` is a prime too.
//!
//! # The search
//! Among the numbers of 1,024 bits, one in 380,000 is the `p'` of a safe prime, so that the search
//! begins with cheap tests. It draws a window of candidates and sieves it ([`sieve`]); one
//! candidate in 85 remains. These are taken in random order and tested with Fermat's test to base
//! 2, `2^(m-1) = 1 (mod m)`: first `m = p'`, which one in 27 passes, then `m = p`. Each lane of the
//! kernel tests one number. A candidate that passes both tests almost certainly gives a safe prime,
//! which is then confirmed:
//!
//! - `p'` must pass [`ROUNDS`](primality::ROUNDS) rounds of the Miller-Rabin test with random
//!   bases. A composite number, even one that an attacker has chosen, passes with a probability of
//!   at most `4^-32`.
//! - Pocklington's theorem then proves `p` prime: `p' > √p` is a prime factor of `p - 1`, the
//!   second Fermat test has shown `2^(p-1) = 1 (mod p)`, and
//!   `gcd(2^((p-1)/p') - 1, p) = gcd(3, p) = 1` because the sieve leaves only `p = 2 (mod 3)`.
//!
//! # How random a prime is
//! The range of `p'` is divided into fixed windows. The operating system's generator draws a window
//! uniformly, and then a uniform order of its candidates, so that each of `K` safe primes in a
//! window is found with probability `1/K`. Over all windows, a safe prime is at most `λ/(1 - e^-λ)`
//! times as likely as in a uniform draw, where `λ` is the average number of safe primes in a
//! window. For primes of 1,024 bits that factor is 2.4, so that little more than one bit of a
//! thousand is lost. A window gives only one prime: two from the same window would be close to each
//! other, and their product easy to factor.
//!
//! # Constant time
//! The exponentiations are constant time. The sieve is not: its memory accesses depend on the
//! window. Neither is the number of candidates that fail, which says nothing about the candidate
//! that passes.

mod candidates;
mod primality;
mod sieve;

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;

use dashu_base::BitTest;
use dashu_int::UBig;
use zeroize::Zeroizing;

use crate::kernel::Kernel;
use crate::parameters::PRIME_BITS;
use crate::random::{NoRandomness, Random};
use candidates::{Candidate, Candidates, Windows};
use primality::passes_fermat;
pub(crate) use primality::{double_is_prime, is_prime};
use sieve::Sieve;

/// The progress of the search for the two primes of a key.
///
/// The remaining time is unknown: however many candidates have failed, the next one is as likely as
/// the first. On average a search takes [`Progress::EXPECTED`] candidates; one search in 20 takes
/// more than 2.4 times as many, one in 16 less than a fifth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// How many candidates all threads together have tested.
    pub tested: u64,
    /// How many of the two primes have been found. After the second, the remaining work for a key
    /// takes some hundredths of a second.
    pub found: usize,
}

impl Progress {
    /// The average number of candidates for two primes of 1,024 bits.
    pub const EXPECTED: u64 = 1550;
}

/// A function that every searching thread calls after each group of candidates, so that several
/// threads can call it at the same time. [`ControlFlow::Break`] ends the search.
pub type Watch<'a> = dyn Fn(Progress) -> ControlFlow<()> + Sync + 'a;

/// The reason why a search ended without primes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SearchError {
    /// The watch function ended it.
    Cancelled,
    /// The operating system returned no random numbers.
    NoRandomness(NoRandomness),
}

impl From<NoRandomness> for SearchError {
    fn from(error: NoRandomness) -> Self {
        Self::NoRandomness(error)
    }
}

/// Searches for two safe primes of exactly `bits` bits, whose product has `2·bits` bits: the two
/// highest bits of both are set, and the primes differ within their highest 100 bits. Returns `p'`
/// and `q'`.
///
/// `threads` threads search, the calling thread included, until two primes are found. `bits` is
/// between 40, below which no window would fit into the range, and 1,024.
pub(crate) fn two_safe_primes<K: Kernel>(
    bits: usize,
    threads: usize,
    watch: &Watch<'_>,
    random: &dyn Random,
) -> Result<[Zeroizing<UBig>; 2], SearchError> {
    debug_assert!((40..=PRIME_BITS).contains(&bits));
    let search = Search {
        bits,
        windows: Windows::new(bits),
        sieve: Sieve::shared(),
        watch,
        random,
        tested: AtomicU64::new(0),
        done: AtomicBool::new(false),
        outcome: Mutex::new(Outcome::default()),
    };
    thread::scope(|scope| {
        for _ in 1..threads {
            // If no thread can be started, the existing ones do the work.
            let _ = thread::Builder::new().spawn_scoped(scope, || search.run::<K>());
        }
        search.run::<K>();
    });
    let outcome = search.outcome.into_inner().unwrap_or_else(PoisonError::into_inner);
    match outcome.found.try_into() {
        Ok(primes) => Ok(primes),
        Err(_) => Err(outcome.error.unwrap_or(SearchError::Cancelled)),
    }
}

/// The state that the threads share.
struct Search<'a> {
    bits: usize,
    windows: Windows,
    sieve: &'static Sieve,
    watch: &'a Watch<'a>,
    random: &'a dyn Random,
    tested: AtomicU64,
    done: AtomicBool,
    outcome: Mutex<Outcome>,
}

#[derive(Default)]
struct Outcome {
    found: Vec<Zeroizing<UBig>>,
    error: Option<SearchError>,
}

impl Search<'_> {
    /// Searches for one prime after the other, until two are found. Runs in every thread.
    fn run<K: Kernel>(&self) {
        while !self.done.load(Ordering::Relaxed) {
            match self.search_window::<K>() {
                Ok(Some(half)) => self.add(half),
                Ok(None) => {}
                Err(error) => {
                    self.outcome().error.get_or_insert(error);
                    self.done.store(true, Ordering::Relaxed);
                }
            }
        }
    }

    /// Searches for a prime in a random window. `None` if the window contains no prime, or the
    /// search is done.
    fn search_window<K: Kernel>(&self) -> Result<Option<Zeroizing<UBig>>, SearchError> {
        let mut candidates = Candidates::draw(&self.windows, self.sieve, self.random)?;
        loop {
            let group = candidates.group(K::LANES, self.random)?;
            if group.is_empty() || self.done.load(Ordering::Relaxed) {
                return Ok(None);
            }
            let passed = passes_fermat::<K>(&group);
            self.report(group.len())?;
            for (lane, candidate) in group.into_iter().enumerate() {
                if (passed >> lane) & 1 == 0 {
                    continue;
                }
                match candidate {
                    Candidate::Half(half) => candidates.add_passed_half(half),
                    Candidate::Whole(half) => {
                        if is_prime::<K>(&half, self.random)? {
                            return Ok(Some(half));
                        }
                    }
                }
            }
        }
    }

    fn report(&self, tested: usize) -> Result<(), SearchError> {
        let progress = Progress {
            tested: self.tested.fetch_add(tested as u64, Ordering::Relaxed) + tested as u64,
            found: self.outcome().found.len(),
        };
        match (self.watch)(progress) {
            ControlFlow::Continue(()) => Ok(()),
            ControlFlow::Break(()) => Err(SearchError::Cancelled),
        }
    }

    /// Adds a prime to the outcome, unless it is the third or close to the first.
    fn add(&self, half: Zeroizing<UBig>) {
        let found = &mut self.outcome().found;
        if found.len() == 2 || found.iter().any(|other| are_close(other, &half, self.bits)) {
            return;
        }
        found.push(half);
        // Not stored: the search may be done because of an error, and stays so.
        self.done.fetch_or(found.len() == 2, Ordering::Relaxed);
    }

    fn outcome(&self) -> MutexGuard<'_, Outcome> {
        self.outcome.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Returns whether two safe primes of `bits` bits, given by `p'` and `q'`, differ by less than
/// `2^(bits-100)`. Fermat's method would factor the product of such primes.
pub(crate) fn are_close(half: &UBig, other: &UBig, bits: usize) -> bool {
    let difference = Zeroizing::new(if half > other { half - other } else { other - half });
    // The primes differ by twice as much.
    *difference == UBig::ZERO || difference.bit_len() < bits.saturating_sub(100)
}

#[cfg(test)]
mod tests {
    use super::primality::tests::is_small_prime;
    use super::*;
    use crate::kernel::portable::{PRIME_LIMBS, Portable};
    use crate::kernel::reads;
    use crate::random::System;
    use crate::random::tests::Recorder;
    use proptest::prelude::*;

    type Small = Portable<PRIME_LIMBS>;

    fn go_on(_: Progress) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(12))]
        #[test]
        fn found_primes_are_safe_and_of_the_given_length(bits in 40usize..=80, threads in 1usize..4) {
            let primes = two_safe_primes::<Small>(bits, threads, &go_on, &System).expect("no end");
            let [p, q] = primes.map(|half| u128::try_from(&*half).expect("small"));
            prop_assert_ne!(p, q);
            for half in [p, q] {
                let whole = 2 * half + 1;
                prop_assert!(is_small_prime(half) && is_small_prime(whole), "{}", half);
                prop_assert_eq!(whole >> (bits - 2), 3, "the two highest bits");
            }
            let n = UBig::from(2 * p + 1) * UBig::from(2 * q + 1);
            prop_assert_eq!(n.bit_len(), 2 * bits);
        }

    }

    #[test]
    fn a_search_draws_windows_positions_and_bases_and_nothing_else() {
        let random = Recorder::default();
        let (primes, reads) = reads::during(|| two_safe_primes::<Small>(64, 1, &go_on, &random));
        let primes = primes.expect("no end");
        let windows = Windows::new(64);
        let mut bases = 0;
        for drawn in random.drawn() {
            match drawn.name.as_str() {
                "window" => assert_eq!(drawn.bound, windows.count),
                "position" => assert!(drawn.bound <= UBig::from(sieve::WINDOW)),
                "base" => bases += usize::from(primes.iter().any(|p| drawn.bound == &**p - 3u8)),
                name => panic!("{name} was drawn"),
            }
        }
        assert_eq!(bases, 2 * primality::ROUNDS);
        assert_eq!(reads.indexed, 0);
    }

    #[test]
    fn primes_with_a_small_difference_are_close() {
        let half = UBig::ONE << 1022;
        for (difference, close) in [(0, true), (1, true), (923, true), (924, false)] {
            let other = match difference {
                0 => half.clone(),
                bits => &half + (UBig::ONE << (bits - 1)),
            };
            assert_eq!(are_close(&half, &other, 1024), close, "{difference}");
            assert_eq!(are_close(&other, &half, 1024), close, "{difference}");
        }
    }

    #[test]
    fn a_watch_function_sees_every_test_and_can_end_the_search() {
        let calls = AtomicU64::new(0);
        let watch = |progress: Progress| {
            assert!(progress.tested > 0 && progress.found == 0);
            match calls.fetch_add(1, Ordering::Relaxed) {
                0 => ControlFlow::Continue(()),
                _ => ControlFlow::Break(()),
            }
        };
        let error = two_safe_primes::<Small>(1024, 2, &watch, &System).err();
        assert_eq!(error, Some(SearchError::Cancelled));
        // The other thread may have been in the middle of a test.
        assert!(calls.load(Ordering::Relaxed) <= 3);
    }
}
