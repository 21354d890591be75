//! Cases in a file, one after the other: JSON Lines, JSON over several lines, or a list.
//!
//! A file may come from anyone and be of any size, so it is never held as a whole, and an error in
//! one case does not affect the next. The beginning of a file shows its form:
//!
//! - `[` begins a list of cases;
//! - `{` that is closed on a later line begins a case over several lines, and more may follow;
//! - everything else is JSON Lines, where each line is read for itself, whatever the last one was.
//!
//! The first two rely on brackets that match. Where those of a case do not, and a later line begins
//! with `{`, the file is read as JSON Lines after all.

use std::io::{self, BufRead, Cursor, Read};

use serde::Deserialize;
use tutorial::input::Input;

/// The text of a case, and where it is in the file.
#[derive(Debug, PartialEq, Eq)]
pub struct Text {
    /// The line on which it begins, from 1.
    pub line: u64,
    /// Which of the cases that begin on this line it is, from 1.
    pub nth: u64,
    /// What is there.
    pub content: Content,
}

/// What is where a case should be.
#[derive(Debug, PartialEq, Eq)]
pub enum Content {
    /// These bytes.
    Bytes(Vec<u8>),
    /// The beginning of a text that is longer than the limit; the rest is skipped, and not kept.
    TooLong(Vec<u8>),
    /// Nothing: the list of cases ends without its bracket, so that cases may be missing.
    ListBrokenOff,
}

/// The texts of the cases in a file.
pub struct Texts {
    input: Input,
    /// The most bytes of a text.
    max_bytes: usize,
    form: Form,
    /// The line of the next byte, from 1.
    line: u64,
    /// The line on which the last case began, and how many have begun there.
    begun: (u64, u64),
}

/// How cases follow each other.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// Nothing has been read.
    Unknown,
    /// Each is a line.
    Lines,
    /// Each may go over several lines.
    Documents,
    /// They are in a list, which begins on this line; none has been read.
    ListBegun(u64),
    /// They are in a list.
    List,
    /// There are no more.
    Ended,
}

/// What was read of a value.
enum Value {
    /// A value whose brackets are closed, and that is short enough.
    Whole(Vec<u8>),
    /// The beginning of a value that is longer than the limit.
    TooLong(Vec<u8>),
    /// A value whose brackets are not closed where the input ends, or where it turns out not to be
    /// JSON.
    Open {
        bytes: Vec<u8>,
        /// Whether these are lines, each to be read for itself.
        are_lines: bool,
    },
}

impl Texts {
    /// Returns the texts of an input, each of at most so many bytes.
    pub fn new(input: Input, max_bytes: usize) -> Self {
        Self { input, max_bytes, form: Form::Unknown, line: 1, begun: (0, 0) }
    }

    /// Reads the text of the next case; `None` at the end.
    pub fn next(&mut self) -> io::Result<Option<Text>> {
        if self.form == Form::Unknown {
            self.form = self.recognise()?;
        }
        match self.form {
            Form::Documents => self.next_document(),
            Form::ListBegun(_) | Form::List => self.next_of_list(),
            Form::Lines | Form::Unknown => self.next_line(),
            Form::Ended => Ok(None),
        }
    }

    /// Recognises the form of the file, and skips what comes before the first case.
    fn recognise(&mut self) -> io::Result<Form> {
        const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();
        let mut start = Vec::new();
        let length = BYTE_ORDER_MARK.len() as u64;
        (&mut self.input).take(length).read_to_end(&mut start)?;
        if start != BYTE_ORDER_MARK {
            self.put_back(start);
        }
        self.skip(|byte| byte.is_ascii_whitespace())?;
        Ok(match self.peek()? {
            Some(b'[') => {
                self.take_byte()?;
                Form::ListBegun(self.line)
            }
            Some(b'{') => Form::Documents,
            _ => Form::Lines,
        })
    }

