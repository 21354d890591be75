//! Sources of random numbers.

use std::sync::atomic::{AtomicU64, Ordering};

use dashu_base::BitTest;
use dashu_int::UBig;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

/// The error that the operating system returned no random numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the operating system's random number generator failed: {0}")]
pub struct NoRandomness(#[from] getrandom::Error);

/// A source of random numbers: [`System`], except for keys that follow from a seed and in tests.
///
/// Every number has a name, so that tests can compare what is drawn with what the scheme asks for.
pub(crate) trait Random: Sync {
    /// Returns a uniform number of at most `bits` bits.
    fn bits(&self, name: &str, bits: usize) -> Result<UBig, NoRandomness>;

    /// Returns a uniform number below `bound`, which is not zero. Draws until a number fits, on
    /// average at most twice.
    fn below(&self, name: &str, bound: &UBig) -> Result<UBig, NoRandomness> {
        loop {
            let value = self.bits(name, bound.bit_len())?;
            if &value < bound {
                return Ok(value);
            }
        }
    }
}

/// The operating system's generator.
pub(crate) struct System;

impl Random for System {
    fn bits(&self, _name: &str, bits: usize) -> Result<UBig, NoRandomness> {
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

/// Numbers that follow from a seed: SHA-256 of a label, the seed and a counter, block by block. In
/// one thread, the same seed gives the same numbers in the same order.
pub(crate) struct Seeded {
    seed: Zeroizing<[u8; 32]>,
    counter: AtomicU64,
}

impl Seeded {
    const LABEL: &[u8] = b"negotiate-cl numbers from a seed";

    pub(crate) fn new(seed: &[u8; 32]) -> Self {
        Self { seed: Zeroizing::new(*seed), counter: AtomicU64::new(0) }
    }
}

impl Random for Seeded {
    fn bits(&self, _name: &str, bits: usize) -> Result<UBig, NoRandomness> {
        let mut bytes = Zeroizing::new(vec![0u8; bits.div_ceil(8)]);
        for block in bytes.chunks_mut(32) {
            let counter = self.counter.fetch_add(1, Ordering::Relaxed);
            let mut hash = Sha256::new_with_prefix(Self::LABEL);
            hash.update(*self.seed);
            hash.update(counter.to_be_bytes());
            let digest = Zeroizing::new(<[u8; 32]>::from(hash.finalize()));
            block.copy_from_slice(&digest[..block.len()]);
        }
        if let Some(last) = bytes.last_mut()
            && !bits.is_multiple_of(8)
        {
            *last &= (1 << (bits % 8)) - 1;
        }
        Ok(UBig::from_le_bytes(&bytes))
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use std::sync::{Mutex, PoisonError};

    use super::*;
    use crate::parameters::{
        ALPHA_MASK_BITS, CONTEXT_MASK_BITS, E_MASK_BITS, R_BITS, R_MASK_BITS, ROOT_MASK_BITS,
        V_MASK_BITS,
    };

    /// A number that was drawn.
    #[derive(Clone, Debug)]
    pub(crate) struct Drawn {
        pub(crate) name: String,
        /// The number is below this.
        pub(crate) bound: UBig,
        pub(crate) value: UBig,
    }

    /// The operating system's generator, with a record of what was drawn.
    #[derive(Default)]
    pub(crate) struct Recorder(Mutex<Vec<Drawn>>);

    impl Recorder {
        pub(crate) fn drawn(&self) -> Vec<Drawn> {
            self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
        }

        fn record(&self, name: &str, bound: UBig, value: UBig) -> UBig {
            let drawn = Drawn { name: name.to_owned(), bound, value: value.clone() };
            self.0.lock().unwrap_or_else(PoisonError::into_inner).push(drawn);
            value
        }
    }

    impl Random for Recorder {
        fn bits(&self, name: &str, bits: usize) -> Result<UBig, NoRandomness> {
            Ok(self.record(name, UBig::ONE << bits, System.bits(name, bits)?))
        }

        fn below(&self, name: &str, bound: &UBig) -> Result<UBig, NoRandomness> {
            Ok(self.record(name, bound.clone(), System.below(name, bound)?))
        }
    }

    /// Fails for a constant or repeated number with a probability of 2^-63 for each of its bits.
    #[test]
    fn every_bit_of_a_number_is_random() {
        for bits in [
            1,
            8,
            77,
            R_BITS,
            E_MASK_BITS,
            V_MASK_BITS,
            CONTEXT_MASK_BITS,
            ROOT_MASK_BITS,
            R_MASK_BITS,
            ALPHA_MASK_BITS,
        ] {
            let drawn: Vec<UBig> =
                (0..64).map(|_| System.bits("any", bits).expect("randomness")).collect();
            assert!(drawn.iter().all(|number| number.bit_len() <= bits), "{bits}");
            for bit in 0..bits {
                let ones = drawn.iter().filter(|number| number.bit(bit)).count();
                assert!((1..64).contains(&ones), "bit {bit} of {bits}");
            }
        }
    }

    #[test]
    fn a_seed_gives_the_same_numbers_again_and_another_seed_others() {
        let numbers = |seed: u8| {
            let random = Seeded::new(&[seed; 32]);
            [1, 8, 77, 600, 77].map(|bits| random.bits("any", bits).expect("randomness"))
        };
        assert_eq!(numbers(1), numbers(1));
        assert_ne!(numbers(1)[3], numbers(2)[3]);
        assert_ne!(numbers(1)[2], numbers(1)[4], "one after the other");
        assert!(numbers(1)[3].bit_len() > 500 && numbers(1)[0].bit_len() <= 1);
    }

    #[test]
    fn a_number_below_a_bound_takes_every_value() {
        let bound = UBig::from(5u8);
        let mut seen = [0; 5];
        for _ in 0..500 {
            let drawn = System.below("any", &bound).expect("randomness");
            seen[usize::try_from(&drawn).expect("below five")] += 1;
        }
        // 100 of each are expected; a share of 40 or 160 is seven standard deviations away.
        assert!(seen.iter().all(|count| (40..160).contains(count)), "{seen:?}");
    }
}
