//! The file as an earlier run has left it.

use std::{
    fs::File,
    io::{self, BufRead, BufReader, Read, Seek, SeekFrom},
};

use super::{
    entries::Entries,
    format::{CHECK_LENGTH, Chain, Line, header},
    known::{Known, key},
};
use crate::head::Hash;

/// The form of a file, by its beginning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// It is empty, or its first line was cut off when it was created.
    New,
    /// It has the form of this version.
    Current,
    /// It was written by an older version, or holds something else.
    Other,
}

impl Form {
    pub(super) fn of(mut file: &File, entries: Entries) -> io::Result<Self> {
        let header = header(entries.many);
        let mut start = Vec::new();
        file.rewind()?;
        file.take(header.len() as u64).read_to_end(&mut start)?;
        Ok(match start {
            start if start == header.as_bytes() => Self::Current,
            start if header.as_bytes().starts_with(&start) => Self::New,
            _ => Self::Other,
        })
    }
}

/// What is in a file of the current form.
pub(super) struct Contents {
    pub(super) known: Known,
    /// The number of entries.
    pub(super) count: u64,
    /// The hash of the last of them.
    pub(super) chain: Chain,
    /// That of the entry with the number that was asked for, if there are so many.
    pub(super) counted: Option<Hash>,
    /// The length of all whole lines.
    pub(super) length: u64,
    pub(super) end: End,
}

/// How the last line ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// With its line end.
    Whole,
    /// Only its line end is missing.
    Unended,
    /// It is cut off. Nothing was acknowledged of it, for a line is on the disk before that.
    CutOff,
}

/// Why a file of the current form cannot be read.
pub(super) enum ReadError {
    Io(io::Error),
    /// The number of the line, counted from 1.
    Damaged(u64),
}

impl From<io::Error> for ReadError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// Reads a file of the current form, or an empty one. Remembers the hash of the entry with the
/// number that is `wanted`.
pub(super) fn contents(
    mut file: &File,
    entries: Entries,
    wanted: Option<u64>,
) -> Result<Contents, ReadError> {
    let header = header(entries.many);
    let mut chain = Chain::new(&header);
    let mut count = 0;
    let mut counted = None;
    let mut length = header.len() as u64;
    let mut end = End::Whole;
    file.seek(SeekFrom::Start(length))?;
    let mut lines = BufReader::new(file);
    // a longer line is damaged, and need not be read to its end
    let limit = (entries.longest + 1 + CHECK_LENGTH + 2) as u64;
    let mut keys = Vec::new();
    let mut line = Vec::new();
    for number in 2_u64.. {
        if wanted == Some(count) {
            counted = Some(chain.hash());
        }
        line.clear();
        Read::take(&mut lines, limit).read_until(b'\n', &mut line)?;
        if line.is_empty() {
            break;
        }
        let (text, has_end) = match line.strip_suffix(b"\n") {
            Some(text) => (text, true),
            None => (&*line, false),
        };
        match Line::parse(text, &chain, |text| entries.accepts(text)) {
            Line::Whole { entry, after } => {
                keys.push(key(entry));
                chain = after;
                count += 1;
                length += line.len() as u64;
                if !has_end {
                    end = End::Unended;
                }
            }
            Line::Beginning if !has_end => end = End::CutOff,
            _ => return Err(ReadError::Damaged(number)),
        }
    }
    Ok(Contents { known: Known::of(keys), count, chain, counted, length, end })
}