    fn next_line(&mut self) -> io::Result<Option<Text>> {
        loop {
            let line = self.line;
            let mut bytes = Vec::new();
            // room for the end of the line
            let limit = self.max_bytes as u64 + 2;
            (&mut self.input).take(limit).read_until(b'\n', &mut bytes)?;
            if bytes.is_empty() {
                return Ok(None);
            }
            if bytes.last() != Some(&b'\n') && bytes.len() > self.max_bytes {
                self.input.skip_until(b'\n')?;
            }
            self.line += 1;
            let text = bytes.trim_ascii();
            if text.len() > self.max_bytes {
                let beginning = beginning(text);
                return Ok(Some(self.text(line, Content::TooLong(beginning))));
            }
            if !text.is_empty() {
                let content = Content::Bytes(text.to_vec());
                return Ok(Some(self.text(line, content)));
            }
        }
    }

    fn next_document(&mut self) -> io::Result<Option<Text>> {
        self.skip(|byte| byte.is_ascii_whitespace())?;
        if self.peek()? != Some(b'{') {
            self.form = Form::Lines;
            return self.next_line();
        }
        let line = self.line;
        let content = match self.read_value()? {
            Value::Whole(bytes) if self.line == line => return self.as_lines(line, bytes),
            Value::Open { bytes, are_lines: true } => return self.as_lines(line, bytes),
            Value::Whole(bytes) | Value::Open { bytes, .. } => Content::Bytes(bytes),
            Value::TooLong(beginning) => Content::TooLong(beginning),
        };
        Ok(Some(self.text(line, content)))
    }

    fn next_of_list(&mut self) -> io::Result<Option<Text>> {
        self.skip(|byte| byte.is_ascii_whitespace() || byte == b',')?;
        let line = self.line;
        match self.peek()? {
            None => {
                self.form = Form::Ended;
                return Ok(Some(self.text(line, Content::ListBrokenOff)));
            }
            Some(b']') => {
                self.take_byte()?;
                self.form = Form::Documents;
                return self.next_document();
            }
            Some(_) => {}
        }
        let content = match (self.read_value()?, self.form) {
            (Value::Whole(bytes), Form::ListBegun(begun)) if is_message(&bytes) => {
                return self.as_one_list(begun, line, &bytes);
            }
            (Value::Open { bytes, are_lines: true }, Form::ListBegun(begun)) => {
                let before = "\n".repeat((line - begun) as usize);
                let all = [b"[", before.as_bytes(), &bytes].concat();
                return self.as_lines(begun, all);
            }
            (Value::Open { bytes, .. }, _) => {
                self.form = Form::Lines;
                return Ok(Some(self.text(line, Content::Bytes(bytes))));
            }
            (Value::Whole(bytes), _) => Content::Bytes(bytes),
            (Value::TooLong(beginning), _) => Content::TooLong(beginning),
        };
        self.form = Form::List;
        Ok(Some(self.text(line, content)))
    }

    /// Reads again, as one text, a list that begins on this line and whose first element has been
    /// read.
    fn as_one_list(&mut self, begun: u64, line: u64, first: &[u8]) -> io::Result<Option<Text>> {
        let before = "\n".repeat((line - begun) as usize);
        self.put_back([b"[", before.as_bytes(), first].concat());
        self.line = begun;
        self.form = Form::Documents;
        let content = match self.read_value()? {
            Value::Whole(bytes) => Content::Bytes(bytes),
            Value::TooLong(beginning) => Content::TooLong(beginning),
            Value::Open { .. } => Content::ListBrokenOff,
        };
        Ok(Some(self.text(begun, content)))
    }

    /// Reads again, as JSON Lines, what has been read from this line on.
    fn as_lines(&mut self, line: u64, bytes: Vec<u8>) -> io::Result<Option<Text>> {
        self.put_back(bytes);
        self.line = line;
        self.form = Form::Lines;
        self.next_line()
    }

    /// Reads a value up to where its brackets, or its quotation marks, are closed.
    fn read_value(&mut self) -> io::Result<Value> {
        let mut bytes = Vec::new();
        let mut is_kept = true;
        let mut scan = Scan::default();
        while let Some(byte) = self.peek()? {
            if !scan.goes_on(byte) {
                break;
            }
            self.take_byte()?;
            if is_kept {
                bytes.push(byte);
            }
            match scan.take(byte) {
                Step::Inside => {}
                Step::Closed => break,
                Step::Broken if is_kept => {
                    let are_lines = true;
                    return Ok(Value::Open { bytes, are_lines });
                }
                Step::Broken => return Ok(Value::TooLong(bytes)),
            }
            if is_kept && bytes.len() > self.max_bytes {
                if holds_lines(&bytes) {
                    let are_lines = true;
                    return Ok(Value::Open { bytes, are_lines });
                }
                is_kept = false;
                bytes = beginning(&bytes);
            }
        }
        Ok(match (is_kept, scan.is_open()) {
            (false, _) => Value::TooLong(bytes),
            (true, true) => Value::Open { are_lines: holds_lines(&bytes), bytes },
            (true, false) => Value::Whole(bytes),
        })
    }

