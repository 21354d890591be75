//! The program `negotiate-proof-lab`, which `negotiate-proof lab` starts.

use std::{path::PathBuf, process::ExitCode};

use anyhow::{Context, Result};
use clap::{Parser, ValueHint};
use stdx::text::{Lines, Plain};

/// The walkthrough and a verifier as a page for browsers
#[derive(Debug, Parser)]
#[command(name = "negotiate-proof-lab", version, arg_required_else_help = true)]
struct Cli {
    /// Write the page to FILE: one file of HTML that needs no server and no network
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    export: PathBuf,
}

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(message) if message.use_stderr() => {
            // it quotes arguments, which may contain what steers a terminal
            eprint!("{}", Lines(&message.render().to_string()));
            return ExitCode::from(2);
        }
        Err(message) => message.exit(),
    };
    match run(&cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {}", Plain(&format!("{error:#}")));
            ExitCode::from(2)
        }
    }
}

fn run(Cli { export }: &Cli) -> Result<()> {
    let shown = export.display();
    std::fs::write(export, lab::page()?).with_context(|| format!("cannot write {shown}"))?;
    eprintln!("{} is written; open it in a browser", Plain(&shown.to_string()));
    Ok(())
}
