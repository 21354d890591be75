//! Running a command: the runtime around it, Ctrl-C, the error at its end, and the exit code.

use std::{
    io::{self, Write},
    process::ExitCode,
    time::Duration,
};

use anyhow::{Context, Error, Result};
use clap::Parser;
use indy::error::PoolError;
use stdx::{
    program::{runtime, shutdown_signal},
    text::Lines,
};

use crate::{Tutorial, TutorialError, error::quoted, home::Home, output, report, status::Status};

/// How long the threads of a command may take to end after it.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(1);

/// The exit code of an error.
const FAILURE: u8 = 2;

/// The exit code after Ctrl-C.
const INTERRUPTED: u8 = 130;

/// The exit code of a command whose standard output was closed before its end, as `head` does. It
/// is what a shell reports of a program that ends by SIGPIPE, and what `set -o pipefail` makes of
/// `yes | head`. The signal itself is ignored, as Rust's runtime has it: it would end a walkthrough
/// or a server in the middle of a write. Neither 0 nor 1 would be true: `verify` may not have come
/// to the case that is rejected.
const OUTPUT_CLOSED: u8 = 141;

/// What Ctrl-C does to a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnShutdown {
    /// It ends the command; the same command can be run again.
    RunAgain,
    /// It ends the walkthrough, which `negotiate-proof` can resume.
    Resume,
    /// The command handles it: a server ends in good order.
    Handled,
}

#[derive(Debug, thiserror::Error)]
#[error("interrupted")]
struct Interrupted;

/// Parses the command line. What is asked for instead, such as help, is printed, and so is what is
/// wrong with the command line, unless `explain` has an error of its own for it.
///
/// # Errors
///
/// The exit code with which the program ends then.
pub fn parse<C: Parser>(
    explain: impl FnOnce(&clap::Error) -> Option<Error>,
) -> Result<C, ExitCode> {
    let message = match C::try_parse() {
        Ok(line) => return Ok(line),
        Err(message) => message,
    };
    if let Some(error) = explain(&message) {
        return Err(failure(&error));
    }
    let printed = match message.use_stderr() {
        true => print_escaped(&message),
        false => message.print(),
    };
    Err(match printed {
        // nothing is left to do if standard error is closed
        Err(error) if !message.use_stderr() => failure(&output::error(error).into()),
        _ if message.use_stderr() => ExitCode::from(FAILURE),
        _ => ExitCode::SUCCESS,
    })
}

/// Prints what is wrong with a command line. It quotes arguments; where one has to be escaped,
/// colours are left out.
fn print_escaped(message: &clap::Error) -> io::Result<()> {
    let plain = message.render().to_string();
    let escaped = Lines(&plain).to_string();
    match plain == escaped {
        true => message.print(),
        false => write!(io::stderr(), "{escaped}"),
    }
}

/// Runs a command to its end, or until Ctrl-C is pressed; prints its error, and returns the exit
/// code. The command may open a tutorial, which is closed at the end.
pub fn run<C>(on_shutdown: OnShutdown, command: C) -> ExitCode
where
    C: AsyncFnOnce(&mut Option<Tutorial>) -> Result<Status>,
{
    let runtime = match runtime() {
        Ok(runtime) => runtime,
        Err(error) => return failure(&error.into()),
    };
    let (code, home) = runtime.block_on(run_and_close(on_shutdown, command));
    // A search for primes, or a thread that waits for Enter, is not worth waiting for; one that
    // writes a file is, or it would write into a home that is being removed.
    runtime.shutdown_timeout(SHUTDOWN_TIMEOUT);
    match home.map(Home::close) {
        Some(Err(error)) => failure(&error.into()),
        _ => code,
    }
}

async fn run_and_close<C>(on_shutdown: OnShutdown, command: C) -> (ExitCode, Option<Home>)
where
    C: AsyncFnOnce(&mut Option<Tutorial>) -> Result<Status>,
{
    let mut tutorial = None;
    let result = match on_shutdown {
        OnShutdown::Handled => command(&mut tutorial).await,
        _ => until_interrupted(command(&mut tutorial)).await,
    };
    let code = match result {
        Ok(status) => status.into(),
        Err(error) => match &tutorial {
            Some(tutorial) => failure_in(tutorial, on_shutdown, &error),
            None => failure(&error),
        },
    };
    let home = match tutorial {
        Some(tutorial) => Some(tutorial.close().await),
        None => None,
    };
    (code, home)
}

async fn until_interrupted(command: impl Future<Output = Result<Status>>) -> Result<Status> {
    // before anything is begun
    let shutdown = shutdown_signal().context("cannot listen for Ctrl-C")?;
    tokio::select! {
        biased;
        () = shutdown => Err(Interrupted.into()),
        result = command => result,
    }
}

/// Prints the error of a command that had opened a tutorial; returns the exit code.
fn failure_in(tutorial: &Tutorial, on_shutdown: OnShutdown, error: &Error) -> ExitCode {
    let interrupted = error.is::<Interrupted>();
    let action = tutorial.printer().last_action();
    let place = match &action {
        Some((number, label)) if !interrupted => format!("in action {number} ({label}): "),
        _ => String::new(),
    };
    // an error before the first action says itself what to do
    let begun = action.is_some() || interrupted;
    let first = match error {
        _ if interrupted => "",
        error if is_disk_full(error) => "free some space on the full disk, and ",
        _ => "once the cause is removed, ",
    };
    let advice = match on_shutdown {
        _ if !begun || !tutorial.home().is_kept() || !can_be_resumed(error) => None,
        OnShutdown::Resume => Some(format!(
            "what is finished is kept; {first}go on with `negotiate-proof --home {}`",
            quoted(tutorial.home().directory())
        )),
        OnShutdown::RunAgain | OnShutdown::Handled => {
            Some(format!("what is finished is kept; {first}run the same command again"))
        }
    };
    let advice = advice.map(|advice| match is_ledger_damaged(error) {
        true => format!("{advice}; a new ledger is begun by a new walkthrough, in another --home"),
        false => advice,
    });
    failure_with(&place, error, advice.as_deref())
}

/// Returns whether the ledger's own files are damaged.
fn is_ledger_damaged(error: &Error) -> bool {
    let pool_error = match error.downcast_ref() {
        Some(TutorialError::Pool(error)) => Some(error),
        _ => error.downcast_ref(),
    };
    pool_error.is_some_and(|error: &PoolError| error.code() == "PoolLedgerCorrupt")
}

/// Prints the error of a command; returns the exit code.
pub fn failure(error: &Error) -> ExitCode {
    failure_with("", error, None)
}

fn failure_with(place: &str, error: &Error, advice: Option<&str>) -> ExitCode {
    // the reader of standard output has gone, and wants no error either
    if output::is_closed(error) {
        return ExitCode::from(OUTPUT_CLOSED);
    }
    let disk_full = "the disk is full; free some space there, and run the same command again";
    report::error_in(place, error, advice.or(is_disk_full(error).then_some(disk_full)));
    ExitCode::from(if error.is::<Interrupted>() { INTERRUPTED } else { FAILURE })
}

/// Returns whether a file could not be written because its disk is full. The errors of wallets say
/// it themselves.
fn is_disk_full(error: &Error) -> bool {
    let mut causes = error.chain().filter_map(|cause| cause.downcast_ref::<io::Error>());
    causes.any(stdx::fs::is_disk_full)
}

fn can_be_resumed(error: &Error) -> bool {
    error.downcast_ref::<TutorialError>().is_none_or(TutorialError::can_be_resumed)
}
