//! Foreign text, shown so that it can neither fill the screen nor steer the terminal.

use std::{borrow::Cow, fmt};

/// How many characters of a text [`Quoted`] and [`Plain`] show.
const SHOWN_CHARACTERS: usize = 80;

/// Returns a text of at most `max` characters: the text itself, or its beginning with an ellipsis.
///
/// ```
/// assert_eq!(negotiate_stdx::text::shorten("referent", 3), "ref…");
/// ```
pub fn shorten(text: &str, max: usize) -> Cow<'_, str> {
    match text.char_indices().nth(max) {
        Some((end, _)) => Cow::Owned(format!("{}…", &text[..end])),
        None => Cow::Borrowed(text),
    }
}

/// A text in quotation marks, its beginning only if it is long.
pub struct Quoted<'a>(pub &'a str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.char_indices().nth(SHOWN_CHARACTERS) {
            Some((end, _)) => write!(f, "{:?}…", &self.0[..end]),
            None => write!(f, "{:?}", self.0),
        }
    }
}

/// A text without quotation marks, its beginning only if it is long. Characters that a terminal may obey
/// rather than show are escaped.
pub struct Plain<'a>(pub &'a str);

impl fmt::Display for Plain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.char_indices().nth(SHOWN_CHARACTERS) {
            Some((end, _)) => {
                write_escaped(f, &self.0[..end])?;
                f.write_str("…")
            }
            None => write_escaped(f, self.0),
        }
    }
}

/// A sentence of our own that may quote foreign text: as [`Plain`], but never shortened.
///
/// ```
/// // a combining accent is shown, an escape sequence is not sent
/// let name = negotiate_stdx::text::Whole("Jose\u{301}\u{1b}[2J");
/// assert_eq!(name.to_string(), "Jose\u{301}\\u{1b}[2J");
/// ```
pub struct Whole<'a>(pub &'a str);

impl fmt::Display for Whole<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_escaped(f, self.0)
    }
}

fn write_escaped(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    const NEED_NO_ESCAPE: [char; 3] = ['"', '\'', '\\'];
    for part in text.split_inclusive(NEED_NO_ESCAPE) {
        let shown = part.trim_end_matches(NEED_NO_ESCAPE);
        // of a whole text, not of each character: a combining mark is escaped only where it has nothing to
        // combine with, so that names of every script stay readable
        write!(f, "{}{}", shown.escape_debug(), &part[shown.len()..])?;
    }
    Ok(())
}
