//! `negotiate-proof disclose`: what a verifier would learn from an answer to a request.

use std::{io::Write, path::PathBuf};

use anyhow::Result;
use clap::{Args, ValueHint};
use indy::anoncreds;
use tutorial::{
    Format, Status, Tutorial, format,
    options::{HomeOptions, OutputOptions},
    output,
};

use crate::{open_existing, search::read_request, wallet};

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
    /// The home.
    #[command(flatten)]
    home: HomeOptions,
    /// How results are printed.
    #[command(flatten)]
    output: OutputOptions,
}

impl Disclose {
    pub(crate) async fn run(&self, opened: &mut Option<Tutorial>) -> Result<Status> {
        let output = self.output.format();
        let tutorial = open_existing(&self.home, output, opened)?;
        let request = read_request(&self.request).await?;
        let wallet = wallet::open(tutorial).await?;
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
