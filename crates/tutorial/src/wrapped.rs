//! Lines that fit a terminal.

use std::{
    io::{self, Write},
    mem,
    ops::RangeInclusive,
};

use anstream::adapter::strip_str;
use stdx::text::wrap;

/// Wraps each line when it is complete. Its continuation stands below its text: beside a label, if
/// it has one.
pub(crate) struct Wrapped<W: Write> {
    inner: W,
    width: Option<usize>,
    line: Vec<u8>,
}

impl<W: Write> Wrapped<W> {
    /// Without a width, lines stay as they are.
    pub(crate) fn new(inner: W, width: Option<usize>) -> Self {
        Self { inner, width, line: Vec::new() }
    }

    /// Writes the line so far.
    fn end_line(&mut self) -> io::Result<()> {
        let line = mem::take(&mut self.line);
        match (self.width, str::from_utf8(&line)) {
            (Some(width), Ok(text)) => {
                let indent = hanging_indent(text, width);
                // one word beside a label is as long in a line of its own
                match text.trim_end().chars().skip(indent).any(|it| it == ' ') {
                    true => {
                        let rest = text.trim_start_matches(' ');
                        let first = &text[..text.len() - rest.len()];
                        self.inner.write_all(wrap(rest, first, indent, width).as_bytes())
                    }
                    false => self.inner.write_all(&line),
                }
            }
            _ => self.inner.write_all(&line),
        }
    }
}

impl<W: Write> Write for Wrapped<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        for part in bytes.split_inclusive(|&byte| byte == b'\n') {
            match part.strip_suffix(b"\n") {
                Some(rest) => {
                    self.line.extend_from_slice(rest);
                    self.end_line()?;
                    self.inner.write_all(b"\n")?;
                }
                None => self.line.extend_from_slice(part),
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.end_line()?;
        self.inner.flush()
    }
}

impl<W: Write> Drop for Wrapped<W> {
    fn drop(&mut self) {
        // what was written before has reported the errors of this output
        let _ = self.end_line();
    }
}

/// Returns how far the lines are indented that continue a line: as far as the text beside its
/// label, or to a column in which no line of a program begins. Lines quote foreign text, which must
/// not look like a line of its own.
fn hanging_indent(line: &str, width: usize) -> usize {
    /// No line of a program begins as far right as a text beside a label.
    const LABELLED: RangeInclusive<usize> = 9..=24;
    const DEEPER: usize = 7;
    const MIN_TEXT: usize = 24;
    let plain = strip_str(line).to_string();
    let text = plain.trim_start();
    let indent = plain.chars().count() - text.chars().count();
    let beside_label = text.find("  ").filter(|_| indent > 0).map(|end| {
        let blanks = text[end..].chars().take_while(|&it| it == ' ').count();
        indent + text[..end].chars().count() + blanks
    });
    let fits = |column: &usize| LABELLED.contains(column) && column + MIN_TEXT <= width;
    beside_label.filter(fits).unwrap_or(indent + DEEPER)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrapped(width: usize, parts: &[&str]) -> String {
        let mut bytes = Vec::new();
        let mut out = Wrapped::new(&mut bytes, Some(width));
        for part in parts {
            out.write_all(part.as_bytes()).unwrap();
        }
        drop(out);
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn a_line_is_continued_below_its_text() {
        for (width, line, shown) in [
            (18, "one two three four five six", "one two three four\n       five six"),
            (18, "  one two three four", "  one two three\n         four"),
            (
                34,
                "  why    one two three four five six",
                "  why    one two three four five\n         six",
            ),
            // beside a short label a line of a program might begin
            (18, "  a  one two three", "  a  one two three"),
            (18, "  a  one two three four", "  a  one two three\n         four"),
            // foreign text beside no label
            (18, "one  two three four", "one  two three\n       four"),
            (18, "\u{1b}[1m1 \u{1b}[0mtwo three four", "\u{1b}[1m1 \u{1b}[0mtwo three four"),
            (
                18,
                "  a_word_of_more_than_twenty_columns here",
                "  a_word_of_more_than_twenty_columns\n         here",
            ),
            (32, "please run `cargo fetch --locked`", "please run\n       `cargo fetch --locked`"),
            // a command for which no line has room, and what only looks like one
            (
                18,
                "run `cargo fetch --locked` now",
                "run `cargo fetch\n       --locked`\n       now",
            ),
            (
                32,
                "because of `     2. (nothing else)`",
                "because of `     2. (nothing\n       else)`",
            ),
            (18, "  at  a_word_that_is_longer_than_this", "  at  a_word_that_is_longer_than_this"),
            (18, "", ""),
        ] {
            assert_eq!(wrapped(width, &[line]), shown);
        }
    }

    #[test]
    fn a_line_may_come_in_parts() {
        let parts = ["one tw", "o three\nfour", " five\n", "\n"];
        assert_eq!(wrapped(9, &parts), "one two\n       three\nfour five\n\n");
        assert_eq!(wrapped(80, &["\u{e9}\n  a\n"]), "\u{e9}\n  a\n");
    }
}
