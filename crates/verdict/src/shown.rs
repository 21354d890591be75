//! Texts of others, shown so that they can neither fill the screen nor steer the terminal.

use std::fmt;

/// How many characters of a text are shown.
const SHOWN_CHARACTERS: usize = 80;

/// A text in quotation marks.
pub(crate) struct Quoted<'a>(pub(crate) &'a str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.char_indices().nth(SHOWN_CHARACTERS) {
            Some((end, _)) => write!(f, "{:?}…", &self.0[..end]),
            None => write!(f, "{:?}", self.0),
        }
    }
}

/// A text as it is, except for characters that a terminal may obey rather than show.
pub(crate) struct Plain<'a>(pub(crate) &'a str);

impl fmt::Display for Plain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_escaped(f, self.0.chars().take(SHOWN_CHARACTERS))?;
        let is_longer = self.0.chars().nth(SHOWN_CHARACTERS).is_some();
        f.write_str(if is_longer { "…" } else { "" })
    }
}

/// A sentence of ours, in which others' texts may be quoted: as [`Plain`], and never cut.
pub(crate) struct Whole<'a>(pub(crate) &'a str);

impl fmt::Display for Whole<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_escaped(f, self.0.chars())
    }
}

fn write_escaped(f: &mut fmt::Formatter<'_>, text: impl Iterator<Item = char>) -> fmt::Result {
    for character in text {
        match character {
            '"' | '\'' | '\\' => write!(f, "{character}")?,
            other => write!(f, "{}", other.escape_debug())?,
        }
    }
    Ok(())
}
