//! `negotiate-proof prepare-key`: issuer keys made in advance, for workshops and tests.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use clap::{Args, ValueHint};
use indy::anoncreds::PreparedKey;
use serde_json::json;
use stdx::fs::{Existing, private, write_atomically};
use tutorial::{
    Status,
    data::SCHEMA_ATTRIBUTES,
    options::{GeneratorOptions, KeyGenerator, OutputOptions},
    report,
};
use zeroize::Zeroizing;

const COMMENT: &str = "An issuer's PRIVATE key for workshops and tests, made by `negotiate-proof \
                       prepare-key`. Anyone who has it can issue in the issuer's name.";

/// The key to make.
#[derive(Debug, Clone, Args)]
pub struct PrepareKey {
    /// The file to write; it must not exist yet
    #[arg(value_hint = ValueHint::FilePath)]
    file: PathBuf,
    /// The attributes of the schema that the key is for
    #[arg(
        long,
        value_name = "NAMES",
        value_delimiter = ',',
        default_values = SCHEMA_ATTRIBUTES
    )]
    attributes: Vec<String>,
    /// What generates the key.
    #[command(flatten)]
    generator: GeneratorOptions,
    /// How results are printed.
    #[command(flatten)]
    output: OutputOptions,
}

impl PrepareKey {
    pub(crate) async fn run(&self) -> Result<Status> {
        let shown = self.file.display();
        // reserved first, so that an existing file is noticed before primes are searched
        let reserved = ReservedFile::create(&self.file).with_context(|| {
            format!(
                "cannot make {shown}; name a file that does not exist yet, in a directory that does"
            )
        })?;
        let attributes: Vec<&str> = self.attributes.iter().map(String::as_str).collect();
        let key = match self.generator.key_generator {
            KeyGenerator::Own => PreparedKey::generate(&attributes).await?,
            KeyGenerator::Library => PreparedKey::generate_with_library(&attributes).await?,
        };
        let mut json = Zeroizing::new(key.with_comment(COMMENT).to_json()?);
        json.push('\n');
        reserved.write(json.as_bytes()).with_context(|| format!("cannot write {shown}"))?;
        report::message(
            self.output.format(),
            &format!("{shown} holds an issuer's PRIVATE key, for workshops and tests only."),
            &json!({"key": tutorial::format::path_value(&self.file), "attributes": self.attributes}),
        )?;
        Ok(Status::Good)
    }
}

/// An empty file under a name that nothing else had. It is removed unless it is written: it would
/// be in the way of the next attempt.
struct ReservedFile<'p> {
    path: &'p Path,
    is_written: bool,
}

impl<'p> ReservedFile<'p> {
    fn create(path: &'p Path) -> io::Result<Self> {
        private(File::options().write(true).create_new(true)).open(path)?;
        Ok(Self { path, is_written: false })
    }

    /// Writes the file whole, for its owner's eyes only.
    fn write(mut self, bytes: &[u8]) -> io::Result<()> {
        write_atomically(self.path, bytes, Existing::Replace)?;
        self.is_written = true;
        Ok(())
    }
}

impl Drop for ReservedFile<'_> {
    fn drop(&mut self) {
        if !self.is_written {
            // if it stays, the next attempt says so
            let _ = fs::remove_file(self.path);
        }
    }
}
