//! Random numbers from the operating system.

use dashu_base::BitTest;
use dashu_int::UBig;
use zeroize::Zeroizing;

/// The error that the operating system returned no random numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the operating system's random number generator failed: {0}")]
pub struct NoRandomness(#[from] getrandom::Error);

/// Returns a uniform number of at most `bits` bits.
pub(crate) fn random_bits(bits: usize) -> Result<UBig, NoRandomness> {
    let mut bytes = Zeroizing::new(vec![0u8; bits.div_ceil(8)]);
    getrandom::fill(&mut bytes)?;
    if let Some(last) = bytes.last_mut()
        && !bits.is_multiple_of(8)
    {
        *last &= (1 << (bits % 8)) - 1;
    }
    Ok(UBig::from_le_bytes(&bytes))
}

/// Returns a uniform number below `bound`, which is not zero. Draws until a number fits, on average
/// at most twice.
pub(crate) fn random_below(bound: &UBig) -> Result<UBig, NoRandomness> {
    loop {
        let value = random_bits(bound.bit_len())?;
        if &value < bound {
            return Ok(value);
        }
    }
}
