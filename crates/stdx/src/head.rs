//! How many lines a file has that is only added to, and the hash of the last one, kept beside it.
//!
//! Lines that are chained by hashes check each other, but not that the last ones are there: a file
//! that was cut off at the end of a line, or emptied, looks whole. Its head counts the lines. It is
//! written when these are on the disk. So after a crash it may be behind, and is never ahead: a
//! file with fewer lines was shortened.
//!
//! The first line names the form and what is counted. Two lines of one length follow, which are
//! written in turn; the greater number counts:
//!
//! ```text
//! #head 2 transactions
//! 00000000000000000007 <the hash of line 7, 64 hexadecimal digits> <16 digits to check this line>
//! 00000000000000000008 <the hash of line 8> <check>
//! ```
//!
//! A power failure during a write damages one of them, and the other has the head before. So a new
//! head is one write of a hundred bytes, without a temporary file and without an `fsync`.

use std::{
    fs::{File, OpenOptions},
    io::{self, ErrorKind, Read, Seek, SeekFrom, Write},
    path::Path,
};

use sha2::{Digest, Sha256};

use crate::fs::{Existing, write_atomically};

/// The SHA-256 of a chain of lines.
pub type Hash = [u8; 32];

/// How many lines a file has, and the hash of the last one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// The number of lines.
    pub count: u64,
    /// The hash of the last of them, or of what the first one follows.
    pub hash: Hash,
}

/// Why a file is not the one that a head counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mismatch {
    /// It has fewer lines.
    Shortened,
    /// It has other lines.
    Other,
}

impl Head {
    /// Checks that a file has at least the lines that this head counts. `at` is the hash of the
    /// file's line with the number [`count`](Self::count), `None` if there are fewer.
    ///
    /// # Errors
    ///
    /// [`Mismatch`].
    pub fn check(&self, at: Option<&Hash>) -> Result<(), Mismatch> {
        match at {
            Some(hash) if *hash == self.hash => Ok(()),
            Some(_) => Err(Mismatch::Other),
            None => Err(Mismatch::Shortened),
        }
    }
}

/// Why a head cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum HeadError {
    /// The operating system's reason.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// It is damaged, or something else.
    #[error("it is not a head that can be read")]
    Damaged,
}

/// The file of a head, open for the next ones. Callers hold a lock on the file whose lines it
/// counts.
#[derive(Debug)]
pub struct HeadFile {
    file: File,
    form: Form,
    /// The slot that is older, and written next.
    next: usize,
}

impl HeadFile {
    /// Reads the head at `path`; `None` if there is none. `counted` says what is counted, as
    /// "transactions"; it is in the file too.
    ///
    /// # Errors
    ///
    /// [`HeadError`].
    pub fn read(path: &Path, counted: &str) -> Result<Option<Head>, HeadError> {
        let Some(text) = text_of(path)? else {
            return Ok(None);
        };
        let head = newest(Form::new(counted).slots(&text));
        let head = head.or_else(|| parse_format_1(&text, counted));
        head.map(Some).ok_or(HeadError::Damaged)
    }

    /// Opens the head at `path`, which says `head` from then on; makes it, for its owner only, if
    /// it is not there. What `head` counts is on the disk already.
    ///
    /// # Errors
    ///
    /// The operating system's.
    pub fn open(path: &Path, counted: &str, head: &Head) -> io::Result<Self> {
        let form = Form::new(counted);
        let text = text_of(path)?.unwrap_or_default();
        let slots = form.slots(&text);
        let is_right = slots.iter().all(Option::is_some) && newest(slots) == Some(*head);
        if !is_right {
            write_atomically(path, &form.text(head), Existing::Replace)?;
        }
        let next = usize::from(is_right && slots[0] == Some(*head));
        Ok(Self { file: OpenOptions::new().write(true).open(path)?, form, next })
    }

