//! The file of transactions, which is only appended to.
//!
//! Each line is `{"hash":"<64 hex digits>","transaction":<a node's JSON>}`. The hash is the SHA-256
//! of the previous hash, as 32 bytes, and the transaction's text; the first line's hash follows
//! that of the genesis transactions. So a line that was changed, lost or moved is detected even
//! when it still parses. (Anyone who can write the file can also compute the hashes: the chain
//! protects against accidents, not against the file's owner.)
//!
//! Beside it, a [`HeadFile`] keeps how many lines there are and the last one's hash, so that a file
//! that was shortened is detected too.

use std::{
    fs::{File, OpenOptions},
    io::{self, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};

use sha2::{Digest, Sha256};

use super::{
    head::{COUNTED, Hash, Head, HeadFile, head_of, head_path, read_and_check},
    transaction::{Transaction, to_hex},
};
use crate::pool::{
    error::PoolError,
    files::{io_error, lock},
};

/// The operations on a file that the store needs.
pub(super) trait LogFile: Send {
    /// Writes at this offset, the end, and returns when the bytes are on the disk.
    fn append(&mut self, offset: u64, bytes: &[u8]) -> io::Result<()>;

    /// Truncates the file to this length, and returns when it is so on the disk.
    fn truncate(&mut self, length: u64) -> io::Result<()>;

    /// Writes the head, when what it counts is on the disk.
    fn save_head(&mut self, head: &Head) -> io::Result<()>;
}

/// A file of transactions, and its head.
pub(super) struct Files {
    log: File,
    head: HeadFile,
}

impl LogFile for Files {
    fn append(&mut self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        append(&mut self.log, offset, bytes)
    }

    fn truncate(&mut self, length: u64) -> io::Result<()> {
        truncate(&self.log, length)
    }

    fn save_head(&mut self, head: &Head) -> io::Result<()> {
        self.head.save(head)
    }
}

fn append(log: &mut File, offset: u64, bytes: &[u8]) -> io::Result<()> {
    log.seek(SeekFrom::Start(offset))?;
    log.write_all(bytes)?;
    log.sync_data()
}

fn truncate(log: &File, length: u64) -> io::Result<()> {
    log.set_len(length)?;
    log.sync_all()
}

/// An open, locked file of transactions.
pub(super) struct Store<F = Files> {
    files: F,
    path: PathBuf,
    /// The length of all whole lines.
    length: u64,
    /// Their number, and the last one's hash.
    head: Head,
    /// Set when a failed append could not be undone.
    writes_disabled: bool,
}

/// An opened store, and what was in its file.
pub(super) struct Contents {
    pub(super) store: Store,
    pub(super) transactions: Vec<Transaction>,
    pub(super) warnings: Vec<String>,
}

impl Store {
    /// Locks and reads the file. A last line of which only the end is missing is completed. One
    /// that is cut off, as a crash during an append leaves it, was never confirmed unless the head
    /// counts it: it is removed. Both with a warning.
    pub(super) fn open(path: &Path, genesis: &[Transaction]) -> Result<Contents, PoolError> {
        let mut log =
            OpenOptions::new().read(true).write(true).open(path).map_err(io_error("open", path))?;
        lock(&log, path)?;
        let mut warnings = Vec::from_iter(stdx::fs::make_private(path));
        let mut bytes = Vec::new();
        log.read_to_end(&mut bytes).map_err(io_error("read", path))?;
        let Lines { transactions, hashes, whole, end } =
            read_lines(path, &bytes, genesis_hash(genesis)?)?;
        let saved = read_and_check(path, &hashes)?;
        let mut length = whole as u64;
        match end {
            End::Whole => {}
            End::Unended => {
                append(&mut log, length, b"\n").map_err(io_error("append to", path))?;
                length += 1;
                warnings.push(format!(
                    "{}: the end of the last line was missing, and was completed; the transaction in it is whole",
                    path.display()
                ));
            }
            End::CutOff => {
                truncate(&log, length).map_err(io_error("truncate", path))?;
                warnings.push(format!(
                    "{}: the last line was incomplete, as after a crash while it was being written, \
                     and was removed ({} bytes); that write had not been confirmed to anyone, so \
                     submit it again if it is missing",
                    path.display(),
                    bytes.len() - whole
                ));
            }
        }
        let head = head_of(&hashes);
        if saved != Some(head) {
            // what the head counts is on the disk before the head; a crash may have left it behind
            log.sync_data().map_err(io_error("write", path))?;
        }
        let head_path = head_path(path);
        let head_file =
            HeadFile::open(&head_path, COUNTED, &head).map_err(io_error("write", &head_path))?;
        let files = Files { log, head: head_file };
        Ok(Contents {
            store: Self { files, path: path.to_owned(), length, head, writes_disabled: false },
            transactions,
            warnings,
        })
    }
}

impl<F: LogFile> Store<F> {
    /// Appends a transaction. On success it is on the disk; on failure the file is as it was
    /// before.
    pub(super) fn append(&mut self, transaction: &Transaction) -> Result<(), PoolError> {
        if self.writes_disabled {
            return Err(self.disable_writes());
        }
        let text = to_text(transaction).map_err(io_error("append to", &self.path))?;
        let hash = chain(&self.head.hash, &text);
        let line = format!("{HASH_PREFIX}{}{TRANSACTION_PREFIX}{text}{LINE_END}\n", to_hex(&hash));
        if let Err(error) = self.files.append(self.length, line.as_bytes()) {
            self.writes_disabled = self.files.truncate(self.length).is_err();
            return Err(io_error("append to", &self.path)(error));
        }
        self.length += line.len() as u64;
        self.head = Head { count: self.head.count + 1, hash };
        // The transaction is written, whether or not the head is. A head may be behind: the next
        // append, or the next process that opens the file, writes it again.
        let _ = self.files.save_head(&self.head);
        Ok(())
    }

    /// Disables all further writes, and returns the error that says so.
    pub(super) fn disable_writes(&mut self) -> PoolError {
        self.writes_disabled = true;
        PoolError::WritesDisabled { path: self.path.clone() }
    }
}

const HASH_PREFIX: &str = r#"{"hash":""#;
const TRANSACTION_PREFIX: &str = r#"","transaction":"#;
const LINE_END: &str = "}";
const HEX_LENGTH: usize = 64;

/// What is in the file.
struct Lines {
    transactions: Vec<Transaction>,
    /// That of the genesis transactions, and one for each line.
    hashes: Vec<Hash>,
    /// The length of what is to be kept.
    whole: usize,
    end: End,
}

/// How the last line ends.
enum End {
    Whole,
    /// The line is whole but for its line end.
    Unended,
    CutOff,
}

fn read_lines(path: &Path, bytes: &[u8], genesis_hash: Hash) -> Result<Lines, PoolError> {
    let mut read =
        Lines { transactions: Vec::new(), hashes: vec![genesis_hash], whole: 0, end: End::Whole };
    let mut hash = genesis_hash;
    let lines = bytes.split_inclusive(|byte| *byte == b'\n');
    for (line, number) in lines.zip(1..) {
        let has_end = line.ends_with(b"\n");
        match read_line(line, &hash) {
            Ok((transaction, next)) => {
                read.transactions.push(transaction);
                read.hashes.push(next);
                read.whole += line.len();
                hash = next;
                if !has_end {
                    read.end = End::Unended;
                }
            }
            Err(_) if !has_end => read.end = End::CutOff,
            Err(problem) => {
                return Err(PoolError::Corrupt { path: path.to_owned(), line: number, problem });
            }
        }
    }
    Ok(read)
}

fn read_line(line: &[u8], previous: &Hash) -> Result<(Transaction, Hash), String> {
    let line = str::from_utf8(line).map_err(|error| format!("it is not text: {error}"))?;
    let (hash, text) = line
        .trim_end_matches('\n')
        .strip_prefix(HASH_PREFIX)
        .and_then(|rest| rest.split_at_checked(HEX_LENGTH))
        .and_then(|(hash, rest)| Some((hash, rest.strip_prefix(TRANSACTION_PREFIX)?)))
        .and_then(|(hash, rest)| Some((hash, rest.strip_suffix(LINE_END)?)))
        .ok_or("it is not a line of this ledger")?;
    let transaction: Transaction =
        serde_json::from_str(text).map_err(|error| format!("it does not parse: {error}"))?;
    let expected = chain(previous, text);
    if to_hex(&expected) != hash {
        return Err("its hash does not follow from the line before: this line was changed, \
                    or one before it was changed, lost or moved"
            .to_owned());
    }
    Ok((transaction, expected))
}

fn chain(previous: &Hash, text: &str) -> Hash {
    Sha256::new().chain_update(previous).chain_update(text).finalize().into()
}

fn genesis_hash(genesis: &[Transaction]) -> Result<Hash, PoolError> {
    genesis.iter().try_fold(Hash::default(), |hash, transaction| {
        let text = to_text(transaction).map_err(io_error("read", Path::new("genesis")))?;
        Ok(chain(&hash, &text))
    })
}

/// Returns the transaction's JSON on one line: JSON escapes line ends within strings.
fn to_text(transaction: &Transaction) -> io::Result<String> {
    serde_json::to_string(transaction).map_err(io::Error::other)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pool::embedded::genesis;

    /// A disk with space for `capacity` bytes.
    struct SmallDisk {
        bytes: Vec<u8>,
        capacity: usize,
        can_truncate: bool,
        /// How long the file was at each writing of the head, and the number in it.
        heads: Vec<(usize, u64)>,
    }

    impl LogFile for SmallDisk {
        fn append(&mut self, offset: u64, bytes: &[u8]) -> io::Result<()> {
            assert_eq!(offset, self.bytes.len() as u64, "appends go to the end");
            let fits = self.capacity.saturating_sub(self.bytes.len()).min(bytes.len());
            self.bytes.extend(&bytes[..fits]);
            if fits < bytes.len() {
                return Err(io::ErrorKind::StorageFull.into());
            }
            Ok(())
        }

        fn truncate(&mut self, length: u64) -> io::Result<()> {
            if !self.can_truncate {
                return Err(io::ErrorKind::Other.into());
            }
            self.bytes.truncate(usize::try_from(length).expect("small"));
            Ok(())
        }

        fn save_head(&mut self, head: &Head) -> io::Result<()> {
            self.heads.push((self.bytes.len(), head.count));
            Ok(())
        }
    }

    fn store_on_disk_of(capacity: usize, can_truncate: bool) -> Store<SmallDisk> {
        Store {
            files: SmallDisk { bytes: Vec::new(), capacity, can_truncate, heads: Vec::new() },
            path: PathBuf::from("small disk"),
            length: 0,
            head: Head { count: 0, hash: Hash::default() },
            writes_disabled: false,
        }
    }

    #[test]
    fn a_write_to_a_full_disk_is_undone_and_can_be_repeated() {
        let transactions = genesis::transactions();
        let mut store = store_on_disk_of(400, true);
        store.append(&transactions[0]).expect("enough space");
        let before = store.files.bytes.clone();

        let error = store.append(&transactions[1]).expect_err("disk full");
        assert_eq!(error.code(), "CommonIOError");
        assert_eq!(store.files.bytes, before);

        store.files.capacity = 4000;
        store.append(&transactions[1]).expect("enough space again");
        let read = read_lines(Path::new("x"), &store.files.bytes, Hash::default())
            .expect("two whole lines");
        assert_eq!(read.transactions.len(), 2);
        // the head is written after the line that it counts, and not for one that failed
        let lengths = [before.len(), store.files.bytes.len()];
        assert_eq!(store.files.heads, [(lengths[0], 1), (lengths[1], 2)]);
    }

    #[test]
    fn after_a_write_that_cannot_be_undone_no_more_are_accepted() {
        let transactions = genesis::transactions();
        let mut store = store_on_disk_of(10, false);
        let first = store.append(&transactions[0]).expect_err("disk full");
        assert_eq!(first.code(), "CommonIOError");
        let second = store.append(&transactions[0]).expect_err("writes are disabled");
        assert!(matches!(second, PoolError::WritesDisabled { .. }), "{second}");
        assert_eq!(store.files.bytes.len(), 10);
    }
}
