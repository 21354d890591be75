//! Tables of powers of prepared bases.

use std::cmp::Reverse;

use dashu_int::UBig;

use super::entries::Entries;
use super::load;
use crate::kernel::Kernel;
use crate::number::Exponent;

/// Columns of a comb. 25 columns suit the exponents of the scheme: with 8 teeth, a block covers 200
/// bits, and three blocks a response of 594 bits.
pub(super) const COLUMNS: usize = 25;

/// Prepared powers of a base: for each block, the `2^teeth` products of its rows.
pub(crate) struct Table<K: Kernel> {
    teeth: usize,
    pub(super) blocks: Vec<Entries<K>>,
}

impl<K: Kernel> Table<K> {
    /// Returns the length of the longest exponent, in bits.
    pub(crate) fn bits(&self) -> usize {
        self.blocks.len() * self.teeth * COLUMNS
    }

    /// Returns the bits of an exponent in a column of a block as a number: its bit `t` is the one
    /// in row `block·teeth + t`.
    pub(super) fn digit(&self, exponent: &Exponent, block: usize, column: usize) -> usize {
        (0..self.teeth)
            .map(|tooth| exponent.bit((block * self.teeth + tooth) * COLUMNS + column) << tooth)
            .sum()
    }

    /// Returns the number of blocks for an exponent with this bound.
    pub(super) fn blocks_for(&self, exponent: &Exponent) -> usize {
        exponent.bits().div_ceil(self.teeth * COLUMNS)
    }
}

/// Prepares tables for bases and the lengths of their longest exponents, several bases at a time.
pub(crate) fn tables<K: Kernel>(
    kernel: &K,
    teeth: usize,
    bases: &[(UBig, usize)],
) -> Vec<Table<K>> {
    let rows: Vec<usize> =
        bases.iter().map(|(_, bits)| bits.div_ceil(teeth * COLUMNS) * teeth).collect();
    // Row `i` of a base is its `2^(i·COLUMNS)`-th power.
    let mut powers: Vec<Vec<K::Residue>> =
        bases.iter().map(|(base, _)| vec![kernel.enter(base)]).collect();
    let mut order: Vec<usize> = (0..bases.len()).collect();
    order.sort_by_key(|&base| Reverse(rows[base]));
    for group in order.chunks(K::LANES) {
        let mut vector = load(kernel, group.iter().map(|&base| &powers[base][0]));
        for _ in 1..rows[group[0]] {
            for _ in 0..COLUMNS {
                kernel.square(&mut vector);
            }
            for (lane, &base) in group.iter().enumerate() {
                powers[base].push(kernel.extract(&vector, lane));
            }
        }
    }
    // The blocks of all bases fill the lanes together.
    let mut blocks: Vec<(usize, &[K::Residue])> = Vec::new();
    for (base, powers) in powers.iter().enumerate() {
        blocks.extend(powers[..rows[base]].chunks(teeth).map(|rows| (base, rows)));
    }
    let mut tables: Vec<Table<K>> =
        bases.iter().map(|_| Table { teeth, blocks: Vec::new() }).collect();
    for group in blocks.chunks(K::LANES) {
        let rows: Vec<&[K::Residue]> = group.iter().map(|(_, rows)| *rows).collect();
        for ((base, _), entries) in group.iter().zip(combinations(kernel, teeth, &rows)) {
            tables[*base].blocks.push(Entries::new(entries));
        }
    }
    tables
}

/// Returns the products of all choices of rows, for each of at most `LANES` blocks: entry `d` is
/// the product of the rows whose bits are set in `d`.
fn combinations<K: Kernel>(
    kernel: &K,
    teeth: usize,
    blocks: &[&[K::Residue]],
) -> Vec<Vec<K::Residue>> {
    let one = kernel.extract(&kernel.one(), 0);
    let mut entries: Vec<Vec<K::Residue>> = blocks.iter().map(|_| vec![one.clone()]).collect();
    for digit in 1..1usize << teeth {
        let high = digit.ilog2() as usize;
        let rest = digit ^ (1 << high);
        let mut vector = load(kernel, entries.iter().map(|entries| &entries[rest]));
        kernel.multiply(&mut vector, &load(kernel, blocks.iter().map(|rows| &rows[high])));
        for (lane, entries) in entries.iter_mut().enumerate() {
            entries.push(kernel.extract(&vector, lane));
        }
    }
    entries
}
