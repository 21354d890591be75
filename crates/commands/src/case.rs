//! `negotiate-proof case`: the presentation of a home as a case for `verify`.

use anyhow::Result;
use clap::Args;
use indy::{anoncreds, ledger, pool::Pool};
use proofs::{Case, case::ById};
use serde::Deserialize;
use serde_json::Value;
use tutorial::{
    Format, Status, Tutorial, format,
    options::{HomeOptions, OutputOptions},
};

use crate::open_existing;

/// The home whose presentation is printed.
#[derive(Clone, Args)]
pub struct PrintCase {
    /// The home.
    #[command(flatten)]
    home: HomeOptions,
    /// How results are printed.
    #[command(flatten)]
    output: OutputOptions,
}

/// The part of step 3's hand-over that is needed here, as it is written.
#[derive(Deserialize)]
struct Request {
    proof_request: Value,
}

/// The part of step 4's hand-over that is needed here. It is not parsed as a presentation: a learner
/// may have changed it to see what a verifier says.
#[derive(Deserialize)]
struct Answer {
    presentation: Value,
}

impl PrintCase {
    /// Prints the case of the home, which is JSON for persons too.
    pub(crate) async fn run(&self, opened: &mut Option<Tutorial>) -> Result<Status> {
        let output = self.output.format();
        let case = read_case(open_existing(&self.home, output, opened)?).await?;
        if output != Format::Quiet {
            format::line(&case)?;
        }
        Ok(Status::Good)
    }
}

/// Reads the case of a home: request and presentation, and what its ledger holds for both.
async fn read_case(tutorial: &Tutorial) -> Result<Case> {
    let request: Request = tutorial.load(3)?;
    let answer: Answer = tutorial.load(4)?;
    let pool = tutorial.pool().await?;
    let (schemas, cred_defs) = read_ledger(&pool, &answer.presentation).await?;
    let name = tutorial.home().directory().file_name();
    Ok(Case {
        id: name.map(|name| name.to_string_lossy().into_owned()),
        presentation_request: request.proof_request,
        presentation: answer.presentation,
        schemas,
        cred_defs,
        ..Case::default()
    })
}

/// Reads the schemas and credential definitions that a presentation names.
async fn read_ledger(pool: &Pool, presentation: &Value) -> Result<(ById, ById)> {
    let (mut schemas, mut cred_defs) = (ById::new(), ById::new());
    let identifiers = presentation["identifiers"].as_array();
    for identifier in identifiers.into_iter().flatten() {
        if let Some(id) = identifier["schema_id"].as_str() {
            let schema = ledger::read_schema(pool, None, id).await?;
            schemas.insert(id.to_owned(), anoncreds::schema_to_json(&schema)?);
        }
        if let Some(id) = identifier["cred_def_id"].as_str() {
            let cred_def = ledger::read_cred_def(pool, None, id).await?;
            cred_defs.insert(id.to_owned(), serde_json::to_value(cred_def)?);
        }
    }
    Ok((schemas, cred_defs))
}
