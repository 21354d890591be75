//! Products of powers modulo `n`, which is all that CL proofs are made of.
//!
//! Bases that belong to a key (`S`, `Z`, `R_i`, `Rctxt`) come with a [`Table`], a comb: the exponent's
//! bits are laid out in blocks of `teeth` rows and [`COLUMNS`] columns, and one entry of the table
//! stands for one column of one block. A power then costs one multiplication a block and column, and
//! all powers of a product share the squarings from column to column. Other bases (`A'`, `T_i`) are
//! raised in windows of [`WINDOW`] bits.
//!
//! [`evaluate`] spreads the work over the kernel's lanes: the blocks of a long product over several
//! lanes, whose results are multiplied at the end; each base without a table to a lane of its own. With
//! a single lane the powers of a product share their squarings instead.

use std::cmp::Reverse;

use dashu_int::UBig;
use zeroize::{Zeroize, Zeroizing};

use crate::kernel::Kernel;
use crate::number::Exponent;

/// Columns of a comb. 25 fits the lengths that occur: with 8 teeth a block covers 200 bits, three
/// of them a hidden response of 594.
const COLUMNS: usize = 25;

/// Bits of a window for a base without a table.
const WINDOW: usize = 4;

/// Whether an evaluation may look tables up by its exponents' bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Secrecy {
    /// The exponents are public: entries are picked.
    Public,
    /// The exponents are secret: every entry of every table is read, for the cache not to know which.
    Secret,
}

/// Powers of one base, prepared: per block, the `2^teeth` products of the block's rows.
pub(crate) struct Table<K: Kernel> {
    teeth: usize,
    blocks: Vec<Vec<K::Residue>>,
}

impl<K: Kernel> Table<K> {
    /// How many bits an exponent may have.
    pub(crate) fn bits(&self) -> usize {
        self.blocks.len() * self.teeth * COLUMNS
    }

    /// The number that column `column` of block `block` spells: its bit `t` is the exponent's bit in row
    /// `block·teeth + t`.
    fn digit(&self, exponent: &Exponent, block: usize, column: usize) -> usize {
        (0..self.teeth)
            .map(|tooth| exponent.bit((block * self.teeth + tooth) * COLUMNS + column) << tooth)
            .sum()
    }

    /// How many blocks an exponent of this bound needs.
    fn blocks_for(&self, exponent: &Exponent) -> usize {
        exponent.bits().div_ceil(self.teeth * COLUMNS)
    }
}

/// Prepares tables for exponents of at most the given bits, for all bases side by side.
pub(crate) fn tables<K: Kernel>(
    kernel: &K,
    teeth: usize,
    bases: &[(UBig, usize)],
) -> Vec<Table<K>> {
    let rows: Vec<usize> = bases
        .iter()
        .map(|(_, bits)| bits.div_ceil(teeth * COLUMNS) * teeth)
        .collect();
    // Row `i` of a base is its power `2^(i·COLUMNS)`.
    let mut powers: Vec<Vec<K::Residue>> = bases
        .iter()
        .map(|(base, _)| vec![kernel.enter(base)])
        .collect();
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
    // All blocks of all bases go side by side.
    let mut blocks: Vec<(usize, &[K::Residue])> = Vec::new();
    for (base, powers) in powers.iter().enumerate() {
        blocks.extend(powers[..rows[base]].chunks(teeth).map(|rows| (base, rows)));
    }
    let mut tables: Vec<Table<K>> = bases
        .iter()
        .map(|_| Table {
            teeth,
            blocks: Vec::new(),
        })
        .collect();
    for group in blocks.chunks(K::LANES) {
        let rows: Vec<&[K::Residue]> = group.iter().map(|(_, rows)| *rows).collect();
        for ((base, _), entries) in group.iter().zip(combinations(kernel, teeth, &rows)) {
            tables[*base].blocks.push(entries);
        }
    }
    tables
}

/// For each of at most `LANES` blocks, the products of all choices of its rows: entry `d` is the product
/// of the rows whose bits are set in `d`.
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
        kernel.multiply(
            &mut vector,
            &load(kernel, blocks.iter().map(|rows| &rows[high])),
        );
        for (lane, entries) in entries.iter_mut().enumerate() {
            entries.push(kernel.extract(&vector, lane));
        }
    }
    entries
}

