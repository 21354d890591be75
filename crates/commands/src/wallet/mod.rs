//! `negotiate-proof wallet`: work on the prover's wallet of a home.

use std::{
    io::{self, BufRead, BufReader, IsTerminal},
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::{Context, Result, bail};
use clap::{Subcommand, ValueHint};
use indicatif::{ProgressBar, ProgressStyle};
use indy::wallet;
use serde_json::json;
use tutorial::{
    Format, Status, Tutorial, TutorialError,
    data::PROVER_WALLET,
    error::quoted,
    input,
    options::{HomeOptions, OutputOptions},
    report::{self, count},
};

use crate::open_existing;

/// What to do with the prover's wallet.
#[derive(Clone, Subcommand)]
pub enum Wallet {
    /// Import credentials from a file of JSON Lines; those that the wallet has are skipped
    ///
    /// A line is {"id": "...", "credential": {...}} or the credential alone, as the prover's wallet
    /// keeps it. Where identifiers do not say the schema's name and version or the issuer, a line may
    /// have the registry's objects beside the credential: "schema" and "cred_def". An import that was interrupted, even by kill -9, is resumed by running it again.
    Import {
        /// The file; - for standard input
        #[arg(value_hint = ValueHint::FilePath)]
        file: PathBuf,
        /// The home.
        #[command(flatten)]
        home: HomeOptions,
        /// How results are printed.
        #[command(flatten)]
        output: OutputOptions,
    },
    /// Make the directory of credential classes anew, by which a search begins
    Rebuild {
        /// The home.
        #[command(flatten)]
        home: HomeOptions,
        /// How results are printed.
        #[command(flatten)]
        output: OutputOptions,
    },
}

impl Wallet {
    pub(crate) async fn run(&self, opened: &mut Option<Tutorial>) -> Result<Status> {
        match self {
            Self::Import { file, home, output } => {
                // opened first, so that a file that cannot be read makes no home
                let lines = open_lines(file)?;
                import(opened.insert(home.open(output.format())?), file, lines).await
            }
            Self::Rebuild { home, output } => {
                rebuild(open_existing(home, output.format(), opened)?).await
            }
        }
    }
}

/// The lines to import, and how many bytes they have, if that is known.
struct Lines {
    lines: Box<dyn BufRead + Send>,
    length: Option<u64>,
}

/// Opens a file of JSON Lines, or standard input if it is `-`.
fn open_lines(file: &Path) -> Result<Lines> {
    if file == Path::new("-") {
        return Ok(Lines { lines: Box::new(BufReader::new(io::stdin())), length: None });
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

/// Imports credentials from the lines of a file.
async fn import(tutorial: &Tutorial, file: &Path, lines: Lines) -> Result<Status> {
    let wallet = tutorial.open_or_create_wallet(PROVER_WALLET).await?;
    let bar = progress_bar(tutorial, lines.length);
    let imported = wallet::import_credentials(&wallet, lines.lines, |report| {
        bar.set_position(report.bytes);
        bar.set_message(format!("{} imported", report.imported));
    })
    .await;
    bar.finish_and_clear();
    let imported = imported.with_context(|| format!("cannot import {}", file.display()))?;
    let sentence = format!(
        "{} imported; there already: {}.",
        count(imported.imported, "credential", "credentials"),
        imported.skipped
    );
    report::message(tutorial.printer().format(), &sentence, &json!(imported))?;
    Ok(Status::Good)
}

/// Makes the class directory of the prover's wallet anew.
async fn rebuild(tutorial: &Tutorial) -> Result<Status> {
    let wallet = open(tutorial).await?;
    let classes = wallet::rebuild_class_directory(&wallet).await?;
    let sentence =
        format!("The wallet holds credentials of {}.", count(classes as u64, "class", "classes"));
    let format = tutorial.printer().format();
    report::message(format, &sentence, &json!({"classes": classes}))?;
    Ok(Status::Good)
}

/// Opens the prover's wallet of a home.
pub(crate) async fn open(tutorial: &Tutorial) -> Result<Arc<wallet::Wallet>> {
    match tutorial.wallet(PROVER_WALLET).await {
        // a wallet that was never made cannot have been deleted
        Err(TutorialError::Gone { home, .. }) if !tutorial.home().has_finished(2) => {
            let home = quoted(&home);
            bail!(
                "there is no wallet of the prover in {home} yet; run step 2 with `negotiate-proof \
                 --home {home}`, or import credentials with `negotiate-proof wallet import`"
            )
        }
        opened => Ok(opened?),
    }
}

fn progress_bar(tutorial: &Tutorial, length: Option<u64>) -> ProgressBar {
    let watched = tutorial.printer().format() == Format::Text && io::stderr().is_terminal();
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
