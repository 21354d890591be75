//! Safe primes: primes `p = 2p' + 1` whose half `p'` is a prime, too.
//!
//! # The search
//! Of the numbers of 1,024 bits, one in 380,000 is the `p'` of a safe prime; so the search goes from
//! cheap to dear. A window of candidates is drawn and sieved ([`sieve`]); one in 85 is left. These are
//! taken in random order and tested by Fermat with base 2, `2^(m-1) = 1 (mod m)`: first `m = p'`, which one
//! in 27 passes, then `m = p`. Each lane of the kernel tests a number. What has passed both is almost
//! certainly right, and is then made sure:
//!
//! - `p'` stands [`ROUNDS`](primality::ROUNDS) rounds of Miller and Rabin's test with random bases. A
//!   composite number passes with probability `4^-32` at most, whoever chose it.
//! - `p` is then proved prime from `p'` by Pocklington: a prime factor `p' > √p` of `p - 1` is known,
//!   `2^(p-1) = 1 (mod p)` has been computed, and `gcd(2^((p-1)/p') - 1, p) = gcd(3, p) = 1` because the
//!   sieve admits `p = 2 (mod 3)` only.
//!
//! # How random a prime is
//! The range of `p'` is divided into windows once and for all. The operating system's generator draws one
//! of them uniformly, then an order of its candidates uniformly, so of `K` safe primes in the window each
//! is found with probability `1/K`. Over all windows, no safe prime is more likely than it would be by a
//! uniform draw by more than the factor `λ/(1 - e^-λ)`, where `λ` is how many there are in a window on
//! average: 2.4 for primes of 1,024 bits. That is little more than one bit of a thousand. A window gives
//! one prime only: two from one window would be close to each other, and their product easy to factor.
//!
//! # What is constant time
//! The exponentiations. Not the sieve, whose memory accesses depend on the window, nor how
//! many candidates fail: the latter says nothing about the candidate that passes.

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
use crate::random::{NoRandomness, System};
use candidates::{Candidate, Candidates, Windows};
use primality::passes_fermat;
pub(crate) use primality::{double_is_prime, is_prime};
use sieve::Sieve;

/// How far the search for the two primes of a key is.
///
/// There is no end in sight: however many candidates have failed, the next one is as likely as the first.
/// On average it takes [`Progress::EXPECTED`] candidates; one search in 20 takes more than 2.4 times as
/// many, one in 16 less than a fifth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Candidates that were tested so far, by all threads together.
    pub tested: u64,
    /// How many of the two primes are found. With the second, the search is over; what is left to do for
    /// a key takes some hundredths of a second.
    pub found: usize,
}

impl Progress {
    /// How many candidates two primes of 1,024 bits take on average.
    pub const EXPECTED: u64 = 1550;
}

/// Called after each group of candidates, by all threads that search and so maybe by several at once.
/// With [`ControlFlow::Break`] it ends the search.
pub type Watch<'a> = dyn Fn(Progress) -> ControlFlow<()> + Sync + 'a;

/// Why a search ended without primes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ended {
    /// The watcher ended it.
    Cancelled,
    /// There are no random numbers.
    NoRandomness(NoRandomness),
}

impl From<NoRandomness> for Ended {
    fn from(error: NoRandomness) -> Self {
        Self::NoRandomness(error)
    }
}

/// Searches two safe primes of exactly `bits` bits, whose product has `2·bits` bits: the two highest bits
/// of both are set, and they differ within their highest 100 bits. Returns their halves `p'` and `q'`.
///
/// `threads` threads search, the caller's among them, until two primes are found. `bits` is from 40 to
/// 1,024: below, a window would not fit.
pub(crate) fn two_safe_primes<K: Kernel>(
    bits: usize,
    threads: usize,
    watch: &Watch<'_>,
) -> Result<[Zeroizing<UBig>; 2], Ended> {
    debug_assert!((40..=1024).contains(&bits));
    let search = Search {
        bits,
        windows: Windows::new(bits),
        sieve: Sieve::shared(),
        watch,
        tested: AtomicU64::new(0),
        over: AtomicBool::new(false),
        outcome: Mutex::new(Outcome::default()),
    };
    thread::scope(|scope| {
        for _ in 1..threads {
            // Where no thread is to be had, the others do the work.
            let _ = thread::Builder::new().spawn_scoped(scope, || search.run::<K>());
        }
        search.run::<K>();
    });
    let outcome = search
        .outcome
        .into_inner()
        .unwrap_or_else(PoisonError::into_inner);
    match outcome.found.try_into() {
        Ok(primes) => Ok(primes),
        Err(_) => Err(outcome.ended.unwrap_or(Ended::Cancelled)),
    }
}

