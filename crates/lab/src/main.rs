//! The program `negotiate-proof-lab`, which `negotiate-proof lab` starts.

use std::{
    fs,
    io::{self, Write},
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    process::ExitCode,
    time::Duration,
};

use anyhow::{Context, Result, ensure};
use clap::{Parser, ValueHint};
use lab::server::{Options, Server};
use stdx::{
    program::{runtime, shutdown_signal},
    text::{Lines, Whole},
};
use tempfile::Builder;

/// How long threads that read a file may take at the end.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(1);

/// The walkthrough and a verifier as a page for browsers
///
/// Without --export the page is served on this machine, at an address with a secret part that is
/// printed. A learner can play scenarios there, and the teacher has a view with the schedule, the
/// learners' homes, and a layout for a projector. Ctrl-C ends it.
#[derive(Debug, Parser)]
#[command(name = "negotiate-proof-lab", version)]
struct Cli {
    /// Write the page to FILE: one file of HTML that needs no server and no network
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    export: Option<PathBuf>,
    /// Listen on ADDRESS, IP:PORT; 0.0.0.0:8700 lets the class reach it, by plain HTTP
    #[arg(
        long,
        value_name = "ADDRESS",
        default_value = "127.0.0.1:0",
        value_parser = parse_address,
        conflicts_with = "export"
    )]
    listen: SocketAddr,
    /// Show the teacher how far the homes in DIR have come
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath, conflicts_with = "export")]
    homes: Option<PathBuf>,
    /// The most learners who play scenarios of their own at once
    #[arg(
        long,
        value_name = "N",
        default_value_t = 64,
        value_parser = clap::value_parser!(u16).range(1..=1000),
        conflicts_with = "export"
    )]
    sessions: u16,
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
    let done = match &cli.export {
        Some(file) => export(file),
        None => run_server(cli),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {}", Whole(&format!("{error:#}")));
            ExitCode::from(2)
        }
    }
}

fn export(file: &Path) -> Result<()> {
    let shown = file.display();
    write(file, lab::page()?.as_bytes()).with_context(|| {
        format!("cannot write {shown}; name a file in a directory that exists and can be written")
    })?;
    eprintln!("{} is written; open it in a browser", Whole(&shown.to_string()));
    Ok(())
}

/// Writes a file whole or not at all. What is not a regular file, such as a pipe, is written as it
/// is.
fn write(file: &Path, bytes: &[u8]) -> io::Result<()> {
    if fs::metadata(file).is_ok_and(|found| !found.is_file()) {
        return fs::write(file, bytes);
    }
    // a link stays one
    let file = fs::canonicalize(file).unwrap_or_else(|_| file.to_owned());
    let parent = file.parent().filter(|parent| !parent.as_os_str().is_empty());
    let mut builder = Builder::new();
    builder.prefix(".negotiate-proof-lab-");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o644));
    let mut temporary = builder.tempfile_in(parent.unwrap_or(Path::new(".")))?;
    temporary.write_all(bytes)?;
    temporary.persist(file)?;
    Ok(())
}

fn run_server(cli: Cli) -> Result<()> {
    let homes = cli.homes.as_deref().map(check_homes).transpose()?;
    let options = Options { listen: cli.listen, homes, max_sessions: cli.sessions.into() };
    let runtime = runtime()?;
    let served = runtime.block_on(serve(options));
    runtime.shutdown_timeout(SHUTDOWN_TIMEOUT);
    served
}

/// Returns the absolute path of the directory of homes, which must exist.
fn check_homes(directory: &Path) -> Result<PathBuf> {
    let shown = directory.display();
    ensure!(
        directory.is_dir(),
        "there is no directory {shown}; make it, and have learners use `negotiate-proof --home {shown}/NAME`"
    );
    directory.canonicalize().with_context(|| format!("cannot use {shown}"))
}

async fn serve(options: Options) -> Result<()> {
    // from here on, so that a signal before the first connection is not lost
    let stop = shutdown_signal().context("cannot listen for Ctrl-C")?;
    let server = Server::bind(options).await?;
    for warning in &server.warnings {
        eprintln!("warning: {}", Whole(warning));
    }
    let text = format!(
        "The lab:         {}\nFor the teacher: {}\nCtrl-C ends it.\n",
        server.learners_url, server.teacher_url
    );
    let mut out = io::stdout();
    out.write_all(text.as_bytes())?;
    out.flush()?;
    server.serve(stop).await;
    Ok(())
}

/// Reads an address: `IP:PORT`, or an IP address alone, for a free port.
fn parse_address(text: &str) -> Result<SocketAddr, &'static str> {
    let alone = || text.parse::<IpAddr>().ok().map(|address| SocketAddr::new(address, 0));
    let local = || {
        let port = text.strip_prefix("localhost:")?.parse().ok()?;
        Some(SocketAddr::new(Ipv4Addr::LOCALHOST.into(), port))
    };
    text.parse().ok().or_else(alone).or_else(local).ok_or(
        "write it as IP:PORT, for example 127.0.0.1:8700 (this machine only) or 0.0.0.0:8700 (all addresses of this \
         machine)",
    )
}
