//! Printing results and errors, for a person or for a program.

use std::{
    collections::BTreeMap,
    io::{self, Write},
};

use anstyle::{AnsiColor, Style};
use anyhow::{Error, Result};
use clap::Args;
use serde_json::{Value, json};
use stdx::text::Whole;
use verdict::{Checks, Layout, Styles, Verdict};

use crate::{
    format::{Format, line},
    handover, output,
    status::Status,
};

/// The colour of "verified".
pub const GOOD: Style = AnsiColor::Green.on_default().bold();
/// The colour of "rejected" and of errors.
pub const BAD: Style = AnsiColor::Red.on_default().bold();
const RELAXED: Style = AnsiColor::Yellow.on_default();

/// Prints bytes, so that a closed pipe is an error and not a panic.
///
/// # Errors
///
/// When standard output cannot be written.
pub fn print(bytes: &[u8]) -> io::Result<()> {
    let mut out = output::data();
    out.write_all(bytes)?;
    out.flush()
}

/// Prints what was done: a sentence for a person, an object for a program.
///
/// # Errors
///
/// When standard output cannot be written.
pub fn message(format: Format, sentence: &str, object: &Value) -> io::Result<()> {
    match format {
        Format::Text => writeln!(output::text(), "{}", Whole(sentence)),
        Format::Json => {
            // the version is ours, also where the object is what a server has answered
            let members = object.as_object().into_iter().flatten();
            let members = members.filter(|(name, _)| *name != "format");
            line(&members.collect::<BTreeMap<_, _>>())
        }
        Format::Quiet => Ok(()),
    }
}

/// Ends a search for answers: prints the last line for a program, and returns the status.
///
/// # Errors
///
/// When standard output cannot be written.
pub fn answered(format: Format, answered: bool) -> io::Result<Status> {
    if format == Format::Json {
        line(&json!({"answered": answered}))?;
    }
    Ok(Status::good_if(answered))
}

/// How much of a verdict is printed for a person.
#[derive(Debug, Clone, Copy, Default, Args)]
pub struct VerdictOptions {
    /// List every check with its rule, not only those that failed
    #[arg(long)]
    all: bool,
    /// Show numbers of more than 40 digits whole
    #[arg(long)]
    full: bool,
}

/// Prints a verdict under the name of what it is about. For a person it is wrapped to
/// [the terminal's width](output::width). A command without [`VerdictOptions`] gives `None`.
///
/// # Errors
///
/// When standard output cannot be written.
pub fn verdict<C: Checks>(
    format: Format,
    options: Option<VerdictOptions>,
    name: &str,
    verdict: &Verdict<C>,
) -> Result<()> {
    match format {
        Format::Quiet => {}
        Format::Json => line(verdict)?,
        Format::Text => {
            let VerdictOptions { all, full } = options.unwrap_or_default();
            let layout = Layout {
                width: output::width(),
                all,
                full,
                hint: options.map(|_| "--all lists them"),
                styles: Styles {
                    verified: GOOD,
                    rejected: BAD,
                    undecided: RELAXED,
                    relaxed: RELAXED,
                },
            };
            // a verdict's text is safe for a terminal by itself
            write!(output::text(), "{}", verdict.text(name, &layout))?;
        }
    }
    Ok(())
}

/// Writes how a request was answered: what the verifier has learned, or why it relies on nothing.
///
/// # Errors
///
/// When it cannot be written.
pub fn write_outcome(out: &mut impl Write, outcome: &handover::Verdict) -> io::Result<()> {
    match outcome {
        // the clauses quote the presentation
        handover::Verdict::Verified { learned, .. } => writeln!(
            out,
            "{GOOD}Verified:{GOOD:#} {}; of the other attributes the verifier learned nothing.",
            Whole(&joined(learned))
        ),
        // the reason may quote the presentation
        handover::Verdict::Rejected { reason, .. } => {
            writeln!(out, "{BAD}Rejected:{BAD:#} {}.", Whole(reason))
        }
        handover::Verdict::Undecided { reason, .. } => {
            writeln!(out, "{BAD}Undecided:{BAD:#} {}.", Whole(reason))
        }
    }
}

/// Returns the same for a program, as an object.
pub fn outcome(outcome: &handover::Verdict) -> Value {
    match outcome {
        handover::Verdict::Verified { learned, .. } => {
            json!({"verdict": "verified", "learned": learned})
        }
        handover::Verdict::Rejected { reason, .. } => {
            json!({"verdict": "rejected", "reason": reason})
        }
        handover::Verdict::Undecided { reason, .. } => {
            json!({"verdict": "undecided", "reason": reason})
        }
    }
}

/// Returns the status of a command that ends with this outcome.
pub fn outcome_status(outcome: &handover::Verdict) -> Status {
    match outcome {
        handover::Verdict::Verified { .. } => Status::Good,
        handover::Verdict::Rejected { .. } => Status::Bad,
        handover::Verdict::Undecided { .. } => Status::Undecided,
    }
}

/// Returns clauses as one: "a, b and c".
fn joined(clauses: &[String]) -> String {
    match clauses {
        [] => "the request asked for nothing".to_owned(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// Returns a number with the word for what it counts.
pub fn count(number: u64, one: &str, many: &str) -> String {
    match number {
        1 => format!("1 {one}"),
        _ => format!("{number} {many}"),
    }
}

/// An error with a list below it. Each line is escaped on its own, so that a text from a file
/// cannot begin a line.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct Listed {
    /// What happened.
    pub message: String,
    /// The lines below it.
    pub lines: Vec<String>,
}

/// Prints an error on standard error.
pub fn error(error: &Error) {
    error_in("", error, None);
}

/// Prints an error on standard error, after the place where it happened, and advice below it.
pub fn error_in(place: &str, error: &Error, advice: Option<&str>) {
    let mut err = output::messages();
    // nothing is left to do if standard error is closed too
    let _ = writeln!(err, "{BAD}error:{BAD:#} {place}{}", with_causes(error));
    if let Some(Listed { lines, .. }) = error.downcast_ref() {
        for line in lines {
            let _ = writeln!(err, "{}", Whole(line));
        }
    }
    if let Some(advice) = advice {
        let _ = writeln!(err, "{}", Whole(advice));
    }
}

/// Prints a warning on standard error: what was done has a consequence that may not be wanted.
pub fn warning(text: &str) {
    let mut err = output::messages();
    // nothing is left to do if standard error is closed
    let _ = writeln!(err, "{RELAXED}warning:{RELAXED:#} {}", Whole(text));
}

/// Returns an error with its causes. Some errors repeat their cause in their own words; it is then
/// not repeated. They quote inputs, which must not steer the terminal.
fn with_causes(error: &Error) -> String {
    let mut text = String::new();
    for cause in error.chain().map(ToString::to_string) {
        if text.is_empty() {
            text = cause;
        } else if !text.contains(&cause) {
            text = format!("{text}: {cause}");
        }
    }
    Whole(&text).to_string()
}
