//! Powers of prepared bases, and the lanes in which they are computed.

use std::cmp::Reverse;

use zeroize::Zeroize;

use super::rider::{self, Rider};
use super::table::{COLUMNS, Table};
use super::window::Chain;
use super::{Product, Secrecy, choose};
use crate::kernel::{Kernel, MOST_LANES};
use crate::number::Exponent;

/// One block of a table with the exponent that it is raised to.
type Block<'p, K> = (&'p Table<K>, &'p Exponent, usize);

/// The powers of prepared bases: their blocks in lanes, all lanes in step. The chains, few and each of one
/// base, ride along in lanes of their own.
pub(super) fn evaluate_fixed<'p, K: Kernel>(
    kernel: &K,
    products: &'p [Product<'_, K>],
    chains: Vec<Chain<'p, K>>,
    secrecy: Secrecy,
    factors: &mut [Vec<K::Residue>],
) {
    let blocks: Vec<Vec<Block<'_, K>>> = products.iter().map(blocks_of).collect();
    let lengths: Vec<usize> = blocks.iter().map(Vec::len).collect();
    let mut riders: Vec<Rider<'p, K>> = chains
        .into_iter()
        .map(|chain| Rider::new(kernel, chain))
        .collect();
    let share = best_share(K::LANES - riders.len(), &lengths);
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
    // Parts that begin with the same block go side by side: what one lane reads is then in the cache for
    // the others.
    lanes.sort_by_key(|(_, part)| {
        let first = part.first().map(|(table, _, block)| {
            let address = std::ptr::from_ref::<Table<K>>(table) as usize;
            (address, *block)
        });
        (Reverse(part.len()), first)
    });
    let mut rest = lanes.as_slice();
    while !rest.is_empty() {
        let seats = if riders.iter().all(Rider::is_done) {
            0
        } else {
            riders.len()
        };
        let (group, after) = rest.split_at(rest.len().min(K::LANES - seats));
        rest = after;
        let riders = &mut riders[..seats];
        let mut vector = kernel.one();
        rider::enter(kernel, &mut vector, riders);
        for column in (0..COLUMNS).rev() {
            if column + 1 < COLUMNS {
                rider::step(kernel, &mut vector, None, riders, secrecy);
            }
            for position in 0..group[0].1.len() {
                let entries = look_up(kernel, group, position, column, secrecy);
                rider::step(kernel, &mut vector, Some(entries), riders, secrecy);
            }
        }
        for (lane, (product, _)) in group.iter().enumerate() {
            factors[*product].push(kernel.extract(&vector, lane));
        }
        rider::leave(kernel, &vector, riders);
    }
    let mut vector = kernel.one();
    rider::enter(kernel, &mut vector, &riders);
    while !riders.iter().all(Rider::is_done) {
        rider::step(kernel, &mut vector, None, &mut riders, secrecy);
    }
    for (product, value) in riders.into_iter().map(Rider::result) {
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

/// The lengths of the parts into which a product of `length` blocks is cut so that none is longer than
/// `share`: as few as possible, and nearly equal.
fn parts(length: usize, share: usize) -> impl Iterator<Item = usize> {
    let count = length.div_ceil(share);
    (0..count).map(move |part| (length + part) / count)
}

/// How many blocks one lane takes at most, so that all lanes together take the least time: each group of
/// lanes costs the squarings from column to column and the multiplications of its longest part, and each
/// product one more multiplication for each further lane.
fn best_share(lanes: usize, lengths: &[usize]) -> usize {
    let longest = lengths.iter().copied().max().unwrap_or(0).max(1);
    if lanes == 1 {
        return longest;
    }
    let cost = |share: &usize| -> usize {
        let cut = lengths.iter().flat_map(|length| parts(*length, *share));
        let mut cut: Vec<usize> = cut.collect();
        cut.sort_unstable_by_key(|length| Reverse(*length));
        let groups = cut.chunks(lanes);
        let columns: usize = groups.map(|group| 1 + group[0]).sum();
        columns * COLUMNS + longest.div_ceil(*share)
    };
    (1..=longest).min_by_key(cost).unwrap_or(longest)
}

/// The factors of one column of each lane's block at a position; 1 for a lane that has no such block.
fn look_up<K: Kernel>(
    kernel: &K,
    group: &[(usize, &[Block<'_, K>])],
    position: usize,
    column: usize,
    secrecy: Secrecy,
) -> K::Vector {
    let (table, _, first) = &group[0].1[position];
    // Entry 0 of every block is 1.
    let mut tables: [&[K::Residue]; MOST_LANES] = [&table.blocks[*first]; MOST_LANES];
    let mut digits = [0; MOST_LANES];
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
