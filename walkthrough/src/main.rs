//! `negotiate-proof`: the Indy "Negotiate a Proof" tutorial in one command.
//!
//! The driver runs the step crates in sequence and knows nothing that they know: what a step does
//! is in `step2-issuance` to `step5-verify-proof`.
//!
//! | module | subject |
//! |---|---|
//! | [`cli`] | the command line, and its help |
//! | [`play`] | which steps run, from which state |
//! | [`search`] | which credentials can answer a request |
//! | [`disclose`] | what a verifier would learn from the answer |
//! | [`lint`] | what is wrong with a request before it is sent |
//! | [`case`](mod@case) | the presentation of a home as a case to verify |
//! | [`verify`] | what is true of presentations, and why not |
//! | [`exchange`] | proof requests and responses with W3C credentials |
//! | [`wallet`] | import into the prover's wallet |
//! | [`key`] | keys made in advance |
//! | [`input`] | files that the command line names, and standard input |
//! | [`report`] | endings and errors, for people and programs |

mod case;
mod cli;
mod disclose;
mod exchange;
mod input;
mod key;
mod lint;
mod play;
mod report;
mod search;
mod verify;
mod wallet;

use std::{io::Write, process::ExitCode, time::Duration};

use anyhow::{Context, Result};
use clap::{CommandFactory, Parser};
use indy::anoncreds::KeySource;
use stage::{Stage, StageOptions, home::Home};

use cli::{Cli, Command, WalletCommand};
use play::Steps;
use report::Ending;

/// How long a run that was interrupted may take to put down what its threads have in their hands.
const PATIENCE: Duration = Duration::from_secs(1);

fn main() -> ExitCode {
    let cli = Cli::parse();
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => return report::failure(&error.into(), None),
    };
    let (code, home) = runtime.block_on(run(&cli));
    // A search for primes, or a thread that waits for Enter, is not worth waiting for; one that
    // writes a file is, or it would write into a home that is being removed.
    runtime.shutdown_timeout(PATIENCE);
    match home.map(Home::leave) {
        Some(Err(error)) => report::failure(&error.into(), None),
        _ => code,
    }
}

/// Run what the command line asks for, until it ends or Ctrl-C is pressed, and report how it
/// ended.
async fn run(cli: &Cli) -> (ExitCode, Option<Home>) {
    let mut stage = None;
    let outcome = if cli.minds_interruptions() {
        act(cli, &mut stage).await
    } else {
        until_interrupted(cli, &mut stage).await
    };
    let code = report::outcome(outcome, stage.as_ref());
    let home = match stage {
        Some(stage) => Some(stage.leave().await),
        None => None,
    };
    (code, home)
}

/// Run what the command line asks for, until it ends or Ctrl-C is pressed.
async fn until_interrupted(cli: &Cli, stage: &mut Option<Stage>) -> Result<Ending> {
    // before anything is begun
    let interrupted = interruption().context("cannot listen for Ctrl-C")?;
    tokio::select! {
        biased;
        () = interrupted => Err(report::Interrupted {
            walkthrough: matches!(cli.command, None | Some(Command::Step { .. })),
        }
        .into()),
        outcome = act(cli, stage) => outcome,
    }
}

/// Listen from now on for Ctrl-C, and for the polite request to end that `kill` sends.
fn interruption() -> std::io::Result<impl Future<Output = ()>> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut interrupt = signal(SignalKind::interrupt())?;
        let mut terminate = signal(SignalKind::terminate())?;
        Ok(async move {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
        })
    }
    #[cfg(not(unix))]
    {
        let mut interrupt = tokio::signal::windows::ctrl_c()?;
        Ok(async move {
            interrupt.recv().await;
        })
    }
}