/// At most `LANES` residues side by side; lanes that are left over hold the first.
fn load<'a, K: Kernel>(kernel: &K, residues: impl Iterator<Item = &'a K::Residue>) -> K::Vector
where
    K::Residue: 'a,
{
    let mut entries: Vec<&K::Residue> = residues.collect();
    entries.resize(K::LANES, entries[0]);
    kernel.pick(&entries)
}

/// A product of powers: `Π table^exponent · Π base^exponent`.
pub(crate) struct Product<'t, K: Kernel> {
    /// Powers of prepared bases.
    pub(crate) fixed: Vec<(&'t Table<K>, Exponent)>,
    /// Powers of other bases.
    pub(crate) powers: Vec<(K::Residue, Exponent)>,
    /// Factors that are not raised to anything.
    pub(crate) factors: Vec<K::Residue>,
}

impl<K: Kernel> Default for Product<'_, K> {
    fn default() -> Self {
        Self {
            fixed: Vec::new(),
            powers: Vec::new(),
            factors: Vec::new(),
        }
    }
}

impl<'t, K: Kernel> Product<'t, K> {
    /// Times a power of a prepared base, whose table is long enough for the exponent.
    #[must_use]
    pub(crate) fn table(mut self, table: &'t Table<K>, exponent: Exponent) -> Self {
        debug_assert!(exponent.bits() <= table.bits());
        self.fixed.push((table, exponent));
        self
    }

    /// Times a power of any base.
    #[must_use]
    pub(crate) fn power(mut self, base: K::Residue, exponent: Exponent) -> Self {
        self.powers.push((base, exponent));
        self
    }

    /// Times a factor.
    #[must_use]
    pub(crate) fn factor(mut self, factor: K::Residue) -> Self {
        self.factors.push(factor);
        self
    }
}

