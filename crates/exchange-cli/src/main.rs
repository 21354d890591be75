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

use std::process::ExitCode;

use anyhow::{Result, ensure};
use clap::{CommandFactory, Parser};
use exchange::verifier::ExchangeVerifier;
use tutorial::{
    Status, Tutorial, TutorialOptions, manual,
    options::HomeOptions,
    program::{self, OnShutdown},
};

use cli::{Cli, Command, PublicOptions};
use context::{CommandContext, exchange_directory, read_contexts};
use public_data::PublicData;
use registry::Registry;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let on_shutdown = match cli.command.handles_shutdown() {
        true => OnShutdown::Handled,
        false => OnShutdown::RunAgain,
    };
    program::run(on_shutdown, async |tutorial: &mut Option<Tutorial>| run(&cli, tutorial).await)
}

/// Runs what the command line asks for. A tutorial that it opens is left in `opened`.
async fn run(cli: &Cli, opened: &mut Option<Tutorial>) -> Result<Status> {
    match &cli.command {
        Command::Example(example) => example::write(example),
        Command::Issue(issue) => {
            let options = TutorialOptions {
                key_source: issue.key.source()?,
                ..issue.home.tutorial_options(issue.print.format())
            };
            let tutorial = opened.insert(Tutorial::open(options)?);
            issue::issue(&context(tutorial, &issue.public).await?, issue).await
        }
        Command::Keep(keep) => {
            let tutorial = opened.insert(keep.home.open(keep.print.format())?);
            keep::keep(&context(tutorial, &keep.public).await?, &keep.file).await
        }
        Command::Holder(holder) => {
            let tutorial = opened.insert(holder.home.open(holder.print.format())?);
            keep::print_holder(tutorial).await
        }
        Command::Request(request) => {
            let tutorial = opened.insert(request.home.open(request.print.format())?);
            request::request(&context(tutorial, &request.public).await?, request).await
        }
        Command::Serve(serve) => {
            check_exists(&serve.home, "make a request there first with `proof-exchange request`")?;
            let format = serve.print.format();
            // the home is released at once, so that requests can be made while they are served
            let home = serve.home.open(format)?.close().await;
            let directory = exchange_directory(&home);
            home.close()?;
            let verifier = verifier(&serve.public).await?;
            serve::serve(serve, &directory, verifier, format).await
        }
        Command::Respond(respond) => {
            check_exists(
                &respond.home,
                "get credentials there first with `proof-exchange issue` or `proof-exchange keep`",
            )?;
            let tutorial = opened.insert(respond.home.open(respond.print.format())?);
            respond::respond(&context(tutorial, &respond.public).await?, respond).await
        }
        Command::Verify(verify) => {
            verify::verify(verify, verifier(&verify.public).await?, verify.print.format()).await
        }
        Command::Completions { shell } => {
            manual::print_completions(*shell, Cli::command())?;
            Ok(Status::Good)
        }
        Command::Man(man) => {
            man.run(Cli::command())?;
            Ok(Status::Good)
        }
    }
}

/// Returns the context of a command that works in a home.
async fn context<'t>(tutorial: &'t Tutorial, public: &PublicOptions) -> Result<CommandContext<'t>> {
    Ok(CommandContext {
        tutorial,
        registry: Registry::new(&public.registry),
        contexts: read_contexts(&public.context).await?,
        format: tutorial.printer().format(),
    })
}

/// Returns a verifier that reads what issuers publish.
async fn verifier(public: &PublicOptions) -> Result<ExchangeVerifier> {
    let contexts = read_contexts(&public.context).await?;
    let public_data = PublicData::open(Registry::new(&public.registry), None)?;
    Ok(verify::verifier(&public_data, contexts))
}

/// Checks that a home exists. One in which there is nothing to serve, and nothing to answer with, is
/// not made: its name is wrong.
fn check_exists(home: &HomeOptions, begin: &str) -> Result<()> {
    let directory = home.directory();
    ensure!(directory.exists(), "there is no {}; check its name, or {begin}", directory.display());
    Ok(())
}
