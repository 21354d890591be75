//! `negotiate-proof progress`: how far homes have come.

use std::{
    fs,
    io::{ErrorKind, Write},
    path::{Path, PathBuf},
    time::{SystemTime, UNIX_EPOCH},
};

use anyhow::{Context, Result};
use chrono::{DateTime, SecondsFormat};
use clap::{Args, ValueHint};
use serde_json::{Value, json};
use stdx::text::{Plain, Whole};
use tutorial::{
    Format, Status,
    format::{self, path_value},
    options::OutputOptions,
    output, progress, report,
};

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
                    let mut are_homes = false;
                    for home in homes_of(directory)? {
                        match progress::Progress::read(&home) {
                            Some(found) => {
                                are_homes = true;
                                self.print(&home, &found)?;
                            }
                            // a learner's home is for the learner alone
                            None if is_closed(&home) => report::warning(&format!(
                                "cannot read {}, which is for its owner alone; run this as that user",
                                home.display()
                            )),
                            None => {}
                        }
                    }
                    if !are_homes {
                        let shown = directory.display();
                        report::warning(&format!("there is no home in {shown} yet"));
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
        let path = entry.with_context(failed)?.path();
        if path.is_dir() {
            found.push(path);
        }
    }
    found.sort();
    if found.len() > MAX_HOMES {
        report::warning(&format!(
            "there are {} directories in {shown}, of which the first {MAX_HOMES} are read",
            found.len()
        ));
        found.truncate(MAX_HOMES);
    }
    Ok(found)
}

/// Returns whether a directory is closed to this user.
fn is_closed(directory: &Path) -> bool {
    fs::read_dir(directory).is_err_and(|error| error.kind() == ErrorKind::PermissionDenied)
}

fn object(home: &Path, found: &progress::Progress) -> Value {
    let mut line = json!({"home": path_value(home), "scenario": found.is_scenario});
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

/// Returns a file's time; `None` for one that has no date: a disk can hold such times.
fn time(at: SystemTime) -> Option<String> {
    let seconds = at.duration_since(UNIX_EPOCH).ok()?.as_secs();
    let date = DateTime::from_timestamp(seconds.try_into().ok()?, 0)?;
    Some(date.to_rfc3339_opts(SecondsFormat::Secs, true))
}

/// Returns a time in a sentence.
fn at(time_of: SystemTime) -> String {
    time(time_of).map(|time| format!(" at {time}")).unwrap_or_default()
}

fn sentence(home: &Path, found: &progress::Progress) -> String {
    let action = found.begun.as_ref().map(|(begun, begun_at)| {
        let label = match begun.label.as_str() {
            "" => String::new(),
            label => format!(" ({})", Plain(label)),
        };
        format!("action {}{label}{}", Plain(&begun.action), at(*begun_at))
    });
    let verdict = found.judged.as_ref().map(|(judged, judged_at)| {
        let check = judged.check.as_ref().map(|check| format!(" — {}", Plain(check)));
        let (verdict, check) = (Plain(&judged.verdict), check.unwrap_or_default());
        format!("{verdict}{check}{}", at(*judged_at))
    });
    let clauses: Vec<String> = action.into_iter().chain(verdict).collect();
    let said = match clauses.is_empty() {
        // a home that other commands have made, such as `issue`, has none
        true => "no action of a walkthrough".to_owned(),
        false => clauses.join("; "),
    };
    format!("{}: {said}", home.display())
}
