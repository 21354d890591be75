//! Foreign text, shown so that it can neither fill the screen nor steer the terminal.

use std::{borrow::Cow, fmt, iter, mem, ops::RangeInclusive};

use textwrap::{Options, WordSeparator, WordSplitter, WrapAlgorithm};

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

/// Returns a paragraph as lines of at most `width` columns: the first begins with `first`, the
/// others with `indent` blanks. A word that is longer keeps its place, whole, so that it can be
/// copied; a command between backquotes is one word if a line has room for it. Colours take no
/// columns.
///
/// ```
/// use negotiate_stdx::text::wrap;
///
/// assert_eq!(wrap("take 80 random bits", "do: ", 4, 16), "do: take 80\n    random bits");
/// assert_eq!(wrap("first run `cargo test`", "", 2, 20), "first run\n  `cargo test`");
/// ```
pub fn wrap(text: &str, first: &str, indent: usize, width: usize) -> String {
    let text = join_commands(text, width.saturating_sub(indent));
    let indent = " ".repeat(indent);
    let options = Options::new(width)
        .initial_indent(first)
        .subsequent_indent(&indent)
        .break_words(false)
        .word_separator(WordSeparator::AsciiSpace)
        .word_splitter(WordSplitter::NoHyphenation)
        .wrap_algorithm(WrapAlgorithm::FirstFit);
    textwrap::fill(&text, options).replace(JOIN, " ")
}

/// What stands for a blank at which a line is not wrapped. Foreign text has it escaped.
const JOIN: &str = "\u{e000}";

/// Joins the words between two backquotes where a line of `width` columns has room for them.
fn join_commands(text: &str, width: usize) -> String {
    let mut parts = text.split('`');
    let mut joined = parts.next().unwrap_or_default().to_owned();
    let mut parts = parts.peekable();
    while let Some(part) = parts.next() {
        // the last one is not followed by a backquote
        let is_command = parts.peek().is_some() && part.chars().count() + 2 <= width;
        joined.push('`');
        if is_command && !part.contains("  ") {
            joined += &part.replace(' ', JOIN);
            joined.push('`');
            joined += parts.next().unwrap_or_default();
        } else {
            joined += part;
        }
    }
    joined
}

/// Returns a text as it stands in a sentence: in quotation marks, unless it is one word. Its author
/// could otherwise add clauses to the sentence.
///
/// ```
/// use negotiate_stdx::text::in_sentence;
///
/// assert_eq!(in_sentence("Alex"), "Alex");
/// assert_eq!(in_sentence("555, the age is 90"), "\"555, the age is 90\"");
/// ```
pub fn in_sentence(text: &str) -> String {
    let is_word = |it: char| it.is_alphanumeric() || it == '-' || it == '_';
    match !text.is_empty() && text.chars().all(is_word) {
        true => text.to_owned(),
        false => Quoted(text).to_string(),
    }
}

/// A text in quotation marks, its beginning only if it is long.
pub struct Quoted<'a>(pub &'a str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (shown, rest) = beginning(self.0);
        let escaped = Whole(&shown.replace('\\', r"\\").replace('"', r#"\""#)).to_string();
        write!(f, "\"{escaped}\"{rest}")
    }
}

/// A text without quotation marks, its beginning only if it is long; otherwise as [`Whole`].
pub struct Plain<'a>(pub &'a str);

impl fmt::Display for Plain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (shown, rest) = beginning(self.0);
        write!(f, "{}{rest}", Whole(shown))
    }
}

/// Returns what is shown of a text that may be long, and the ellipsis after it.
fn beginning(text: &str) -> (&str, &'static str) {
    match text.char_indices().nth(SHOWN_CHARACTERS) {
        Some((end, _)) => (&text[..end], "…"),
        None => (text, ""),
    }
}

/// A text that is, or quotes, foreign text, shown whole. What [`parts`] calls hidden is escaped.
///
/// ```
/// // a combining accent is shown, an escape sequence is not sent
/// let name = negotiate_stdx::text::Whole("Jose\u{301}\u{1b}[2J");
/// assert_eq!(name.to_string(), "Jose\u{301}\\u{1b}[2J");
/// ```
pub struct Whole<'a>(pub &'a str);

