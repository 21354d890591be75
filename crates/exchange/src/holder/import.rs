//! Many credentials at once.

use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncReadExt};
use wallet::Wallet;

use super::{SignatureCheck, check_signatures, store::store_all};
use crate::message::{MAX_BYTES, Mode, Received, VerifiableCredential};

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

/// Why an import stopped. The credentials before the line have been stored, except where this one cannot be stored: then
/// some of the two thousand lines before it may not have been.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}{problem}")]
pub struct ImportError {
    /// The line's number, from 1.
    pub line: u64,
    /// Why, and what to do; it continues "line N".
    problem: String,
}

impl ImportError {
    fn new(line: u64, source: &dyn std::error::Error) -> Self {
        Self { line, problem: format!(": {source}") }
    }
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
/// [`ImportError`] names the line.
pub async fn import(
    wallet: &Wallet,
    mut lines: impl AsyncBufRead + Unpin + Send,
    signatures: Option<SignatureCheck<'_>>,
    mut kept: impl FnMut(&VerifiableCredential),
) -> Result<ImportReport, ImportError> {
    let mut report = ImportReport::default();
    loop {
        let mut batch = Batch::default();
        let read = batch.read(&mut lines, signatures, &mut report.lines).await;
        batch.write(wallet, &mut report).await?;
        batch.credentials.iter().for_each(|credential| kept(credential.message()));
        if read? == Lines::Ended {
            return Ok(report);
        }
    }
}

/// Whether there may be more lines.
#[derive(PartialEq, Eq)]
enum Lines {
    Continue,
    Ended,
}

/// Credentials of one transaction, and the numbers of their lines.
#[derive(Default)]
struct Batch {
    credentials: Vec<Received<VerifiableCredential>>,
    lines: Vec<u64>,
}

impl Batch {
    async fn read(
        &mut self,
        lines: &mut (impl AsyncBufRead + Unpin + Send),
        signatures: Option<SignatureCheck<'_>>,
        read: &mut u64,
    ) -> Result<Lines, ImportError> {
        while self.credentials.len() < BATCH {
            let line = *read + 1;
            let mut text = Vec::new();
            // one byte more than a credential may have, and its end of line
            let max = MAX_BYTES as u64 + 2;
            let length = lines.take(max).read_until(b'\n', &mut text).await;
            if length.map_err(|source| ImportError {
                line,
                problem: format!(
                    " cannot be read: {source}; import again, what was stored is skipped"
                ),
            })? == 0
            {
                return Ok(Lines::Ended);
            }
            *read = line;
            let text = text.trim_ascii();
            if text.is_empty() {
                continue;
            }
            let credential = Received::read(text, Mode::Usual).map_err(|source| ImportError {
                line,
                problem: format!(
                    " is not a credential: {source}; correct or remove it, and import again"
                ),
            })?;
            if let Some(with) = signatures {
                check_signatures(&credential, with)
                    .await
                    .map_err(|source| ImportError::new(line, &source))?;
            }
            self.credentials.push(credential);
            self.lines.push(line);
        }
        Ok(Lines::Continue)
    }

    async fn write(&self, wallet: &Wallet, report: &mut ImportReport) -> Result<(), ImportError> {
        let added = store_all(wallet, &self.credentials).await;
        let added = added.map_err(|(index, source)| {
            let line = self.lines.get(index).copied().unwrap_or(report.lines);
            ImportError::new(line, &source)
        })?;
        report.added += added as u64;
        report.held_already += (self.credentials.len() - added) as u64;
        Ok(())
    }
}
