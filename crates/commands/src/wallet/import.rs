//! `negotiate-proof wallet import`.

use std::path::{Path, PathBuf};

use anyhow::{Context, Error, Result, anyhow, ensure};
use clap::{Args, ValueHint};
use indy::{
    error::AnoncredsError,
    wallet::{
        self, Count, ForeignReport, Renamed,
        foreign::{AskarSource, ForeignError, ForeignStore, StoreKind, open_askar},
    },
};
use tutorial::{Status, Tutorial, error::quoted, report};

use super::{
    counts,
    secret::Wanted,
    source::{self, Lines, Source},
};

use crate::holder::HolderOptions;

pub(super) const EXAMPLES: &str = "\
Examples:
  negotiate-proof wallet import credentials.jsonl --home alex
      credentials, a line each
  negotiate-proof wallet import backup.age --home alex
      an export of `wallet export`; asks for its passphrase
  negotiate-proof wallet import ~/.aries_cloudagent/wallet/alice/sqlite.db --home alex --askar-key-file key.txt
      the store of an ACA-Py agent; key.txt has what the agent gets as --wallet-key
  negotiate-proof wallet import sqlite.db --home alex --rename-link-secret default=agent
      under another name, where the home has a link secret of this name";

/// What to import.
#[derive(Clone, Args)]
pub struct Import {
    /// The file, or the postgres:// URL of an Askar store; - for lines on standard input
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    file: PathBuf,
    /// A file with the passphrase of an export; - for standard input. Without it, a person is asked
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    passphrase_file: Option<PathBuf>,
    /// A file with the key of an Askar store: its passphrase, or its raw key in base58; - for
    /// standard input. Without it, a person is asked
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, conflicts_with = "passphrase_file")]
    askar_key_file: Option<PathBuf>,
    /// The profile of an Askar store that is imported; its default profile if left out
    #[arg(long, value_name = "NAME", conflicts_with = "passphrase_file")]
    profile: Option<String>,
    /// How link secrets are named.
    #[command(flatten)]
    renaming: Renaming,
    /// The holder, and how results are printed.
    #[command(flatten)]
    holder: HolderOptions,
}

/// New names for link secrets.
#[derive(Clone, Args)]
pub(super) struct Renaming {
    /// Store the link secret OLD as NEW, where the home has another one of this name; may be
    /// repeated
    #[arg(long, value_name = "OLD=NEW")]
    rename_link_secret: Vec<String>,
}

impl Renaming {
    /// Returns the new names by the old ones.
    pub(super) fn names(&self) -> Result<Renamed> {
        let mut names = Renamed::new();
        for pair in &self.rename_link_secret {
            let (old, new) = pair
                .split_once('=')
                .filter(|(old, new)| !old.is_empty() && !new.is_empty())
                .with_context(|| format!("--rename-link-secret {pair} is not OLD=NEW"))?;
            if let Some(other) = names.insert(old.to_owned(), new.to_owned()) {
                ensure!(
                    other == new,
                    "--rename-link-secret gives {old} two names: {other} and {new}"
                );
            }
        }
        Ok(names)
    }
}

impl Import {
    pub(super) async fn run(&self, opened: &mut Option<Tutorial>) -> Result<Status> {
        let names = self.renaming.names()?;
        let file = self.file.as_path();
        // opened first, so that a file that cannot be read makes no home
        match source::open(file).await? {
            (Source::Plain(lines), length) => {
                ensure!(
                    self.askar_key_file.is_none() && self.profile.is_none(),
                    "{} is not an Askar store; leave out --askar-key-file and --profile, or name the store's SQLite \
                     file",
                    file.display()
                );
                self.import_lines(lines, length, &names, opened).await
            }
            (Source::Encrypted(lines), length) => {
                let wanted = Wanted {
                    name: "passphrase of the export",
                    option: "--passphrase-file",
                    file: self.passphrase_file.as_deref(),
                    input_is_taken: file == Path::new("-"),
                };
                let passphrase = wanted.get().await?;
                let lines = source::decrypt(lines, passphrase)
                    .await
                    .with_context(|| format!("cannot import {}", file.display()))?;
                self.import_lines(lines, length, &names, opened).await
            }
            (Source::Store, _) => {
                let store = self.open_store().await?;
                import_foreign(&self.holder, opened, store, &names).await
            }
        }
    }