impl fmt::Display for Whole<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        parts(self.0).try_for_each(|part| match part {
            Part::Shown(text) => f.write_str(text),
            Part::Hidden(character) => write!(f, "{}", character.escape_default()),
        })
    }
}

/// Lines of our own that may quote foreign text: as [`Whole`], except that the ends of lines stay.
pub struct Lines<'a>(pub &'a str);

impl fmt::Display for Lines<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.split('\n').enumerate().try_for_each(|(index, line)| {
            write!(f, "{}{}", if index > 0 { "\n" } else { "" }, Whole(line))
        })
    }
}

/// Returns a text of JSON in which hidden characters are written as JSON's escapes, so that it is
/// the same JSON.
///
/// ```
/// let shown = negotiate_stdx::text::json("{\"name\": \"a\u{202e}b\"}\n");
/// assert_eq!(shown, "{\"name\": \"a\\u202eb\"}\n");
/// ```
pub fn json(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for part in parts(text) {
        match part {
            Part::Shown(text) => shown += text,
            // between values; within a string, JSON itself has them escaped
            Part::Hidden(blank @ ('\n' | '\r' | '\t')) => shown.push(blank),
            Part::Hidden(character) => {
                for unit in character.encode_utf16(&mut [0; 2]) {
                    shown += &format!("\\u{unit:04x}");
                }
            }
        }
    }
    shown
}

/// Returns a text as it can stand in an attribute or between tags of XML. Hidden characters, of
/// which XML forbids some, are escaped as in [`Whole`].
///
/// ```
/// let shown = negotiate_stdx::text::xml("a\"><b>&'\u{1b}[2J\n");
/// assert_eq!(shown, "a&quot;&gt;&lt;b&gt;&amp;'\\u{1b}[2J\\n");
/// ```
pub fn xml(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in Whole(text).to_string().chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            other => escaped.push(other),
        }
    }
    escaped
}

/// Returns a text as the description of a test point of the Test Anything Protocol, in which a `#`
/// would begin a directive.
///
/// ```
/// assert_eq!(negotiate_stdx::text::tap("a # skip"), r"a \# skip");
/// ```
pub fn tap(text: &str) -> String {
    Whole(text).to_string().replace('\\', r"\\").replace('#', r"\#")
}

/// A part of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part<'a> {
    /// What a terminal shows as it is written.
    Shown(&'a str),
    /// A character that a terminal obeys or does not show.
    Hidden(char),
}

/// Divides a text at its hidden characters: controls; what turns the direction of writing (U+202E
/// ...); what is invisible, has no width, or is not assigned; blanks other than the space; and a
/// combining mark at the beginning.
///
/// The joiners U+200C and U+200D are shown inside the words of the scripts that are written with
/// them, between two characters from Arabic to Mongolian (U+0600 to U+18AF): without them a name in
/// Persian or Hindi is misspelt.
pub fn parts(text: &str) -> impl Iterator<Item = Part<'_>> {
    let (mut rest, mut before) = (text, None);
    iter::from_fn(move || {
        let mut characters = rest.char_indices().peekable();
        while let Some((at, character)) = characters.next() {
            let after = characters.peek().map(|(_, after)| *after);
            if is_shown(before, character, after) {
                before = Some(character);
                continue;
            }
            if at > 0 {
                let shown;
                (shown, rest) = rest.split_at(at);
                return Some(Part::Shown(shown));
            }
            rest = &rest[character.len_utf8()..];
            before = Some(character);
            return Some(Part::Hidden(character));
        }
        let shown = mem::take(&mut rest);
        (!shown.is_empty()).then_some(Part::Shown(shown))
    })
}

