//! The errors of a file of accepted things.

use std::{io, path::PathBuf};

/// Why a file of accepted things cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum MemoryError {
    /// It cannot be opened or made.
    #[error("cannot open {}; name a file for {many} that you may read and write", path.display())]
    Open {
        /// The file.
        path: PathBuf,
        /// What it should hold.
        many: &'static str,
        /// Why.
        source: io::Error,
    },
    /// Another process, or another part of this one, holds it.
    #[error("another program is using {}; wait until it ends, or name another file for {many}", path.display())]
    InUse {
        /// The file.
        path: PathBuf,
        /// What it should hold.
        many: &'static str,
    },
    /// Its disk knows no locks.
    #[error("cannot lock {}; name a file for {many} on another disk", path.display())]
    Lock {
        /// The file.
        path: PathBuf,
        /// What it should hold.
        many: &'static str,
        /// Why.
        source: io::Error,
    },
    /// It cannot be read, or holds something else.
    #[error("cannot use {}", path.display())]
    Use {
        /// The file.
        path: PathBuf,
        /// Why, and what to do.
        source: io::Error,
    },
    /// A line of it was changed, lost or moved.
    #[error(
        "{} is damaged at line {line}: its hash does not match; restore it from a copy: with a new file for {many}, \
         what was accepted before would be accepted a second time",
        path.display()
    )]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What it holds.
        many: &'static str,
        /// The number of the line, counted from 1.
        line: u64,
    },
    /// It has fewer lines than were accepted.
    #[error(
        "{} has {found} {many}, and {expected} were accepted, as {} says: it was shortened or emptied; restore it from a \
         copy with all of them, for what is missing would be accepted a second time; deleting {} accepts that",
        path.display(),
        head.display(),
        head.display()
    )]
    Shortened {
        /// The file.
        path: PathBuf,
        /// What it holds.
        many: &'static str,
        /// The file beside it that counts them.
        head: PathBuf,
        /// How many were accepted.
        expected: u64,
        /// How many there are.
        found: u64,
    },
    /// The file that counts the lines does not belong to them.
    #[error(
        "{} is damaged, or does not belong to {}; restore both from one copy, or, if the latter has all \
         {many}, delete the former: it is made again",
        head.display(),
        path.display()
    )]
    HeadDamaged {
        /// The file.
        path: PathBuf,
        /// What it holds.
        many: &'static str,
        /// The file beside it that counts them.
        head: PathBuf,
    },
    /// It cannot be written.
    #[error("cannot write {}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}
