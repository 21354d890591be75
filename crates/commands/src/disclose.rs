//! `negotiate-proof disclose`: what a verifier would learn from an answer to a request.

use std::{
    io::{self, Write},
    path::Path,
};

use anyhow::Result;
use indy::anoncreds;
use stage::{Stage, narrator::NarrationStyle};

use crate::{
    report::{Ending, Worst},
    search, wallet,
};

/// Preview the answer that a home's prover has to the request in a file.
pub async fn disclose(stage: &Stage, file: &Path) -> Result<Ending> {
    let request = search::read_request(file).await?;
    let wallet = wallet::open(stage).await?;
    let disclosure = anoncreds::prover_preview_disclosure(&wallet, &request, None).await?;
    match stage.narrator().style() {
        NarrationStyle::Quiet => {}
        NarrationStyle::Json => {
            let line = serde_json::to_string(&disclosure)?;
            writeln!(io::stdout().lock(), "{line}")?;
        }
        // it is safe for a terminal by itself
        NarrationStyle::Story => write!(anstream::stdout().lock(), "{disclosure}")?,
    }
    Ok(Ending::Examined(match disclosure.unanswered.is_empty() {
        true => Worst::Fine,
        false => Worst::Rejected,
    }))
}
