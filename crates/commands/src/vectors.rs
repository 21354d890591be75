//! `negotiate-proof vectors`: the regression corpus, given to implementations.

use ::vectors::command::{MutateOptions, RunOptions, Scope};
use anyhow::Result;
use clap::{Args, Subcommand};
use tutorial::{Status, vectors};

pub(crate) const EXAMPLES: &str = "\
Examples:
  negotiate-proof vectors
  negotiate-proof vectors --implementation ./my-adapter.py
  negotiate-proof vectors -i ours -i mine='python3 my.py' --format html --output report.html
  negotiate-proof vectors --filter file:verify_predicates --filter flag:TWO_HOLDERS --json

Exit codes:
  0  all answers are right, or fail as expected
  1  some answer is wrong, late or missing, or right although its failure is listed
  2  the corpus, a list or an implementation cannot be used";

pub(crate) const MUTATE_EXAMPLES: &str = "\
Examples:
  negotiate-proof vectors mutate basic::one-attribute
  negotiate-proof vectors mutate alex.json --limit-cases 200 --json

Exit codes:
  0  every implementation answered every time; they may disagree
  1  some implementation crashed, was late, or did not answer
  2  the case or an implementation cannot be used";

/// The corpus, and what it is given to.
#[derive(Debug, Clone, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Vectors {
    /// Something else.
    #[command(subcommand)]
    part: Option<Part>,
    /// The run.
    #[command(flatten)]
    run: RunOptions,
}

/// What can be done beside a run of the corpus.
#[derive(Debug, Clone, Subcommand)]
enum Part {
    /// Change a valid case in each place, and compare what implementations make of it
    ///
    /// Each leaf and each structure of request, presentation and public data is changed once in
    /// each way: removed, duplicated, swapped with its neighbour, of another type, one more or
    /// less, another number of the presentation. What the implementations disagree on comes first.
    /// Nothing is written.
    #[command(after_long_help = MUTATE_EXAMPLES)]
    Mutate(Box<MutateOptions>),
}

impl Vectors {
    pub(crate) async fn run(&self) -> Result<Status> {
        match &self.part {
            None => vectors::run(&self.run, Scope::anoncreds()).await,
            Some(Part::Mutate(options)) => vectors::mutate(options, Scope::anoncreds()).await,
        }
    }
}
