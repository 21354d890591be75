//! Products of powers modulo `n`, of which CL proofs consist.
//!
//! Bases that belong to a key (`S`, `Z`, `R_i`, `Rctxt`) have a [`Table`], a comb: the bits of an
//! exponent are arranged in blocks of `teeth` rows and [`COLUMNS`](table::COLUMNS) columns, and one
//! entry of the table covers one column of one block. A power then costs one multiplication for
//! each column of each block, and all powers of a product share the squarings between columns.
//! Other bases (`A'`, `T_i`) are raised in windows of [`WINDOW`](window::WINDOW) bits.
//!
//! [`evaluate`] distributes the work over the kernel's lanes: the blocks of a long product over
//! several lanes, whose results are multiplied at the end, and each base without a table to a lane
//! of its own. With a single lane, the powers of a product share their squarings instead.

mod comb;
mod entries;
mod interleaved;
mod table;
mod window;

use std::cmp::Reverse;

use comb::evaluate_fixed;
pub(crate) use table::{Table, tables};
use window::{chains, evaluate_powers};

use crate::kernel::Kernel;
use crate::number::Exponent;

/// Whether the exponents of an evaluation are secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Secrecy {
    /// The exponents are public: a look-up reads one entry of a table.
    Public,
    /// The exponents are secret: a look-up reads every entry, so that the cache does not reveal
    /// which one it needs.
    Secret,
}

/// A product of powers: `Π table^exponent · Π base^exponent`.
pub(crate) struct Product<'t, K: Kernel> {
    /// Powers of prepared bases.
    pub(crate) fixed: Vec<(&'t Table<K>, Exponent)>,
    /// Powers of other bases.
    pub(crate) powers: Vec<(K::Residue, Exponent)>,
    /// Factors without an exponent.
    pub(crate) factors: Vec<K::Residue>,
}

impl<K: Kernel> Default for Product<'_, K> {
    fn default() -> Self {
        Self { fixed: Vec::new(), powers: Vec::new(), factors: Vec::new() }
    }
}

impl<'t, K: Kernel> Product<'t, K> {
    /// Multiplies by a power of a prepared base, whose table is long enough for the exponent.
    #[must_use]
    pub(crate) fn table(mut self, table: &'t Table<K>, exponent: Exponent) -> Self {
        debug_assert!(exponent.bits() <= table.bits());
        self.fixed.push((table, exponent));
        self
    }

    /// Multiplies by a power of any base.
    #[must_use]
    pub(crate) fn power(mut self, base: K::Residue, exponent: Exponent) -> Self {
        self.powers.push((base, exponent));
        self
    }

    /// Multiplies by a factor.
    #[must_use]
    pub(crate) fn factor(mut self, factor: K::Residue) -> Self {
        self.factors.push(factor);
        self
    }
}

/// Returns the values of all products.
pub(crate) fn evaluate<K: Kernel>(
    kernel: &K,
    products: &[Product<'_, K>],
    secrecy: Secrecy,
) -> Vec<K::Residue> {
    let mut factors: Vec<Vec<K::Residue>> =
        products.iter().map(|product| product.factors.clone()).collect();
    let chains = chains(kernel, products);
    if K::LANES > 1 && chains.len() <= interleaved::MAX_CHAINS {
        evaluate_fixed(kernel, products, chains, secrecy, &mut factors);
    } else {
        evaluate_fixed(kernel, products, Vec::new(), secrecy, &mut factors);
        evaluate_powers(kernel, chains, secrecy, &mut factors);
    }
    multiply_all(kernel, factors)
}

/// Puts at most `LANES` residues into lanes; the remaining lanes repeat the first one.
fn load<'a, K: Kernel>(kernel: &K, residues: impl Iterator<Item = &'a K::Residue>) -> K::Vector
where
    K::Residue: 'a,
{
    let mut entries: Vec<&K::Residue> = residues.collect();
    entries.resize(K::LANES, entries[0]);
    kernel.pick(&entries)
}

