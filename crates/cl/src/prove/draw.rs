//! The random numbers of a prover.

use dashu_base::BitTest;
use dashu_int::UBig;
use zeroize::Zeroizing;

use super::error::ProveError;
use crate::json::decimal;
use crate::random::Random;

/// A number that is wiped when it is dropped.
pub(super) type Secret = Zeroizing<UBig>;

/// The source of the random numbers of a presentation.
pub(super) enum Draw<'r> {
    /// Fresh numbers.
    Fresh(&'r dyn Random),
    /// A record: a function from a number's name and its longest length in bits to the number in
    /// decimal.
    Recorded(&'r mut dyn FnMut(&str, usize) -> Option<String>),
}

impl Draw<'_> {
    /// Returns a uniform number of at most `bits` bits, or the recorded one.
    pub(super) fn bits(&mut self, name: &str, bits: usize) -> Result<Secret, ProveError> {
        match self {
            Self::Fresh(random) => Ok(Zeroizing::new(random.bits(name, bits)?)),
            Self::Recorded(record) => record(name, bits)
                .and_then(|text| decimal(&text).ok())
                .filter(|number| number.bit_len() <= bits)
                .map(Zeroizing::new)
                .ok_or_else(|| ProveError::NotRecorded { name: name.to_owned(), bits }),
        }
    }
}
