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

use std::{ffi::OsString, process::ExitCode};

use anyhow::{Result, bail, ensure};
use clap::CommandFactory;
use indy::anoncreds::KeySource;
use tutorial::{
    Status, Tutorial, TutorialOptions,
    data::SCHEMA_ATTRIBUTES,
    manual,
    program::{self, OnShutdown},
};

use cli::{Cli, Command};
use steps::Steps;

fn main() -> ExitCode {
    let cli: Cli = match program::parse() {
        Ok(cli) => cli,
        Err(code) => return code,
    };
    let on_shutdown = match &cli.command {
        None | Some(Command::Step { .. }) => OnShutdown::Resume,
        Some(_) => OnShutdown::RunAgain,
    };
    program::run(on_shutdown, async |tutorial: &mut Option<Tutorial>| run(&cli, tutorial).await)
}

/// Runs what the command line asks for. A tutorial that it opens is left in `tutorial`.
async fn run(cli: &Cli, tutorial: &mut Option<Tutorial>) -> Result<Status> {
    match &cli.command {
        None => {
            let until = cli.until.unwrap_or(5);
            run_steps(tutorial.insert(open(cli)?), Steps::Resume { until }).await
        }
        Some(Command::Step { number }) => {
            check_home(cli, *number == 2)?;
            run_steps(tutorial.insert(open(cli)?), Steps::One(*number)).await
        }
        Some(Command::Other(command)) => {
            let format = cli.print_options().format;
            command
                .run(format, cli.key.key_generator, || {
                    check_home(cli, command.makes_home())?;
                    Ok(tutorial.insert(open(cli)?))
                })
                .await
        }
        Some(Command::Exchange { arguments }) => moved(arguments),
        Some(Command::Completions { shell }) => {
            manual::print_completions(*shell, Cli::command())?;
            Ok(Status::Good)
        }
        Some(Command::Man) => {
            manual::print_page(Cli::command())?;
            Ok(Status::Good)
        }
    }
}

async fn run_steps(tutorial: &Tutorial, steps: Steps) -> Result<Status> {
    let summary = steps::run(tutorial, steps).await?;
    summary.print(tutorial)?;
    Ok(summary.status())
}

fn open(cli: &Cli) -> Result<Tutorial> {
    let tutorial = Tutorial::open(TutorialOptions {
        home: cli.home.clone(),
        genesis: cli.storage.genesis.clone(),
        pool: cli.storage.pool(),
        wallet_url: cli.storage.wallet.clone(),
        key_derivation: cli.storage.key_derivation.into(),
        key_source: key_source(cli)?,
        clean: cli.clean,
        print: cli.print_options(),
    })?;
    Ok(tutorial)
}

/// Returns where the issuer's key comes from. A prepared key must be for the tutorial's schema.
fn key_source(cli: &Cli) -> Result<KeySource> {
    let source = cli.key.source()?;
    if let (KeySource::Prepared(key), Some(path)) = (&source, &cli.key.prepared_key) {
        ensure!(
            key.fits(&SCHEMA_ATTRIBUTES),
            "cannot use {}: it was made for other attributes than {}; make one with \
             `negotiate-proof prepare-key`",
            path.display(),
            SCHEMA_ATTRIBUTES.join(", ")
        );
    }
    Ok(source)
}

/// Checks that a command names its home, and that the home exists unless the command makes it.
fn check_home(cli: &Cli, makes_home: bool) -> Result<()> {
    let Some(home) = &cli.home else {
        bail!("this continues a walkthrough that was kept; name its directory with --home DIR");
    };
    ensure!(
        makes_home || home.exists(),
        "there is no {}; check its name, or begin there with step 2",
        home.display()
    );
    ensure!(
        cli.until.is_none(),
        "--until is for the whole walkthrough; leave it out, or leave the command out"
    );
    Ok(())
}

/// The error of a command that has a program of its own.
fn moved(arguments: &[OsString]) -> Result<Status> {
    // only the first argument is repeated: a later one may be a URL with a password
    let command = match arguments.first().and_then(|first| first.to_str()) {
        Some(first) if !first.starts_with('-') => format!("{first} ..."),
        _ => "--help".to_owned(),
    };
    bail!(
        "requests and responses with W3C credentials have a program of their own; run \
         `proof-exchange {command}`"
    )
}
