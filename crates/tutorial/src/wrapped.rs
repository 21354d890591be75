//! Lines that fit a terminal.

use std::{
    io::{self, Write},
    mem,
};

use anstream::adapter::strip_str;
use stdx::text::wrap;

/// Wraps each line when it is complete. Its continuation stands below its text: beside a label, if it has one.
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
                    true => self.inner.write_all(wrap(text, "", indent, width).as_bytes()),
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

/// Returns how far the lines are indented that continue a line: as far as the text beside its label, or two columns
/// more than the line itself.
fn hanging_indent(line: &str, width: usize) -> usize {
    const MAX_LABEL: usize = 24;
    const MIN_TEXT: usize = 24;
    let plain = strip_str(line).to_string();
    let text = plain.trim_start();
    let indent = plain.chars().count() - text.chars().count();
    let label = text.find("  ").filter(|_| !text.is_empty()).map(|end| {
        let blanks = text[end..].chars().take_while(|&it| it == ' ').count();
        text[..end].chars().count() + blanks
    });
    match label {
        Some(label) if label <= MAX_LABEL && indent + label + MIN_TEXT <= width => indent + label,
        _ if indent > 0 => indent + 2,
        _ => 0,
    }
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
        for (line, shown) in [
            ("one two three four five six", "one two three four\nfive six"),
            ("  one two three four", "  one two three\n    four"),
            (
                "  why  one two three four five six seven",
                "  why  one two three four five\n       six seven",
            ),
            ("\u{1b}[1mone\u{1b}[0m two three four", "\u{1b}[1mone\u{1b}[0m two three four"),
            (
                "a_word_that_has_more_than_twenty_columns here",
                "a_word_that_has_more_than_twenty_columns\nhere",
            ),
            ("  at  a_word_that_is_longer_than_this", "  at  a_word_that_is_longer_than_this"),
            ("", ""),
        ] {
            let width = if line.contains("why") { 31 } else { 18 };
            assert_eq!(wrapped(width, &[line]), shown);
        }
    }

    #[test]
    fn a_line_may_come_in_parts() {
        let parts = ["one tw", "o three\nfour", " five\n", "\n"];
        assert_eq!(wrapped(9, &parts), "one two\nthree\nfour five\n\n");
        assert_eq!(wrapped(80, &["\u{e9} \n  a\n"]), "\u{e9}\n  a\n");
    }
}
