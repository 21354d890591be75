//! `negotiate-proof`: the Indy "Negotiate a Proof" tutorial in one command.
//!
//! The driver runs the step crates in sequence and knows nothing that they know: what a step does
//! is in `step2-issuance` to `step5-verify-proof`.
//!
//! | module | subject |
//! |---|---|
//! | [`cli`] | the command line, and its help |
//! | [`play`] | which steps run, from which state |
//! | [`key`] | keys made in advance |
//! | [`report`] | endings and errors, for people and programs |

mod cli;
mod key;
mod play;
mod report;

use std::{io::Write, process::ExitCode};

use anyhow::{Context, Result};
use clap::{CommandFactory, Parser};
use stage::{Stage, StageOptions};

use cli::{Cli, Command};
use play::Steps;
use report::Ending;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => return report::failure(&error.into(), None),
    };
    let code = runtime.block_on(run(cli));
    // a search for primes, or a thread that waits for Enter, is not worth waiting for
    runtime.shutdown_background();
    code
}

async fn run(cli: Cli) -> ExitCode {
    match cli.command.clone() {
        None => walk(&cli, Steps::Remaining { until: cli.until }).await,
        Some(Command::Step { number }) => walk(&cli, Steps::One(number)).await,
        Some(Command::PrepareKey { file, attributes }) => {
            let outcome = interruptible(key::prepare(&file, &attributes)).await;
            report::outcome(outcome.map(|()| Ending::Done), None)
        }
        Some(Command::Completions { shell }) => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "negotiate-proof", &mut script);
            report::outcome(print(&script).map(|()| Ending::Done), None)
        }
        Some(Command::Man) => {
            let mut page = Vec::new();
            let rendered = clap_mangen::Man::new(Cli::command()).render(&mut page);
            let printed = rendered.map_err(Into::into).and_then(|()| print(&page));
            report::outcome(printed.map(|()| Ending::Done), None)
        }
    }
}

/// Set the stage and play on it.
async fn walk(cli: &Cli, steps: Steps) -> ExitCode {
    let stage = match set_stage(cli) {
        Ok(stage) => stage,
        Err(error) => return report::failure(&error, None),
    };
    let outcome = interruptible(play::play(&stage, steps)).await;
    report::outcome(outcome, Some(&stage))
}

fn set_stage(cli: &Cli) -> Result<Stage> {
    if matches!(cli.command, Some(Command::Step { .. })) && cli.home.is_none() {
        anyhow::bail!(
            "`step` continues a walkthrough that was kept; name its directory with --home DIR"
        );
    }
    let prepared_key = cli.prepared_key.as_deref().map(key::read).transpose()?;
    let stage = Stage::open(StageOptions {
        home: cli.home.clone(),
        wallet_url: cli.wallet.clone(),
        key_derivation: cli.key_derivation.into(),
        prepared_key,
        clean: cli.clean,
        narration: cli.narration(),
    })?;
    Ok(stage)
}

/// Run something until it ends or Ctrl-C is pressed.
async fn interruptible<T>(work: impl Future<Output = Result<T>>) -> Result<T> {
    tokio::select! {
        outcome = work => outcome,
        signal = tokio::signal::ctrl_c() => {
            signal.context("cannot listen for Ctrl-C")?;
            Err(report::Interrupted.into())
        }
    }
}

/// Print bytes that were made in memory, so that a closed pipe is an error and not a panic.
fn print(bytes: &[u8]) -> Result<()> {
    let mut out = std::io::stdout().lock();
    out.write_all(bytes)?;
    out.flush()?;
    Ok(())
}
