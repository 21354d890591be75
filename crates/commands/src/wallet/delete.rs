//! `negotiate-proof wallet delete`.

use anyhow::{Result, bail};
use clap::Args;
use indy::anoncreds::{prover_delete_credential, prover_show_credential};
use serde_json::json;
use tutorial::{Format, Status, Tutorial, output, prompt, report};

use super::{contents, with_advice};
use crate::holder::HolderOptions;

/// The credential to delete.
#[derive(Clone, Args)]
pub struct Delete {
    /// The credential's id, as `wallet list` shows it
    id: String,
    /// Delete it without asking
    #[arg(long, short)]
    yes: bool,
    /// The holder, and how results are printed.
    #[command(flatten)]
    holder: HolderOptions,
}

impl Delete {
    pub(super) async fn run(&self, opened: &mut Option<Tutorial>) -> Result<Status> {
        let format = self.holder.format();
        let (tutorial, wallet) = self.holder.open(opened).await?;
        let shown = prover_show_credential(&wallet, &self.id).await;
        let shown = shown.map_err(|error| with_advice(error, tutorial))?;
        if format == Format::Text {
            contents::print(&shown, &mut output::text())?;
        }
        if !self.yes {
            match prompt::confirm("Delete it?").await {
                Some(true) => {}
                Some(false) => bail!("nothing was deleted"),
                None => bail!(
                    "nothing was deleted: there is no terminal to ask at; add --yes to delete it without a question"
                ),
            }
        }
        let deleted = prover_delete_credential(&wallet, &self.id).await;
        deleted.map_err(|error| with_advice(error, tutorial))?;
        report::message(format, "Deleted.", &json!({"deleted": self.id}))?;
        Ok(Status::Good)
    }
}