    fn text(&mut self, line: u64, content: Content) -> Text {
        let nth = match self.begun {
            (last, count) if last == line => count + 1,
            _ => 1,
        };
        self.begun = (line, nth);
        Text { line, nth, content }
    }

    fn skip(&mut self, skipped: impl Fn(u8) -> bool) -> io::Result<()> {
        while self.peek()?.is_some_and(&skipped) {
            self.take_byte()?;
        }
        Ok(())
    }

    fn peek(&mut self) -> io::Result<Option<u8>> {
        loop {
            match self.input.fill_buf() {
                Ok(buffer) => return Ok(buffer.first().copied()),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }

    fn take_byte(&mut self) -> io::Result<()> {
        if self.peek()? == Some(b'\n') {
            self.line += 1;
        }
        self.input.consume(1);
        Ok(())
    }

    /// Makes these bytes the next to be read. It happens a few times in a file at most.
    fn put_back(&mut self, bytes: Vec<u8>) {
        let rest = std::mem::replace(&mut self.input, Box::new(io::empty()));
        self.input = Box::new(Cursor::new(bytes).chain(rest));
    }
}

/// Returns whether an object is a DIDComm message of a proof exchange: messages in a list belong
/// together.
fn is_message(object: &[u8]) -> bool {
    #[derive(Deserialize)]
    struct Message {
        #[serde(rename = "@type", alias = "type")]
        kind: String,
    }
    let message: Result<Message, _> = serde_json::from_slice(object);
    message.is_ok_and(|message| message.kind.contains("/present-proof/"))
}

/// Returns the beginning of a text that is too long: enough for its `id`.
fn beginning(text: &[u8]) -> Vec<u8> {
    const KEPT: usize = 64 << 10;
    text[..text.len().min(KEPT)].to_vec()
}

/// Returns whether a line within these bytes begins as a case does.
fn holds_lines(bytes: &[u8]) -> bool {
    bytes.windows(2).any(|pair| pair == b"\n{")
}

/// Where within a JSON value the next byte is.
#[derive(Default)]
struct Scan {
    has_begun: bool,
    open_brackets: u64,
    in_string: bool,
    escaped: bool,
}

/// What a byte means for the value that it belongs to.
enum Step {
    /// The value continues.
    Inside,
    /// The byte closes the value.
    Closed,
    /// The byte cannot be there in JSON.
    Broken,
}

impl Scan {
    fn is_open(&self) -> bool {
        self.open_brackets > 0 || self.in_string
    }

    /// Returns whether this byte belongs to the value: a number or a word ends before what
    /// separates it from the next value.
    fn goes_on(&self, byte: u8) -> bool {
        let ends_a_word = matches!(byte, b',' | b']' | b'}') || byte.is_ascii_whitespace();
        !self.has_begun || self.is_open() || !ends_a_word
    }

    fn take(&mut self, byte: u8) -> Step {
        self.has_begun = true;
        if self.in_string {
            match byte {
                // a line break is not allowed in a string
                b'\n' => return Step::Broken,
                _ if self.escaped => self.escaped = false,
                b'\\' => self.escaped = true,
                b'"' => self.in_string = false,
                _ => {}
            }
        } else {
            match byte {
                b'"' => self.in_string = true,
                b'{' | b'[' => self.open_brackets += 1,
                b'}' | b']' => self.open_brackets = self.open_brackets.saturating_sub(1),
                _ => return Step::Inside,
            }
        }
        match byte {
            b'}' | b']' | b'"' if !self.is_open() => Step::Closed,
            _ => Step::Inside,
        }
    }
}

#[cfg(test)]
mod tests;
