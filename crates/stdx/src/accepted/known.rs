//! The set of accepted entries, in 16 bytes for each.

use std::collections::BTreeSet;

use sha2::{Digest, Sha256};

/// How many new keys are kept beside the sorted ones before they are merged.
const MAX_RECENT: usize = 1 << 16;

/// A set of entries by the first 128 bits of their SHA-256. Two that share these are one to it: the
/// second would be refused, and never a second time accepted.
#[derive(Debug, Default)]
pub(super) struct Known {
    sorted: Vec<u128>,
    recent: BTreeSet<u128>,
}

impl Known {
    /// Returns the set of these entries' keys.
    pub(super) fn of(mut keys: Vec<u128>) -> Self {
        keys.sort_unstable();
        keys.shrink_to_fit();
        Self { sorted: keys, recent: BTreeSet::new() }
    }

    pub(super) fn contains(&self, key: u128) -> bool {
        self.recent.contains(&key) || self.sorted.binary_search(&key).is_ok()
    }

    /// Adds a key; `false` if it was there.
    pub(super) fn insert(&mut self, key: u128) -> bool {
        if self.contains(key) {
            return false;
        }
        self.recent.insert(key);
        true
    }

    /// Removes a key that was inserted since the last [`merge`](Self::merge).
    pub(super) fn remove(&mut self, key: u128) {
        self.recent.remove(&key);
    }

    /// Moves the recent keys to the sorted ones, if they have become many.
    pub(super) fn merge(&mut self) {
        if self.recent.len() >= MAX_RECENT {
            self.sorted.extend(std::mem::take(&mut self.recent));
            // two sorted parts, which this sort merges in linear time
            self.sorted.sort();
        }
    }
}

pub(super) fn key(entry: &str) -> u128 {
    let hash: [u8; 32] = Sha256::digest(entry).into();
    hash[..16].iter().fold(0, |key, byte| key << 8 | u128::from(*byte))
}
