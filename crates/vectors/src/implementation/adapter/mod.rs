//! Any program that speaks lines of JSON on its standard input and output.
//!
//! The program is first given `{"start": {"version": 1}}`, and says what it is and what it can do:
//! `{"name", "version", "features"}`. Then it is given one test at a time, and answers each with
//! one line:
//!
//! ```text
//! {"tcId": 7, "id": "basic::one", "kind": "verify", "features": [...], "input": {...}, "public": {"indy": {...}, "anoncreds": {...}}}
//! {"tcId": 7, "verdict": "valid" | "invalid" | "undecided" | "unsupported", "detail": "...", "output": ...}
//! ```
//!
//! `output` is what was computed, for kinds that compute something. A program that ends, does not
//! answer in time, or answers something else is started again for the next test. What it writes to
//! standard error is not shown, but for the last line if it ends without an answer.
//!
//! | module | subject |
//! |---|---|
//! | `output` | reading what a program writes |
//! | `process` | the program: started, given lines, stopped with all that it has started |

mod output;
mod process;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde::Deserialize;
use serde_json::json;

use super::{Answer, Description, Implementation, Reply};
use crate::corpus::Placed;
use crate::format::{FEATURES, Kind};
use output::Line;
use process::{Process, Received};

/// The version of what is spoken with adapters.
pub const PROTOCOL: u32 = 1;

/// How often in a row a program may fail to start again before it is given up.
const MAX_FAILED_STARTS: usize = 10;

/// Says to all that work on a run that it has been given up. What is given up first is what waits
/// for a program.
#[derive(Debug, Clone, Default)]
pub struct Stop(Arc<AtomicBool>);

impl Stop {
    /// Gives the run up.
    pub fn set(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Returns whether it was given up.
    #[must_use]
    pub fn is_set(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// How a program is started.
#[derive(Debug, Clone)]
pub struct Program {
    /// What it is called, if not as it calls itself.
    pub name: Option<String>,
    /// The command and its arguments.
    pub command: Vec<String>,
    /// How long it may take for one answer.
    pub limit: Duration,
    /// How long it may take to start: interpreters load their libraries.
    pub start_limit: Duration,
    /// Ends what waits for it.
    pub stop: Stop,
}

impl Program {
    /// Returns a program with a minute to start.
    #[must_use]
    pub fn new(command: Vec<String>, limit: Duration) -> Self {
        let start_limit = Duration::from_secs(60);
        Self { name: None, command, limit, start_limit, stop: Stop::default() }
    }
}

/// Why a program cannot be an implementation.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// It cannot be started.
    #[error("cannot start {command}: {error}")]
    NotStarted {
        /// The command.
        command: String,
        /// Why not.
        error: std::io::Error,
    },
    /// It names a feature that there is not.
    #[error("{command} names the feature {feature:?}, which no test needs; there are {}", features().join(", "))]
    UnknownFeature {
        /// The command.
        command: String,
        /// The feature.
        feature: String,
    },
    /// It did not say what it is.
    #[error(
        "{command} did not say what it is: {got}; it must answer {{\"start\": ...}} with {{\"name\", \"version\", \"features\"}}"
    )]
    NoDescription {
        /// The command.
        command: String,
        /// What came instead.
        got: String,
    },
}

/// Returns the names of all features.
fn features() -> Vec<&'static str> {
    let kinds = Kind::ALL.iter().map(|kind| kind.name());
    kinds.chain(FEATURES.iter().map(|(name, _)| *name)).collect()
}

/// A program that runs, or will run again for the next test.
pub struct Adapter {
    program: Program,
    description: Description,
    running: Option<Process>,
    /// The last test that the running program answered.
    answered: Option<usize>,
    /// How often in a row it has failed to start again.
    failed_starts: usize,
}

impl Adapter {
    /// Starts a program, and has it say what it is.
    ///
    /// # Errors
    /// [`StartError`].
    pub fn start(program: Program) -> Result<Self, StartError> {
        let (process, mut description) = start(&program)?;
        let known = features();
        // one that is misspelt would have tests skipped, and a skip is no error
        if let Some(feature) =
            description.features.iter().find(|feature| !known.contains(&feature.as_str()))
        {
            let (command, feature) = (program.command.join(" "), feature.clone());
            return Err(StartError::UnknownFeature { command, feature });
        }
        if let Some(name) = &program.name {
            description.name.clone_from(name);
        }
        let running = Some(process);
        Ok(Self { program, description, running, answered: None, failed_starts: 0 })
    }

