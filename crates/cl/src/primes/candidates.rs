//! Windows of candidates, and the candidates of a window in random order.

use std::collections::VecDeque;

use dashu_base::DivEuclid;
use dashu_int::UBig;
use zeroize::Zeroizing;

use super::sieve::{STEP, Sieve, WINDOW};
use crate::random::{NoRandomness, Random};

/// The windows that lie entirely in the range of `p'` for primes of a given length.
pub(super) struct Windows {
    first: UBig,
    pub(super) count: UBig,
}

impl Windows {
    /// `3·2^(bits-2) <= p < 2^bits`, so `3·2^(bits-3) <= p' < 2^(bits-1)`.
    pub(super) fn new(bits: usize) -> Self {
        let length = UBig::from(STEP * WINDOW);
        let first = (UBig::from(3u8) << (bits - 3)) / &length + UBig::ONE;
        let end = (UBig::ONE << (bits - 1)).div_euclid(&length);
        Self { count: end - &first, first }
    }

    /// Draws a window and returns its first candidate.
    fn draw(&self, random: &dyn Random) -> Result<Zeroizing<UBig>, NoRandomness> {
        let window = Zeroizing::new(random.below("window", &self.count)?);
        let number = Zeroizing::new(&*window + &self.first);
        Ok(Zeroizing::new(&*number * (STEP * WINDOW) + 5u8))
    }
}

/// A number to test, represented by `p'`.
pub(super) enum Candidate {
    /// Test whether `p'` is prime.
    Half(Zeroizing<UBig>),
    /// `p'` has passed its test; test whether `p = 2p' + 1` is prime.
    Whole(Zeroizing<UBig>),
}

impl Candidate {
    /// Returns the number to test minus one.
    pub(super) fn minus_one(&self) -> Zeroizing<UBig> {
        Zeroizing::new(match self {
            Self::Half(half) => &**half - UBig::ONE,
            Self::Whole(half) => &**half << 1,
        })
    }
}

/// The candidates of a window.
pub(super) struct Candidates {
    start: Zeroizing<UBig>,
    survivors: Zeroizing<Vec<u32>>,
    /// Candidates that have passed the test of `p'`.
    halves: VecDeque<Zeroizing<UBig>>,
}

impl Candidates {
    pub(super) fn draw(
        windows: &Windows,
        sieve: &Sieve,
        random: &dyn Random,
    ) -> Result<Self, NoRandomness> {
        let start = windows.draw(random)?;
        Ok(Self { survivors: sieve.survivors(&start), start, halves: VecDeque::new() })
    }

    /// Returns the next numbers to test, at most `count`; none when the window is exhausted.
    pub(super) fn group(
        &mut self,
        count: usize,
        random: &dyn Random,
    ) -> Result<Vec<Candidate>, NoRandomness> {
        let waiting = self.halves.len().min(count);
        let mut group: Vec<Candidate> =
            self.halves.drain(..waiting).map(Candidate::Whole).collect();
        while group.len() < count && !self.survivors.is_empty() {
            let chosen = random.below("position", &self.survivors.len().into())?;
            // Never fails: the number is below a `usize`.
            let chosen = usize::try_from(&chosen).unwrap_or(0);
            let position = self.survivors.swap_remove(chosen) as usize;
            let half = &*self.start + UBig::from(STEP * position);
            group.push(Candidate::Half(Zeroizing::new(half)));
        }
        Ok(group)
    }

    /// Adds a candidate that has passed the test of `p'`.
    pub(super) fn add_passed_half(&mut self, half: Zeroizing<UBig>) {
        self.halves.push_back(half);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::System;
    use crate::random::tests::Recorder;

    #[test]
    fn every_window_lies_in_the_range() {
        for bits in [40, 64, 1024] {
            let windows = Windows::new(bits);
            let length = UBig::from(STEP * WINDOW);
            let lowest = &windows.first * &length + UBig::from(5u8);
            let highest = (&windows.first + &windows.count) * &length - UBig::ONE;
            assert!(lowest >= UBig::from(3u8) << (bits - 3));
            assert!(highest < UBig::ONE << (bits - 1));
            // At most the length of a window is lost at either end.
            assert!(lowest <= (UBig::from(3u8) << (bits - 3)) + &length + UBig::from(5u8));
            assert!(highest + &length >= UBig::ONE << (bits - 1));
        }
    }

    /// 1,002 bits of a prime come from its window, the others from the position in the window.
    #[test]
    fn a_window_is_drawn_from_all_and_a_position_from_all_left() {
        let random = Recorder::default();
        let windows = Windows::new(1024);
        let candidates = Candidates::draw(&windows, Sieve::shared(), &random);
        let mut candidates = candidates.expect("randomness");
        let left = candidates.survivors.len();
        candidates.group(3, &random).expect("randomness");
        let drawn: Vec<(String, UBig)> =
            random.drawn().into_iter().map(|drawn| (drawn.name, drawn.bound)).collect();
        let position = |count: usize| ("position".to_owned(), UBig::from(count));
        let window = ("window".to_owned(), windows.count.clone());
        assert_eq!(drawn, [window, position(left), position(left - 1), position(left - 2)]);
        assert_eq!(dashu_base::BitTest::bit_len(&windows.count), 1002);
        assert!(left > 1000, "{left}");
    }

    #[test]
    fn every_survivor_occurs_once_and_passed_halves_come_first() {
        let mut candidates =
            Candidates::draw(&Windows::new(64), Sieve::shared(), &System).expect("randomness");
        let mut expected: Vec<UBig> = candidates
            .survivors
            .iter()
            .map(|&position| &*candidates.start + UBig::from(STEP * position as usize))
            .collect();
        let mut seen: Vec<UBig> = Vec::new();
        let mut waiting = 0;
        loop {
            let group = candidates.group(8, &System).expect("randomness");
            if group.is_empty() {
                break;
            }
            let wholes = group.iter().take_while(|one| matches!(one, Candidate::Whole(_))).count();
            assert_eq!(wholes, waiting);
            waiting = 0;
            for candidate in group.into_iter().skip(wholes) {
                let Candidate::Half(half) = candidate else {
                    panic!("a passed half comes after a new candidate");
                };
                seen.push((*half).clone());
                if seen.len().is_multiple_of(3) {
                    candidates.add_passed_half(half);
                    waiting += 1;
                }
            }
        }
        assert_ne!(seen, expected, "random order");
        seen.sort();
        expected.sort();
        assert_eq!(seen, expected);
    }
}
