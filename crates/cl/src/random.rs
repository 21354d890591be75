//! Random numbers: the operating system's, or recorded ones for known answers.

use dashu_int::UBig;
use zeroize::Zeroizing;

/// The operating system gives no random numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the operating system's random number generator failed: {0}")]
pub struct NoRandomness(#[from] getrandom::Error);

/// Where secret numbers come from.
///
/// Each number has a name, such as `0/r` or `0/1/u_tilde/3`: a test can so give every number that a
/// specification's equations name, and a trace can show them.
pub(crate) trait Randomness {
    /// A uniform number of at most `bits` bits.
    fn bits(&mut self, name: &str, bits: usize) -> Result<UBig, NoRandomness>;
}

/// The operating system's generator.
pub(crate) struct System;

impl Randomness for System {
    fn bits(&mut self, _name: &str, bits: usize) -> Result<UBig, NoRandomness> {
        let mut bytes = Zeroizing::new(vec![0u8; bits.div_ceil(8)]);
        getrandom::fill(&mut bytes)?;
        if let Some(last) = bytes.last_mut()
            && !bits.is_multiple_of(8)
        {
            *last &= (1 << (bits % 8)) - 1;
        }
        Ok(UBig::from_le_bytes(&bytes))
    }
}

/// A uniform number below `bound`, which is not zero: drawn anew until it fits, twice on average at most.
pub(crate) fn below(
    randomness: &mut dyn Randomness,
    name: &str,
    bound: &UBig,
) -> Result<UBig, NoRandomness> {
    let bits = dashu_base::BitTest::bit_len(bound);
    loop {
        let value = randomness.bits(name, bits)?;
        if &value < bound {
            return Ok(value);
        }
    }
}
