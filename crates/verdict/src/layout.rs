//! How a verdict is laid out as text.

use std::borrow::Cow;

use anstyle::Style;
use stdx::text::{shorten_numbers, wrap};

/// How a verdict is laid out as text. By default only what failed or is undecided and the cautions
/// are listed, numbers are shortened, and lines are neither wrapped nor coloured.
#[derive(Debug, Clone, Copy, Default)]
pub struct Layout<'a> {
    /// The columns of a line; only a line of one longer word has more. `None`: lines are not
    /// wrapped.
    pub width: Option<usize>,
    /// Every check is listed with its rule, and not only what failed; notes beside the cautions,
    /// and what was learned.
    pub all: bool,
    /// Numbers of more than 40 digits are whole.
    pub full: bool,
    /// What lists the checks that are only counted, as a clause.
    pub hint: Option<&'a str>,
    /// The colours.
    pub styles: Styles,
}

/// The colours of a verdict.
#[derive(Debug, Clone, Copy, Default)]
pub struct Styles {
    /// Of "verified".
    pub verified: Style,
    /// Of "rejected".
    pub rejected: Style,
    /// Of "undecided", and of cautions.
    pub undecided: Style,
    /// Of checks that the policy relaxes.
    pub relaxed: Style,
}

impl Layout<'_> {
    /// Returns a paragraph, with a line end: its first line begins with `first`, all others are
    /// indented by `indent` columns.
    pub(crate) fn paragraph(&self, first: &str, indent: usize, text: &str) -> String {
        let text = if self.full { Cow::Borrowed(text) } else { shorten_numbers(text).into() };
        match self.width {
            Some(width) => wrap(&text, first, indent, width) + "\n",
            None => format!("{first}{text}\n"),
        }
    }

    /// Returns whether `columns` more fit into a line beside these.
    pub(crate) fn has_room(&self, columns: usize) -> bool {
        const MIN_COLUMNS: usize = 24;
        self.width.is_none_or(|width| width >= columns + MIN_COLUMNS)
    }
}
