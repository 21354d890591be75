//! `negotiate-proof wallet`: work on the prover's wallet of a home.

use std::{
    fs::File,
    io::{self, BufRead, BufReader, IsTerminal, Write},
    path::Path,
    sync::Arc,
};

use anyhow::{Context, Result};
use indicatif::{ProgressBar, ProgressStyle};
use indy::{
    error::WalletError,
    wallet::{self, ImportReport, Wallet},
};
use serde_json::json;
use stage::{Stage, narrator::NarrationStyle};
use step2_issuance::PROVER_WALLET;

use crate::report::Ending;

/// Import credentials from a file of JSON Lines, or from standard input if it is `-`.
pub async fn import(stage: &Stage, file: &Path) -> Result<Ending> {
    let (lines, length): (Box<dyn BufRead + Send>, Option<u64>) = if file == Path::new("-") {
        (Box::new(BufReader::new(io::stdin())), None)
    } else {
        let opened = File::open(file).with_context(|| format!("cannot read {}", file.display()))?;
        let length = opened.metadata().map(|metadata| metadata.len()).ok();
        (Box::new(BufReader::new(opened)), length)
    };
    let wallet = open_or_create(stage).await?;
    let bar = progress_bar(stage, length);
    let imported = wallet::import_credentials(&wallet, lines, |report| {
        bar.set_position(report.bytes);
        bar.set_message(format!("{} imported", report.imported));
    })
    .await;
    bar.finish_and_clear();
    let report = imported.with_context(|| format!("cannot import {}", file.display()))?;
    tell(stage, &report)?;
    Ok(Ending::Done)
}

/// Make the class directory of the prover's wallet anew.
pub async fn rebuild(stage: &Stage) -> Result<Ending> {
    let wallet = stage.wallet(PROVER_WALLET).await?;
    let classes = wallet::rebuild_class_directory(&wallet).await?;
    match stage.narrator().style() {
        NarrationStyle::Quiet => {}
        NarrationStyle::Json => writeln!(io::stdout().lock(), "{}", json!({"classes": classes}))?,
        NarrationStyle::Story => {
            writeln!(
                io::stdout().lock(),
                "The wallet holds credentials of {classes} classes."
            )?;
        }
    }
    Ok(Ending::Done)
}

async fn open_or_create(stage: &Stage) -> Result<Arc<Wallet>> {
    let config = stage.wallet_config(PROVER_WALLET);
    match wallet::create_wallet(&config, &stage.wallet_credentials(PROVER_WALLET)).await {
        Ok(()) | Err(WalletError::AlreadyExists { .. }) => {}
        Err(error) => return Err(error.into()),
    }
    Ok(stage.wallet(PROVER_WALLET).await?)
}

fn progress_bar(stage: &Stage, length: Option<u64>) -> ProgressBar {
    let watched = stage.narrator().style() == NarrationStyle::Story && io::stderr().is_terminal();
    let Some(length) = length.filter(|_| watched) else {
        return ProgressBar::hidden();
    };
    let template = "{bar:40} {bytes}/{total_bytes}, {msg}, {eta} to go";
    let bar = ProgressBar::new(length);
    match ProgressStyle::with_template(template) {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

fn tell(stage: &Stage, report: &ImportReport) -> Result<()> {
    match stage.narrator().style() {
        NarrationStyle::Quiet => {}
        NarrationStyle::Json => writeln!(io::stdout().lock(), "{}", json!(report))?,
        NarrationStyle::Story => writeln!(
            io::stdout().lock(),
            "{} credentials imported, {} were there already.",
            report.imported,
            report.skipped
        )?,
    }
    Ok(())
}
