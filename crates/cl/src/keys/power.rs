//! A power of `S` with a secret exponent.

use dashu_int::UBig;
use zeroize::Zeroizing;

/// A power of `S`, with the numbers for the proof that it is one.
pub(super) struct Power {
    /// `x`
    pub(super) exponent: Zeroizing<UBig>,
    /// `S^x`
    pub(super) value: UBig,
    /// `x~`
    pub(super) mask: Zeroizing<UBig>,
    /// `S^x~`
    pub(super) commitment: UBig,
}
