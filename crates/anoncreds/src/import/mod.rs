//! Bulk import of credentials, and of link secrets.

mod batch;
mod foreign;
mod line;
mod members;
mod msgpack;
mod secrets;
mod w3c;

use std::io::{BufRead, Read};

use serde::Serialize;
use stdx::task::boxed;
use tokio::sync::mpsc;
use wallet::Wallet;
use zeroize::Zeroizing;

use self::{
    batch::{Batch, Besides},
    line::Line,
    secrets::NamedSecret,
};
use crate::{classes, error::AnoncredsError};

pub use foreign::{ForeignReport, import_foreign_wallet};
pub(crate) use line::{EXPORT, Totals, VERSION};

/// The greatest length of a line, in bytes: that of the greatest credential, which may have photos,
/// and what is beside it.
const MAX_LINE_LENGTH: u64 = (proofs::limits::MAX_BYTES + (64 << 10)) as u64;

/// How many of a kind were imported.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Count {
    /// Those that were stored.
    pub imported: u64,
    /// Those that the wallet already held.
    pub skipped: u64,
}

/// The progress of an import.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct ImportReport {
    /// Lines that have been read, empty ones included.
    pub lines: u64,
    /// Bytes that have been read.
    pub bytes: u64,
    /// Credentials that were stored.
    pub imported: u64,
    /// Credentials that the wallet already held.
    pub skipped: u64,
    /// Link secrets.
    pub link_secrets: Count,
}

/// New names for link secrets that are imported, by the names that they have.
pub type Renamed = std::collections::BTreeMap<String, String>;

/// Imports credentials and link secrets from JSON Lines, many in a transaction.
///
/// A line is `{"id": "...", "credential": {...}}`, or the credential alone. Identifiers of some
/// registries do not say a schema's name and version, or an issuer; a line may have the registry's
/// objects beside the credential, `"schema"` and `"cred_def"`, from which they are taken. What is
/// not known has no tag. The credentials must be those of the wallet's holder, processed and
/// unblinded: their signatures are not verified here, and a proof with another holder's credential
/// will fail. A credential whose id the wallet already holds is skipped, so an import that was
/// interrupted, even by kill -9, is resumed by running it again.
///
/// The lines of an [export](crate::export_wallet) are read too. Its last line says how many there
/// are, so that one which was cut is noticed. A link secret is stored under its name; where the
/// wallet holds another one under it, that is an error, and nothing is overwritten.
///
/// `progress` is called after each transaction, with what has been stored.
///
/// # Errors
///
/// [`AnoncredsError::InvalidStructure`] names the line, and the member in it, that is missing or
/// wrong; the lines before it have been imported. [`AnoncredsError::LinkSecretConflict`],
/// [`AnoncredsError::ExportIncomplete`], [`AnoncredsError::Unread`], [`AnoncredsError::Wallet`].
pub async fn import_credentials(
    wallet: &Wallet,
    lines: impl BufRead + Send + 'static,
    progress: impl FnMut(&ImportReport),
) -> Result<ImportReport, AnoncredsError> {
    import_credentials_renaming(wallet, lines, &Renamed::new(), progress).await
}

/// Imports as [`import_credentials`], and stores link secrets under the new names in `renamed`.
///
/// # Errors
///
/// As [`import_credentials`].
pub async fn import_credentials_renaming(
    wallet: &Wallet,
    lines: impl BufRead + Send + 'static,
    renamed: &Renamed,
    mut progress: impl FnMut(&ImportReport),
) -> Result<ImportReport, AnoncredsError> {
    // reading may wait for input, and checking takes time: neither may happen on an async thread
    let (sender, mut batches) = mpsc::channel(1);
    let names = renamed.clone();
    let reading = stdx::task::blocking(move || read_batches(lines, names, &sender));
    let reading = tokio::spawn(reading);
    let mut report = ImportReport::default();
    while let Some(read) = batches.recv().await {
        let mut credentials = Count::default();
        read.batch.write(wallet, &mut credentials).await?;
        report.imported += credentials.imported;
        report.skipped += credentials.skipped;
        for secret in read.link_secrets {
            secret.store(wallet, renamed, &mut report.link_secrets).await?;
        }
        (report.lines, report.bytes) = (read.lines, read.bytes);
        progress(&report);
        if let Some(error) = read.error {
            return Err(error);
        }
    }
    if !matches!(reading.await, Ok(Ok(()))) {
        return Err(AnoncredsError::LibraryPanicked { operation: "read a credential" });
    }
    wallet.index().await?.analyze().await?;
    Ok(report)
}

/// Rebuilds the wallet's class directory from its credentials; returns how many classes it has.
///
/// A search does this itself when it finds the directory damaged. Call it to avoid the delay then.
///
/// # Errors
///
/// [`AnoncredsError::DamagedRecord`], [`AnoncredsError::Wallet`].
#[boxed]
pub async fn rebuild_class_directory(wallet: &Wallet) -> Result<usize, AnoncredsError> {
    Ok(classes::rebuild(wallet).await?.len())
}

