//! The form of a file of accepted things.
//!
//! The first line names the form and what is in it; each further line is an entry, a space, and 16
//! hexadecimal digits: the beginning of the SHA-256 of the hash before and the entry, where the
//! hash before the first entry is that of the first line. So a line that was changed, lost or moved
//! is detected. (Anyone who can write the file can also compute the hashes: they protect against
//! accidents.)

use sha2::{Digest, Sha256};

use crate::head::Hash;

/// The digits of a check.
pub(super) const CHECK_LENGTH: usize = 16;

/// Returns the first line of a file of `many`. No entry has a space in it, so that it is none of an
/// older file's.
pub(super) fn header(many: &str) -> String {
    format!("#accepted-once 2 {many}\n")
}

/// The hash of all lines up to one.
#[derive(Debug, Clone)]
pub(super) struct Chain(Hash);

impl Chain {
    pub(super) fn new(header: &str) -> Self {
        Self(Sha256::digest(header).into())
    }

    pub(super) fn next(&self, entry: &[u8]) -> Self {
        Self(Sha256::new().chain_update(self.0).chain_update(entry).finalize().into())
    }

    pub(super) fn hash(&self) -> Hash {
        self.0
    }

    pub(super) fn check(&self) -> [u8; CHECK_LENGTH] {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        std::array::from_fn(|at| {
            let byte = self.0[at / 2];
            DIGITS[usize::from(if at % 2 == 0 { byte >> 4 } else { byte & 15 })]
        })
    }

    /// Adds the line of an entry, and goes on to it.
    pub(super) fn write(&mut self, entry: &str, lines: &mut Vec<u8>) {
        *self = self.next(entry.as_bytes());
        lines.extend(entry.as_bytes());
        lines.push(b' ');
        lines.extend(self.check());
        lines.push(b'\n');
    }
}

/// What a line is, without its end.
pub(super) enum Line<'l> {
    /// An entry with its check.
    Whole {
        entry: &'l str,
        after: Chain,
    },
    /// The beginning of a line, as a crash leaves it.
    Beginning,
    Damaged,
}

impl<'l> Line<'l> {
    pub(super) fn parse(line: &'l [u8], before: &Chain, accepts: impl Fn(&str) -> bool) -> Self {
        let Ok(text) = str::from_utf8(line) else {
            return Self::Damaged;
        };
        let Some((entry, check)) = text.split_once(' ') else {
            return if accepts(text) { Self::Beginning } else { Self::Damaged };
        };
        if !accepts(entry) || check.len() > CHECK_LENGTH {
            return Self::Damaged;
        }
        let after = before.next(entry.as_bytes());
        match after.check() {
            expected if expected == check.as_bytes() => Self::Whole { entry, after },
            expected if check.len() < CHECK_LENGTH && expected.starts_with(check.as_bytes()) => {
                Self::Beginning
            }
            _ => Self::Damaged,
        }
    }
}
