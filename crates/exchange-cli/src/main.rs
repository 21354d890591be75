//! `proof-exchange`: proof requests and responses with W3C credentials, from the issuers'
//! signatures to the verdict.
//!
//! | module | subject |
//! |---|---|
//! | [`cli`] | the command line, and its help |
//! | [`context`] | what the commands that work in a home share |
//! | [`example`] | the files of a worked example, the draft's messages |
//! | [`schema`] | the JSON Schemas of the messages |
//! | [`issue`] | issuing credentials |
//! | [`keep`] | keeping credentials from a file |
//! | [`request`] | making and signing a request |
//! | [`serve`] | publishing requests, receiving responses |
//! | [`respond`] | answering a request |
//! | [`verify`] | whether a response is verified, and if not, why not |
//! | [`vectors`](mod@vectors) | the test vectors, given to this implementation or any program |
//! | [`identity`] | DIDs and keys in a home's wallets |
//! | [`registry`] | the directory in which issuers publish |
//! | [`public_data`] | DIDs, schemas and credential definitions, from registry, ledger and home |

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
mod schema;
mod serve;
mod vectors;
mod verify;

use std::process::ExitCode;

use anyhow::{Result, ensure};
use clap::CommandFactory;
use indy::anoncreds::KeySource;
use tutorial::{
    Status, Tutorial, manual,
    program::{self, OnShutdown},
};

use cli::{Cli, Command, Place};
use context::CommandContext;

/// Gives memory back to the system that a large message took, whichever thread took it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli: Cli = match program::parse(|_| None) {
        Ok(cli) => cli,
        Err(code) => return code,
    };
    let on_shutdown = match &cli.command {
        // the server ends in good order
        Command::Serve(_) => OnShutdown::Handled,
        _ => OnShutdown::RunAgain,
    };
    program::run(on_shutdown, async |tutorial: &mut Option<Tutorial>| run(&cli, tutorial).await)
}

/// Runs what the command line asks for. A tutorial that it opens is left in `opened`.
async fn run(cli: &Cli, opened: &mut Option<Tutorial>) -> Result<Status> {
    match &cli.command {
        Command::Example { files, directory, print } => {
            example::write(files, directory.as_deref(), print.format())
        }
        Command::Schema { name } => Ok(schema::print(name.as_deref())?),
        Command::Issue(args) => {
            let key_source = args.key.source()?;
            issue::issue(&CommandContext::open(&args.place, key_source, opened).await?, args).await
        }
        Command::Keep(args) => keep::keep(&open(&args.place, opened).await?, args).await,
        Command::Holder { home, print } => {
            keep::print_holder(opened.insert(home.open(print.format())?)).await
        }
        Command::Request(args) => request::request(&open(&args.place, opened).await?, args).await,
        Command::Serve(args) => serve::serve(args).await,
        Command::Respond(args) => {
            let home = args.place.home.directory();
            // one in which there is nothing to answer with is not made: its name is wrong
            ensure!(
                home.exists(),
                "there is no {}; check its name, or get credentials there first with `proof-exchange issue` or \
                 `proof-exchange keep`",
                home.display()
            );
            respond::respond(&open(&args.place, opened).await?, args).await
        }
        Command::Verify(args) => verify::verify(args).await,
        Command::Vectors(options) => vectors::run(options).await,
        Command::Completions { shell } => {
            manual::print_completions(*shell, Cli::command())?;
            Ok(Status::Good)
        }
        Command::Man(man) => man.run(Cli::command()).map(|()| Status::Good),
    }
}

/// Opens a home for a command that makes no credential definition.
async fn open<'t>(place: &Place, opened: &'t mut Option<Tutorial>) -> Result<CommandContext<'t>> {
    CommandContext::open(place, KeySource::default(), opened).await
}