    /// Opens another program's store, read-only.
    async fn open_store(&self) -> Result<ForeignStore> {
        ensure!(
            self.file != Path::new("-"),
            "a wallet's database cannot come by standard input; name its file"
        );
        let key = Wanted {
            name: "key of the Askar store",
            option: "--askar-key-file",
            file: self.askar_key_file.as_deref(),
            input_is_taken: false,
        };
        let key = key.get().await?;
        let source = match source::is_url(&self.file) {
            true => AskarSource::Url(self.file.to_string_lossy().into_owned()),
            false => AskarSource::File(self.file.clone()),
        };
        open_askar(source, &key, self.profile.as_deref()).await.map_err(|error| match error {
            ForeignError::OtherKind { found: Some(StoreKind::IndySdk), .. } => {
                anyhow!("{error}; import it with `negotiate-proof wallet import-libindy`")
            }
            ForeignError::NoProfile { .. } => {
                anyhow!("{error}; name one of these with --profile, or leave it out for the default profile")
            }
            error => error.into(),
        })
    }

    /// Imports lines.
    async fn import_lines(
        &self,
        lines: Lines,
        length: Option<u64>,
        names: &Renamed,
        opened: &mut Option<Tutorial>,
    ) -> Result<Status> {
        let tutorial = self.holder.open_home(opened)?;
        let wallet = self.holder.wallet_or_new(tutorial).await?;
        let before = wallet::wallet_contents(&wallet).await?;
        let bar = source::progress_bar(tutorial, length);
        let imported = wallet::import_credentials_renaming(&wallet, lines, names, |report| {
            bar.set_position(report.bytes);
            bar.set_message(format!("{} imported", report.imported));
        })
        .await;
        bar.finish_and_clear();
        let imported = imported.map_err(|error| {
            with_advice(error).context(format!("cannot import {}", self.file.display()))
        })?;
        let after = wallet::wallet_contents(&wallet).await?;
        let credentials = Count { imported: imported.imported, skipped: imported.skipped };
        let mut sentences = vec![counts::imported(credentials, "credential", "credentials")];
        if imported.link_secrets != Count::default() {
            sentences.push(counts::imported(imported.link_secrets, "link secret", "link secrets"));
        }
        let format = tutorial.printer().format();
        counts::print_import(format, sentences, &imported, &before, &after)?;
        Ok(Status::Good)
    }
}

/// Imports another program's wallet into the prover's of a home.
pub(super) async fn import_foreign(
    holder: &HolderOptions,
    opened: &mut Option<Tutorial>,
    store: ForeignStore,
    names: &Renamed,
) -> Result<Status> {
    let tutorial = holder.open_home(opened)?;
    let wallet = holder.wallet_or_new(tutorial).await?;
    let before = wallet::wallet_contents(&wallet).await?;
    let bar = source::spinner(tutorial);
    let imported = wallet::import_foreign_wallet(&wallet, &store, names, |report| {
        bar.set_message(format!("{} imported", report.credentials.imported));
    })
    .await;
    bar.finish_and_clear();
    let others = store.other_profiles().to_vec();
    store.close().await;
    let imported = imported.map_err(with_advice)?;
    let after = wallet::wallet_contents(&wallet).await?;
    let format = tutorial.printer().format();
    let sentences = foreign_sentences(&imported, &others);
    counts::print_import(format, sentences, &imported, &before, &after)?;
    for reason in &imported.reasons {
        report::error(&Error::msg(reason.clone()));
    }
    if imported.unusable > imported.reasons.len() as u64 {
        let more = imported.unusable - imported.reasons.len() as u64;
        report::error(&Error::msg(format!("and {more} more records cannot be used")));
    }
    Ok(match imported.unusable {
        0 => Status::Good,
        _ => Status::Undecided,
    })
}

fn foreign_sentences(imported: &ForeignReport, others: &[String]) -> Vec<String> {
    let mut sentences = vec![
        counts::imported(imported.credentials, "credential", "credentials"),
        counts::imported(imported.link_secrets, "link secret", "link secrets"),
        counts::imported(imported.dids, "DID", "DIDs"),
    ];
    if !imported.left.is_empty() {
        let left: Vec<String> =
            imported.left.iter().map(|(category, count)| format!("{category} ({count})")).collect();
        sentences.push(format!("Skipped: {}.", left.join(", ")));
    }
    if imported.unusable > 0 {
        sentences.push(format!(
            "{} could not be used.",
            report::count(imported.unusable, "record", "records")
        ));
    }
    if !others.is_empty() {
        sentences.push(format!(
            "The store has other profiles: {}; import one with --profile.",
            others.join(", ")
        ));
    }
    sentences
}

/// Adds what this program can do about an error.
fn with_advice(error: AnoncredsError) -> Error {
    match &error {
        AnoncredsError::LinkSecretConflict { name, .. } => anyhow!(
            "{error} (--rename-link-secret {}=NEW), or into another --home",
            quoted(Path::new(name))
        ),
        _ => error.into(),
    }
}
