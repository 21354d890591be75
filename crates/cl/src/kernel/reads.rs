//! Counts the reads of tables, for tests. Each thread has its own counters.

use std::cell::Cell;

/// The numbers of reads.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Reads {
    /// Entries that scans have read.
    pub(crate) scanned: usize,
    /// Entries that were read at their index alone, without the others of the table.
    pub(crate) indexed: usize,
}

thread_local! {
    static READS: Cell<Reads> = Cell::default();
}

/// Counts an entry that a scan reads.
pub(super) fn scanned() {
    READS.with(|reads| {
        let Reads { scanned, indexed } = reads.get();
        reads.set(Reads { scanned: scanned + 1, indexed });
    });
}

/// Counts entries that are read at their index.
pub(crate) fn indexed(entries: usize) {
    READS.with(|reads| {
        let Reads { scanned, indexed } = reads.get();
        reads.set(Reads { scanned, indexed: indexed + entries });
    });
}

/// Returns the result of a function, and what it has read in this thread.
pub(crate) fn during<T>(run: impl FnOnce() -> T) -> (T, Reads) {
    let before = READS.replace(Reads::default());
    let result = run();
    (result, READS.replace(before))
}
