//! Bulk import of credentials.

use std::{
    collections::BTreeSet,
    io::{BufRead, Read},
};

use aries_askar::entry::EntryTag;
use indy_credx::types::Credential;
use serde::{Deserialize, Serialize};
use serde_json::{Value, value::RawValue};
use sha2::{Digest, Sha256};
use tokio::sync::mpsc;
use zeroize::Zeroizing;

use super::{
    classes,
    stored::{self, ClassEntry, CredentialView},
};
use crate::error::AnoncredsError;
use wallet::{NewRecord, Wallet};

/// How many credentials are written in one transaction. The more there are, the more of them go to
/// the same page of the index; but other writers wait meanwhile, for seconds at most.
const BATCH: usize = 2_000;

/// The longest line that is read, in bytes; a credential of 125 attributes is far shorter.
const LONGEST_LINE: u64 = 1 << 20;

/// How far an import has come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct ImportReport {
    /// Lines that have been read, empty ones included.
    pub lines: u64,
    /// Bytes that have been read.
    pub bytes: u64,
    /// Credentials that were stored.
    pub imported: u64,
    /// Credentials that the wallet held already.
    pub skipped: u64,
}

/// A line of an import file: a credential as `prover_store_credential` keeps it, under an id.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ImportedLine<'a> {
    /// The credential's id in the wallet; made from the credential itself if it is left out, so
    /// that the same line always gets the same one.
    #[serde(default)]
    id: Option<String>,
    /// The credential, in the library's JSON.
    #[serde(borrow)]
    credential: &'a RawValue,
}

/// Import credentials from JSON Lines, many in a transaction.
///
/// A line is `{"id": "...", "credential": {...}}`, or the credential alone. The credentials are
/// those of the wallet's own holder, processed and unblinded: their signatures are not verified
/// here, and a foreign one will fail when it is to be proved. A credential whose id the wallet
/// holds already is skipped, so an import that was interrupted, even by kill -9, is resumed by
/// running it again. `progress` is called after each transaction, with what is stored for good.
///
/// # Errors
///
/// [`AnoncredsError::InvalidStructure`] names the line that is no credential; the lines before it
/// have been imported. [`AnoncredsError::Wallet`].
pub async fn import_credentials(
    wallet: &Wallet,
    lines: impl BufRead + Send + 'static,
    mut progress: impl FnMut(&ImportReport),
) -> Result<ImportReport, AnoncredsError> {
    // reading may wait for somebody who types, and checking takes time: neither on an async thread
    let (sender, mut batches) = mpsc::channel(1);
    let reader = tokio::task::spawn_blocking(move || read_batches(lines, &sender));
    let mut report = ImportReport::default();
    while let Some(read) = batches.recv().await {
        let (batch, fault) = (read.batch, read.fault);
        batch.write(wallet, &mut report).await?;
        (report.lines, report.bytes) = (read.lines, read.bytes);
        progress(&report);
        if let Some(fault) = fault {
            return Err(fault);
        }
    }
    if reader.await.is_err() {
        return Err(AnoncredsError::LibraryPanicked {
            operation: "read a credential",
        });
    }
    wallet.index().await?.analyze().await?;
    Ok(report)
}

/// Make the wallet's class directory anew from its credentials; returns how many classes it has.
///
/// The search does so by itself when it finds the directory damaged. This is for whoever does not
/// want to wait until then.
///
/// # Errors
///
/// [`AnoncredsError::DamagedRecord`], [`AnoncredsError::Wallet`].
pub async fn rebuild_class_directory(wallet: &Wallet) -> Result<usize, AnoncredsError> {
    Ok(classes::rebuild(wallet).await?.len())
}

/// What has been read for one transaction.
struct ReadAhead {
    batch: Batch,
    /// How far the reading has come.
    lines: u64,
    bytes: u64,
    /// Why it ends here.
    fault: Option<AnoncredsError>,
}

/// Read until the end, a fault, or the loss of interest; each batch waits until the one before it is
/// taken.
fn read_batches(mut lines: impl BufRead, batches: &mpsc::Sender<ReadAhead>) {
    let mut report = ImportReport::default();
    loop {
        let mut batch = Batch::default();
        let (mut ended, mut fault) = (false, None);
        while !ended && fault.is_none() && batch.credentials.len() < BATCH {
            match read_line(&mut lines, &mut report) {
                Ok(None) => ended = true,
                Ok(Some(line)) if line.trim_ascii().is_empty() => {}
                Ok(Some(line)) => fault = batch.add(&line, report.lines).err(),
                Err(error) => fault = Some(error),
            }
        }
        let ended = ended || fault.is_some();
        let read = ReadAhead {
            batch,
            lines: report.lines,
            bytes: report.bytes,
            fault,
        };
        if batches.blocking_send(read).is_err() || ended {
            return;
        }
    }
}

/// Credentials that go into one transaction.
#[derive(Default)]
struct Batch {
    credentials: Vec<Prepared>,
    classes: BTreeSet<ClassEntry>,
}

