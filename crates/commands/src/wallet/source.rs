//! What is imported: a file, standard input, or the URL of a database.

use std::{
    io::{self, BufRead, BufReader, Cursor, IsTerminal, Read},
    path::Path,
};

use anyhow::{Context, Result};
use indicatif::{ProgressBar, ProgressStyle};
use indy::wallet::age;
use tutorial::{Format, Tutorial, input};
use zeroize::Zeroizing;

/// The first bytes of every SQLite 3 file.
const SQLITE: &[u8] = b"SQLite format 3\0";

/// How many bytes say what a file is.
const START: u64 = 64;

/// A reader of lines.
pub(super) type Lines = Box<dyn BufRead + Send>;

/// What is to be imported.
pub(super) enum Source {
    /// Lines, as they are.
    Plain(Lines),
    /// Lines, encrypted with a passphrase.
    Encrypted(Lines),
    /// A database.
    Store,
}

/// Returns whether a name is the URL of a PostgreSQL database. Such a URL may have a password, and
/// is not shown.
pub(super) fn is_url(file: &Path) -> bool {
    let text = file.to_string_lossy();
    text.starts_with("postgres://") || text.starts_with("postgresql://")
}

/// Opens a file, or standard input if it is `-`, and looks what it is. Returns its length too, if
/// that is known.
pub(super) async fn open(file: &Path) -> Result<(Source, Option<u64>)> {
    if is_url(file) {
        return Ok((Source::Store, None));
    }
    let from = file.to_owned();
    // a pipe may keep its reader waiting, and that reader must not keep Ctrl-C waiting
    let opened = stdx::task::blocking(move || open_now(&from)).await?;
    opened.with_context(|| {
        format!(
            "cannot read {}; name a file of JSON Lines, an export or a wallet, or - for standard input",
            file.display()
        )
    })
}

fn open_now(file: &Path) -> io::Result<(Source, Option<u64>)> {
    if file == Path::new("-") {
        return Ok((recognise(BufReader::new(io::stdin()))?, None));
    }
    let opened = input::open_file(file)?;
    let length = opened.metadata().map(|metadata| metadata.len()).ok();
    Ok((recognise(BufReader::new(opened))?, length))
}

fn recognise(mut reader: impl BufRead + Send + 'static) -> io::Result<Source> {
    let mut start = Vec::new();
    reader.by_ref().take(START).read_to_end(&mut start)?;
    if start.starts_with(SQLITE) {
        return Ok(Source::Store);
    }
    let is_encrypted = age::is_age(&start);
    let lines: Lines = Box::new(Cursor::new(start).chain(reader));
    Ok(match is_encrypted {
        true => Source::Encrypted(lines),
        false => Source::Plain(lines),
    })
}

/// Decrypts lines. Deriving the key takes a second, so it runs on a thread of its own.
pub(super) async fn decrypt(lines: Lines, passphrase: Zeroizing<String>) -> Result<Lines> {
    let decrypting = stdx::task::blocking(move || age::decrypt(lines, &passphrase));
    Ok(Box::new(BufReader::with_capacity(64 << 10, decrypting.await??)))
}

/// Returns a bar that a person at a terminal sees, of this length in bytes.
pub(super) fn progress_bar(tutorial: &Tutorial, length: Option<u64>) -> ProgressBar {
    let watched = tutorial.printer().format() == Format::Text && io::stderr().is_terminal();
    let Some(length) = length.filter(|_| watched) else {
        return ProgressBar::hidden();
    };
    let template = "{bar:40} {bytes}/{total_bytes}, {msg}, {eta} to go";
    let bar = ProgressBar::new(length);
    match ProgressStyle::with_template(template) {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

/// Returns a spinner that a person at a terminal sees.
pub(super) fn spinner(tutorial: &Tutorial) -> ProgressBar {
    match tutorial.printer().format() == Format::Text && io::stderr().is_terminal() {
        true => ProgressBar::new_spinner(),
        false => ProgressBar::hidden(),
    }
}
