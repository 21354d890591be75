//! Powers of prepared bases, and their distribution over lanes.

use std::cmp::Reverse;

use zeroize::Zeroize;

use super::entries::{Entries, choose};
use super::interleaved::{self, InterleavedChain};
use super::table::{COLUMNS, Table};
use super::window::Chain;
use super::{Product, Secrecy};
use crate::kernel::{Kernel, MAX_LANES};
use crate::number::Exponent;

/// A block of a table, with the exponent.
type Block<'p, K> = (&'p Table<K>, &'p Exponent, usize);

/// Computes the powers of prepared bases: their blocks are distributed over lanes, all of which
/// make the same steps. The chains, few and each of one base, are interleaved in lanes of their
/// own.
pub(super) fn evaluate_fixed<'p, K: Kernel>(
    kernel: &K,
    products: &'p [Product<'_, K>],
    chains: Vec<Chain<'p, K>>,
    secrecy: Secrecy,
    factors: &mut [Vec<K::Residue>],
) {
    let blocks: Vec<Vec<Block<'_, K>>> = products.iter().map(blocks_of).collect();
    let lengths: Vec<usize> = blocks.iter().map(Vec::len).collect();
    let mut interleaved: Vec<InterleavedChain<'p, K>> =
        chains.into_iter().map(|chain| InterleavedChain::new(kernel, chain)).collect();
    let share = best_share(K::LANES - interleaved.len(), &lengths);
    let mut lanes: Vec<(usize, &[Block<'_, K>])> = blocks
        .iter()
        .enumerate()
        .flat_map(|(product, blocks)| {
            let mut rest = blocks.as_slice();
            parts(blocks.len(), share).map(move |length| {
                let (part, after) = rest.split_at(length);
                rest = after;
                (product, part)
            })
        })
        .collect();
    // Parts that begin with the same block are neighbours: the entries that one lane reads are then
    // in the cache for the others.
    lanes.sort_by_key(|(_, part)| {
        let first = part.first().map(|(table, _, block)| {
            let address = std::ptr::from_ref::<Table<K>>(table) as usize;
            (address, *block)
        });
        (Reverse(part.len()), first)
    });
    let mut rest = lanes.as_slice();
    while !rest.is_empty() {
        let reserved =
            if interleaved.iter().all(InterleavedChain::is_done) { 0 } else { interleaved.len() };
        let (group, after) = rest.split_at(rest.len().min(K::LANES - reserved));
        rest = after;
        let interleaved = &mut interleaved[..reserved];
        let mut vector = kernel.one();
        interleaved::enter(kernel, &mut vector, interleaved);
        for column in (0..COLUMNS).rev() {
            if column + 1 < COLUMNS {
                interleaved::step(kernel, &mut vector, None, interleaved, secrecy);
            }
            for position in 0..group[0].1.len() {
                let entries = look_up(kernel, group, position, column, secrecy);
                interleaved::step(kernel, &mut vector, Some(entries), interleaved, secrecy);
            }
        }
        for (lane, (product, _)) in group.iter().enumerate() {
            factors[*product].push(kernel.extract(&vector, lane));
        }
        interleaved::leave(kernel, &vector, interleaved);
    }
    let mut vector = kernel.one();
    interleaved::enter(kernel, &mut vector, &interleaved);
    while !interleaved.iter().all(InterleavedChain::is_done) {
        interleaved::step(kernel, &mut vector, None, &mut interleaved, secrecy);
    }
    for (product, value) in interleaved.into_iter().map(InterleavedChain::result) {
        factors[product].push(value);
    }
}

fn blocks_of<'p, K: Kernel>(product: &'p Product<'_, K>) -> Vec<Block<'p, K>> {
    let mut blocks = Vec::new();
    for (table, exponent) in &product.fixed {
        blocks.extend((0..table.blocks_for(exponent)).map(|block| (*table, exponent, block)));
    }
    blocks
}

/// Returns the lengths of the parts of a product of `length` blocks: at most `share` blocks each,
/// as few parts as possible, of nearly equal lengths.
fn parts(length: usize, share: usize) -> impl Iterator<Item = usize> {
    let count = length.div_ceil(share);
    (0..count).map(move |part| (length + part) / count)
}

/// Returns the largest number of blocks for one lane, so that the total time is the shortest: each
/// group of lanes costs the squarings between columns and the multiplications of its longest part,
/// and each product one more multiplication for each further lane.
fn best_share(lanes: usize, lengths: &[usize]) -> usize {
    let longest = lengths.iter().copied().max().unwrap_or(0).max(1);
    if lanes == 1 {
        return longest;
    }
    let cost = |share: &usize| -> usize {
        let parts = lengths.iter().flat_map(|length| parts(*length, *share));
        let mut parts: Vec<usize> = parts.collect();
        parts.sort_unstable_by_key(|length| Reverse(*length));
        let groups = parts.chunks(lanes);
        let columns: usize = groups.map(|group| 1 + group[0]).sum();
        columns * COLUMNS + longest.div_ceil(*share)
    };
    (1..=longest).min_by_key(cost).unwrap_or(longest)
}

/// Returns the factors of a column of each lane's block at a position; 1 for a lane without such a
/// block.
fn look_up<K: Kernel>(
    kernel: &K,
    group: &[(usize, &[Block<'_, K>])],
    position: usize,
    column: usize,
    secrecy: Secrecy,
) -> K::Vector {
    let (table, _, first) = &group[0].1[position];
    // Entry 0 of every block is 1.
    let mut tables: [&Entries<K>; MAX_LANES] = [&table.blocks[*first]; MAX_LANES];
    let mut digits = [0; MAX_LANES];
    for (lane, (_, part)) in group.iter().enumerate() {
        if let Some((table, exponent, block)) = part.get(position) {
            tables[lane] = &table.blocks[*block];
            digits[lane] = table.digit(exponent, *block, column);
        }
    }
    let found = choose(kernel, &tables, &digits, secrecy);
    digits.zeroize();
    found
}