/// The values of all products.
pub(crate) fn evaluate<K: Kernel>(
    kernel: &K,
    products: &[Product<'_, K>],
    secrecy: Secrecy,
) -> Vec<K::Residue> {
    let mut factors: Vec<Vec<K::Residue>> = products
        .iter()
        .map(|product| product.factors.clone())
        .collect();
    evaluate_fixed(kernel, products, secrecy, &mut factors);
    evaluate_powers(kernel, products, secrecy, &mut factors);
    multiply_all(kernel, factors)
}

/// One block of a table with the exponent that it is raised to.
type Block<'p, K> = (&'p Table<K>, &'p Exponent, usize);

/// The powers of prepared bases: their blocks in lanes, all lanes in step.
fn evaluate_fixed<K: Kernel>(
    kernel: &K,
    products: &[Product<'_, K>],
    secrecy: Secrecy,
    factors: &mut [Vec<K::Residue>],
) {
    let blocks: Vec<Vec<Block<'_, K>>> = products.iter().map(blocks_of).collect();
    let lengths: Vec<usize> = blocks.iter().map(Vec::len).collect();
    let share = best_share::<K>(&lengths);
    let mut lanes: Vec<(usize, &[Block<'_, K>])> = blocks
        .iter()
        .enumerate()
        .flat_map(|(product, blocks)| blocks.chunks(share).map(move |part| (product, part)))
        .collect();
    lanes.sort_by_key(|(_, part)| Reverse(part.len()));
    for group in lanes.chunks(K::LANES) {
        let mut vector = kernel.one();
        for column in (0..COLUMNS).rev() {
            if column + 1 < COLUMNS {
                kernel.square(&mut vector);
            }
            for position in 0..group[0].1.len() {
                let entries = look_up(kernel, group, position, column, secrecy);
                kernel.multiply(&mut vector, &entries);
            }
        }
        for (lane, (product, _)) in group.iter().enumerate() {
            factors[*product].push(kernel.extract(&vector, lane));
        }
    }
}

fn blocks_of<'p, K: Kernel>(product: &'p Product<'_, K>) -> Vec<Block<'p, K>> {
    let mut blocks = Vec::new();
    for (table, exponent) in &product.fixed {
        blocks.extend((0..table.blocks_for(exponent)).map(|block| (*table, exponent, block)));
    }
    blocks
}

/// How many blocks one lane takes at most, so that all lanes together take the least time: a lane costs
/// the squarings from column to column, and each product one more multiplication for each further lane.
fn best_share<K: Kernel>(lengths: &[usize]) -> usize {
    let longest = lengths.iter().copied().max().unwrap_or(0).max(1);
    if K::LANES == 1 {
        return longest;
    }
    let cost = |share: &usize| -> usize {
        let lanes: usize = lengths.iter().map(|length| length.div_ceil(*share)).sum();
        let most = longest.div_ceil(*share);
        lanes.div_ceil(K::LANES) * COLUMNS * (1 + share) + most
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
    let mut tables: Vec<&[K::Residue]> = vec![&table.blocks[*first]; K::LANES];
    let mut digits = vec![0; K::LANES];
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

/// `tables[lane][digits[lane]]` in each lane.
fn choose<K: Kernel>(
    kernel: &K,
    tables: &[&[K::Residue]],
    digits: &[usize],
    secrecy: Secrecy,
) -> K::Vector {
    match secrecy {
        Secrecy::Secret => kernel.scan(tables, digits),
        Secrecy::Public => {
            let entries: Vec<&K::Residue> = tables
                .iter()
                .zip(digits)
                .map(|(table, &digit)| &table[digit])
                .collect();
            kernel.pick(&entries)
        }
    }
}

/// Powers that share their squarings and so need one lane.
struct Chain<'p, K: Kernel> {
    product: usize,
    /// The powers 0 to `2^WINDOW - 1` of each base, and its exponent.
    terms: Vec<(Zeroizing<Vec<K::Residue>>, &'p Exponent)>,
}

impl<K: Kernel> Chain<'_, K> {
    fn windows(&self) -> usize {
        let bits = self.terms.iter().map(|(_, exponent)| exponent.bits());
        bits.max().unwrap_or(0).div_ceil(WINDOW)
    }
}

/// The powers of bases without a table: each lane works through a queue of chains, all lanes in step.
fn evaluate_powers<K: Kernel>(
    kernel: &K,
    products: &[Product<'_, K>],
    secrecy: Secrecy,
    factors: &mut [Vec<K::Residue>],
) {
    let mut chains = chains(kernel, products);
    chains.sort_by_key(|chain| Reverse(chain.windows()));
    let mut queues: Vec<Vec<Chain<'_, K>>> = (0..K::LANES).map(|_| Vec::new()).collect();
    let mut loads = vec![0; K::LANES];
    for chain in chains {
        let lane = (0..K::LANES).min_by_key(|&lane| loads[lane]).unwrap_or(0);
        loads[lane] += chain.windows();
        queues[lane].push(chain);
    }
    // Each lane's current chain, and how many of its windows are left; chains come from the queue's end.
    let mut vector = kernel.one();
    let one = kernel.extract(&vector, 0);
    let ones = vec![one.clone(); 1 << WINDOW];
    let mut left: Vec<usize> = queues
        .iter()
        .map(|queue| queue.last().map_or(0, Chain::windows))
        .collect();
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
            let mut tables: Vec<&[K::Residue]> = vec![&ones; K::LANES];
            let mut digits = vec![0; K::LANES];
            for (lane, queue) in queues.iter().enumerate() {
                if let Some((table, exponent)) =
                    queue.last().and_then(|chain| chain.terms.get(term))
                {
                    let lowest = (left[lane] - 1) * WINDOW;
                    tables[lane] = table;
                    digits[lane] = (0..WINDOW)
                        .map(|bit| exponent.bit(lowest + bit) << bit)
                        .sum();
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

/// One chain for each power, or for each product where there is only one lane.
fn chains<'p, K: Kernel>(kernel: &K, products: &'p [Product<'_, K>]) -> Vec<Chain<'p, K>> {
    let powers: Vec<(usize, &K::Residue, &Exponent)> = products
        .iter()
        .enumerate()
        .flat_map(|(product, of)| {
            of.powers
                .iter()
                .filter(|(_, exponent)| exponent.bits() > 0)
                .map(move |(base, exponent)| (product, base, exponent))
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
            let term = (Zeroizing::new(table), *exponent);
            match chains.last_mut() {
                Some(chain) if K::LANES == 1 && chain.product == *product => chain.terms.push(term),
                _ => chains.push(Chain {
                    product: *product,
                    terms: vec![term],
                }),
            }
        }
    }
    chains
}

/// The product of each list, lists side by side.
fn multiply_all<K: Kernel>(kernel: &K, lists: Vec<Vec<K::Residue>>) -> Vec<K::Residue> {
    let one = kernel.extract(&kernel.one(), 0);
    let mut order: Vec<usize> = (0..lists.len()).collect();
    order.sort_by_key(|&list| Reverse(lists[list].len()));
    let mut results = vec![one.clone(); lists.len()];
    for group in order.chunks(K::LANES) {
        let at = |position: usize| {
            let lists = &lists;
            let one = &one;
            load(
                kernel,
                group
                    .iter()
                    .map(move |&list| lists[list].get(position).unwrap_or(one)),
            )
        };
        let mut vector = at(0);
        for position in 1..lists[group[0]].len() {
            kernel.multiply(&mut vector, &at(position));
        }
        for (lane, &list) in group.iter().enumerate() {
            results[list] = kernel.extract(&vector, lane);
        }
    }
    results
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::ifma::{self, Ifma};
    use crate::kernel::portable::{self, Portable};
    use proptest::prelude::*;

    fn number(bytes: &[u8]) -> UBig {
        UBig::from_le_bytes(bytes)
    }

    fn power(base: &UBig, exponent: &UBig, n: &UBig) -> UBig {
        let ring = dashu_int::fast_div::ConstDivisor::new(n.clone());
        ring.reduce(base.clone()).pow(exponent).residue()
    }

    fn bytes(most: usize) -> impl Strategy<Value = Vec<u8>> {
        proptest::collection::vec(any::<u8>(), 0..most)
    }

    fn agrees<K: Kernel>(n: &UBig, fixed: &[(UBig, UBig)], powers: &[(UBig, UBig)]) {
        let kernel = K::new(n).expect("an odd modulus");
        let bases: Vec<(UBig, usize)> = fixed
            .iter()
            .map(|(base, exponent)| (base.clone(), dashu_base::BitTest::bit_len(exponent)))
            .collect();
        for (secrecy, teeth) in [(Secrecy::Public, 8), (Secrecy::Secret, 5)] {
            let tables = tables(&kernel, teeth, &bases);
            let exponent = |value: &UBig| {
                Exponent::new(value, dashu_base::BitTest::bit_len(value)).expect("its own length")
            };
            let mut product = Product::default();
            let mut expected = UBig::ONE % n;
            for (table, (base, value)) in tables.iter().zip(fixed) {
                product = product.table(table, exponent(value));
                expected = expected * power(base, value, n) % n;
            }
            for (base, value) in powers {
                product = product.power(kernel.enter(base), exponent(value));
                expected = expected * power(base, value, n) % n;
            }
            let found = evaluate(&kernel, &[product, Product::default()], secrecy);
            assert_eq!(kernel.leave(&found[0]), expected, "{secrecy:?}");
            assert_eq!(kernel.leave(&found[1]), UBig::ONE, "{secrecy:?}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn a_product_is_what_the_big_integers_say(
            n in bytes(256),
            fixed in proptest::collection::vec((bytes(256), bytes(400)), 0..5),
            powers in proptest::collection::vec((bytes(256), bytes(120)), 0..12),
        ) {
            let n = (number(&n) << 1) + UBig::from(3u8);
            let numbers = |pairs: &[(Vec<u8>, Vec<u8>)]| -> Vec<(UBig, UBig)> {
                pairs.iter().map(|(a, b)| (number(a), number(b))).collect()
            };
            let (fixed, powers) = (numbers(&fixed), numbers(&powers));
            agrees::<Portable<{ portable::LIMBS }>>(&n, &fixed, &powers);
            if ifma::available() {
                agrees::<Ifma<{ ifma::LIMBS }>>(&n, &fixed, &powers);
            } else {
                println!("SKIPPED: no AVX-512 IFMA on this machine");
            }
        }
    }
}
