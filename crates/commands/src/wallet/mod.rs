//! `negotiate-proof wallet`: work on the prover's wallet of a home.

mod contents;
mod counts;
mod delete;
mod export;
mod import;
mod libindy;
mod secret;
mod source;

use anyhow::{Error, Result, anyhow};
use clap::Subcommand;
use indy::{error::AnoncredsError, wallet};
use serde_json::json;
use tutorial::{
    Status, Tutorial,
    error::quoted,
    report::{self, count},
};

use crate::holder::HolderOptions;

/// What to do with the prover's wallet.
#[derive(Clone, Subcommand)]
pub enum Wallet {
    /// List the wallet's credentials, link secrets and DIDs
    ///
    /// With --json one object per line, and a last one with the totals. Nothing secret is shown.
    List(contents::List),
    /// Show the values and identifiers of a credential
    ///
    /// Each value is shown with its encoding, the number that the issuer has signed. The signature
    /// is not shown: its numbers are secret.
    Show(contents::Show),
    /// Delete a credential
    ///
    /// It is shown first, and a person at a terminal is asked. A credential cannot be made again:
    /// its issuer would have to issue another one.
    Delete(delete::Delete),
    /// Write the credentials into a file that is encrypted with a passphrase
    ///
    /// `wallet import` reads it, and the tools age and rage decrypt it. Link secrets are included
    /// only if they are named: anyone who has one can use the credentials that were issued for it.
    /// The file gets its name when it is whole, so an export that was interrupted leaves none; run
    /// it again.
    #[command(after_long_help = export::EXAMPLES)]
    Export(export::Export),
    /// Import credentials from a file of JSON Lines, an export, or a wallet of ACA-Py or Credo
    ///
    /// What the wallet has is skipped, so an import that was interrupted, even by kill -9, is
    /// resumed by running it again.
    ///
    /// JSON Lines: {"id": "...", "credential": {...}} or the credential alone, as the prover's
    /// wallet keeps it. Where identifiers do not say the schema's name and version or the issuer, a
    /// line may have the registry's objects beside the credential: "schema" and "cred_def".
    ///
    /// An export of `wallet export` has link secrets too; it is decrypted with its passphrase.
    ///
    /// An Askar store, in an SQLite file or at a postgres:// URL, is opened with its key, and stays
    /// as it is. Its credentials, link secrets and DIDs are imported; other records are counted and
    /// left.
    #[command(after_long_help = import::EXAMPLES)]
    Import(import::Import),
    /// Import a wallet of indy-sdk, in its SQLite file
    ///
    /// A copy of the file is read; the wallet itself stays as it is. Its credentials, link secrets
    /// and DIDs are imported, and what the prover's wallet has already is skipped; other records
    /// are counted and left.
    #[command(after_long_help = libindy::EXAMPLES)]
    ImportLibindy(libindy::ImportLibindy),
    /// Make the directory of credential classes anew, by which a search begins
    Rebuild {
        /// The holder, and how results are printed.
        #[command(flatten)]
        holder: HolderOptions,
    },
}

impl Wallet {
    pub(crate) async fn run(&self, opened: &mut Option<Tutorial>) -> Result<Status> {
        match self {
            Self::List(list) => list.run(opened).await,
            Self::Show(show) => show.run(opened).await,
            Self::Delete(delete) => delete.run(opened).await,
            Self::Export(export) => export.run(opened).await,
            Self::Import(import) => import.run(opened).await,
            Self::ImportLibindy(import) => import.run(opened).await,
            Self::Rebuild { holder } => rebuild(holder, opened).await,
        }
    }
}

/// Makes the class directory of the prover's wallet anew.
async fn rebuild(holder: &HolderOptions, opened: &mut Option<Tutorial>) -> Result<Status> {
    let (_, wallet) = holder.open(opened).await?;
    let classes = wallet::rebuild_class_directory(&wallet).await?;
    let sentence =
        format!("The wallet holds credentials of {}.", count(classes as u64, "class", "classes"));
    report::message(holder.format(), &sentence, &json!({"classes": classes}))?;
    Ok(Status::Good)
}

/// Says how to find the right id, where there is no credential of the one that was given.
fn with_advice(error: AnoncredsError, tutorial: &Tutorial) -> Error {
    match error {
        AnoncredsError::CredentialNotFound { id, .. } => anyhow!(
            "the prover's wallet has no credential `{id}`; `negotiate-proof wallet list --home {}` lists those that \
             it has",
            quoted(tutorial.home().directory())
        ),
        error => error.into(),
    }
}
