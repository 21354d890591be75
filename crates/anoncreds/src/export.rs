//! Export of credentials and link secrets, as the lines that
//! [`import_credentials`](crate::import_credentials) reads.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::{json, value::RawValue};
use stdx::task::boxed;
use tokio::sync::mpsc;
use wallet::{Wallet, category::LINK_SECRET};
use zeroize::Zeroizing;

use crate::{
    contents,
    error::AnoncredsError,
    import::{EXPORT, Totals, VERSION},
    stored,
};

/// How many credentials are read at once.
const PAGE: usize = 256;

/// How many of each kind were exported.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct ExportReport {
    /// Credentials.
    pub credentials: u64,
    /// Link secrets.
    pub link_secrets: u64,
}

/// A line of an export that holds a credential.
#[derive(Serialize)]
struct CredentialLine<'c> {
    id: &'c str,
    credential: &'c RawValue,
}

/// A line of an export that holds a link secret.
#[derive(Serialize)]
struct SecretLine<'s> {
    link_secret: NamedSecret<'s>,
}

#[derive(Serialize)]
struct NamedSecret<'s> {
    name: &'s str,
    secret: &'s RawValue,
}

/// The lines of some records, wiped from memory when dropped.
type Lines = Zeroizing<Vec<u8>>;

/// Writes all credentials of a wallet and the link secrets of these names to `sink`, and returns it
/// for the caller to finish. Only some records are in memory at a time. What is written is secret:
/// the caller encrypts it.
///
/// The first line says what it is, and the last one how many credentials and link secrets stand
/// between. `progress` is called with what has been written.
///
/// # Errors
///
/// [`AnoncredsError::LinkSecretNotFound`], before anything is written;
/// [`AnoncredsError::Unwritten`], [`AnoncredsError::DamagedRecord`], [`AnoncredsError::Wallet`].
pub async fn export_wallet<W: Write + Send + 'static>(
    wallet: &Wallet,
    link_secrets: &[String],
    sink: W,
    mut progress: impl FnMut(&ExportReport),
) -> Result<(ExportReport, W), AnoncredsError> {
    let secrets = secret_lines(wallet, link_secrets).await?;
    // encrypting takes time, and writing may wait: neither may happen on an async thread
    let (sender, receiver) = mpsc::channel(2);
    let writing = tokio::spawn(stdx::task::blocking(move || write_all(receiver, sink)));
    let mut report = ExportReport::default();
    // a sink that fails ends the receiver; its error is returned below
    if send_all(wallet, secrets, &sender, &mut report, &mut progress).await? {
        drop(sender);
    }
    match writing.await {
        Ok(Ok(Ok(sink))) => Ok((report, sink)),
        Ok(Ok(Err(source))) => Err(AnoncredsError::Unwritten { source }),
        _ => Err(AnoncredsError::LibraryPanicked { operation: "write an export" }),
    }
}

/// Sends the lines of an export; returns `false` if they are not taken.
async fn send_all(
    wallet: &Wallet,
    secrets: Vec<Lines>,
    sender: &mpsc::Sender<Lines>,
    report: &mut ExportReport,
    progress: &mut impl FnMut(&ExportReport),
) -> Result<bool, AnoncredsError> {
    if sender.send(line(&json!({"export": EXPORT, "version": VERSION}))?).await.is_err() {
        return Ok(false);
    }
    let mut list = contents::prover_list_credentials(wallet).await?;
    loop {
        let records = list.records(PAGE).await?;
        if records.is_empty() {
            break;
        }
        let mut lines = Lines::default();
        for record in &records {
            let credential: &RawValue =
                stored::parse(wallet.id(), "credential", &record.name, &record.value)?;
            append(&mut lines, &CredentialLine { id: &record.name, credential })?;
        }
        if sender.send(lines).await.is_err() {
            return Ok(false);
        }
        report.credentials += records.len() as u64;
        progress(report);
    }
    for secret in secrets {
        if sender.send(secret).await.is_err() {
            return Ok(false);
        }
        report.link_secrets += 1;
    }
    let totals = Totals { credentials: report.credentials, link_secrets: report.link_secrets };
    Ok(sender.send(line(&json!({"end": totals}))?).await.is_ok())
}

/// Writes what is sent, until there is no more.
fn write_all<W: Write>(mut lines: mpsc::Receiver<Lines>, mut sink: W) -> io::Result<W> {
    while let Some(lines) = lines.blocking_recv() {
        sink.write_all(&lines)?;
    }
    sink.flush()?;
    Ok(sink)
}

/// Returns the lines of link secrets. All are looked for before anything is written.
#[boxed]
async fn secret_lines(wallet: &Wallet, names: &[String]) -> Result<Vec<Lines>, AnoncredsError> {
    let mut lines = Vec::new();
    for (at, name) in names.iter().enumerate() {
        // named twice, it is exported once
        if names.iter().take(at).any(|before| before == name) {
            continue;
        }
        let value = wallet.fetch_record(LINK_SECRET, name).await?;
        let value = value.ok_or_else(|| AnoncredsError::LinkSecretNotFound {
            name: name.clone(),
            wallet: wallet.id().to_owned(),
        })?;
        let secret: &RawValue = stored::parse(wallet.id(), "link secret", name, &value)?;
        lines.push(line(&SecretLine { link_secret: NamedSecret { name, secret } })?);
    }
    Ok(lines)
}

fn line(value: &impl Serialize) -> Result<Lines, AnoncredsError> {
    let mut line = Lines::default();
    append(&mut line, value)?;
    Ok(line)
}

fn append(lines: &mut Lines, value: &impl Serialize) -> Result<(), AnoncredsError> {
    serde_json::to_writer(&mut **lines, value)
        .map_err(|error| AnoncredsError::Unwritten { source: error.into() })?;
    lines.push(b'\n');
    Ok(())
}