/// Returns the product of each list, several lists at a time.
fn multiply_all<K: Kernel>(kernel: &K, lists: Vec<Vec<K::Residue>>) -> Vec<K::Residue> {
    let one = kernel.extract(&kernel.one(), 0);
    let mut order: Vec<usize> = (0..lists.len()).collect();
    order.sort_by_key(|&list| Reverse(lists[list].len()));
    let mut results = vec![one.clone(); lists.len()];
    for group in order.chunks(K::LANES) {
        let at = |position: usize| {
            let lists = &lists;
            let one = &one;
            load(kernel, group.iter().map(move |&list| lists[list].get(position).unwrap_or(one)))
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
    use crate::kernel::reads::{self, Reads};
    use dashu_int::UBig;
    use proptest::prelude::*;

    fn number(bytes: &[u8]) -> UBig {
        UBig::from_le_bytes(bytes)
    }

    fn power(base: &UBig, exponent: &UBig, n: &UBig) -> UBig {
        let ring = dashu_int::fast_div::ConstDivisor::new(n.clone());
        ring.reduce(base.clone()).pow(exponent).residue()
    }

    fn bytes(max: usize) -> impl Strategy<Value = Vec<u8>> {
        proptest::collection::vec(any::<u8>(), 0..max)
    }

    fn check<K: Kernel>(n: &UBig, fixed: &[(UBig, UBig)], powers: &[(UBig, UBig)]) {
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

    /// Returns what an evaluation reads: a power of a base with a table, and `others` powers
    /// without.
    fn reads_of<K: Kernel>(exponent: &UBig, others: usize, secrecy: Secrecy) -> Reads {
        const BITS: usize = 300;
        let n = (UBig::ONE << 512) - UBig::from(569u32);
        let kernel = K::new(&n).expect("an odd modulus");
        let base = UBig::from(3u8);
        let table = tables(&kernel, 5, &[(base.clone(), BITS)]).pop().expect("a table");
        let exponent = Exponent::new(exponent, BITS).expect("a short exponent");
        let mut product = Product::default().table(&table, exponent.clone());
        for _ in 0..others {
            product = product.power(kernel.enter(&base), exponent.clone());
        }
        reads::during(|| evaluate(&kernel, &[product], secrecy)).1
    }

    fn check_reads<K: Kernel>() {
        let ones = (UBig::ONE << 300) - UBig::ONE;
        // No interleaved power, some, and more than can be interleaved.
        for others in [0, 1, 5] {
            let secret = reads_of::<K>(&ones, others, Secrecy::Secret);
            assert_eq!(secret.indexed, 0, "{others} others");
            // At least three blocks of 25 columns in tables of 32 entries, and 75 windows of 4
            // bits.
            assert!(
                secret.scanned >= 25 * 3 * 32 + others * 75 * 16,
                "{others} others: {secret:?}"
            );
            for exponent in [UBig::ZERO, UBig::ONE, &ones / UBig::from(3u8)] {
                assert_eq!(reads_of::<K>(&exponent, others, Secrecy::Secret), secret);
            }
            let public = reads_of::<K>(&ones, others, Secrecy::Public);
            assert!(public.scanned == 0 && public.indexed > 0, "{others} others: {public:?}");
        }
    }

    #[test]
    fn secret_exponents_cost_whole_tables_whatever_they_are() {
        check_reads::<Portable<{ portable::LIMBS }>>();
        if ifma::available() {
            check_reads::<Ifma<{ ifma::LIMBS }>>();
        } else {
            println!("SKIPPED: no AVX-512 IFMA on this machine");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn a_product_agrees_with_big_integers(
            n in bytes(256),
            fixed in proptest::collection::vec((bytes(256), bytes(400)), 0..5),
            powers in proptest::collection::vec((bytes(256), bytes(120)), 0..12),
        ) {
            let n = (number(&n) << 1) + UBig::from(3u8);
            let numbers = |pairs: &[(Vec<u8>, Vec<u8>)]| -> Vec<(UBig, UBig)> {
                pairs.iter().map(|(a, b)| (number(a), number(b))).collect()
            };
            let (fixed, powers) = (numbers(&fixed), numbers(&powers));
            check::<Portable<{ portable::LIMBS }>>(&n, &fixed, &powers);
            if ifma::available() {
                check::<Ifma<{ ifma::LIMBS }>>(&n, &fixed, &powers);
            } else {
                println!("SKIPPED: no AVX-512 IFMA on this machine");
            }
        }
    }
}
