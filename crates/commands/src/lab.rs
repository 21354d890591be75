//! `negotiate-proof lab`: starts the program `negotiate-proof-lab`, which is built separately so
//! that the first build stays small.

use std::{
    env::{self, consts::EXE_SUFFIX},
    ffi::OsString,
    path::Path,
    process::{Command, ExitStatus},
};

use anyhow::{Context, Result, bail, ensure};
use clap::Args;
use tutorial::Status;

const PROGRAM: &str = "negotiate-proof-lab";

/// What is passed on.
#[derive(Debug, Clone, Args)]
pub struct Lab {
    /// --export FILE, --listen ADDRESS, --homes DIR, --sessions N; `lab -- --help` explains them
    #[arg(value_name = "ARGS", trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<OsString>,
}

impl Lab {
    pub(crate) async fn run(&self) -> Result<Status> {
        let own = env::current_exe().context("this program's own path is not known")?;
        let program = own.with_file_name(format!("{PROGRAM}{EXE_SUFFIX}"));
        check_built(&program)?;
        let mut command = Command::new(&program);
        command.args(&self.arguments);
        let failed = || format!("cannot start {}", program.display());
        // it takes the place of this program, so that a signal to this one ends it
        #[cfg(unix)]
        let status: Result<ExitStatus> =
            Err(std::os::unix::process::CommandExt::exec(&mut command).into());
        #[cfg(not(unix))]
        let status =
            stdx::task::blocking(move || command.status()).await?.map_err(anyhow::Error::from);
        let status = status.with_context(failed)?;
        // what went wrong, the program has said
        match status.code() {
            Some(0) => Ok(Status::Good),
            Some(_) => Ok(Status::Undecided),
            None => bail!("{PROGRAM} ended with {status}"),
        }
    }
}

fn check_built(program: &Path) -> Result<()> {
    ensure!(
        program.is_file(),
        "there is no {}; build it with `cargo build --release -p negotiate-lab`, or copy it there beside this program",
        program.display()
    );
    Ok(())
}
