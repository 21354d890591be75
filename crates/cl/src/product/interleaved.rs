//! Powers of bases without a table that ride along.
//!
//! A power takes hundreds of squarings one after the other and fills one lane only. Where there are few
//! of them, each takes a lane of its own beside the blocks of the prepared bases, whose steps are all the
//! same: while the others square or multiply, it takes its own next step, whatever that is.

use zeroize::Zeroize;

use super::window::{Chain, WINDOW};
use super::{Secrecy, choose};
use crate::kernel::{Kernel, MOST_LANES};

/// The most powers that ride along: with more, they fill lanes well enough by themselves.
pub(super) const MOST: usize = 3;

/// A power on its way through a lane.
pub(super) struct Rider<'p, K: Kernel> {
    chain: Chain<'p, K>,
    /// Windows of the exponent that are still to come, the present one included.
    windows: usize,
    /// Squarings before the present window's multiplication.
    squarings: usize,
    /// The product so far, while there is no lane for it.
    value: K::Residue,
}

impl<'p, K: Kernel> Rider<'p, K> {
    /// A power of one base.
    pub(super) fn new(kernel: &K, chain: Chain<'p, K>) -> Self {
        Self {
            windows: chain.windows(),
            squarings: WINDOW,
            value: kernel.extract(&kernel.one(), 0),
            chain,
        }
    }

    pub(super) fn is_done(&self) -> bool {
        self.windows == 0
    }

    /// The product that it is a factor of, and its value.
    pub(super) fn result(self) -> (usize, K::Residue) {
        (self.chain.product, self.value)
    }

    /// The factor of the present window.
    fn factor(&self, kernel: &K, secrecy: Secrecy) -> K::Vector {
        let mut digit = 0;
        let mut table: &[K::Residue] = &[];
        if let Some((entries, exponent)) = self.chain.terms.first() {
            let lowest = (self.windows - 1) * WINDOW;
            digit = (0..WINDOW)
                .map(|bit| exponent.bit(lowest + bit) << bit)
                .sum();
            table = entries;
        }
        let mut digits = [digit; MOST_LANES];
        let tables = [table; MOST_LANES];
        let factor = choose(kernel, &tables, &digits, secrecy);
        digits.zeroize();
        digit.zeroize();
        factor
    }
}

/// Puts riders into their lanes, the last ones.
pub(super) fn enter<K: Kernel>(kernel: &K, vector: &mut K::Vector, riders: &[Rider<'_, K>]) {
    for (seat, rider) in riders.iter().enumerate() {
        kernel.insert(vector, K::LANES - 1 - seat, &rider.value);
    }
}

/// Takes riders out of their lanes.
pub(super) fn leave<K: Kernel>(kernel: &K, vector: &K::Vector, riders: &mut [Rider<'_, K>]) {
    for (seat, rider) in riders.iter_mut().enumerate() {
        if !rider.is_done() {
            rider.value = kernel.extract(vector, K::LANES - 1 - seat);
        }
    }
}

/// One step of all lanes: a squaring, or a multiplication by `factors` where there are any; in the riders'
/// lanes, their own next step.
pub(super) fn step<K: Kernel>(
    kernel: &K,
    vector: &mut K::Vector,
    factors: Option<K::Vector>,
    riders: &mut [Rider<'_, K>],
    secrecy: Secrecy,
) {
    let all_square = riders
        .iter()
        .all(|rider| rider.is_done() || rider.squarings > 0);
    match factors {
        None if all_square => kernel.square(vector),
        factors => {
            let mut factors = factors.unwrap_or_else(|| vector.clone());
            for (seat, rider) in riders.iter().enumerate() {
                let lane = K::LANES - 1 - seat;
                if rider.is_done() {
                    continue;
                }
                let factor = if rider.squarings > 0 {
                    kernel.extract(vector, lane)
                } else {
                    kernel.extract(&rider.factor(kernel, secrecy), lane)
                };
                kernel.insert(&mut factors, lane, &factor);
            }
            kernel.multiply(vector, &factors);
        }
    }
    for (seat, rider) in riders.iter_mut().enumerate() {
        if rider.is_done() {
            continue;
        }
        if rider.squarings > 0 {
            rider.squarings -= 1;
            continue;
        }
        rider.squarings = WINDOW;
        rider.windows -= 1;
        if rider.is_done() {
            rider.value = kernel.extract(vector, K::LANES - 1 - seat);
        }
    }
}
