//! `negotiate-proof disclose`: what a verifier would learn from an answer to a request.

use std::{io::Write, path::PathBuf};

use anyhow::Result;
use clap::{Args, ValueHint};
use indy::anoncreds;
use tutorial::{Format, Status, Tutorial, format, output};

use crate::{holder::HolderOptions, search::read_request};

pub(crate) const EXAMPLES: &str = "\
Examples:
  negotiate-proof disclose request.json --home alex
  negotiate-proof disclose request.json --home alex --json \\
    | jq '.credentials[].hidden'";

/// The request whose answer is previewed.
#[derive(Clone, Args)]
pub struct Disclose {
    /// A file with the proof request; - for standard input
    #[arg(value_hint = ValueHint::FilePath)]
    request: PathBuf,
    /// The holder, and how results are printed.
    #[command(flatten)]
    holder: HolderOptions,
}

impl Disclose {
    pub(crate) async fn run(&self, opened: &mut Option<Tutorial>) -> Result<Status> {
        let output = self.holder.format();
        let (_, wallet) = self.holder.open(opened).await?;
        let request = read_request(&self.request).await?;
        let disclosure = anoncreds::prover_preview_disclosure(&wallet, &request, None).await?;
        match output {
            Format::Quiet => {}
            Format::Json => format::line(&disclosure)?,
            // its text is safe for a terminal by itself
            Format::Text => write!(output::text(), "{disclosure}")?,
        }
        Ok(Status::good_if(disclosure.unanswered.is_empty()))
    }
}