    fn reply(&mut self, test: Placed<'_>) -> Reply {
        let running = match self.running.take() {
            Some(running) => running,
            None if self.failed_starts >= MAX_FAILED_STARTS => {
                let times = self.failed_starts;
                return Reply::Crashed(format!("it failed to start {times} times in a row"));
            }
            None => match start(&self.program) {
                Ok((running, _)) => {
                    (self.failed_starts, self.answered) = (0, None);
                    running
                }
                Err(error) => {
                    self.failed_starts += 1;
                    return Reply::Crashed(error.to_string());
                }
            },
        };
        let (reply, running) = ask(running, test, &self.program, self.answered);
        // a program that did not answer is stopped: what it says later would be taken for the next
        // test's answer
        self.running = running;
        self.answered = Some(test.test.tc_id);
        reply
    }
}

impl Implementation for Adapter {
    fn description(&self) -> &Description {
        &self.description
    }

    fn ask(&mut self, test: Placed<'_>) -> Reply {
        self.reply(test)
    }
}

/// Starts a program, and has it say what it is.
fn start(program: &Program) -> Result<(Process, Description), StartError> {
    let command = program.command.join(" ");
    let mut process = Process::start(&program.command)
        .map_err(|error| StartError::NotStarted { command: command.clone(), error })?;
    process.send(json!({"start": {"version": PROTOCOL}}).to_string());
    let got = match process.receive(program.start_limit, &program.stop) {
        Received::Line(Line::Text(line)) => match serde_json::from_str(&line) {
            Ok(description) => return Ok((process, description)),
            Err(error) => process.with_errors(&format!("{} ({error})", beginning(&line))),
        },
        Received::Line(other) => what(&other),
        Received::Ended(how) => how,
        Received::Late => {
            process.with_errors(&format!("nothing in {} s", program.start_limit.as_secs()))
        }
    };
    Err(StartError::NoDescription { command, got })
}

/// What a program answers.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answered {
    tc_id: usize,
    #[serde(default)]
    id: Option<String>,
    #[serde(flatten)]
    answer: Answer,
}

/// Gives a test to a program, which is returned if it can be given another.
fn ask(
    mut process: Process,
    placed: Placed<'_>,
    program: &Program,
    before: Option<usize>,
) -> (Reply, Option<Process>) {
    let Placed { group, test, .. } = placed;
    let mut line = json!({
        "tcId": test.tc_id,
        "id": test.id,
        "kind": group.kind,
        "features": test.features,
        "input": test.input,
    });
    if let Some(public) = &group.public {
        line["public"] = public.clone();
    }
    let line = line.to_string();
    // what it says without having been given a test answers none
    process.discard_lines();
    process.send(line);
    loop {
        let line = match process.receive(program.limit, &program.stop) {
            Received::Line(Line::Text(line)) => line,
            Received::Line(other) => return (Reply::Silent(what(&other)), None),
            Received::Ended(how) => return (Reply::Crashed(how), None),
            Received::Late => return (Reply::Hung, None),
        };
        let silent = |process: &Process, why: String| {
            (Reply::Silent(process.with_errors(&format!("{} ({why})", beginning(&line)))), None)
        };
        match serde_json::from_str::<Answered>(&line) {
            Ok(Answered { tc_id, id, answer })
                if tc_id == test.tc_id && id.as_ref().is_none_or(|id| *id == test.id) =>
            {
                return (Reply::Answered(answer), Some(process));
            }
            // the test before has been answered again
            Ok(Answered { tc_id, .. }) if Some(tc_id) == before => {}
            Ok(_) => return silent(&process, format!("not the answer to {}", test.tc_id)),
            Err(error) => return silent(&process, error.to_string()),
        }
    }
}

fn what(line: &Line) -> String {
    match line {
        Line::Text(text) => beginning(text),
        Line::TooLong => format!("a line of more than {} bytes", output::MAX_LINE),
        Line::NotText => "a line that is not UTF-8".to_owned(),
    }
}

/// Returns the beginning of a line, for messages.
fn beginning(line: &str) -> String {
    match line.is_empty() {
        true => "an empty line".to_owned(),
        false => stdx::text::Whole(&stdx::text::shorten(line, 200)).to_string(),
    }
}
