//! Tables of residues, which only [`choose`] reads.

use zeroize::Zeroize;

use super::Secrecy;
use crate::kernel::{Kernel, MAX_LANES};

/// The entries of a table. They are private to this module, so that no other code can read one at
/// a secret index.
pub(super) struct Entries<K: Kernel>(Vec<K::Residue>);

impl<K: Kernel> Entries<K> {
    pub(super) fn new(entries: Vec<K::Residue>) -> Self {
        Self(entries)
    }
}

impl<K: Kernel> Zeroize for Entries<K> {
    fn zeroize(&mut self) {
        self.0.zeroize();
    }
}

/// Returns `tables[lane][digits[lane]]` in each lane. The arrays have room for the lanes of any
/// kernel, because this function runs once for every multiplication and must not allocate.
pub(super) fn choose<K: Kernel>(
    kernel: &K,
    tables: &[&Entries<K>; MAX_LANES],
    digits: &[usize; MAX_LANES],
    secrecy: Secrecy,
) -> K::Vector {
    match secrecy {
        Secrecy::Secret => {
            let tables = tables.map(|table| table.0.as_slice());
            kernel.scan(&tables[..K::LANES], &digits[..K::LANES])
        }
        Secrecy::Public => {
            #[cfg(test)]
            crate::kernel::reads::indexed(K::LANES);
            let entries: [&K::Residue; MAX_LANES] =
                std::array::from_fn(|lane| &tables[lane].0[digits[lane]]);
            kernel.pick(&entries[..K::LANES])
        }
    }
}
