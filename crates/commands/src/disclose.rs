//! `negotiate-proof disclose`: what a verifier would learn from an answer to a request.

use std::{io::Write, path::PathBuf};

use anyhow::Result;
use clap::Args;
use indy::anoncreds;
use tutorial::{Format, Status, Tutorial, output};

use crate::{search::read_request, wallet};

pub(crate) const EXAMPLES: &str = "\
Examples:
  negotiate-proof disclose request.json --home alex
  negotiate-proof disclose --json request.json --home alex | jq .credentials[].hidden";

/// The request whose answer is previewed.
#[derive(Debug, Clone, Args)]
pub struct Disclose {
    /// A file with the proof request; - for standard input
    request: PathBuf,
}

impl Disclose {
    pub(crate) async fn run(&self, tutorial: &Tutorial) -> Result<Status> {
        let request = read_request(&self.request).await?;
        let wallet = wallet::open(tutorial).await?;
        let disclosure = anoncreds::prover_preview_disclosure(&wallet, &request, None).await?;
        match tutorial.printer().format() {
            Format::Quiet => {}
            Format::Json => {
                let line = serde_json::to_string(&disclosure)?;
                writeln!(output::data(), "{line}")?;
            }
            // its text is safe for a terminal by itself
            Format::Text => write!(output::text(), "{disclosure}")?,
        }
        Ok(Status::good_if(disclosure.unanswered.is_empty()))
    }
}
