//! `negotiate-proof`: the Indy "Negotiate a Proof" tutorial in one command.
//!
//! The driver runs the step crates in sequence and knows nothing of what they do; that is in
//! `step2-issuance` to `step5-verify-proof`. The commands on files and homes are in `commands`.
//!
//! | module | subject |
//! |---|---|
//! | [`cli`] | the command line, and its help |
//! | [`steps`] | which steps run, from which state |
//! | [`summary`] | what is printed after the last step |

mod cli;
mod steps;
mod summary;

use std::process::ExitCode;

use anyhow::{Result, anyhow, ensure};
use clap::{
    CommandFactory,
    error::{ContextKind, ContextValue, ErrorKind},
};
use commands::{scenario, schema};
use tutorial::{
    Status, Tutorial,
    error::quoted,
    manual,
    program::{self, OnShutdown},
};

use cli::{Cli, Command};
use steps::Steps;

/// What requests and responses were a command of once; they have a program of their own.
const EXCHANGE: &str = "exchange";

fn main() -> ExitCode {
    let cli: Cli = match program::parse(moved) {
        Ok(cli) => cli,
        Err(code) => return code,
    };
    let on_shutdown = match &cli.command {
        None if cli.walkthrough.scenario.is_some() => OnShutdown::RunAgain,
        None | Some(Command::Step(_)) => OnShutdown::Resume,
        Some(_) => OnShutdown::RunAgain,
    };
    program::run(on_shutdown, async |tutorial: &mut Option<Tutorial>| run(&cli, tutorial).await)
}

/// Runs what the command line asks for. A tutorial that it opens is left in `tutorial`.
async fn run(cli: &Cli, tutorial: &mut Option<Tutorial>) -> Result<Status> {
    match &cli.command {
        None => {
            if let Some(directory) = &cli.walkthrough.scenario {
                let seed = cli.walkthrough.seed.as_deref();
                let options = cli.walkthrough.scenario_options()?;
                return scenario::play(directory, seed, options, tutorial).await;
            }
            let until = cli.walkthrough.until.unwrap_or(5);
            let options = cli.walkthrough.tutorial_options()?;
            run_steps(tutorial.insert(Tutorial::open(options)?), Steps::Resume { until }).await
        }
        Some(Command::Step(step)) => {
            if step.number > 2 {
                commands::check_exists(&step.home)?;
            }
            let options = step.tutorial_options()?;
            run_steps(tutorial.insert(Tutorial::open(options)?), Steps::One(step.number)).await
        }
        Some(Command::Other(command)) => command.run(tutorial).await,
        Some(Command::Schema { name }) => {
            schema::print(name.as_deref())?;
            Ok(Status::Good)
        }
        Some(Command::Completions { shell }) => {
            manual::print_completions(*shell, Cli::command())?;
            Ok(Status::Good)
        }
        Some(Command::Man(man)) => {
            man.run(Cli::command())?;
            Ok(Status::Good)
        }
    }
}

async fn run_steps(tutorial: &Tutorial, steps: Steps) -> Result<Status> {
    ensure!(
        !tutorial.home().has_scenario(),
        "{} is the home of a scenario; go on with `negotiate-proof --scenario DIR --home {}`, or name \
         another --home",
        tutorial.home().directory().display(),
        quoted(tutorial.home().directory())
    );
    let summary = steps::run(tutorial, steps).await?;
    summary.print(tutorial)?;
    Ok(summary.status())
}

/// Returns the error of a command line that names the command that has a program of its own.
fn moved(refused: &clap::Error) -> Option<anyhow::Error> {
    let named = refused.get(ContextKind::InvalidSubcommand);
    let is_exchange = refused.kind() == ErrorKind::InvalidSubcommand
        && matches!(named, Some(ContextValue::String(named)) if named == EXCHANGE);
    if !is_exchange {
        return None;
    }
    let mut after = std::env::args_os().skip_while(|argument| argument != EXCHANGE).skip(1);
    // only the first argument is repeated: a later one may be a URL with a password
    let command = match after.next().as_ref().and_then(|first| first.to_str()) {
        Some(first) if !first.starts_with('-') => format!("{first} ..."),
        _ => "--help".to_owned(),
    };
    Some(anyhow!(
        "requests and responses with W3C credentials have a program of their own; run \
         `proof-exchange {command}`"
    ))
}
