//! `negotiate-proof wallet`: work on the prover's wallet of a home.

use std::{
    io::{self, BufRead, BufReader, IsTerminal, Write},
    path::Path,
    sync::Arc,
};

use anyhow::{Context, Result, bail};
use indicatif::{ProgressBar, ProgressStyle};
use indy::{
    error::WalletError,
    wallet::{self, ImportReport, Wallet},
};
use serde_json::json;
use stage::{Stage, StageError, error::quoted, narrator::NarrationStyle};
use step2_issuance::PROVER_WALLET;

use crate::{
    input,
    report::{Ending, counted},
};

/// What is imported: lines, and how many bytes of them there are, if that is known.
pub struct Lines {
    lines: Box<dyn BufRead + Send>,
    length: Option<u64>,
}

/// Open a file of JSON Lines, or standard input if it is `-`.
pub fn open_lines(file: &Path) -> Result<Lines> {
    if file == Path::new("-") {
        return Ok(Lines {
            lines: Box::new(BufReader::new(io::stdin())),
            length: None,
        });
    }
    let opened = input::open_file(file).with_context(|| {
        format!(
            "cannot read {}; name a file of JSON Lines, or - for standard input",
            file.display()
        )
    })?;
    Ok(Lines {
        length: opened.metadata().map(|metadata| metadata.len()).ok(),
        lines: Box::new(BufReader::new(opened)),
    })
}

/// Import credentials from the lines of a file.
pub async fn import(stage: &Stage, file: &Path, lines: Lines) -> Result<Ending> {
    let wallet = open_or_create(stage).await?;
    let bar = progress_bar(stage, lines.length);
    let imported = wallet::import_credentials(&wallet, lines.lines, |report| {
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
    let wallet = open(stage).await?;
    let classes = wallet::rebuild_class_directory(&wallet).await?;
    match stage.narrator().style() {
        NarrationStyle::Quiet => {}
        NarrationStyle::Json => writeln!(io::stdout().lock(), "{}", json!({"classes": classes}))?,
        NarrationStyle::Story => {
            writeln!(
                io::stdout().lock(),
                "The wallet holds credentials of {}.",
                counted(classes as u64, "class", "classes")
            )?;
        }
    }
    Ok(Ending::Done)
}

/// Open the prover's wallet of a home.
pub async fn open(stage: &Stage) -> Result<Arc<Wallet>> {
    match stage.wallet(PROVER_WALLET).await {
        // nobody has deleted what was never made
        Err(StageError::Gone { home, .. }) if !stage.home().has_finished(2) => {
            let home = quoted(&home);
            bail!(
                "there is no wallet of the prover in {home} yet; run step 2 with `negotiate-proof \
                 --home {home}`, or import credentials with `negotiate-proof wallet import`"
            )
        }
        opened => Ok(opened?),
    }
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
            "{} imported; there already: {}.",
            counted(report.imported, "credential", "credentials"),
            report.skipped
        )?,
    }
    Ok(())
}
