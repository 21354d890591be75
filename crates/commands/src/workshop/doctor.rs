//! What a machine lacks for the exercises.

use std::{
    env, fs,
    io::Write,
    num::NonZero,
    path::Path,
    process::{Command, Stdio},
    thread::{self, available_parallelism},
    time::{Duration, Instant},
};

use anyhow::Result;
use clap::Args;
use serde::Serialize;
use serde_json::json;
use stdx::{
    task::blocking,
    text::{Whole, shorten},
};
use tutorial::{
    Format, Status,
    format::line,
    options::OutputOptions,
    output,
    report::{BAD, GOOD},
};

use super::repository::{RepositoryOption, exercises, vendored};

/// The oldest Rust that compiles this project, as `major.minor`.
const MIN_RUST: (u32, u32) = (1, 89);

/// What all exercises and their dependencies take on the disk, in GB: 2.4 were measured.
const NEEDED_GB: u64 = 4;

/// The processor time of the first check, in minutes. On two cores of a virtual machine that also
/// did other work, 17.6 were measured: `cargo build --bin step3_request` in a learner's directory
/// and an empty target directory.
const FIRST_CHECK_MINUTES: usize = 18;

/// How long a program may take to say which it is, and cargo to look into its cache.
const MAX_TIME: Duration = Duration::from_secs(20);

/// The machine to examine.
#[derive(Debug, Clone, Args)]
pub struct Doctor {
    /// Where the exercises come from.
    #[command(flatten)]
    repository: RepositoryOption,
    /// How results are printed.
    #[command(flatten)]
    output: OutputOptions,
}

/// What was found about one thing that the exercises need.
#[derive(Debug, Serialize)]
struct Finding {
    what: &'static str,
    /// `None` if it is only said, because nothing depends on it.
    good: Option<bool>,
    found: String,
}

impl Doctor {
    pub(crate) async fn run(&self) -> Result<Status> {
        let repository = self.repository.find()?;
        let findings = blocking(move || examine(&repository)).await?;
        let lacks = findings.iter().filter(|finding| finding.good == Some(false)).count();
        match self.output.format() {
            Format::Quiet => {}
            Format::Json => line(&json!({"findings": findings, "missing": lacks}))?,
            Format::Text => {
                let mut out = output::text();
                for Finding { what, good, found } in &findings {
                    let found = Whole(found);
                    match good {
                        Some(true) => writeln!(out, "{GOOD}✓{GOOD:#} {what:<13}{found}")?,
                        Some(false) => writeln!(out, "{BAD}✗{BAD:#} {what:<13}{found}")?,
                        None => writeln!(out, "  {what:<13}{found}")?,
                    }
                }
            }
        }
        Ok(Status::good_if(lacks == 0))
    }
}

fn examine(repository: &Path) -> Vec<Finding> {
    let mut findings = vec![
        rust(),
        program("Clippy", "cargo-clippy", &["--version"], "run `rustup component add clippy`"),
        rustlings(),
        c_compiler(),
        program("make", "make", &["--version"], "install make"),
        program("perl", "perl", &["-e", "print $^V"], "install perl"),
        git(),
    ];
    findings.extend(disk(repository));
    findings.push(sources(repository));
    findings.extend(c_library());
    findings.push(first_check(repository));
    findings
}

/// Returns the first line that a program prints, if it can be run, and succeeds in time.
fn first_line(program: &str, arguments: &[&str]) -> Option<String> {
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().ok()?;
    let began = Instant::now();
    while child.try_wait().ok()?.is_none() {
        if began.elapsed() > MAX_TIME {
            let _ = child.kill();
            let _ = child.wait();
            return None;
        }
        thread::sleep(Duration::from_millis(10));
    }
    let output = child.wait_with_output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout);
    let line = shorten(text.lines().next().unwrap_or_default().trim(), 80).into_owned();
    output.status.success().then_some(line)
}

fn program(what: &'static str, name: &str, arguments: &[&str], remedy: &str) -> Finding {
    match first_line(name, arguments) {
        Some(found) => Finding { what, good: Some(true), found },
        None => {
            Finding { what, good: Some(false), found: format!("`{name}` does not run; {remedy}") }
        }
    }
}

/// Returns the compiler that builds of C use; `CC` may name it after a program that starts it, with
/// arguments.
fn c_compiler() -> Finding {
    let chosen = env::var("CC").unwrap_or_default();
    let words: Vec<&str> = chosen.split_whitespace().collect();
    let (name, arguments) = words.split_first().unwrap_or((&"cc", &[]));
    let arguments = [arguments, &["--version"]].concat();
    let remedy = match words.is_empty() {
        true => "install gcc or clang",
        false => "it is named by the variable CC: correct or unset that",
    };
    program("C compiler", name, &arguments, remedy)
}

