//! The longest numbers that an honest prover makes, in bits.
//!
//! A response is a random mask plus the challenge (256 bits) times a secret: one bit more than the longer
//! of the two.

/// An attribute's value: a SHA-256 hash, if it is no 32-bit number.
pub(crate) const VALUE: usize = 256;

/// `ê`: a mask of 456 bits.
pub(crate) const E: usize = 457;

/// `v̂`: a mask of 3,060 bits.
pub(crate) const V: usize = 3061;

/// `m̂_i`, `m̂_j` and `û_i`: masks of 592 or 593 bits.
pub(crate) const M: usize = 594;

/// `m̂_2`: a mask of 2,432 bits.
pub(crate) const M2: usize = 2433;

/// `r̂_i` and `r̂_Δ`: a mask of 672 bits, a secret of 2,128.
pub(crate) const R: usize = 2386;

/// `α̂`: a mask of 2,787 bits.
pub(crate) const ALPHA: usize = 2788;

/// `e` is at least `2^E_START`.
pub(crate) const E_START: usize = 596;