/// What was read for one transaction.
#[derive(Default)]
struct ReadAhead {
    batch: Batch,
    /// Link secrets, which are few and are stored one by one.
    link_secrets: Vec<NamedSecret>,
    /// How many lines and bytes have been read in all.
    lines: u64,
    bytes: u64,
    /// Why reading ends here.
    error: Option<AnoncredsError>,
}

/// Reads until the end, an error, or the receiver is dropped; each batch waits until the one before
/// it is taken.
fn read_batches(lines: impl BufRead, renamed: Renamed, batches: &mpsc::Sender<ReadAhead>) {
    let (seen, part) = (Totals::default(), Part::Plain);
    let mut reader = Reader { lines, number: 0, bytes: 0, seen, part, renamed };
    loop {
        let mut read = ReadAhead::default();
        let ended = loop {
            if read.batch.is_full() {
                break false;
            }
            match reader.read_into(&mut read) {
                Ok(true) => {}
                Ok(false) => break true,
                Err(error) => {
                    read.error = Some(error);
                    break true;
                }
            }
        };
        (read.lines, read.bytes) = (reader.number, reader.bytes);
        if batches.blocking_send(read).is_err() || ended {
            return;
        }
    }
}

/// Which part of a file is being read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    /// Lines that may end anywhere.
    Plain,
    /// An export, whose end has to come.
    Export,
    /// What follows an export's end: nothing.
    AfterEnd,
}

/// Reads the lines of a file.
struct Reader<R> {
    lines: R,
    /// How many lines and bytes have been read.
    number: u64,
    bytes: u64,
    /// How many of each kind have been read.
    seen: Totals,
    part: Part,
    renamed: Renamed,
}

impl<R: BufRead> Reader<R> {
    /// Reads a line; `false` at the end.
    fn read_into(&mut self, read: &mut ReadAhead) -> Result<bool, AnoncredsError> {
        let Some(line) = self.next_line()? else {
            return match self.part {
                Part::Export => Err(AnoncredsError::ExportIncomplete {
                    lines: self.number,
                    reason: "it ends before its last line".to_owned(),
                }),
                Part::Plain | Part::AfterEnd => Ok(false),
            };
        };
        if line.trim_ascii().is_empty() {
            return Ok(true);
        }
        let place = format!("line {}", self.number);
        self.take(&line, &place, read).map_err(|fault| match fault {
            Fault::Line(reason) => invalid(&place, reason),
            Fault::Incomplete(reason) => {
                AnoncredsError::ExportIncomplete { lines: self.number, reason }
            }
        })?;
        Ok(true)
    }

    fn take(&mut self, line: &[u8], place: &str, read: &mut ReadAhead) -> Result<(), Fault> {
        if self.part == Part::AfterEnd {
            return Err("it follows the end of an export".to_owned().into());
        }
        match line::read(line)? {
            Line::Begin if self.seen == Totals::default() && self.part == Part::Plain => {
                self.part = Part::Export;
            }
            Line::Begin => {
                return Err("an export begins in the middle of the file".to_owned().into());
            }
            Line::Credential { id, json, origin } => {
                let json = batch::rename_link_secret(json, &self.renamed)?;
                let besides = Besides { origin, link_secret: None };
                read.batch.add(place.to_owned(), id, json, besides)?;
                self.seen.credentials += 1;
            }
            Line::LinkSecret { name, json } => {
                read.link_secrets.push(NamedSecret::new(name, json)?);
                self.seen.link_secrets += 1;
            }
            Line::End(totals) => {
                self.part = Part::AfterEnd;
                if totals != self.seen {
                    return Err(Fault::Incomplete(format!(
                        "its last line counts {} credentials and {} link secrets, and {} and {} are there",
                        totals.credentials,
                        totals.link_secrets,
                        self.seen.credentials,
                        self.seen.link_secrets
                    )));
                }
            }
        }
        Ok(())
    }

    /// Reads a line's bytes; `None` at the end.
    fn next_line(&mut self) -> Result<Option<Zeroizing<Vec<u8>>>, AnoncredsError> {
        let mut line = Zeroizing::new(Vec::new());
        let read = self.lines.by_ref().take(MAX_LINE_LENGTH).read_until(b'\n', &mut line);
        let read =
            read.map_err(|source| AnoncredsError::Unread { lines: self.number, source })? as u64;
        if read == 0 {
            return Ok(None);
        }
        if read == MAX_LINE_LENGTH && !line.ends_with(b"\n") {
            let place = format!("line {}", self.number + 1);
            return Err(invalid(&place, format!("it is longer than {MAX_LINE_LENGTH} bytes")));
        }
        self.number += 1;
        self.bytes += read;
        Ok(Some(line))
    }
}

/// Why a line is not taken.
enum Fault {
    /// The line itself is wrong.
    Line(String),
    /// Lines are missing before it.
    Incomplete(String),
}

impl From<String> for Fault {
    fn from(reason: String) -> Self {
        Self::Line(reason)
    }
}

/// The error of a line.
fn invalid(place: &str, reason: String) -> AnoncredsError {
    AnoncredsError::InvalidStructure {
        what: place.to_owned(),
        reason,
        remedy: "correct or remove the line and import again; what was imported is skipped",
    }
}