fn rust() -> Finding {
    let mut finding = program("Rust", "cargo", &["--version"], "install it from https://rustup.rs");
    let version = finding.found.split([' ', '.']).filter_map(|part| part.parse().ok());
    if let [major, minor, ..] = version.collect::<Vec<u32>>()[..]
        && (major, minor) < MIN_RUST
    {
        finding.good = Some(false);
        let (major, minor) = MIN_RUST;
        finding.found.push_str(&format!(" is older than {major}.{minor}; run `rustup update`"));
    }
    finding
}

fn rustlings() -> Finding {
    let remedy = "run `cargo install rustlings@6.5.0 --locked`";
    let finding = program("rustlings", "rustlings", &["--version"], remedy);
    if finding.good == Some(true) && !finding.found.starts_with("rustlings 6.") {
        let found = &finding.found;
        let found = format!("{found:?} is not version 6, for which the exercises are; {remedy}");
        return Finding { good: Some(false), found, ..finding };
    }
    finding
}

fn git() -> Finding {
    match first_line("git", &["--version"]) {
        Some(found) => Finding { what: "git", good: Some(true), found },
        None => Finding {
            what: "git",
            good: None,
            found: "does not run; only `rustlings reset` needs it".to_owned(),
        },
    }
}

#[cfg(unix)]
fn disk(repository: &Path) -> Option<Finding> {
    let space = rustix::fs::statvfs(repository).ok()?;
    let free = space.f_bavail.saturating_mul(space.f_frsize) / 1_000_000_000;
    let is_built = is_built(repository);
    Some(Finding {
        what: "disk",
        good: Some(is_built || free >= NEEDED_GB),
        found: match is_built {
            true => format!("{free} GB are free"),
            false => format!("{free} GB are free; the exercises need about {NEEDED_GB} GB"),
        },
    })
}

#[cfg(not(unix))]
fn disk(_: &Path) -> Option<Finding> {
    None
}

/// The sources of the dependencies: without a network they must be here.
fn sources(repository: &Path) -> Finding {
    if let Some(vendor) = vendored(repository) {
        let found = format!("vendored in {}", vendor.display());
        return Finding { what: "sources", good: Some(true), found };
    }
    let manifest = exercises(repository).join("Cargo.toml").display().to_string();
    let mut arguments = vec!["fetch", "--locked", "--offline", "--manifest-path", &manifest];
    // those of other systems are not needed
    let host = first_line("rustc", &["--print", "host-tuple"]);
    arguments.extend(host.iter().flat_map(|host| ["--target", host]));
    let (good, found) = match first_line("cargo", &arguments) {
        Some(_) => (true, "in cargo's cache: no network is needed".to_owned()),
        None => (
            false,
            format!(
                "neither vendored nor in cargo's cache; with a network, run `cargo fetch --locked --manifest-path \
                 {manifest}`"
            ),
        ),
    };
    Finding { what: "sources", good: Some(good), found }
}

/// Programs that were built elsewhere run only if the C library is not older than there.
fn c_library() -> Option<Finding> {
    let found = first_line("getconf", &["GNU_LIBC_VERSION"])?;
    Some(Finding { what: "C library", good: None, found })
}

/// Whether the checks of the exercises were compiled in the repository's target directory.
fn is_built(repository: &Path) -> bool {
    let compiled = fs::read_dir(repository.join("target/debug/deps"));
    let mut names = compiled.into_iter().flatten().flatten().map(|entry| entry.file_name());
    names.any(|name| {
        let name = name.to_string_lossy();
        name.starts_with("libworkshop-") && name.ends_with(".rlib")
    })
}

fn first_check(repository: &Path) -> Finding {
    let found = match is_built(repository) {
        true => "takes some seconds, because the exercises were built before".to_owned(),
        false => {
            let cores = available_parallelism().map_or(1, NonZero::get);
            let minutes = (FIRST_CHECK_MINUTES / cores).max(1);
            format!(
                "takes about {minutes} {} on {cores} {}, because nothing is compiled yet; each one after it takes \
                 seconds",
                if minutes == 1 { "minute" } else { "minutes" },
                if cores == 1 { "core" } else { "cores" }
            )
        }
    };
    Finding { what: "first check", good: None, found }
}
