//! `negotiate-proof case`: the presentation of a home, or of other programs' records, as cases for
//! `verify`.

use std::{collections::BTreeMap, path::PathBuf};

use anyhow::{Result, anyhow, ensure};
use clap::{Args, Subcommand, ValueHint};
use indy::anoncreds;
use proofs::{Case, case::ById};
use serde::Deserialize;
use serde_json::Value;
use stdx::text::Whole;
use tutorial::{
    Format, Status, Tutorial, format,
    options::{HomeOptions, OutputOptions, StorageOptions},
    report,
};

use crate::{open_existing, public_data::PublicOptions, records};

pub(crate) const EXAMPLES: &str = "\
Examples:
  negotiate-proof case --home alex > alex.json
  negotiate-proof case from record.json --public ledger.json > case.json
  negotiate-proof case from record.json --genesis pool_transactions_genesis \\
    | negotiate-proof verify -";

pub(crate) const FROM_EXAMPLES: &str = "\
Examples:
  negotiate-proof case from record.json --public ledger.json
  negotiate-proof case from request.json presentation.json --home alex
  curl -s http://127.0.0.1:8031/present-proof-2.0/records \\
    | negotiate-proof case from - --genesis pool_transactions_genesis";

/// The home whose presentation is printed, or other programs' records.
#[derive(Clone, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct PrintCase {
    /// Records of other programs instead of a home.
    #[command(subcommand)]
    source: Option<Source>,
    /// The directory that keeps the wallets and the ledger
    // `from` needs none
    #[arg(long, required = true, value_name = "DIR", value_hint = ValueHint::DirPath)]
    home: Option<PathBuf>,
    /// Where the wallets and the ledger are.
    #[command(flatten)]
    storage: StorageOptions,
    /// How results are printed.
    #[command(flatten)]
    output: OutputOptions,
}

/// Where a case comes from instead of a home.
#[derive(Clone, Subcommand)]
pub enum Source {
    /// Print the presentations in other programs' records as cases, a line each
    ///
    /// Reads records of ACA-Py (present-proof 1.0 and 2.0, also the list that its API returns),
    /// format data of Credo, DIDComm messages request-presentation and presentation, and a request
    /// with its presentation under their usual names. Schemas, credential definitions and
    /// revocation registries are added from files, a home, or a pool. What is found nowhere is
    /// named on standard error, and the case is printed without it.
    #[command(after_long_help = FROM_EXAMPLES)]
    From(FromRecords),
}

/// Other programs' records.
#[derive(Debug, Clone, Args)]
pub struct FromRecords {
    /// Files of records; - for standard input
    #[arg(required = true, value_name = "FILE", value_hint = ValueHint::FilePath)]
    files: Vec<PathBuf>,
    /// Where public data comes from.
    #[command(flatten)]
    public: PublicOptions,
    /// How results are printed.
    #[command(flatten)]
    output: OutputOptions,
}

impl FromRecords {
    /// Prints the cases of all records that can be read, and the errors of the others.
    async fn run(&self) -> Result<Status> {
        let format = self.output.format();
        let sources = self.public.open(format).await?;
        let mut status = Status::Good;
        let pair = match self.files.as_slice() {
            [one, other] => records::read_pair(one, other).await?,
            _ => None,
        };
        let files = match pair {
            Some(pair) => vec![Ok(vec![pair])],
            None => records::read_all(&self.files).await,
        };
        for records in files {
            let records = match records {
                Ok(records) => records,
                Err(error) => {
                    report::error(&error);
                    status = Status::Undecided;
                    continue;
                }
            };
            for (place, record) in records {
                let mut case = match record {
                    Ok(record) => record.case,
                    Err(error) => {
                        report::error_in(
                            &format!("{}: ", Whole(&place)),
                            &records::explain(&error),
                            None,
                        );
                        status = Status::Undecided;
                        continue;
                    }
                };
                let missing = sources.complete(&mut case).await?;
                for line in missing.lines() {
                    report::warning(&format!("{place}: no source has the {line}"));
                }
                if format != Format::Quiet {
                    format::line(&case)?;
                }
            }
        }
        sources.close().await?;
        Ok(status)
    }
}

/// The part of step 3's hand-over that is needed here, as it is written.
#[derive(Deserialize)]
struct Request {
    proof_request: Value,
}

