//! How many tests were answered rightly, by file, flag or feature.

use std::collections::BTreeMap;

use super::{Report, Standing};
use crate::corpus::Placed;

/// By what tests are counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum By {
    /// The file in which they stand.
    #[default]
    File,
    /// Their flags: a test with several counts for each.
    Flag,
    /// Their features: a test with several counts for each.
    Feature,
}

impl By {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::File, Self::Flag, Self::Feature];

    /// Returns the name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Flag => "flag",
            Self::Feature => "feature",
        }
    }

    /// Returns the rows for which a test counts.
    pub fn keys<'c>(self, placed: Placed<'c>) -> Vec<&'c str> {
        let owned = |names: &'c [String]| names.iter().map(String::as_str).collect();
        match self {
            Self::File => vec![placed.file],
            Self::Flag => owned(&placed.test.flags),
            Self::Feature => owned(&placed.test.features),
        }
    }
}

/// The tests of a row for an implementation.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Cell {
    /// How many it answered rightly.
    pub right: usize,
    /// How many it failed as listed.
    pub known: usize,
    /// How many it was given.
    pub given: usize,
    /// How many are not as expected.
    pub unexpected: usize,
}

/// A table with a row for each file, flag or feature, and a column for each implementation.
#[derive(Debug, Clone)]
pub struct Table<'c> {
    /// What the rows are.
    pub by: By,
    /// The rows: their names, and the cells in the order of the implementations.
    pub rows: BTreeMap<&'c str, Vec<Cell>>,
}

impl<'c> Table<'c> {
    /// Counts results.
    #[must_use]
    pub fn new(report: &Report<'c>, by: By) -> Self {
        let mut rows: BTreeMap<&str, Vec<Cell>> = BTreeMap::new();
        for (column, run) in report.runs.iter().enumerate() {
            for judged in &run.results {
                for key in by.keys(judged.tested.placed) {
                    let row =
                        rows.entry(key).or_insert_with(|| vec![Cell::default(); report.runs.len()]);
                    let (cell, standing) = (&mut row[column], judged.standing);
                    let is_right =
                        matches!(standing, Standing::Right | Standing::UnexpectedlyRight);
                    cell.right += usize::from(is_right);
                    cell.known += usize::from(standing == Standing::KnownFailure);
                    cell.given += usize::from(standing != Standing::Skipped);
                    cell.unexpected += usize::from(!standing.is_expected());
                }
            }
        }
        Self { by, rows }
    }
}
