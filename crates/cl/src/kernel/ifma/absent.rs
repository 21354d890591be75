//! The replacement of `instructions` for architectures without AVX-512 IFMA.

use super::{LANES, Moduli, Residue, Vector};

/// The right to use the instructions. The type has no values on this architecture, so that its
/// functions cannot be called.
pub(super) enum Instructions {}

impl Instructions {
    pub(super) fn detect() -> Option<Self> {
        None
    }

    pub(super) fn multiply<const L: usize>(
        &self,
        _into: &mut Vector<L>,
        _by: &Vector<L>,
        _moduli: &Moduli<L>,
    ) {
        match *self {}
    }

    pub(super) fn square<const L: usize>(&self, _into: &mut Vector<L>, _moduli: &Moduli<L>) {
        match *self {}
    }

    pub(super) fn double<const L: usize>(&self, _into: &mut Vector<L>, _lanes: u8) {
        match *self {}
    }

    pub(super) fn side_by_side<const L: usize>(&self, _numbers: [&Residue<L>; LANES]) -> Vector<L> {
        match *self {}
    }

    pub(super) fn scan<const L: usize>(
        &self,
        _tables: [(&[Residue<L>], usize); LANES],
    ) -> Vector<L> {
        match *self {}
    }
}