/// What the threads share.
struct Search<'a> {
    bits: usize,
    windows: Windows,
    sieve: &'static Sieve,
    watch: &'a Watch<'a>,
    tested: AtomicU64,
    over: AtomicBool,
    outcome: Mutex<Outcome>,
}

#[derive(Default)]
struct Outcome {
    found: Vec<Zeroizing<UBig>>,
    ended: Option<Ended>,
}

impl Search<'_> {
    /// What every thread does: search one prime after the other, until there are two.
    fn run<K: Kernel>(&self) {
        while !self.over.load(Ordering::Relaxed) {
            match self.one::<K>() {
                Ok(Some(half)) => self.found(half),
                Ok(None) => {}
                Err(ended) => {
                    self.outcome().ended.get_or_insert(ended);
                    self.over.store(true, Ordering::Relaxed);
                }
            }
        }
    }

    /// Looks for one prime in one window. `None` if there is none, or the search is over.
    fn one<K: Kernel>(&self) -> Result<Option<Zeroizing<UBig>>, Ended> {
        let mut randomness = System;
        let mut candidates = Candidates::draw(&self.windows, self.sieve, &mut randomness)?;
        loop {
            let group = candidates.group(K::LANES, &mut randomness)?;
            if group.is_empty() || self.over.load(Ordering::Relaxed) {
                return Ok(None);
            }
            let passed = passes_fermat::<K>(&group);
            self.report(group.len())?;
            for (lane, candidate) in group.into_iter().enumerate() {
                if (passed >> lane) & 1 == 0 {
                    continue;
                }
                match candidate {
                    Candidate::Half(half) => candidates.passed_half(half),
                    Candidate::Whole(half) => {
                        if is_prime::<K>(&half, &mut randomness)? {
                            return Ok(Some(half));
                        }
                    }
                }
            }
        }
    }

    fn report(&self, tested: usize) -> Result<(), Ended> {
        let progress = Progress {
            tested: self.tested.fetch_add(tested as u64, Ordering::Relaxed) + tested as u64,
            found: self.outcome().found.len(),
        };
        match (self.watch)(progress) {
            ControlFlow::Continue(()) => Ok(()),
            ControlFlow::Break(()) => Err(Ended::Cancelled),
        }
    }

    fn found(&self, half: Zeroizing<UBig>) {
        let found = &mut self.outcome().found;
        if found.len() == 2 || found.iter().any(|other| are_close(other, &half, self.bits)) {
            return;
        }
        found.push(half);
        // Never set back: it may be over because of an error.
        self.over.fetch_or(found.len() == 2, Ordering::Relaxed);
    }

    fn outcome(&self) -> MutexGuard<'_, Outcome> {
        self.outcome.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether two primes of `bits` bits, given by their halves, differ by less than `2^(bits-100)`: their
/// product could be factored by Fermat's method then.
pub(crate) fn are_close(half: &UBig, other: &UBig, bits: usize) -> bool {
    let difference = Zeroizing::new(if half > other {
        half - other
    } else {
        other - half
    });
    // The primes differ by twice as much.
    *difference == UBig::ZERO || difference.bit_len() < bits.saturating_sub(100)
}

#[cfg(test)]
mod tests {
    use super::primality::tests::is_small_prime;
    use super::*;
    use crate::kernel::portable::{PRIME_LIMBS, Portable};
    use proptest::prelude::*;

    type Small = Portable<PRIME_LIMBS>;

    fn onward(_: Progress) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(12))]
        #[test]
        fn safe_primes_are_safe_primes(bits in 40usize..=80, threads in 1usize..4) {
            let primes = two_safe_primes::<Small>(bits, threads, &onward).expect("no end");
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
    fn primes_that_are_close_are_told() {
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
    fn a_watcher_is_told_of_every_test_and_can_end_the_search() {
        let calls = AtomicU64::new(0);
        let watch = |progress: Progress| {
            assert!(progress.tested > 0 && progress.found == 0);
            match calls.fetch_add(1, Ordering::Relaxed) {
                0 => ControlFlow::Continue(()),
                _ => ControlFlow::Break(()),
            }
        };
        let ended = two_safe_primes::<Small>(1024, 2, &watch).err();
        assert_eq!(ended, Some(Ended::Cancelled));
        // The other thread may have been at a test of its own.
        assert!(calls.load(Ordering::Relaxed) <= 3);
    }
}
