//! Files that a command line names, and standard input.

use std::{
    fs::File,
    io::{self, BufRead, BufReader, Read},
    path::{Display, Path, PathBuf},
    string::FromUtf8Error,
};
use stdx::task::boxed;

use stdx::task::{Aborted, blocking};

/// A buffered reader of a file or of standard input.
pub type Input = Box<dyn BufRead + Send>;

/// The most bytes of a text that is read whole, if the caller has no limit of its own: 1 MiB.
const MAX_BYTES: usize = 1 << 20;

/// Why a text cannot be read; each message says what to name instead.
#[derive(Debug, thiserror::Error)]
pub enum InputError {
    /// The file cannot be opened or read.
    #[error("cannot read {}; name a file with {what} in JSON", shown(path))]
    Read {
        /// The file.
        path: PathBuf,
        /// What it should hold.
        what: &'static str,
        /// The operating system's reason.
        source: io::Error,
    },
    /// The text is not UTF-8.
    #[error("cannot read {}; name a file with {what} in JSON", shown(path))]
    NotUtf8 {
        /// The file.
        path: PathBuf,
        /// What it should hold.
        what: &'static str,
        /// Where the text is not UTF-8.
        source: FromUtf8Error,
    },
    /// The file is too long.
    #[error(
        "cannot use {}: it has more than {max_bytes} bytes; name a file with {what} in JSON",
        shown(path)
    )]
    TooLong {
        /// The file.
        path: PathBuf,
        /// What it should hold.
        what: &'static str,
        /// The most bytes that are read.
        max_bytes: usize,
    },
    /// The thread that reads ended.
    #[error(transparent)]
    Aborted(#[from] Aborted),
}

/// Returns how a message names a file, or standard input if it is `-`.
pub fn shown(path: &Path) -> Display<'_> {
    match path == Path::new("-") {
        true => Path::new("standard input").display(),
        false => path.display(),
    }
}

/// Opens a file for reading, or standard input if it is `-`.
///
/// # Errors
///
/// The operating system's.
pub fn open(path: &Path) -> io::Result<Input> {
    if path == Path::new("-") {
        return Ok(Box::new(BufReader::new(io::stdin())));
    }
    Ok(Box::new(BufReader::new(open_file(path)?)))
}

/// Opens a file for reading; refuses a directory, which some systems open too.
///
/// # Errors
///
/// The operating system's.
pub fn open_file(path: &Path) -> io::Result<File> {
    let file = File::open(path)?;
    match file.metadata()?.is_dir() {
        true => Err(io::ErrorKind::IsADirectory.into()),
        false => Ok(file),
    }
}

/// Returns the text of a file, or of standard input, which should hold `what`.
///
/// # Errors
///
/// [`InputError`].
#[boxed]
pub async fn text(path: &Path, what: &'static str) -> Result<String, InputError> {
    text_up_to(path, what, MAX_BYTES).await
}

/// Returns the text of a file, or of standard input, as [`text`], but of any length up to
/// `max_bytes`.
///
/// # Errors
///
/// [`InputError`].
#[boxed]
pub async fn text_up_to(
    path: &Path,
    what: &'static str,
    max_bytes: usize,
) -> Result<String, InputError> {
    let bytes = bytes_up_to(path, what, max_bytes).await?;
    let text = String::from_utf8(bytes).map_err(|source| InputError::NotUtf8 {
        path: path.to_owned(),
        what,
        source,
    })?;
    // a byte order mark is not part of the text
    Ok(match text.strip_prefix('\u{feff}') {
        Some(text) => text.to_owned(),
        None => text,
    })
}

/// Returns the bytes of a file, or of standard input, as [`text`].
///
/// # Errors
///
/// [`InputError`].
#[boxed]
pub async fn bytes(path: &Path, what: &'static str) -> Result<Vec<u8>, InputError> {
    bytes_up_to(path, what, MAX_BYTES).await
}

#[boxed]
async fn bytes_up_to(
    path: &Path,
    what: &'static str,
    max_bytes: usize,
) -> Result<Vec<u8>, InputError> {
    let path = path.to_owned();
    let from = path.clone();
    // a pipe may keep its reader waiting, and that reader must not keep Ctrl-C waiting
    let read = blocking(move || {
        let mut bytes = Vec::new();
        open(&from)?.take(max_bytes as u64 + 1).read_to_end(&mut bytes)?;
        Ok::<_, io::Error>(bytes)
    });
    match read.await? {
        Ok(bytes) if bytes.len() <= max_bytes => Ok(bytes),
        Ok(_) => Err(InputError::TooLong { path, what, max_bytes }),
        Err(source) => Err(InputError::Read { path, what, source }),
    }
}
