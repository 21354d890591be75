//! The nonces that have been accepted, in a file: one a line, only ever added to.

use std::{
    collections::HashSet,
    fs::{File, OpenOptions, TryLockError},
    io::{self, BufRead, BufReader, Seek, SeekFrom, Write},
    path::Path,
    sync::{Mutex, PoisonError},
};

use anyhow::{Context, Result, bail};
use indy::anoncreds::NonceMemory;
use proofs::UsedNonces;

/// No nonce has more digits than this: the field takes 128 bits at most, and a verifier 80.
const DIGITS: u64 = 39;

/// A file of accepted nonces, locked as long as this lives.
///
/// A nonce is on the disk before anybody is told that its presentation is accepted. A run that is killed
/// leaves all nonces that it has told of; perhaps one more, of which nobody was told.
pub struct NonceFile {
    known: Mutex<Known>,
}

struct Known {
    file: File,
    nonces: HashSet<String>,
    /// Whether the last line may be without its end, because it could not be written.
    is_torn: bool,
}

impl NonceFile {
    /// Open a file of accepted nonces; one that is not there is made.
    pub fn open(path: &Path) -> Result<Self> {
        let name = path.display();
        let mut options = OpenOptions::new();
        options.read(true).append(true).create(true);
        let mut file = options.open(path).with_context(|| {
            format!("cannot open {name}; name a file for used nonces that you may read and write")
        })?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => bail!(
                "another negotiate-proof is using {name}; wait until it ends, or name another file for used nonces"
            ),
            Err(TryLockError::Error(error)) => {
                return Err(error).with_context(|| {
                    format!("cannot lock {name}; name a file for used nonces on another disk")
                });
            }
        }
        let nonces = read(&mut file).with_context(|| format!("cannot use {name}"))?;
        end_last_line(&mut file)
            .and_then(|()| sync_directory_of(path))
            .with_context(|| format!("cannot write {name}"))?;
        let known = Known {
            file,
            nonces,
            is_torn: false,
        };
        Ok(Self {
            known: Mutex::new(known),
        })
    }
}

impl UsedNonces for NonceFile {
    fn used(&self, nonce: &str) -> Result<bool, String> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(known.nonces.contains(nonce))
    }
}

impl NonceMemory for NonceFile {
    fn accept(&self, nonce: &str) -> Result<bool, String> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.nonces.contains(nonce) {
            return Ok(false);
        }
        let before = if known.is_torn { "\n" } else { "" };
        let line = format!("{before}{nonce}\n");
        let written = known.file.write_all(line.as_bytes());
        let kept = written.and_then(|()| known.file.sync_data());
        known.is_torn = kept.is_err();
        kept.map_err(|error| format!("the file of used nonces cannot be written: {error}"))?;
        Ok(known.nonces.insert(nonce.to_owned()))
    }
}

/// The nonces of a file. Anything else in it means that it is another file.
fn read(file: &mut File) -> Result<HashSet<String>> {
    let mut nonces = HashSet::new();
    let mut lines = BufReader::new(file);
    for number in 1_u64.. {
        let mut line = Vec::new();
        let limit = DIGITS + 3;
        io::Read::take(&mut lines, limit).read_until(b'\n', &mut line)?;
        if line.is_empty() {
            break;
        }
        let digits = line.trim_ascii();
        let is_nonce = digits.len() as u64 <= DIGITS && digits.iter().all(u8::is_ascii_digit);
        match str::from_utf8(digits) {
            Ok("") => {}
            Ok(nonce) if is_nonce => {
                nonces.insert(nonce.to_owned());
            }
            _ => bail!(
                "line {number} is no nonce; name a file that holds used nonces only, or one that does not \
                 exist yet"
            ),
        }
    }
    Ok(nonces)
}

/// A last line without an end is one that was being written when a run was killed, or one that was
/// written by hand. It counts, and the next nonce does not go on in it.
fn end_last_line(file: &mut File) -> io::Result<()> {
    if file.seek(SeekFrom::End(0))? == 0 {
        return Ok(());
    }
    file.seek(SeekFrom::End(-1))?;
    let mut last = [0];
    io::Read::read_exact(file, &mut last)?;
    match last {
        [b'\n'] => Ok(()),
        _ => file.write_all(b"\n"),
    }
}

/// A file that was just made is in its directory for good.
fn sync_directory_of(path: &Path) -> io::Result<()> {
    #[cfg(unix)]
    {
        let parent = path.parent().filter(|parent| *parent != Path::new(""));
        File::open(parent.unwrap_or(Path::new(".")))?.sync_all()?;
    }
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}
