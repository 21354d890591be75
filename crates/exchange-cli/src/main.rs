//! `proof-exchange`: proof requests and responses with W3C credentials, from the issuers' signatures
//! to the verdict.
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
mod schema;
mod serve;
mod verify;

use std::process::ExitCode;

use anyhow::{Result, ensure};
use clap::CommandFactory;
use exchange::verifier::{ExchangePolicy, ExchangeVerifier};
use indy::anoncreds::KeySource;
use tutorial::{
    Status, Tutorial, TutorialOptions, manual,
    options::HomeOptions,
    program::{self, OnShutdown},
};

use cli::{Cli, Command, Place, PublicOptions};
use context::{CommandContext, exchange_directory, read_contexts};
use public_data::PublicData;
use registry::Registry;

/// Gives memory back to the system that a large message took, whichever thread took it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli: Cli = match program::parse(|_| None) {
        Ok(cli) => cli,
        Err(code) => return code,
    };
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
        Command::Schema { name } => {
            schema::print(name.as_deref())?;
            Ok(Status::Good)
        }
        Command::Issue(issue) => {
            let key_source = issue.key.source()?;
            issue::issue(&open(&issue.place, key_source, opened).await?, issue).await
        }
        Command::Keep(keep) => keep::keep(&open_home(&keep.place, opened).await?, keep).await,
        Command::Holder(holder) => {
            let tutorial = opened.insert(holder.home.open(holder.print.format())?);
            keep::print_holder(tutorial).await
        }
        Command::Request(request) => {
            request::request(&open_home(&request.place, opened).await?, request).await
        }
        Command::Serve(serve) => {
            let Place { home, public, print } = &serve.place;
            check_exists(home, "make a request there first with `proof-exchange request`")?;
            // the home is released at once, so that requests can be made while they are served
            let home = home.open(print.format())?.close().await;
            let directory = exchange_directory(&home);
            home.close()?;
            let demands = serve.require.iter().copied().collect();
            let policy = ExchangePolicy { demands, ..ExchangePolicy::default() };
            let verifier = verifier(public).await?.with_policy(policy);
            serve::serve(serve, &directory, verifier, print.format()).await
        }
        Command::Respond(respond) => {
            check_exists(
                &respond.place.home,
                "get credentials there first with `proof-exchange issue` or `proof-exchange keep`",
            )?;
            respond::respond(&open_home(&respond.place, opened).await?, respond).await
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

/// Opens a home for a command that works with what issuers publish.
async fn open_home<'t>(
    place: &Place,
    opened: &'t mut Option<Tutorial>,
) -> Result<CommandContext<'t>> {
    open(place, KeySource::default(), opened).await
}

/// Opens a home as [`open_home`], with keys of credential definitions from this source.
async fn open<'t>(
    place: &Place,
    key_source: KeySource,
    opened: &'t mut Option<Tutorial>,
) -> Result<CommandContext<'t>> {
    // read first, so that a file that cannot be read makes no home
    let contexts = read_contexts(&place.public.context).await?;
    let format = place.print.format();
    let options = TutorialOptions { key_source, ..place.home.tutorial_options(format) };
    let tutorial = opened.insert(Tutorial::open(options)?);
    Ok(CommandContext {
        tutorial,
        registry: Registry::new(&place.public.registry),
        contexts,
        format,
    })
}

/// Returns a verifier that reads what issuers publish.
async fn verifier(public: &PublicOptions) -> Result<ExchangeVerifier> {
    let contexts = read_contexts(&public.context).await?;
    let public_data = PublicData::open(Registry::new(&public.registry), None)?;
    Ok(verify::verifier(public_data, contexts))
}

/// Checks that a home exists. One in which there is nothing to serve, and nothing to answer with, is
/// not made: its name is wrong.
fn check_exists(home: &HomeOptions, begin: &str) -> Result<()> {
    let directory = home.directory();
    ensure!(directory.exists(), "there is no {}; check its name, or {begin}", directory.display());
    Ok(())
}
