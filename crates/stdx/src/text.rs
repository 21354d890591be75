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

/// Returns a text in which each number of more than 40 digits is cut in its middle.
///
/// ```
/// use negotiate_stdx::text::shorten_numbers;
///
/// let encoded = "it encodes to 99262857098057710338306967609588410025648622308394250666849665532448612202874";
/// assert_eq!(shorten_numbers(encoded), "it encodes to 992628570980…202874 (77 digits)");
/// ```
pub fn shorten_numbers(text: &str) -> String {
    const MAX_DIGITS: usize = 40;
    let mut shown = String::with_capacity(text.len());
    for run in text.as_bytes().chunk_by(|a, b| a.is_ascii_digit() == b.is_ascii_digit()) {
        // a run begins and ends beside an ASCII character, or at an end of the text
        let run = str::from_utf8(run).unwrap_or_default();
        match run.as_bytes()[0].is_ascii_digit() && run.len() > MAX_DIGITS {
            true => {
                let (head, tail) = (&run[..12], &run[run.len() - 6..]);
                shown += &format!("{head}…{tail} ({} digits)", run.len());
            }
            false => shown += run,
        }
    }
    shown
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