/// Run what the command line asks for, on a stage if it needs one.
async fn act(cli: &Cli, stage: &mut Option<Stage>) -> Result<Ending> {
    match &cli.command {
        None => {
            let until = cli.until.unwrap_or(5);
            play::play(stage.insert(set_stage(cli)?), Steps::Remaining { until }).await
        }
        Some(Command::Step { number }) => {
            play::play(stage.insert(set_stage(cli)?), Steps::One(*number)).await
        }
        Some(Command::Search {
            request,
            explain,
            page,
        }) => {
            let stage = stage.insert(set_stage(cli)?);
            search::search(stage, request, *page as usize, *explain).await
        }
        Some(Command::Disclose { request }) => {
            disclose::disclose(stage.insert(set_stage(cli)?), request).await
        }
        Some(Command::Case) => case::print(stage.insert(set_stage(cli)?)).await,
        Some(Command::Lint { request, schema }) => {
            lint::lint(request, schema.as_deref(), cli.narration().style).await
        }
        Some(Command::Verify(verify)) => {
            let order = verify::Order {
                files: &verify.files,
                policy: verify.policy(),
                used_nonces: verify.used_nonces.as_deref(),
                style: cli.narration().style,
            };
            verify::verify(order).await
        }
        Some(Command::Wallet(WalletCommand::Import { file })) => {
            // before a home is made for nothing
            let lines = wallet::open_lines(file)?;
            wallet::import(stage.insert(set_stage(cli)?), file, lines).await
        }
        Some(Command::Wallet(WalletCommand::Rebuild)) => {
            wallet::rebuild(stage.insert(set_stage(cli)?)).await
        }
        Some(Command::Exchange(exchange)) => {
            exchange::run(exchange, cli, stage, || open_stage(cli)).await
        }
        Some(Command::PrepareKey { file, attributes }) => {
            key::prepare(file, attributes, cli.key_generator).await?;
            Ok(Ending::Done)
        }
        Some(Command::Completions { shell }) => {
            let mut script = Vec::new();
            clap_complete::generate(*shell, &mut Cli::command(), "negotiate-proof", &mut script);
            print(&script)?;
            Ok(Ending::Done)
        }
        Some(Command::Man) => {
            let mut page = Vec::new();
            clap_mangen::Man::new(Cli::command()).render(&mut page)?;
            print(&page)?;
            Ok(Ending::Done)
        }
    }
}

fn set_stage(cli: &Cli) -> Result<Stage> {
    if let Some(command) = &cli.command {
        check_home(cli, command)?;
    }
    open_stage(cli)
}

fn open_stage(cli: &Cli) -> Result<Stage> {
    let key_source = match &cli.prepared_key {
        Some(file) => KeySource::Prepared(key::read(file)?),
        None => cli.key_generator.into(),
    };
    let stage = Stage::open(StageOptions {
        home: cli.home.clone(),
        genesis: cli.genesis.clone(),
        pool: cli.pool_options(),
        wallet_url: cli.wallet.clone(),
        key_derivation: cli.key_derivation.into(),
        key_source,
        clean: cli.clean,
        narration: cli.narration(),
    })?;
    Ok(stage)
}

/// A command works in a home that is there; only step 2 and an import may begin one.
fn check_home(cli: &Cli, command: &Command) -> Result<()> {
    let Some(home) = &cli.home else {
        anyhow::bail!(
            "this continues a walkthrough that was kept; name its directory with --home DIR"
        );
    };
    let begins = matches!(
        command,
        Command::Step { number: 2 } | Command::Wallet(WalletCommand::Import { .. })
    );
    anyhow::ensure!(
        begins || home.exists(),
        "there is no {}; check its name, or begin there with step 2",
        home.display()
    );
    anyhow::ensure!(
        cli.until.is_none(),
        "--until is for the whole walkthrough; leave it out, or leave the command out"
    );
    Ok(())
}

/// Print bytes that were made in memory, so that a closed pipe is an error and not a panic.
fn print(bytes: &[u8]) -> Result<()> {
    let mut out = std::io::stdout().lock();
    out.write_all(bytes)?;
    out.flush()?;
    Ok(())
}
