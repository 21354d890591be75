//! `proof-exchange`: proof requests and responses with W3C credentials, from the issuers' signatures
//! to the verdict.
//!
//! | module | subject |
//! |---|---|
//! | [`cli`] | the command line, and its help |
//! | [`context`] | what the commands that work in a home share |
//! | [`example`] | the files of a worked example |
//! | [`issue`] | issuing credentials |
//! | [`keep`] | keeping credentials from a file |
//! | [`request`] | making and signing a request |
//! | [`serve`] | publishing requests, receiving responses |
//! | [`respond`] | answering a request |
//! | [`verify`] | whether a response is verified, and if not, why not |
//! | [`identity`] | DIDs and keys in a home's wallets |
//! | [`registry`] | the directory in which issuers publish |
//! | [`public_data`] | DIDs, schemas and credential definitions, from the registry and the ledger |

mod cli;
mod context;
mod example;
mod identity;
mod issue;
mod keep;
mod public_data;
mod registry;
mod request;
mod respond;
mod serve;
mod verify;

use std::{path::Path, process::ExitCode};

use anyhow::{Result, bail, ensure};
use clap::CommandFactory;
use indy::anoncreds::KeySource;
use tutorial::{
    PrintOptions, Status, Tutorial, TutorialOptions, manual,
    program::{self, OnShutdown},
};

use cli::{Cli, Command};
use context::{CommandContext, exchange_directory, read_contexts};
use public_data::PublicData;
use registry::Registry;

fn main() -> ExitCode {
    let cli: Cli = match program::parse() {
        Ok(cli) => cli,
        Err(code) => return code,
    };
    let on_shutdown = match cli.command.handles_shutdown() {
        true => OnShutdown::Handled,
        false => OnShutdown::RunAgain,
    };
    program::run(on_shutdown, async |tutorial: &mut Option<Tutorial>| run(&cli, tutorial).await)
}

/// Runs what the command line asks for. A tutorial that it opens is left in `tutorial`.
async fn run(cli: &Cli, tutorial: &mut Option<Tutorial>) -> Result<Status> {
    match &cli.command {
        Command::Example { name, directory } => {
            example::write(*name, directory.clone(), cli.format())
        }
        Command::Issue(issue) => issue::issue(&open(cli, tutorial).await?, issue).await,
        Command::Keep { file } => keep::keep(&open(cli, tutorial).await?, file).await,
        Command::Holder => keep::print_holder(&open(cli, tutorial).await?).await,
        Command::Request(request) => request::request(&open(cli, tutorial).await?, request).await,
        Command::Serve(serve) => {
            let contexts = read_contexts(&cli.context).await?;
            // the home is released at once, so that requests can be made while they are served
            let home = open_tutorial(cli)?.close().await;
            let directory = exchange_directory(&home);
            home.close()?;
            let public_data = PublicData::open(Registry::new(&cli.registry), None)?;
            let verifier = verify::verifier(&public_data, contexts);
            serve::serve(serve, &directory, verifier, cli.format()).await
        }
        Command::Respond(respond) => respond::respond(&open(cli, tutorial).await?, respond).await,
        Command::Verify(verify) => {
            let contexts = read_contexts(&cli.context).await?;
            let public_data = PublicData::open(Registry::new(&cli.registry), None)?;
            let verifier = verify::verifier(&public_data, contexts);
            verify::verify(verify, verifier, cli.format()).await
        }
        Command::Completions { shell } => {
            manual::print_completions(*shell, Cli::command())?;
            Ok(Status::Good)
        }
        Command::Man => {
            manual::print_page(Cli::command())?;
            Ok(Status::Good)
        }
    }
}

async fn open<'t>(cli: &Cli, tutorial: &'t mut Option<Tutorial>) -> Result<CommandContext<'t>> {
    let contexts = read_contexts(&cli.context).await?;
    Ok(CommandContext {
        tutorial: tutorial.insert(open_tutorial(cli)?),
        registry: Registry::new(&cli.registry),
        contexts,
        format: cli.format(),
    })
}

fn open_tutorial(cli: &Cli) -> Result<Tutorial> {
    check_home(cli.home.as_deref(), &cli.command)?;
    let tutorial = Tutorial::open(TutorialOptions {
        home: cli.home.clone(),
        genesis: cli.storage.genesis.clone(),
        pool: cli.storage.pool(),
        wallet_url: cli.storage.wallet.clone(),
        key_derivation: cli.storage.key_derivation.into(),
        key_source: match &cli.command {
            Command::Issue(issue) => issue.key.source()?,
            _ => KeySource::default(),
        },
        print: PrintOptions { format: cli.format(), ..PrintOptions::default() },
        ..TutorialOptions::default()
    })?;
    Ok(tutorial)
}

/// Checks that a command names its home. One in which there is nothing to serve, and nothing to answer
/// with, is not made: its name is wrong.
fn check_home(home: Option<&Path>, command: &Command) -> Result<()> {
    let Some(home) = home else {
        bail!("this needs wallets; name the directory that keeps them with --home DIR");
    };
    let begin = match command {
        Command::Serve(_) => "make a request there first with `proof-exchange request`",
        Command::Respond(_) => {
            "get credentials there first with `proof-exchange issue` or `proof-exchange keep`"
        }
        _ => return Ok(()),
    };
    ensure!(home.exists(), "there is no {}; check its name, or {begin}", home.display());
    Ok(())
}
