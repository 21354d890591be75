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
/// With a [`SignatureCheck`], the signatures of each are checked; without, they are not, which is for
/// credentials that were checked when they were received. `kept` is called with each credential that the wallet now
/// holds, whether or not it did before; all attributes of such a one are about one DID.
///
/// # Errors
///
/// [`ExchangeError`], which names the line. The credentials before it have been stored, except where this one cannot be
/// stored: then some of the two thousand lines before it may not have been.
pub async fn import(
    wallet: &Wallet,
    mut lines: impl AsyncBufRead + Unpin + Send,
    signatures: Option<SignatureCheck<'_>>,
    mut kept: impl FnMut(&VerifiableCredential),
) -> Result<ImportReport, ExchangeError> {
    let mut report = ImportReport::default();
    loop {
        let mut batch = Batch::default();
        let read = batch.read(&mut lines, signatures, &mut report.lines).await;
        batch.write(wallet, &mut report).await?;
        batch.credentials.iter().for_each(|credential| kept(credential.message()));
        if read? {
            return Ok(report);
        }
    }
}

/// Credentials of one transaction, and the numbers of their lines.
#[derive(Default)]
struct Batch {
    credentials: Vec<Received<VerifiableCredential>>,
    lines: Vec<u64>,
}

impl Batch {
    /// Reads the next lines, and returns whether they are the last.
    async fn read(
        &mut self,
        lines: &mut (impl AsyncBufRead + Unpin + Send),
        signatures: Option<SignatureCheck<'_>>,
        read: &mut u64,
    ) -> Result<bool, ExchangeError> {
        while self.credentials.len() < BATCH {
            let line = *read + 1;
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
            *read = line;
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
            self.credentials.push(credential);
            self.lines.push(line);
        }
        Ok(false)
    }

    async fn write(&self, wallet: &Wallet, report: &mut ImportReport) -> Result<(), ExchangeError> {
        let added = store_all(wallet, &self.credentials).await;
        let added = added.map_err(|(index, source)| {
            let line = self.lines.get(index).copied().unwrap_or(report.lines);
            failed(line, format!(": {source}"))
        })?;
        report.added += added as u64;
        report.held_already += (self.credentials.len() - added) as u64;
        Ok(())
    }
}