    /// Writes the next head. What it counts is on the disk already.
    ///
    /// # Errors
    ///
    /// The operating system's; the file then has the head before.
    pub fn save(&mut self, head: &Head) -> io::Result<()> {
        let line = self.form.line(head);
        let offset = self.form.first_line.len() + self.next * line.len();
        self.file.seek(SeekFrom::Start(offset as u64))?;
        self.file.write_all(line.as_bytes())?;
        self.next = 1 - self.next;
        Ok(())
    }
}

/// Returns what is in the file of a head; `None` if there is none. What is longer than a head is
/// cut off.
fn text_of(path: &Path) -> io::Result<Option<Vec<u8>>> {
    const MAX_LENGTH: u64 = 4096;
    let mut text = Vec::new();
    match File::open(path) {
        Ok(file) => file.take(MAX_LENGTH).read_to_end(&mut text).map(|_| Some(text)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// The form of the file.
#[derive(Debug)]
struct Form {
    first_line: String,
}

impl Form {
    const COUNT_LENGTH: usize = 20;
    const HASH_LENGTH: usize = 64;
    const CHECK_LENGTH: usize = 16;
    /// With two blanks and the line's end.
    const LINE_LENGTH: usize = Self::COUNT_LENGTH + Self::HASH_LENGTH + Self::CHECK_LENGTH + 3;

    fn new(counted: &str) -> Self {
        Self { first_line: format!("#head 2 {counted}\n") }
    }

    /// Returns the two slots of a file's text; `None` for one that is damaged.
    fn slots(&self, text: &[u8]) -> [Option<Head>; 2] {
        let lines = text.strip_prefix(self.first_line.as_bytes()).unwrap_or_default();
        let mut lines = lines.chunks_exact(Self::LINE_LENGTH).map(|line| self.parse(line));
        std::array::from_fn(|_| lines.next().flatten())
    }

    fn parse(&self, line: &[u8]) -> Option<Head> {
        let text = str::from_utf8(line).ok()?;
        let (count, rest) = text.split_once(' ')?;
        let (hash, _) = rest.split_once(' ')?;
        let head = Head { count: count.parse().ok()?, hash: from_hex(hash)? };
        (self.line(&head) == text).then_some(head)
    }

    fn line(&self, head: &Head) -> String {
        let said = format!("{:020} {}", head.count, to_hex(&head.hash));
        let check = Sha256::new().chain_update(&self.first_line).chain_update(&said).finalize();
        let check = to_hex(&check.into());
        format!("{said} {}\n", &check[..Self::CHECK_LENGTH])
    }

    /// Returns a whole file, with the head in both slots.
    fn text(&self, head: &Head) -> Vec<u8> {
        let line = self.line(head);
        [&self.first_line, &line, &line].map(String::as_bytes).concat()
    }
}

/// Returns which of the slots counts: the one with more lines.
fn newest(slots: [Option<Head>; 2]) -> Option<Head> {
    slots.into_iter().flatten().max_by_key(|head| head.count)
}

/// Reads the form of an older version, which had one line of JSON.
fn parse_format_1(text: &[u8], counted: &str) -> Option<Head> {
    let text = str::from_utf8(text).ok()?;
    let rest = text.strip_prefix(&format!(r#"{{"format":1,"{counted}":"#))?;
    let (count, rest) = rest.split_once(r#","hash":""#)?;
    let hash = rest.trim_end().strip_suffix(r#""}"#)?;
    Some(Head { count: count.parse().ok()?, hash: from_hex(hash)? })
}

fn to_hex(hash: &Hash) -> String {
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn from_hex(text: &str) -> Option<Hash> {
    let mut hash = Hash::default();
    if text.len() != 2 * hash.len() {
        return None;
    }
    for (byte, digits) in hash.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
        *byte = u8::from_str_radix(str::from_utf8(digits).ok()?, 16).ok()?;
    }
    Some(hash)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    const WORDS: &str = "words";

    fn head(count: u64) -> Head {
        Head { count, hash: Sha256::digest(count.to_string()).into() }
    }

    fn scene() -> (tempfile::TempDir, std::path::PathBuf) {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("words.head");
        (directory, path)
    }

    fn read(path: &Path) -> Option<Head> {
        HeadFile::read(path, WORDS).unwrap()
    }

    #[test]
    fn the_last_head_that_was_saved_is_read() {
        let (directory, path) = scene();
        assert_eq!(read(&path), None);
        let mut file = HeadFile::open(&path, WORDS, &head(3)).unwrap();
        assert_eq!(read(&path), Some(head(3)));
        for count in [4, 5, 9, 10, u64::MAX] {
            file.save(&head(count)).unwrap();
            assert_eq!(read(&path), Some(head(count)));
        }
        // opened again with the same, an earlier and a later one
        for count in [u64::MAX, 2, 7] {
            let mut file = HeadFile::open(&path, WORDS, &head(count)).unwrap();
            assert_eq!(read(&path), Some(head(count)));
            file.save(&head(u64::MAX)).unwrap();
            assert_eq!(read(&path), Some(head(u64::MAX)));
        }
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_write_that_was_cut_off_leaves_the_head_before() {
        let (_directory, path) = scene();
        let mut file = HeadFile::open(&path, WORDS, &head(1)).unwrap();
        for count in 2..6 {
            let before = fs::read(&path).unwrap();
            file.save(&head(count)).unwrap();
            let after = fs::read(&path).unwrap();
            assert_eq!(before.len(), after.len());
            for end in 0..=after.len() {
                let torn = [&after[..end], &before[end..]].concat();
                fs::write(&path, &torn).unwrap();
                let found = read(&path).unwrap();
                assert!([head(count - 1), head(count)].contains(&found), "{end}: {found:?}");
            }
            fs::write(&path, after).unwrap();
        }
    }

    #[test]
    fn one_changed_bit_is_an_error_or_leaves_one_of_the_last_two_heads() {
        let (_directory, path) = scene();
        HeadFile::open(&path, WORDS, &head(8)).unwrap().save(&head(9)).unwrap();
        let whole = fs::read(&path).unwrap();
        for bit in 0..whole.len() * 8 {
            let mut changed = whole.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            fs::write(&path, &changed).unwrap();
            match HeadFile::read(&path, WORDS) {
                Ok(found) => assert!([Some(head(8)), Some(head(9))].contains(&found), "{bit}"),
                Err(error) => assert!(matches!(error, HeadError::Damaged), "{error}"),
            }
        }
    }

    #[test]
    fn what_is_not_a_head_of_these_is_damaged_and_replaced_when_it_is_opened() {
        let (_directory, path) = scene();
        let other = Form::new("other words").text(&head(1));
        for text in [&b""[..], b"{}", b"#head 2 words\n", &[0xff; 9000], &other] {
            fs::write(&path, text).unwrap();
            assert!(matches!(HeadFile::read(&path, WORDS), Err(HeadError::Damaged)));
            HeadFile::open(&path, WORDS, &head(2)).unwrap();
            assert_eq!(read(&path), Some(head(2)));
        }
    }

    #[test]
    fn a_head_of_the_older_form_is_read_and_rewritten() {
        let (_directory, path) = scene();
        let hash = to_hex(&head(12).hash);
        fs::write(&path, format!("{{\"format\":1,\"words\":12,\"hash\":\"{hash}\"}}\n")).unwrap();
        assert_eq!(read(&path), Some(head(12)));
        HeadFile::open(&path, WORDS, &head(12)).unwrap();
        assert!(fs::read(&path).unwrap().starts_with(b"#head 2 words\n"));
        assert_eq!(read(&path), Some(head(12)));
    }

    #[test]
    fn a_file_has_the_lines_that_a_head_counts_or_fewer_or_others() {
        let counted = head(2);
        assert_eq!(counted.check(Some(&head(2).hash)), Ok(()));
        assert_eq!(counted.check(Some(&head(3).hash)), Err(Mismatch::Other));
        assert_eq!(counted.check(None), Err(Mismatch::Shortened));
    }
}
