//! Products of powers modulo `n`, which is all that CL proofs are made of.
//!
//! Bases that belong to a key (`S`, `Z`, `R_i`, `Rctxt`) come with a [`Table`], a comb: the exponent's
//! bits are laid out in blocks of `teeth` rows and [`COLUMNS`](table::COLUMNS) columns, and one entry of the table
//! stands for one column of one block. A power then costs one multiplication a block and column, and
//! all powers of a product share the squarings from column to column. Other bases (`A'`, `T_i`) are
//! raised in windows of [`WINDOW`](window::WINDOW) bits.
//!
//! [`evaluate`] spreads the work over the kernel's lanes: the blocks of a long product over several
//! lanes, whose results are multiplied at the end; each base without a table to a lane of its own. With
//! a single lane the powers of a product share their squarings instead.

mod comb;
mod rider;
mod table;
mod window;

use std::cmp::Reverse;

use comb::evaluate_fixed;
pub(crate) use table::{Table, tables};
use window::{chains, evaluate_powers};

use crate::kernel::{Kernel, MOST_LANES};
use crate::number::Exponent;

/// Whether an evaluation may look tables up by its exponents' bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Secrecy {
    /// The exponents are public: entries are picked.
    Public,
    /// The exponents are secret: every entry of every table is read, for the cache not to know which.
    Secret,
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
    let chains = chains(kernel, products);
    if K::LANES > 1 && chains.len() <= rider::MOST {
        evaluate_fixed(kernel, products, chains, secrecy, &mut factors);
    } else {
        evaluate_fixed(kernel, products, Vec::new(), secrecy, &mut factors);
        evaluate_powers(kernel, chains, secrecy, &mut factors);
    }
    multiply_all(kernel, factors)
}
/// `tables[lane][digits[lane]]` in each lane; the arrays have entries for lanes that there may not be. This
/// happens once for every multiplication, and so allocates nothing.
fn choose<K: Kernel>(
    kernel: &K,
    tables: &[&[K::Residue]; MOST_LANES],
    digits: &[usize; MOST_LANES],
    secrecy: Secrecy,
) -> K::Vector {
    match secrecy {
        Secrecy::Secret => kernel.scan(&tables[..K::LANES], &digits[..K::LANES]),
        Secrecy::Public => {
            let entries: [&K::Residue; MOST_LANES] =
                std::array::from_fn(|lane| &tables[lane][digits[lane]]);
            kernel.pick(&entries[..K::LANES])
        }
    }
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
    use dashu_int::UBig;
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
