//! `negotiate-proof scenario`, and `negotiate-proof --scenario`: scenarios of one's own.
//!
//! A scenario is a directory with a JSON file for each issuer, credential, holder and request. It
//! is checked ([`Lint`]), and played as the tutorial's twenty-four actions ([`play`](fn@play)).
//!
//! | module | subject |
//! |---|---|
//! | `model` | what a scenario is |
//! | `document` | the members of a file |
//! | `files` | which files are read |
//! | `load` | from the files to the model |
//! | `identifiers` | identifiers before the scenario is played |
//! | `placeholder` | identifiers that are filled into a request |
//! | `check` | what is wrong between the files |
//! | `answers` | whether credentials answer a request |
//! | `finding` | what is wrong, and how it is printed |
//! | `template` | scenarios to begin with |
//! | `seed` | what follows from `--seed` |
//! | `play` | the player |

mod answers;
mod check;
mod document;
mod files;
mod finding;
mod identifiers;
mod load;
mod model;
mod placeholder;
mod play;
mod seed;
mod template;

use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::{Args, Subcommand, ValueHint};
use proofs::lint::{Date, Severity};
use serde_json::json;
use tutorial::{
    Status, Tutorial,
    error::quoted,
    options::{HomeOptions, OutputOptions},
    report::{self, count},
};

use finding::Findings;
use load::Loaded;
pub use play::play;
use template::Template;

use crate::lint::{parse_date, today};

pub(crate) const EXAMPLES: &str = "\
Examples:
  negotiate-proof scenario init loan --template payslip
  negotiate-proof scenario lint loan
  negotiate-proof scenario preview loan --home loan-home
  negotiate-proof --scenario loan
  negotiate-proof --scenario loan --home loan-home --seed \"lesson 1\"";

/// What to do with a scenario.
#[derive(Clone, Subcommand)]
pub enum Scenario {
    /// Write a scenario to begin with into a new directory
    Init(Init),
    /// What is wrong with the files of a scenario, or doubtful
    ///
    /// Everything that is wrong is listed, by file and JSON pointer. An error means that the
    /// scenario cannot be played, or that a request of it has no answer; the exit code is then 1.
    Lint(Lint),
    /// What the verifier would learn from the answers to a scenario's requests
    ///
    /// The credentials are issued in the home, unless they were; nothing is answered.
    /// `negotiate-proof --scenario DIR --home DIR` goes on from there. Exit code 1 says that some
    /// referent has no answer; the reason is shown.
    Preview(Preview),
}

impl Scenario {
    pub(crate) async fn run(&self, opened: &mut Option<Tutorial>) -> Result<Status> {
        match self {
            Self::Init(init) => init.run(),
            Self::Lint(lint) => lint.run().await,
            Self::Preview(preview) => preview.run(opened).await,
        }
    }
}

/// The scenario to write.
#[derive(Debug, Clone, Args)]
pub struct Init {
    /// The directory to write; it must be empty, or not exist yet
    #[arg(value_name = "DIR", value_hint = ValueHint::DirPath)]
    directory: PathBuf,
    /// Which scenario
    #[arg(long, value_enum, default_value_t = Template::Gvt)]
    template: Template,
    /// How results are printed.
    #[command(flatten)]
    output: OutputOptions,
}

impl Init {
    fn run(&self) -> Result<Status> {
        let files = self.template.write(&self.directory)?;
        let shown = self.directory.display();
        let play = format!("negotiate-proof --scenario {}", quoted(&self.directory));
        report::message(
            self.output.format(),
            &format!(
                "{shown} has {}; change them, and play them with `{play}`.",
                count(files.len() as u64, "file", "files")
            ),
            &json!({"scenario": tutorial::format::path_value(&self.directory), "files": files}),
        )?;
        Ok(Status::Good)
    }
}

/// The scenario to examine.
#[derive(Debug, Clone, Args)]
pub struct Lint {
    /// The directory of the scenario
    #[arg(value_name = "DIR", value_hint = ValueHint::DirPath)]
    directory: PathBuf,
    /// Compare dates of birth with the day YYYY-MM-DD instead of today
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = parse_date)]
    date: Option<Date>,
    /// How results are printed.
    #[command(flatten)]
    output: OutputOptions,
}

impl Lint {
    async fn run(&self) -> Result<Status> {
        let (_, findings) = read(&self.directory, self.date).await?;
        findings.print(self.output.format())?;
        Ok(Status::good_if(findings.count(Severity::Error) == 0))
    }
}

/// The scenario whose answers are previewed.
#[derive(Clone, Args)]
pub struct Preview {
    /// The directory of the scenario
    #[arg(value_name = "DIR", value_hint = ValueHint::DirPath)]
    directory: PathBuf,
    /// The text from which the home was begun, or is
    #[arg(long, value_name = "TEXT")]
    seed: Option<String>,
    /// The home in which the credentials are.
    #[command(flatten)]
    home: HomeOptions,
    /// How results are printed.
    #[command(flatten)]
    output: OutputOptions,
}

impl Preview {
    async fn run(&self, opened: &mut Option<Tutorial>) -> Result<Status> {
        let options = self.home.tutorial_options(self.output.format());
        play::preview(&self.directory, self.seed.as_deref(), options, opened).await
    }
}

/// Reads a scenario, with everything that is wrong with it.
async fn read(directory: &Path, date: Option<Date>) -> Result<(Loaded, Findings)> {
    let mut findings = Findings::default();
    let loaded = load::load(directory, &mut findings).await?;
    check::check(&loaded, date.or_else(today), &mut findings);
    findings.sort();
    Ok((loaded, findings))
}