fn is_shown(before: Option<char>, character: char, after: Option<char>) -> bool {
    const JOINED: RangeInclusive<char> = '\u{600}'..='\u{18af}';
    let joined = |side: Option<char>| side.is_some_and(|side| JOINED.contains(&side));
    match character {
        ' '..='~' => true,
        '\u{200c}' | '\u{200d}' => joined(before) && joined(after),
        // These have a place in Unicode's lists of letters, marks and symbols, and are invisible:
        // the grapheme joiner, fillers, variation selectors, the empty Braille pattern, an empty
        // note.
        '\u{34f}'
        | '\u{115f}'..='\u{1160}'
        | '\u{17b4}'..='\u{17b5}'
        | '\u{180b}'..='\u{180f}'
        | '\u{2800}'
        | '\u{2d7f}'
        | '\u{3164}'
        | '\u{fe00}'..='\u{fe0f}'
        | '\u{ffa0}'
        | '\u{fffc}'
        | '\u{16fe4}'
        | '\u{1d159}'
        | '\u{e0100}'..='\u{e01ef}' => false,
        _ => is_printable(character) && (before.is_some() || !is_mark(character)),
    }
}

/// Returns whether the standard library prints a character that stands after a letter.
fn is_printable(character: char) -> bool {
    let mut pair = [b'a', 0, 0, 0, 0];
    let end = 1 + character.encode_utf8(&mut pair[1..]).len();
    str::from_utf8(&pair[..end]).is_ok_and(|pair| pair.escape_debug().nth(1) == Some(character))
}

/// Returns whether a printable character is shown only together with the one before it.
fn is_mark(character: char) -> bool {
    character.escape_debug().len() > 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_turns_the_direction_or_is_invisible_is_escaped() {
        let hidden =
            [0x202a..=0x202e, 0x2066..=0x2069, 0x200b..=0x200f, 0x2028..=0x2029, 0x2060..=0x2064]
                .into_iter()
                .chain([
                    0..=0x1f,
                    0x7f..=0x9f,
                    0xe0001..=0xe007f,
                    0xfe00..=0xfe0f,
                    0xe0100..=0xe01ef,
                ])
                .chain(
                    [
                        0x61c, 0xad, 0xfeff, 0xfff9, 0x180e, 0x3164, 0x115f, 0x2800, 0x34f, 0xe000,
                        0x2d7f, 0xfffc, 0x16fe4, 0x1d159,
                    ]
                    .map(|c| c..=c),
                );
        for character in hidden.flatten().filter_map(char::from_u32) {
            for text in [format!("{character}"), format!("a{character}b"), format!("a{character}")]
            {
                let shown = Whole(&text).to_string();
                assert!(
                    shown.contains('\\') && shown.is_ascii(),
                    "{:x}: {shown}",
                    u32::from(character)
                );
                let quoted = Quoted(&text).to_string();
                assert!(quoted.is_ascii(), "{quoted}");
            }
        }
    }

    #[test]
    fn names_of_every_script_stay_readable() {
        let names = [
            "José",
            "Jose\u{301}",
            "Łukasz",
            "Αλέξης",
            "Ольга",
            "علی\u{200c}رضا",
            "עדי",
            "क्\u{200d}ष",
            "ศรี",
            "李明",
            "김",
            "🙂",
        ];
        for name in names {
            assert_eq!(Whole(name).to_string(), name);
            assert_eq!(Quoted(name).to_string(), format!("\"{name}\""));
        }
    }

    #[test]
    fn a_joiner_is_escaped_outside_the_scripts_that_need_it() {
        assert_eq!(Whole("pay\u{200d}pal").to_string(), r"pay\u{200d}pal");
        assert_eq!(Whole("ع\u{200c}").to_string(), "ع\\u{200c}");
    }

    #[test]
    fn json_with_escapes_is_the_same_json() {
        let text = "{\"a\u{202e}\": \"\u{e0041}\u{7f}é\"}";
        assert_eq!(json(text), "{\"a\\u202e\": \"\\udb40\\udc41\\u007fé\"}");
    }

    #[test]
    fn quotation_marks_and_backslashes_are_escaped_in_a_quotation() {
        assert_eq!(Quoted("a\"b\\c\u{202e}").to_string(), r#""a\"b\\c\u{202e}""#);
    }
}
