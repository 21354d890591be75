//! Powers of bases without a table, interleaved with the powers of prepared bases.
//!
//! A power takes hundreds of consecutive squarings and fills only one lane. If there are few such
//! powers, each takes a lane of its own beside the blocks of the prepared bases. The lanes of the
//! blocks all make the same step; in the meantime, the lane of an interleaved power makes its own
//! next step.

use zeroize::Zeroize;

use super::Secrecy;
use super::entries::choose;
use super::window::{Chain, WINDOW};
use crate::kernel::{Kernel, MAX_LANES};

/// The largest number of interleaved chains: more chains fill the lanes well by themselves.
pub(super) const MAX_CHAINS: usize = 3;

/// A chain of one power, and its progress.
pub(super) struct InterleavedChain<'p, K: Kernel> {
    chain: Chain<'p, K>,
    /// Remaining windows of the exponent, the current one included.
    windows: usize,
    /// Remaining squarings before the multiplication of the current window.
    squarings: usize,
    /// The intermediate result, while it is not in a lane.
    value: K::Residue,
}

impl<'p, K: Kernel> InterleavedChain<'p, K> {
    /// Starts a chain of one power.
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

    /// Returns the product of which the power is a factor, and its value.
    pub(super) fn result(self) -> (usize, K::Residue) {
        (self.chain.product, self.value)
    }

    /// Returns the factor of the current window.
    fn factor(&self, kernel: &K, secrecy: Secrecy) -> K::Vector {
        let Some((entries, exponent)) = self.chain.terms.first() else {
            return kernel.one();
        };
        let lowest = (self.windows - 1) * WINDOW;
        let mut digit: usize = (0..WINDOW).map(|bit| exponent.bit(lowest + bit) << bit).sum();
        let mut digits = [digit; MAX_LANES];
        let factor = choose(kernel, &[entries; MAX_LANES], &digits, secrecy);
        digits.zeroize();
        digit.zeroize();
        factor
    }
}

/// Puts chains into their lanes, which are the last ones.
pub(super) fn enter<K: Kernel>(
    kernel: &K,
    vector: &mut K::Vector,
    chains: &[InterleavedChain<'_, K>],
) {
    for (index, chain) in chains.iter().enumerate() {
        kernel.insert(vector, K::LANES - 1 - index, &chain.value);
    }
}

/// Takes chains out of their lanes.
pub(super) fn leave<K: Kernel>(
    kernel: &K,
    vector: &K::Vector,
    chains: &mut [InterleavedChain<'_, K>],
) {
    for (index, chain) in chains.iter_mut().enumerate() {
        if !chain.is_done() {
            chain.value = kernel.extract(vector, K::LANES - 1 - index);
        }
    }
}

/// Makes one step in all lanes: a squaring, or a multiplication by `factors` if there are any; in
/// the lanes of the chains, their own next step.
pub(super) fn step<K: Kernel>(
    kernel: &K,
    vector: &mut K::Vector,
    factors: Option<K::Vector>,
    chains: &mut [InterleavedChain<'_, K>],
    secrecy: Secrecy,
) {
    let all_square = chains.iter().all(|chain| chain.is_done() || chain.squarings > 0);
    match factors {
        None if all_square => kernel.square(vector),
        factors => {
            let mut factors = factors.unwrap_or_else(|| vector.clone());
            for (index, chain) in chains.iter().enumerate() {
                let lane = K::LANES - 1 - index;
                if chain.is_done() {
                    continue;
                }
                let factor = if chain.squarings > 0 {
                    kernel.extract(vector, lane)
                } else {
                    kernel.extract(&chain.factor(kernel, secrecy), lane)
                };
                kernel.insert(&mut factors, lane, &factor);
            }
            kernel.multiply(vector, &factors);
        }
    }
    for (index, chain) in chains.iter_mut().enumerate() {
        if chain.is_done() {
            continue;
        }
        if chain.squarings > 0 {
            chain.squarings -= 1;
            continue;
        }
        chain.squarings = WINDOW;
        chain.windows -= 1;
        if chain.is_done() {
            chain.value = kernel.extract(vector, K::LANES - 1 - index);
        }
    }
}