/// The part of step 4's hand-over that is needed here. It is not parsed as a presentation: a
/// learner may have changed it to see what a verifier says.
#[derive(Deserialize)]
struct Answer {
    presentation: Value,
}

/// The part of a scenario's progress that is needed here.
#[derive(Deserialize)]
struct Scenario {
    answers: BTreeMap<String, Parts>,
}

/// A request of a scenario, and its answer if there is one.
#[derive(Deserialize)]
struct Parts {
    found: Option<Request>,
    ended: Option<Value>,
    proven: Option<Answer>,
}

impl PrintCase {
    /// Prints the case of the home, or those of the records. A case is JSON for persons too.
    pub(crate) async fn run(&self, opened: &mut Option<Tutorial>) -> Result<Status> {
        if let Some(Source::From(records)) = &self.source {
            return records.run().await;
        }
        let output = self.output.format();
        // the command line has one of the two
        let home = self.home.clone().ok_or_else(|| anyhow!("name a home with --home DIR"))?;
        let home = HomeOptions::new(home, self.storage.clone());
        // a case is JSON for persons too: remarks about the home go to standard error
        let notes = match output {
            Format::Quiet => Format::Quiet,
            Format::Text | Format::Json => Format::Json,
        };
        let tutorial = open_existing(&home, notes, opened)?;
        let cases = match tutorial.home().load_played::<Scenario>()? {
            Some(scenario) => read_cases(tutorial, scenario).await?,
            None => vec![read_case(tutorial).await?],
        };
        for case in cases.iter().filter(|_| output != Format::Quiet) {
            format::line(case)?;
        }
        Ok(Status::Good)
    }
}

/// Reads the case of a home: request and presentation, and what its ledger holds for both.
async fn read_case(tutorial: &Tutorial) -> Result<Case> {
    let name = tutorial.home().directory().file_name();
    let name = name.map(|name| name.to_string_lossy().into_owned());
    complete(tutorial, name, tutorial.load(3)?, tutorial.load(4)?).await
}

/// Reads the cases of a scenario's home, one for each request that was answered, with its name.
async fn read_cases(tutorial: &Tutorial, scenario: Scenario) -> Result<Vec<Case>> {
    let is_unanswered = |parts: &Parts| parts.ended.is_some() && parts.proven.is_none();
    let home = tutorial.home().directory().display();
    ensure!(
        scenario.answers.is_empty() || !scenario.answers.values().all(is_unanswered),
        "there is no presentation in {home}: no credential answered a request of its scenario, and its end \
         said why; change the scenario, and play it in another --home"
    );
    let mut cases = Vec::new();
    for (name, parts) in scenario.answers {
        if let (Some(request), Some(answer)) = (parts.found, parts.proven) {
            cases.push(complete(tutorial, Some(name), request, answer).await?);
        }
    }
    ensure!(
        !cases.is_empty(),
        "no request of the scenario was answered in {home}; play it to its end"
    );
    Ok(cases)
}

/// Returns the case of a request and its answer, with what the home's ledger holds for both.
async fn complete(
    tutorial: &Tutorial,
    id: Option<String>,
    request: Request,
    answer: Answer,
) -> Result<Case> {
    let (schemas, cred_defs) = read_public_data(tutorial, &answer.presentation).await?;
    Ok(Case {
        id,
        presentation_request: request.proof_request,
        presentation: answer.presentation,
        schemas,
        cred_defs,
        ..Case::default()
    })
}

/// Reads the schemas and credential definitions that a presentation names.
async fn read_public_data(tutorial: &Tutorial, presentation: &Value) -> Result<(ById, ById)> {
    let (mut schemas, mut cred_defs) = (ById::new(), ById::new());
    let identifiers = presentation["identifiers"].as_array();
    for identifier in identifiers.into_iter().flatten() {
        if let Some(id) = identifier["schema_id"].as_str() {
            let schema = tutorial.read_schema(id).await?;
            schemas.insert(id.to_owned(), anoncreds::schema_to_json(&schema)?);
        }
        if let Some(id) = identifier["cred_def_id"].as_str() {
            let cred_def = tutorial.read_cred_def(id).await?;
            cred_defs.insert(id.to_owned(), serde_json::to_value(cred_def)?);
        }
    }
    Ok((schemas, cred_defs))
}
