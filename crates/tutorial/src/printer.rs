//! Printing the actions, for a person or for a program.
//!
//! A person sees the tutorial's labels with their numbers and, below, the values that the tutorial
//! prints; numbers of hundreds of digits are shortened unless [`PrintOptions::full`] is set. A
//! program gets one JSON object a line:
//! `{"format": 1, "action": 4, "step": 2, "label": "...", "value": {...}, "elapsed_ms": 1.5}`.

use std::{
    borrow::Cow,
    fmt,
    future::Future,
    io::{self, IsTerminal, Write},
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use anstyle::{AnsiColor, Style};
use indicatif::{ProgressBar, ProgressState, ProgressStyle};
use serde::{Serialize, Serializer};
use serde_json::{Map, Value, json};
use stdx::text::{self, Whole};
use verdict::{Checks, Layout, Verdict};

use crate::{
    error::TutorialError,
    format::{Format, line},
    output, prompt,
};

const STEP: Style = AnsiColor::Cyan.on_default().bold();
const LABEL: Style = Style::new().bold();
const NAME: Style = AnsiColor::Blue.on_default();
const NOTE: Style = Style::new().dimmed();

/// The most digits of a number that are shown to a person.
const MAX_DIGITS: usize = 80;

/// The most elements of a list of numbers that are shown to a person.
const MAX_NUMBERS: usize = 16;

/// The columns before a value that goes over several lines.
const INDENT: usize = 6;

/// How the actions are printed.
#[derive(Debug, Clone, Copy, Default)]
pub struct PrintOptions {
    /// For a person or for a program.
    pub format: Format,
    /// Numbers are shown whole, however long.
    pub full: bool,
    /// The printer waits for Enter between actions.
    pub pause: bool,
    /// The printer remembers what it gave out, for [`Printer::recorded`].
    pub record: bool,
}

/// The number of an action of the tutorial: 1 to 24, or 11b, which the tutorial leaves out. An
/// action that is repeated, for one issuer after the other, has a second number: 8.1, 8.2.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ActionNumber {
    number: Number,
    repetition: Option<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Number {
    /// A number of the tutorial.
    Plain(u8),
    /// An action between two numbers.
    Inserted(&'static str),
}

impl ActionNumber {
    /// Returns the step of the tutorial that the action belongs to, 2 to 5.
    pub fn step(self) -> u8 {
        match self.number {
            Number::Inserted(_) | Number::Plain(..=17) => 2,
            Number::Plain(18..=19) => 3,
            Number::Plain(20) => 4,
            Number::Plain(_) => 5,
        }
    }

    /// Returns the number of one repetition of the action, counted from 1; the number itself if the
    /// action is not repeated.
    #[must_use]
    pub fn repeated(self, repetition: Option<usize>) -> Self {
        Self { repetition, ..self }
    }
}

impl From<u8> for ActionNumber {
    fn from(number: u8) -> Self {
        Self { number: Number::Plain(number), repetition: None }
    }
}

impl From<&'static str> for ActionNumber {
    fn from(number: &'static str) -> Self {
        Self { number: Number::Inserted(number), repetition: None }
    }
}

impl fmt::Display for ActionNumber {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.number {
            Number::Plain(number) => number.fmt(formatter)?,
            Number::Inserted(number) => number.fmt(formatter)?,
        }
        match self.repetition {
            Some(repetition) => write!(formatter, ".{repetition}"),
            None => Ok(()),
        }
    }
}

/// A number of the tutorial is a number; every other one is text, so that 8.10 is not 8.1.
impl Serialize for ActionNumber {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match (self.number, self.repetition) {
            (Number::Plain(number), None) => serializer.serialize_u8(number),
            _ => serializer.collect_str(self),
        }
    }
}

/// Prints the actions on standard output.
pub struct Printer {
    options: PrintOptions,
    progress: Mutex<Progress>,
}

