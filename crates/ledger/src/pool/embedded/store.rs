//! The file of transactions, which is only appended to.
//!
//! Each line is `{"hash":"<64 hex digits>","transaction":<a node's JSON>}`. The hash is the SHA-256
//! of the previous hash, as 32 bytes, and the transaction's text; the first line's hash follows that
//! of the genesis transactions. So a line that was changed, lost or moved is detected even when it
//! still parses. (Anyone who can write the file can also compute the hashes: the chain protects
//! against accidents, not against the file's owner.)

use std::{
    fs::{File, OpenOptions},
    io::{self, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};

use sha2::{Digest, Sha256};

use super::transaction::{Transaction, to_hex};
use crate::pool::{
    error::PoolError,
    files::{io_error, lock},
};

type Hash = [u8; 32];

/// The operations on a file that the store needs.
pub(super) trait LogFile: Send {
    /// Writes at this offset, the end, and returns when the bytes are on the disk.
    fn append(&mut self, offset: u64, bytes: &[u8]) -> io::Result<()>;

    /// Truncates the file to this length, and returns when it is so on the disk.
    fn truncate(&mut self, length: u64) -> io::Result<()>;
}

impl LogFile for File {
    fn append(&mut self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        self.seek(SeekFrom::Start(offset))?;
        self.write_all(bytes)?;
        self.sync_data()
    }

    fn truncate(&mut self, length: u64) -> io::Result<()> {
        self.set_len(length)?;
        self.sync_all()
    }
}

/// An open, locked file of transactions.
pub(super) struct Store<F = File> {
    file: F,
    path: PathBuf,
    /// The length of all whole lines.
    length: u64,
    last_hash: Hash,
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
    /// Locks and reads the file. An incomplete last line, as a crash during an append leaves it, was
    /// never confirmed: it is removed, with a warning.
    pub(super) fn open(path: &Path, genesis: &[Transaction]) -> Result<Contents, PoolError> {
        let mut file =
            OpenOptions::new().read(true).write(true).open(path).map_err(io_error("open", path))?;
        lock(&file, path)?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(io_error("read", path))?;
        let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
        let torn = bytes.len() - whole;
        bytes.truncate(whole);
        let (transactions, last_hash) = read_lines(path, &bytes, genesis_hash(genesis)?)?;
        let length = whole as u64;
        let mut warnings = Vec::new();
        if torn > 0 {
            file.truncate(length).map_err(io_error("truncate", path))?;
            warnings.push(format!(
                "{}: the last line was incomplete, as after a crash while it was being written, \
                 and was removed ({torn} bytes); that write had not been confirmed to anyone, so \
                 submit it again if it is missing",
                path.display()
            ));
        }
        Ok(Contents {
            store: Self { file, path: path.to_owned(), length, last_hash, writes_disabled: false },
            transactions,
            warnings,
        })
    }
}

impl<F: LogFile> Store<F> {
    /// Appends a transaction. On success it is on the disk; on failure the file is as it was before.
    pub(super) fn append(&mut self, transaction: &Transaction) -> Result<(), PoolError> {
        if self.writes_disabled {
            return Err(self.disable_writes());
        }
        let text = to_text(transaction).map_err(io_error("append to", &self.path))?;
        let hash = chain(&self.last_hash, &text);
        let line = format!("{HASH_PREFIX}{}{TRANSACTION_PREFIX}{text}{LINE_END}\n", to_hex(&hash));
        if let Err(error) = self.file.append(self.length, line.as_bytes()) {
            self.writes_disabled = self.file.truncate(self.length).is_err();
            return Err(io_error("append to", &self.path)(error));
        }
        self.length += line.len() as u64;
        self.last_hash = hash;
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

fn read_lines(
    path: &Path,
    bytes: &[u8],
    genesis_hash: Hash,
) -> Result<(Vec<Transaction>, Hash), PoolError> {
    let mut transactions = Vec::new();
    let mut hash = genesis_hash;
    let lines = bytes.split_inclusive(|byte| *byte == b'\n');
    for (line, number) in lines.zip(1..) {
        let (transaction, next) = read_line(line, &hash).map_err(|problem| PoolError::Corrupt {
            path: path.to_owned(),
            line: number,
            problem,
        })?;
        transactions.push(transaction);
        hash = next;
    }
    Ok((transactions, hash))
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
    }

    fn store_on_disk_of(capacity: usize, can_truncate: bool) -> Store<SmallDisk> {
        Store {
            file: SmallDisk { bytes: Vec::new(), capacity, can_truncate },
            path: PathBuf::from("small disk"),
            length: 0,
            last_hash: Hash::default(),
            writes_disabled: false,
        }
    }

    #[test]
    fn a_write_to_a_full_disk_is_undone_and_can_be_repeated() {
        let transactions = genesis::transactions();
        let mut store = store_on_disk_of(400, true);
        store.append(&transactions[0]).expect("enough space");
        let before = store.file.bytes.clone();

        let error = store.append(&transactions[1]).expect_err("disk full");
        assert_eq!(error.code(), "CommonIOError");
        assert_eq!(store.file.bytes, before);

        store.file.capacity = 4000;
        store.append(&transactions[1]).expect("enough space again");
        let (read, _) = read_lines(Path::new("x"), &store.file.bytes, Hash::default())
            .expect("two whole lines");
        assert_eq!(read.len(), 2);
    }

    #[test]
    fn after_a_write_that_cannot_be_undone_no_more_are_accepted() {
        let transactions = genesis::transactions();
        let mut store = store_on_disk_of(10, false);
        let first = store.append(&transactions[0]).expect_err("disk full");
        assert_eq!(first.code(), "CommonIOError");
        let second = store.append(&transactions[0]).expect_err("writes are disabled");
        assert!(matches!(second, PoolError::WritesDisabled { .. }), "{second}");
        assert_eq!(store.file.bytes.len(), 10);
    }
}
