//! Files that the command line names, and standard input.

use std::{
    fs::File,
    io::{self, BufRead, BufReader, Read},
    path::Path,
};

use anyhow::{Context, Result, ensure};

/// What is read, buffered.
pub type Input = Box<dyn BufRead + Send>;

/// No text that is read as a whole is longer than this, in bytes: 1 MiB.
const LONGEST: u64 = 1 << 20;

/// Open a file to read, or standard input if it is `-`.
pub fn open(path: &Path) -> io::Result<Input> {
    if path == Path::new("-") {
        return Ok(Box::new(BufReader::new(io::stdin())));
    }
    Ok(Box::new(BufReader::new(open_file(path)?)))
}

/// Open a file to read; a directory, which some systems open too, is none.
pub fn open_file(path: &Path) -> io::Result<File> {
    let file = File::open(path)?;
    match file.metadata()?.is_dir() {
        true => Err(io::ErrorKind::IsADirectory.into()),
        false => Ok(file),
    }
}

/// The text of a file, or of standard input. `what` it should be is said where it cannot be read.
pub async fn text(path: &Path, what: &'static str) -> Result<String> {
    let bytes = bytes(path, what).await?;
    let text = String::from_utf8(bytes).with_context(|| {
        format!(
            "cannot read {}; name a file with {what} in JSON",
            path.display()
        )
    })?;
    // a byte order mark is no part of the text
    Ok(match text.strip_prefix('\u{feff}') {
        Some(text) => text.to_owned(),
        None => text,
    })
}

/// The bytes of a file, or of standard input, as [`text`].
pub async fn bytes(path: &Path, what: &'static str) -> Result<Vec<u8>> {
    let (path, name) = (path.to_owned(), path.display().to_string());
    // a pipe may keep its reader waiting, and that reader must not keep Ctrl-C waiting
    let bytes = tokio::task::spawn_blocking(move || {
        let mut bytes = Vec::new();
        open(&path)?.take(LONGEST + 1).read_to_end(&mut bytes)?;
        Ok::<_, io::Error>(bytes)
    });
    let bytes = bytes
        .await?
        .with_context(|| format!("cannot read {name}; name a file with {what} in JSON"))?;
    ensure!(
        bytes.len() as u64 <= LONGEST,
        "cannot use {name}: it has more than {LONGEST} bytes; name a file with {what} in JSON"
    );
    Ok(bytes)
}