/// How far the printer has come.
#[derive(Default)]
struct Progress {
    /// The action that was begun last, also after its end.
    last: Option<(ActionNumber, Cow<'static, str>)>,
    /// The action that has not ended.
    open: Option<OpenAction>,
    /// Standard input has ended, so that there is no Enter to wait for.
    input_ended: bool,
    /// The actions that have ended, if they are recorded.
    recorded: Vec<Value>,
}

impl Printer {
    /// Returns a printer that has printed nothing yet.
    pub fn new(options: PrintOptions) -> Self {
        Self { options, progress: Mutex::default() }
    }

    /// Returns the format in which it prints.
    pub fn format(&self) -> Format {
        self.options.format
    }

    /// Returns the action that was begun last, which the report of a failure names.
    pub fn last_action(&self) -> Option<(ActionNumber, Cow<'static, str>)> {
        self.progress().last.clone()
    }

    /// Returns the actions that have ended, in the form that a program gets, if
    /// [`PrintOptions::record`] is set.
    pub fn recorded(&self) -> Vec<Value> {
        self.progress().recorded.clone()
    }

    /// Prints a remark that is not part of an action; programs get it on standard error.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    pub fn note(&self, text: &str) -> Result<(), TutorialError> {
        let text = Whole(text);
        match self.options.format {
            Format::Text => writeln!(output::text(), "{NOTE}{text}{NOTE:#}")?,
            // what a program needs is on standard output; that nothing reads the notes is no
            // failure
            Format::Json => drop(writeln!(anstream::stderr(), "{text}")),
            Format::Quiet => {}
        }
        Ok(())
    }

