//! The options of a run.

use std::path::PathBuf;
use std::thread;
use std::time::Duration;

use clap::{Args, ValueEnum, ValueHint};

use super::CommandError;
use super::choose::{self, Filter};
use crate::report::By;

/// Which corpus is given to which implementations, and how.
#[derive(Debug, Clone, Args)]
pub struct ImplementationOptions {
    /// The directory of the corpus; if left out, tests/vectors of the repository in which you are
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    corpus: Option<PathBuf>,
    /// What is tested: a built-in implementation, an adapter of the corpus, a command, or
    /// NAME=COMMAND
    ///
    /// May be given several times. If left out, all built-in ones are run. A command is a program
    /// and its arguments, as a shell has them; the program speaks lines of JSON. An adapter of the
    /// corpus is DIR/adapters/NAME or DIR/adapters/NAME/run
    #[arg(long = "implementation", short = 'i', value_name = "NAME")]
    pub(super) implementations: Vec<String>,
    /// How many instances of an implementation work at a time; one for each processor if left out
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    jobs: Option<u16>,
    /// How long an answer may take
    #[arg(
        long,
        value_name = "SECONDS",
        default_value_t = 30,
        value_parser = clap::value_parser!(u16).range(1..=3600)
    )]
    limit: u16,
}

impl ImplementationOptions {
    /// Returns the directory of the corpus.
    pub(super) fn corpus(&self) -> Result<PathBuf, CommandError> {
        match &self.corpus {
            Some(directory) => Ok(directory.clone()),
            None => choose::corpus(),
        }
    }

    pub(super) fn jobs(&self) -> usize {
        let processors = || thread::available_parallelism().map_or(1, usize::from);
        self.jobs.map_or_else(processors, usize::from)
    }

    pub(super) fn limit(&self) -> Duration {
        Duration::from_secs(self.limit.into())
    }
}

/// A run of the corpus.
#[derive(Debug, Clone, Args)]
pub struct RunOptions {
    /// What is run.
    #[command(flatten)]
    pub(super) with: ImplementationOptions,
    /// Run only tests that have TEXT in their id; or flag:NAME, feature:NAME, file:NAME
    ///
    /// May be given several times: a test is run if one of them fits
    #[arg(long = "filter", value_name = "TEXT")]
    pub(super) filters: Vec<Filter>,
    /// The directory of the lists of known failures; expected-failures in the corpus if left out
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(super) expected_failures: Option<PathBuf>,
    /// Print JSON for programs, an object a line; the same as --format json
    #[arg(long, conflicts_with = "format")]
    json: bool,
    /// How results are reported
    #[arg(long, value_enum, default_value_t = Form::Text)]
    format: Form,
    /// What the text counts right answers by
    #[arg(long, value_enum, default_value_t = By::File)]
    pub(super) by: By,
    /// Write the report to FILE, and print only how many results there are
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub output: Option<PathBuf>,
}

impl RunOptions {
    /// Returns how results are reported.
    #[must_use]
    pub fn form(&self) -> Form {
        if self.json { Form::Json } else { self.format }
    }
}

/// How results are reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Form {
    /// Text for a person
    Text,
    /// JSON for a program, an object a line
    Json,
    /// JUnit's XML, which most CI systems show: a suite for each implementation and file
    Junit,
    /// The Test Anything Protocol, version 14
    Tap,
    /// One page for a browser
    Html,
}

/// Changes of a valid case.
#[derive(Debug, Clone, Args)]
pub struct MutateOptions {
    /// The id of a test of the corpus, or a file with a case as verify reads it
    #[arg(value_name = "CASE", value_hint = ValueHint::FilePath)]
    pub(super) case: String,
    /// What is run.
    #[command(flatten)]
    pub(super) with: ImplementationOptions,
    /// Try at most N changes, from all parts of the case
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub(super) limit_cases: Option<u32>,
    /// Print JSON for programs, an object a line; the same as --format json
    #[arg(long, conflicts_with = "format")]
    json: bool,
    /// How results are reported
    #[arg(long, value_enum, default_value_t = MutateForm::Text)]
    format: MutateForm,
}

impl MutateOptions {
    /// Returns how results are reported.
    #[must_use]
    pub fn form(&self) -> MutateForm {
        if self.json { MutateForm::Json } else { self.format }
    }
}

/// How results of changes are reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum MutateForm {
    /// Text for a person
    Text,
    /// JSON for a program, an object a line
    Json,
}
