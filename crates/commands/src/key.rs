//! Issuer keys made in advance, for workshops and tests.

use std::{
    fs::{File, OpenOptions},
    io::Write,
    path::Path,
};

use anyhow::{Context, Result, ensure};
use indy::anoncreds::PreparedKey;
use step2_issuance::SCHEMA_ATTRIBUTES;
use zeroize::Zeroizing;

use crate::cli::KeyGenerator;

const COMMENT: &str = "An issuer's PRIVATE key for workshops and tests, made by `negotiate-proof \
                       prepare-key`. Whoever has it can issue in the issuer's name.";

/// Make a key for a schema with these attributes and write it to a new file.
pub async fn prepare(path: &Path, attributes: &[String], generator: KeyGenerator) -> Result<()> {
    // opened first, so that an existing file is found out before a key is searched
    let mut unfinished = UnfinishedFile::create(path).with_context(|| {
        format!(
            "cannot make {}; name a file that does not exist yet, in a directory that does",
            path.display()
        )
    })?;
    let attributes: Vec<&str> = attributes.iter().map(String::as_str).collect();
    let key = match generator {
        KeyGenerator::Own => PreparedKey::generate(&attributes).await?,
        KeyGenerator::Library => PreparedKey::generate_with_library(&attributes).await?,
    };
    let json = Zeroizing::new(key.with_comment(COMMENT).to_json()?);
    let written = unfinished.finish(json.as_bytes());
    written.with_context(|| format!("cannot write {}", path.display()))
}

/// A new file that goes away again unless it is finished: half a key is of no use to anyone, and
/// an empty file would be in the way of the next attempt.
struct UnfinishedFile<'p> {
    path: &'p Path,
    file: File,
    is_finished: bool,
}

impl<'p> UnfinishedFile<'p> {
    fn create(path: &'p Path) -> std::io::Result<Self> {
        Ok(Self {
            path,
            file: create_private(path)?,
            is_finished: false,
        })
    }

    fn finish(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        self.file.write_all(bytes)?;
        self.file.write_all(b"\n")?;
        self.file.sync_all()?;
        self.is_finished = true;
        Ok(())
    }
}

impl Drop for UnfinishedFile<'_> {
    fn drop(&mut self) {
        if !self.is_finished {
            // what cannot be removed is only in the way, and the next attempt says so
            let _ = std::fs::remove_file(self.path);
        }
    }
}

/// Read a key for the tutorial's schema from a file.
pub fn read(path: &Path) -> Result<PreparedKey> {
    let json = std::fs::read_to_string(path).map(Zeroizing::new);
    let json = json.with_context(|| {
        format!(
            "cannot read {}; make it with `negotiate-proof prepare-key`",
            path.display()
        )
    })?;
    let key =
        PreparedKey::from_json(&json).with_context(|| format!("cannot use {}", path.display()))?;
    ensure!(
        key.fits(&SCHEMA_ATTRIBUTES),
        "cannot use {}: it was made for other attributes than {}; make one with `negotiate-proof \
         prepare-key`",
        path.display(),
        SCHEMA_ATTRIBUTES.join(", ")
    );
    Ok(key)
}

/// A new file that only its owner may read.
fn create_private(path: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