    /// Ends the action before this one, and begins this one.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    pub(crate) async fn begin(
        &self,
        number: ActionNumber,
        label: Cow<'static, str>,
    ) -> Result<(), TutorialError> {
        self.end()?;
        self.pause(number).await?;
        let is_new_step = {
            let mut progress = self.progress();
            let before = progress.last.replace((number, label.clone()));
            progress.open = Some(OpenAction {
                number,
                label: label.clone(),
                values: Map::new(),
                started: Instant::now(),
            });
            before.is_none_or(|(before, _)| before.step() != number.step())
        };
        if self.options.format == Format::Text {
            let mut out = output::text();
            if is_new_step {
                let (step, title) = (number.step(), title(number.step()));
                writeln!(out, "\n{STEP}Step {step}: {title}{STEP:#}")?;
            }
            // the label of a scenario's action may quote its files
            writeln!(out, "\n{LABEL}{number}. {}{LABEL:#}", Whole(&label))?;
            out.flush()?;
        }
        Ok(())
    }

    /// Shows a value of the open action under a name.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    pub(crate) fn show(&self, name: &str, value: &impl Serialize) -> Result<(), TutorialError> {
        let value = serde_json::to_value(value).map_err(io::Error::from)?;
        if self.options.format == Format::Text {
            let shown = match self.options.full {
                true => value.clone(),
                false => shortened(value.clone()),
            };
            let text = match &shown {
                Value::String(text) => Whole(text).to_string(),
                other => text::json(&format!("{other:#}")),
            };
            let text = text.replace('\n', "\n    ");
            writeln!(output::values(), "    {NAME}{name}:{NAME:#} {text}")?;
        }
        self.record(name, value);
        Ok(())
    }

    /// Shows a value in its own words, over several lines. A program gets its JSON, as of any
    /// other value.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    pub(crate) fn show_text(
        &self,
        name: &str,
        value: &impl Serialize,
        text: &str,
    ) -> Result<(), TutorialError> {
        if self.options.format == Format::Text {
            let mut out = output::text();
            writeln!(out, "    {NAME}{name}:{NAME:#}")?;
            for line in text.lines() {
                writeln!(out, "{:INDENT$}{line}", "")?;
            }
        }
        self.record(name, serde_json::to_value(value).map_err(io::Error::from)?);
        Ok(())
    }

    /// Shows a verdict as the table of all checks.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    pub(crate) fn show_verdict<C: Checks>(
        &self,
        name: &str,
        verdict: &Verdict<C>,
    ) -> Result<(), TutorialError> {
        let width = output::width().map(|width| width.saturating_sub(INDENT));
        let layout = Layout { width, full: self.options.full, ..Layout::default() };
        self.show_text(name, verdict, &verdict.table(&layout))
    }

    fn record(&self, name: &str, value: Value) {
        if let Some(action) = &mut self.progress().open {
            action.values.insert(name.to_owned(), value);
        }
    }

    /// Ends the open action, if there is one: a program gets its line.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    pub fn end(&self) -> Result<(), TutorialError> {
        let Some(action) = self.progress().open.take() else { return Ok(()) };
        if self.options.format != Format::Json && !self.options.record {
            return Ok(());
        }
        // milliseconds to three places: the quick actions take microseconds
        let elapsed_ms = (action.started.elapsed().as_secs_f64() * 1e6).round() / 1e3;
        let action = json!({
            "action": action.number,
            "step": action.number.step(),
            "label": action.label,
            "value": action.values,
            "elapsed_ms": elapsed_ms,
        });
        if self.options.format == Format::Json {
            line(&action)?;
        }
        if self.options.record {
            self.progress().recorded.push(action);
        }
        Ok(())
    }

    /// Awaits a long computation, with a spinner where a person is watching. Beside the spinner
    /// stands how many attempts there were so far, once there are any.
    pub(crate) async fn wait<T>(
        &self,
        what: &'static str,
        tried: impl Fn() -> u64 + Clone + Send + Sync + 'static,
        long: impl Future<Output = T>,
    ) -> T {
        let watched = self.options.format == Format::Text && io::stderr().is_terminal();
        if !watched {
            return long.await;
        }
        let spinner = ProgressBar::new_spinner().with_message(what);
        if let Ok(style) = ProgressStyle::with_template("    {spinner} {msg} ({elapsed}{tried})") {
            let tried = move |_: &ProgressState, out: &mut dyn fmt::Write| match tried() {
                0 => {}
                // a count that cannot be shown is not missed
                count => drop(write!(out, ", {count} tried")),
            };
            spinner.set_style(style.with_key("tried", tried));
        }
        spinner.enable_steady_tick(Duration::from_millis(100));
        let outcome = long.await;
        spinner.finish_and_clear();
        outcome
    }

    /// Waits for Enter, except before the first action and after the end of the input.
    async fn pause(&self, next: ActionNumber) -> Result<(), TutorialError> {
        let first = self.progress().last.is_none();
        if !self.options.pause || first || self.progress().input_ended {
            return Ok(());
        }
        // Enter is awaited all the same if standard error is closed
        let answer = prompt::ask(&format!("{NOTE}Enter for action {next} {NOTE:#}")).await;
        self.progress().input_ended = answer.is_none();
        Ok(())
    }

    /// Each change of the progress is complete in itself, so that a thread that panicked leaves
    /// nothing half done: a poisoned lock is as good as another.
    fn progress(&self) -> MutexGuard<'_, Progress> {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An action that has begun and not ended.
struct OpenAction {
    number: ActionNumber,
    label: Cow<'static, str>,
    values: Map<String, Value>,
    started: Instant,
}

/// Returns the title of a step of the tutorial.
fn title(step: u8) -> &'static str {
    match step {
        2 => "issuance setup",
        3 => "proof request and credential search",
        4 => "prover_create_proof",
        _ => "verifier_verify_proof",
    }
}

/// Returns a value in which long numbers and long lists of bytes are cut, for a person to read.
fn shortened(value: Value) -> Value {
    match value {
        Value::String(text) if text.len() > MAX_DIGITS && is_number(&text) => {
            let (head, tail) = (&text[..12], &text[text.len() - 6..]);
            Value::String(format!("{head}…{tail} ({} digits)", text.len()))
        }
        Value::Array(items) if items.len() > MAX_NUMBERS && items.iter().all(Value::is_number) => {
            Value::String(format!("({} bytes)", items.len()))
        }
        Value::Array(items) => Value::Array(items.into_iter().map(shortened).collect()),
        Value::Object(members) => Value::Object(
            members.into_iter().map(|(name, member)| (name, shortened(member))).collect(),
        ),
        other => other,
    }
}

fn is_number(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}