struct Prepared {
    line: u64,
    id: String,
    value: Zeroizing<Vec<u8>>,
    tags: Vec<EntryTag>,
}

impl Batch {
    fn add(&mut self, line: &[u8], number: u64) -> Result<(), AnoncredsError> {
        let invalid = |reason: String| invalid(number, reason);
        let (id, json) = split(line).map_err(invalid)?;
        // the library's own type has the last word on what a credential is
        serde_json::from_str::<Credential>(&json).map_err(|error| invalid(position(&error)))?;
        let view: CredentialView =
            serde_json::from_str(&json).map_err(|error| invalid(position(&error)))?;
        let tags = view.tags().map_err(|error| invalid(error.to_string()))?;
        let id = id.unwrap_or_else(|| hex(&Sha256::digest(json.as_bytes())));
        stored::check_names(&id, &view).map_err(|error| invalid(error.to_string()))?;
        self.classes.insert(view.class());
        self.credentials.push(Prepared {
            line: number,
            id,
            value: Zeroizing::new(json.as_bytes().to_vec()),
            tags: stored::to_entry_tags(&tags),
        });
        Ok(())
    }

    /// Store the batch with the classes that it brings, in one transaction.
    async fn write(self, wallet: &Wallet, report: &mut ImportReport) -> Result<(), AnoncredsError> {
        if self.credentials.is_empty() {
            return Ok(());
        }
        let records: Vec<NewRecord<'_>> = self
            .credentials
            .iter()
            .map(|prepared| NewRecord {
                category: stored::CREDENTIAL,
                name: &prepared.id,
                value: &prepared.value,
                tags: &prepared.tags,
            })
            .collect();
        let inserted = classes::insert_with_classes(wallet, &records, &self.classes).await?;
        report.imported += inserted as u64;
        report.skipped += (records.len() - inserted) as u64;
        if inserted < records.len() {
            self.check_skipped(wallet).await?;
        }
        Ok(())
    }

    /// What was skipped must be what the wallet holds: another credential under a taken id would be
    /// lost in silence.
    async fn check_skipped(&self, wallet: &Wallet) -> Result<(), AnoncredsError> {
        for prepared in &self.credentials {
            let held = wallet
                .fetch_record(stored::CREDENTIAL, &prepared.id)
                .await?;
            let same = held.is_some_and(|held| is_same_json(&held.value, &prepared.value));
            if !same {
                return Err(invalid(
                    prepared.line,
                    format!(
                        "the wallet holds another credential under the id `{}`, which was kept",
                        prepared.id
                    ),
                ));
            }
        }
        Ok(())
    }
}

fn is_same_json(one: &[u8], other: &[u8]) -> bool {
    let parse = |bytes| serde_json::from_slice::<Value>(bytes).ok();
    one == other || parse(one).is_some_and(|one| Some(one) == parse(other))
}

/// The error of a line.
fn invalid(line: u64, reason: String) -> AnoncredsError {
    AnoncredsError::InvalidStructure {
        what: format!("line {line}"),
        reason,
        remedy: "mend or remove the line and import again; what was imported is skipped",
    }
}

/// Id and credential of a line.
fn split(line: &[u8]) -> Result<(Option<String>, Zeroizing<String>), String> {
    let text = std::str::from_utf8(line).map_err(|_| "it is not UTF-8".to_owned())?;
    if let Ok(line) = serde_json::from_str::<ImportedLine<'_>>(text) {
        let credential = line.credential.get().to_owned();
        return Ok((line.id, Zeroizing::new(credential)));
    }
    // a credential alone; that it is one is decided by the caller
    match serde_json::from_str::<Value>(text) {
        Ok(Value::Object(_)) => Ok((None, Zeroizing::new(text.trim().to_owned()))),
        Ok(_) => Err("it is not an object".to_owned()),
        Err(error) => Err(position(&error)),
    }
}

/// Read a line; `None` at the end.
fn read_line(
    lines: &mut impl BufRead,
    report: &mut ImportReport,
) -> Result<Option<Zeroizing<Vec<u8>>>, AnoncredsError> {
    let number = report.lines + 1;
    let mut line = Zeroizing::new(Vec::new());
    let read = lines
        .by_ref()
        .take(LONGEST_LINE)
        .read_until(b'\n', &mut line);
    let read = read.map_err(|error| invalid(number, error.to_string()))? as u64;
    if read == 0 {
        return Ok(None);
    }
    if read == LONGEST_LINE && !line.ends_with(b"\n") {
        return Err(invalid(
            number,
            format!("it is longer than {LONGEST_LINE} bytes"),
        ));
    }
    report.lines = number;
    report.bytes += read;
    Ok(Some(line))
}

/// Where the JSON breaks off; serde_json's own message would quote the value.
fn position(error: &serde_json::Error) -> String {
    format!(
        "it is not a credential's JSON, which stands on one line (column {})",
        error.column()
    )
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
