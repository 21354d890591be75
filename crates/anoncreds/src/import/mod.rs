//! Bulk import of credentials.

use std::{
    collections::BTreeSet,
    io::{BufRead, Read},
};
use stdx::task::boxed;

use indy_credx::types::Credential;
use serde::{Deserialize, Serialize};
use serde_json::{Value, value::RawValue};
use sha2::{Digest, Sha256};
use tokio::sync::mpsc;
use wallet::{
    Wallet,
    category::CREDENTIAL,
    record::{NewRecord, Tag},
};
use zeroize::Zeroizing;

use crate::{
    classes,
    error::AnoncredsError,
    stored::{self, ClassEntry, CredentialView, Origin},
};

/// How many credentials are written in one transaction. Large batches write each page of the index less
/// often, but make other writers wait, for seconds at most.
const BATCH: usize = 2_000;

/// The greatest length of a line, in bytes; a credential of 125 attributes is far shorter.
const MAX_LINE_LENGTH: u64 = 1 << 20;

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
}

/// A line of an import file: a credential as `prover_store_credential` keeps it, under an id.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ImportedLine<'a> {
    /// The credential's id in the wallet. If it is left out, it is derived from the credential, so that
    /// the same line always gets the same id.
    #[serde(default)]
    id: Option<String>,
    /// The credential, in the library's JSON.
    #[serde(borrow)]
    credential: &'a RawValue,
    /// Its schema, of which the name, version and issuer are taken.
    #[serde(default)]
    schema: GivenSchema,
    /// Its credential definition, of which the issuer is taken.
    #[serde(default)]
    cred_def: GivenCredDef,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct GivenSchema {
    name: Option<String>,
    version: Option<String>,
    #[serde(rename = "issuerId", alias = "issuer_id")]
    issuer_id: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct GivenCredDef {
    #[serde(rename = "issuerId", alias = "issuer_id")]
    issuer_id: Option<String>,
}

/// Imports credentials from JSON Lines, many in a transaction.
///
/// A line is `{"id": "...", "credential": {...}}`, or the credential alone. Identifiers of some registries do not say
/// a schema's name and version, or an issuer; a line may have the registry's objects beside the credential, `"schema"` and
/// `"cred_def"`, from which they are taken. What is not known has no tag. The credentials must be those of the
/// wallet's holder, processed and unblinded: their signatures are not verified here, and a proof with another
/// holder's credential will fail. A credential whose id the wallet already holds is skipped, so an import that
/// was interrupted, even by kill -9, is resumed by running it again. `progress` is called after each
/// transaction, with what has been stored.
///
/// # Errors
///
/// [`AnoncredsError::InvalidStructure`] names the line that is not a credential; the lines before it
/// have been imported. [`AnoncredsError::Wallet`].
pub async fn import_credentials(
    wallet: &Wallet,
    lines: impl BufRead + Send + 'static,
    mut progress: impl FnMut(&ImportReport),
) -> Result<ImportReport, AnoncredsError> {
    // reading may wait for input, and checking takes time: neither may happen on an async thread
    let (sender, mut batches) = mpsc::channel(1);
    let reading = stdx::task::blocking(move || read_batches(lines, &sender));
    let reading = tokio::spawn(reading);
    let mut report = ImportReport::default();
    while let Some(read) = batches.recv().await {
        read.batch.write(wallet, &mut report).await?;
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

/// The credentials that were read for one transaction.
struct ReadAhead {
    batch: Batch,
    /// How many lines and bytes have been read in all.
    lines: u64,
    bytes: u64,
    /// Why reading ends here.
    error: Option<AnoncredsError>,
}

/// Reads until the end, an error, or the receiver is dropped; each batch waits until the one before it is
/// taken.
fn read_batches(mut lines: impl BufRead, batches: &mpsc::Sender<ReadAhead>) {
    let mut report = ImportReport::default();
    loop {
        let mut batch = Batch::default();
        let (mut ended, mut error) = (false, None);
        while !ended && error.is_none() && batch.credentials.len() < BATCH {
            match read_line(&mut lines, &mut report) {
                Ok(None) => ended = true,
                Ok(Some(line)) if line.trim_ascii().is_empty() => {}
                Ok(Some(line)) => error = batch.add(&line, report.lines).err(),
                Err(read_error) => error = Some(read_error),
            }
        }
        let ended = ended || error.is_some();
        let read = ReadAhead { batch, lines: report.lines, bytes: report.bytes, error };
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
    tags: Vec<Tag>,
}

impl Batch {
    fn add(&mut self, line: &[u8], number: u64) -> Result<(), AnoncredsError> {
        let invalid = |reason: String| invalid(number, reason);
        let (id, json) = split(line).map_err(invalid)?;
        // the library's own type decides what a credential is
        credx::parse::<Credential>(&json).map_err(|error| invalid(error.to_string()))?;
        let view: CredentialView =
            serde_json::from_str(&json).map_err(|error| invalid(position(&error)))?;
        let tags = view.tags();
        let id = id.unwrap_or_else(|| hex(&Sha256::digest(json.as_bytes())));
        stored::check_names(&id, &view).map_err(|error| invalid(error.to_string()))?;
        self.classes.insert(view.class());
        self.credentials.push(Prepared {
            line: number,
            id,
            value: Zeroizing::new(json.as_bytes().to_vec()),
            tags: stored::to_record_tags(&tags),
        });
        Ok(())
    }

    /// Stores the batch with its classes, in one transaction.
    async fn write(self, wallet: &Wallet, report: &mut ImportReport) -> Result<(), AnoncredsError> {
        if self.credentials.is_empty() {
            return Ok(());
        }
        let records: Vec<NewRecord<'_>> = self
            .credentials
            .iter()
            .map(|prepared| NewRecord {
                category: CREDENTIAL,
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

    /// Checks that the wallet holds what was skipped: another credential with the same id would be lost
    /// without notice.
    async fn check_skipped(&self, wallet: &Wallet) -> Result<(), AnoncredsError> {
        for prepared in &self.credentials {
            let held = wallet.fetch_record(CREDENTIAL, &prepared.id).await?;
            let same = held.is_some_and(|held| is_same_json(&held, &prepared.value));
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
        remedy: "correct or remove the line and import again; what was imported is skipped",
    }
}

/// Splits a line into id and credential.
fn split(line: &[u8]) -> Result<(Option<String>, Zeroizing<String>), String> {
    let text = std::str::from_utf8(line).map_err(|_| "it is not UTF-8".to_owned())?;
    if let Ok(line) = serde_json::from_str::<ImportedLine<'_>>(text) {
        let origin = Origin {
            schema_name: line.schema.name,
            schema_version: line.schema.version,
            schema_issuer_id: line.schema.issuer_id,
            issuer_id: line.cred_def.issuer_id,
        };
        let credential = Zeroizing::new(line.credential.get().to_owned());
        return Ok((line.id, with_origin(credential, &origin)?));
    }
    // a credential alone, if the caller can parse it
    match serde_json::from_str::<Value>(text) {
        Ok(Value::Object(_)) => Ok((None, Zeroizing::new(text.trim().to_owned()))),
        Ok(_) => Err("it is not an object".to_owned()),
        Err(error) => Err(position(&error)),
    }
}

/// Adds what is known besides to a credential, as its member `origin`.
fn with_origin(
    credential: Zeroizing<String>,
    origin: &Origin,
) -> Result<Zeroizing<String>, String> {
    let body = credential.trim_end().strip_suffix('}').filter(|_| !origin.is_empty());
    let Some(body) = body else {
        return Ok(credential);
    };
    let origin = serde_json::to_string(origin).map_err(|error| error.to_string())?;
    Ok(Zeroizing::new(format!("{body},\"origin\":{origin}}}")))
}

/// Reads a line; `None` at the end.
fn read_line(
    lines: &mut impl BufRead,
    report: &mut ImportReport,
) -> Result<Option<Zeroizing<Vec<u8>>>, AnoncredsError> {
    let number = report.lines + 1;
    let mut line = Zeroizing::new(Vec::new());
    let read = lines.by_ref().take(MAX_LINE_LENGTH).read_until(b'\n', &mut line);
    let read = read.map_err(|error| invalid(number, error.to_string()))? as u64;
    if read == 0 {
        return Ok(None);
    }
    if read == MAX_LINE_LENGTH && !line.ends_with(b"\n") {
        return Err(invalid(number, format!("it is longer than {MAX_LINE_LENGTH} bytes")));
    }
    report.lines = number;
    report.bytes += read;
    Ok(Some(line))
}

/// Describes where the JSON is wrong; serde_json's own message would quote the value.
fn position(error: &serde_json::Error) -> String {
    format!("it is not a credential's JSON, which stands on one line (column {})", error.column())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
