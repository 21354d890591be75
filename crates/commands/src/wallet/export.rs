//! `negotiate-proof wallet export`.

use std::{
    io,
    path::{Path, PathBuf},
};

use anyhow::{Context, Error, Result, anyhow, bail, ensure};
use clap::{Args, ValueHint};
use indy::{
    anoncreds::prover_list_link_secrets,
    wallet::{self, ExportReport, Wallet, WalletContents, age},
};
use stdx::fs::{Existing, UnfinishedFile};
use tutorial::{
    Format, Status, Tutorial, format,
    report::{self, count},
};

use super::{counts, secret::Wanted, source};
use crate::holder::HolderOptions;

pub(super) const EXAMPLES: &str = "\
Examples:
  negotiate-proof wallet export backup.age --home alex --link-secret link_secret
      everything that proves with the credentials; asks for a passphrase
  negotiate-proof wallet export credentials.age --home alex --passphrase-file phrase.txt
      the credentials without a link secret, by a program
  age --decrypt backup.age | head -2
      what is in it; it is secret";

/// What to export.
#[derive(Clone, Args)]
pub struct Export {
    /// The file to write; it must not exist yet
    #[arg(value_hint = ValueHint::FilePath)]
    file: PathBuf,
    /// Export the link secret of this name too; may be repeated
    #[arg(long, value_name = "NAME")]
    link_secret: Vec<String>,
    /// A file with the passphrase; - for standard input. Without it, a person is asked, twice
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    passphrase_file: Option<PathBuf>,
    /// Replace the file if it exists
    #[arg(long)]
    replace: bool,
    /// The holder, and how results are printed.
    #[command(flatten)]
    holder: HolderOptions,
}

impl Export {
    pub(super) async fn run(&self, opened: &mut Option<Tutorial>) -> Result<Status> {
        let shown = self.file.display();
        ensure!(
            self.file != Path::new("-"),
            "an export is written whole or not at all, so not to standard output; name a file"
        );
        let existing = match self.replace {
            true => Existing::Replace,
            false => Existing::Keep,
        };
        // noticed before a passphrase is asked for, and again when the file gets its name
        if !self.replace && self.file.symlink_metadata().is_ok() {
            return Err(already_there(&self.file));
        }
        let (tutorial, wallet) = self.holder.open(opened).await?;
        self.check_link_secrets(&wallet).await?;
        let wanted = Wanted {
            name: "passphrase for the export",
            option: "--passphrase-file",
            file: self.passphrase_file.as_deref(),
            input_is_taken: false,
        };
        let passphrase = wanted.get_new().await?;

        let contents = wallet::wallet_contents(&wallet).await?;
        let failed = || format!("cannot write {shown}; name a file in a directory that exists");
        let path = self.file.clone();
        // deriving the key takes a second
        let begin =
            stdx::task::blocking(move || age::encrypt(UnfinishedFile::begin(&path)?, &passphrase));
        let sink = begin.await?.with_context(failed)?;
        let spinner = source::spinner(tutorial);
        let exported = wallet::export_wallet(&wallet, &self.link_secret, sink, |report| {
            spinner.set_message(format!("{} exported", report.credentials));
            spinner.tick();
        });
        let (exported, sink) = exported.await?;
        let finish = stdx::task::blocking(move || sink.finish()?.finish(existing));
        finish.await?.map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => already_there(&self.file),
            _ => Error::from(error).context(failed()),
        })?;
        spinner.finish_and_clear();
        self.print(tutorial.printer().format(), &contents, &exported)?;
        Ok(Status::Good)
    }

    /// Checks that the link secrets that are named are there.
    async fn check_link_secrets(&self, wallet: &Wallet) -> Result<()> {
        let known = prover_list_link_secrets(wallet).await?;
        let Some(missing) = self.link_secret.iter().find(|name| !known.contains(name)) else {
            return Ok(());
        };
        if known.is_empty() {
            bail!(
                "the prover's wallet has no link secret `{missing}`: it has none; leave out --link-secret"
            );
        }
        bail!("the prover's wallet has no link secret `{missing}`; it has: {}", known.join(", "))
    }

    fn print(
        &self,
        format: Format,
        contents: &WalletContents,
        exported: &ExportReport,
    ) -> Result<()> {
        let mut warnings = Vec::new();
        if exported.credentials != contents.credentials {
            warnings.push(format!(
                "the wallet held {} when the export began: another program has changed it meanwhile; export it again",
                count(contents.credentials, "credential", "credentials")
            ));
        }
        match format {
            Format::Text => {
                let mut sentences = vec![
                    format!("The wallet holds {}.", counts::words(contents)),
                    format!(
                        "Exported to {}: {} and {}.",
                        self.file.display(),
                        count(exported.credentials, "credential", "credentials"),
                        count(exported.link_secrets, "link secret", "link secrets")
                    ),
                ];
                if exported.credentials > 0 && exported.link_secrets == 0 {
                    sentences.push(
                        "Without their link secret the credentials prove nothing elsewhere; --link-secret NAME \
                         exports it too."
                            .to_owned(),
                    );
                }
                counts::print_sentences(&sentences)?;
                for warning in &warnings {
                    report::warning(warning);
                }
            }
            Format::Json => {
                let mut object = counts::object(exported)?;
                object.insert("file".to_owned(), self.file.to_string_lossy().into());
                object.insert("holds".to_owned(), serde_json::to_value(contents)?);
                object.insert("warnings".to_owned(), warnings.into());
                format::line(&object)?;
            }
            Format::Quiet => {}
        }
        Ok(())
    }
}

fn already_there(file: &Path) -> Error {
    anyhow!("{} exists already; name another file, or add --replace", file.display())
}
