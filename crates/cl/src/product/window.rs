//! Powers of bases without a table, in windows of a few bits.

use std::cmp::Reverse;

use zeroize::{Zeroize, Zeroizing};

use super::entries::{Entries, choose};
use super::{Product, Secrecy, load};
use crate::kernel::{Kernel, MAX_LANES};
use crate::number::Exponent;

/// Bits of a window.
pub(super) const WINDOW: usize = 4;

/// Powers that share their squarings, and therefore a lane.
pub(super) struct Chain<'p, K: Kernel> {
    pub(super) product: usize,
    /// The powers 0 to `2^WINDOW - 1` of each base, and its exponent.
    pub(super) terms: Vec<(Zeroizing<Entries<K>>, &'p Exponent)>,
}

impl<K: Kernel> Chain<'_, K> {
    pub(super) fn windows(&self) -> usize {
        let bits = self.terms.iter().map(|(_, exponent)| exponent.bits());
        bits.max().unwrap_or(0).div_ceil(WINDOW)
    }
}

/// Computes the powers of bases without a table: each lane works through a queue of chains, and all
/// lanes make the same steps.
pub(super) fn evaluate_powers<K: Kernel>(
    kernel: &K,
    mut chains: Vec<Chain<'_, K>>,
    secrecy: Secrecy,
    factors: &mut [Vec<K::Residue>],
) {
    chains.sort_by_key(|chain| Reverse(chain.windows()));
    let mut queues: Vec<Vec<Chain<'_, K>>> = (0..K::LANES).map(|_| Vec::new()).collect();
    let mut loads = vec![0; K::LANES];
    for chain in chains {
        let lane = (0..K::LANES).min_by_key(|&lane| loads[lane]).unwrap_or(0);
        loads[lane] += chain.windows();
        queues[lane].push(chain);
    }
    // The remaining windows of each lane's current chain, which is the last one of its queue.
    let mut vector = kernel.one();
    let one = kernel.extract(&vector, 0);
    let ones = Entries::new(vec![one.clone(); 1 << WINDOW]);
    let mut left: Vec<usize> =
        queues.iter().map(|queue| queue.last().map_or(0, Chain::windows)).collect();
    while left.iter().any(|&windows| windows > 0) {
        for _ in 0..WINDOW {
            kernel.square(&mut vector);
        }
        let terms = queues
            .iter()
            .filter_map(|queue| queue.last())
            .map(|chain| chain.terms.len())
            .max()
            .unwrap_or(0);
        for term in 0..terms {
            let mut tables: [&Entries<K>; MAX_LANES] = [&ones; MAX_LANES];
            let mut digits = [0; MAX_LANES];
            for (lane, queue) in queues.iter().enumerate() {
                if let Some((table, exponent)) =
                    queue.last().and_then(|chain| chain.terms.get(term))
                {
                    let lowest = (left[lane] - 1) * WINDOW;
                    tables[lane] = table;
                    digits[lane] = (0..WINDOW).map(|bit| exponent.bit(lowest + bit) << bit).sum();
                }
            }
            kernel.multiply(&mut vector, &choose(kernel, &tables, &digits, secrecy));
            digits.zeroize();
        }
        for lane in 0..K::LANES {
            if left[lane] == 0 {
                continue;
            }
            left[lane] -= 1;
            if left[lane] == 0
                && let Some(chain) = queues[lane].pop()
            {
                factors[chain.product].push(kernel.extract(&vector, lane));
                kernel.insert(&mut vector, lane, &one);
                left[lane] = queues[lane].last().map_or(0, Chain::windows);
            }
        }
    }
}

/// Creates a chain for each power, or for each product if there is only one lane.
pub(super) fn chains<'p, K: Kernel>(
    kernel: &K,
    products: &'p [Product<'_, K>],
) -> Vec<Chain<'p, K>> {
    let powers: Vec<(usize, &K::Residue, &Exponent)> = products
        .iter()
        .enumerate()
        .flat_map(|(index, product)| {
            product
                .powers
                .iter()
                .filter(|(_, exponent)| exponent.bits() > 0)
                .map(move |(base, exponent)| (index, base, exponent))
        })
        .collect();
    let mut chains: Vec<Chain<'p, K>> = Vec::new();
    for group in powers.chunks(K::LANES) {
        let bases = load(kernel, group.iter().map(|(_, base, _)| *base));
        let mut vector = kernel.one();
        let mut tables: Vec<Vec<K::Residue>> = vec![Vec::new(); group.len()];
        for power in 0..1 << WINDOW {
            if power > 0 {
                kernel.multiply(&mut vector, &bases);
            }
            for (lane, table) in tables.iter_mut().enumerate() {
                table.push(kernel.extract(&vector, lane));
            }
        }
        for ((product, _, exponent), table) in group.iter().zip(tables) {
            let term = (Zeroizing::new(Entries::new(table)), *exponent);
            match chains.last_mut() {
                Some(chain) if K::LANES == 1 && chain.product == *product => chain.terms.push(term),
                _ => chains.push(Chain { product: *product, terms: vec![term] }),
            }
        }
    }
    chains
}
