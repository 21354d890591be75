//! Paragraphs and tables of text.

use std::fmt::Write;

use anstyle::Style;
use stdx::text::wrap;

use super::By;

/// How a report is laid out.
#[derive(Debug, Clone, Copy, Default)]
pub struct Layout {
    /// The columns of a line. `None`: lines are not wrapped.
    pub width: Option<usize>,
    /// The colours.
    pub styles: Styles,
    /// What the rows of the table of right answers are.
    pub by: By,
}

/// The colours of a report.
#[derive(Debug, Clone, Copy, Default)]
pub struct Styles {
    /// Of what is as expected.
    pub good: Style,
    /// Of what is not.
    pub bad: Style,
}

/// Returns a text as lines, the first after `first`, the others indented. The text is escaped
/// already.
pub(crate) fn paragraph(first: &str, indent: usize, text: &str, layout: &Layout) -> String {
    match layout.width {
        Some(width) => wrap(text, first, indent, width) + "\n",
        None => format!("{first}{text}\n"),
    }
}

/// A cell of a table of text. The text is escaped already.
pub(crate) struct Entry {
    pub text: String,
    pub style: Style,
}

impl Entry {
    pub(crate) fn plain(text: impl Into<String>) -> Self {
        Self { text: text.into(), style: Style::new() }
    }

    fn width(&self) -> usize {
        textwrap::core::display_width(&self.text)
    }
}

/// Returns rows as a table: the first column to the left, the others to the right. Columns that the
/// width has no room for follow below, beside the first column again.
pub(crate) fn aligned(rows: &[Vec<Entry>], layout: &Layout) -> String {
    const GAP: usize = 2;
    let columns = rows.iter().map(Vec::len).max().unwrap_or_default();
    let width_of = |column: usize| {
        let entries = rows.iter().filter_map(|row| row.get(column));
        entries.map(Entry::width).max().unwrap_or_default()
    };
    let first_width = width_of(0);
    let mut text = String::new();
    let mut from = 1;
    while from < columns {
        let mut to = from + 1;
        let mut used = first_width + GAP + width_of(from);
        while to < columns && layout.width.is_none_or(|width| used + GAP + width_of(to) <= width) {
            used += GAP + width_of(to);
            to += 1;
        }
        if from > 1 {
            text.push('\n');
        }
        for row in rows {
            let Some(first) = row.first() else { continue };
            let mut line = format!("{}{}", first.text, " ".repeat(first_width - first.width()));
            for (column, entry) in row.iter().enumerate().take(to).skip(from) {
                let blanks = " ".repeat(GAP + width_of(column) - entry.width());
                let Entry { text, style } = entry;
                let _ = write!(line, "{blanks}{style}{text}{style:#}");
            }
            text += line.trim_end();
            text.push('\n');
        }
        from = to;
    }
    text
}
