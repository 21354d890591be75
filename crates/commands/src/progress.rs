//! `negotiate-proof progress`: how far homes have come.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    time::SystemTime,
};

use anyhow::{Context, Result, ensure};
use chrono::{DateTime, SecondsFormat, Utc};
use clap::{Args, ValueHint};
use serde_json::{Value, json};
use stdx::text::Whole;
use tutorial::{Format, Status, format, options::OutputOptions, output, progress};

pub(crate) const EXAMPLES: &str = "\
Examples:
  negotiate-proof progress class
  negotiate-proof progress alex bea --json | jq -r '[.home, .action, .verdict] | @tsv'";

/// The most homes of a directory.
const MAX_HOMES: usize = 1000;

/// The homes that are read.
#[derive(Debug, Clone, Args)]
pub struct Progress {
    /// Homes, and directories of homes
    #[arg(required = true, value_name = "DIR", value_hint = ValueHint::DirPath)]
    directories: Vec<PathBuf>,
    /// How results are printed.
    #[command(flatten)]
    output: OutputOptions,
}

impl Progress {
    pub(crate) fn run(&self) -> Result<Status> {
        for directory in &self.directories {
            match progress::Progress::read(directory) {
                Some(found) => self.print(directory, &found)?,
                None => {
                    for home in homes_of(directory)? {
                        if let Some(found) = progress::Progress::read(&home) {
                            self.print(&home, &found)?;
                        }
                    }
                }
            }
        }
        Ok(Status::Good)
    }

    fn print(&self, home: &Path, found: &progress::Progress) -> Result<()> {
        match self.output.format() {
            Format::Quiet => {}
            Format::Json => format::line(&object(home, found))?,
            Format::Text => writeln!(output::text(), "{}", Whole(&sentence(home, found)))?,
        }
        Ok(())
    }
}

/// Returns what is in a directory, in the order of names.
fn homes_of(directory: &Path) -> Result<Vec<PathBuf>> {
    let shown = directory.display();
    let failed = || format!("cannot read {shown}; name a home, or a directory of homes");
    let mut found = Vec::new();
    for entry in fs::read_dir(directory).with_context(failed)? {
        found.push(entry.with_context(failed)?.path());
        ensure!(found.len() <= MAX_HOMES, "there are more than {MAX_HOMES} files in {shown}");
    }
    found.sort();
    Ok(found)
}

fn object(home: &Path, found: &progress::Progress) -> Value {
    let mut line = json!({"home": home, "scenario": found.is_scenario});
    if let Some((begun, at)) = &found.begun {
        line["action"] = json!(begun.action);
        line["step"] = json!(begun.step);
        line["label"] = json!(begun.label);
        line["begun_at"] = json!(time(*at));
    }
    if let Some((judged, at)) = &found.judged {
        line["verdict"] = json!(judged.verdict);
        line["check"] = json!(judged.check);
        line["found"] = json!(judged.found);
        line["verdict_at"] = json!(time(*at));
    }
    line
}

fn time(at: SystemTime) -> String {
    DateTime::<Utc>::from(at).to_rfc3339_opts(SecondsFormat::Secs, true)
}

fn sentence(home: &Path, found: &progress::Progress) -> String {
    let action = match &found.begun {
        Some((begun, at)) => {
            let label = match begun.label.as_str() {
                "" => String::new(),
                label => format!(" ({label})"),
            };
            format!("action {}{label} at {}", begun.action, time(*at))
        }
        None => "not begun".to_owned(),
    };
    let verdict = match &found.judged {
        Some((judged, at)) => {
            let check = judged.check.as_ref().map(|check| format!(" — {check}"));
            format!("; {}{} at {}", judged.verdict, check.unwrap_or_default(), time(*at))
        }
        None => String::new(),
    };
    format!("{}: {action}{verdict}", home.display())
}
