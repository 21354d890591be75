//! Many credentials at once.

use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncReadExt};
use wallet::Wallet;

use super::{SignatureCheck, check_signatures, store::store_all};
use crate::{
    error::ExchangeError,
    message::{MAX_BYTES, Mode, Received, VerifiableCredential},
};

/// How many credentials are written in one transaction.
const BATCH: usize = 2_000;

/// What an import did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct ImportReport {
    /// Lines that have been read, empty ones included.
    pub lines: u64,
    /// Credentials that were stored.
    pub added: u64,
    /// Credentials that the wallet held already.
    pub held_already: u64,
}

/// Returns the error of a line by its number, from 1; `problem` continues "line N".
fn failed(line: u64, problem: String) -> ExchangeError {
    ExchangeError::Other(format!("line {line}{problem}"))
}

/// Imports credentials from JSON Lines, many in a transaction: a line is a credential, of at most
/// [`MAX_BYTES`]. An import that was interrupted is resumed by running it again.
///
/// With a [`SignatureCheck`], the signatures of each are checked; without, they are not, which is
/// for credentials that were checked when they were received. `kept` is called with each credential
/// that the wallet now holds, whether or not it did before; all attributes of such a one are about
/// one DID.
///
/// # Errors
///
/// [`ExchangeError`], which names the line. The credentials before it have been stored, except
/// where this one cannot be stored: then some of the two thousand lines before it may not have
/// been.
pub async fn import(
    wallet: &Wallet,
    mut lines: impl AsyncBufRead + Unpin + Send,
    signatures: Option<SignatureCheck<'_>>,
    mut kept: impl FnMut(&VerifiableCredential),
) -> Result<ImportReport, ExchangeError> {
    let mut report = ImportReport::default();
    loop {
        let mut batch = Vec::new();
        let read = read(&mut lines, signatures, &mut report.lines, &mut batch).await;
        let added = store_all(wallet, &batch).await;
        let added = added.map_err(|(line, source)| failed(line, format!(": {source}")))?;
        report.added += added as u64;
        report.held_already += (batch.len() - added) as u64;
        batch.iter().for_each(|(_, credential)| kept(credential.message()));
        if read? {
            return Ok(report);
        }
    }
}

/// Reads the next lines into a batch, and returns whether they are the last. `number` is that of
/// the line before.
async fn read(
    lines: &mut (impl AsyncBufRead + Unpin + Send),
    signatures: Option<SignatureCheck<'_>>,
    number: &mut u64,
    batch: &mut Vec<(u64, Received<VerifiableCredential>)>,
) -> Result<bool, ExchangeError> {
    while batch.len() < BATCH {
        let line = *number + 1;
        let mut text = Vec::new();
        // one byte more than a credential may have, and its end of line
        let max = MAX_BYTES as u64 + 2;
        let length = lines.take(max).read_until(b'\n', &mut text).await;
        let length = length.map_err(|source| {
            let remedy = "import again, what was stored is skipped";
            failed(line, format!(" cannot be read: {source}; {remedy}"))
        })?;
        if length == 0 {
            return Ok(true);
        }
        *number = line;
        let text = text.trim_ascii();
        if text.is_empty() {
            continue;
        }
        let credential = Received::read(text, Mode::Usual).map_err(|source| {
            let remedy = "correct or remove it, and import again";
            failed(line, format!(" is not a credential: {source}; {remedy}"))
        })?;
        if let Some(with) = signatures {
            let checked = check_signatures(&credential, with).await;
            checked.map_err(|source| failed(line, format!(": {source}")))?;
        }
        batch.push((line, credential));
    }
    Ok(false)
}
