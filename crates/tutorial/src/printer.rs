//! What a person or a program gets to see of each action.
//!
//! A person sees the tutorial's labels with their numbers and, below, the values that the tutorial
//! prints; numbers of hundreds of digits are shortened unless [`Narration::full`] is set. A program
//! gets one JSON object a line:
//! `{"action": 4, "step": 2, "label": "...", "value": {...}, "elapsed_ms": 1.5}`.

use std::{
    fmt,
    future::Future,
    io::{self, BufRead, IsTerminal, Write},
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use anstyle::{AnsiColor, Style};
use indicatif::{ProgressBar, ProgressState, ProgressStyle};
use serde::{Serialize, Serializer};
use serde_json::{Map, Value, json};

use crate::error::StageError;

const STEP: Style = AnsiColor::Cyan.on_default().bold();
const LABEL: Style = Style::new().bold();
const NAME: Style = AnsiColor::Blue.on_default();
const NOTE: Style = Style::new().dimmed();

/// Longer runs of digits are shortened for a person.
const LONGEST_NUMBER: usize = 80;

/// What is shown of each action, and how.
#[derive(Debug, Clone, Copy, Default)]
pub struct Narration {
    /// For whom.
    pub style: NarrationStyle,
    /// Show numbers whole, however long.
    pub full: bool,
    /// Wait for Enter between actions.
    pub pause: bool,
}

/// For whom the narration is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum NarrationStyle {
    /// A person.
    #[default]
    Story,
    /// A program: one JSON object a line.
    Json,
    /// Nobody.
    Quiet,
}

/// The number of an action of the tutorial: 1 to 24, or 11b, which the tutorial leaves out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActionNumber {
    /// A number of the tutorial.
    Plain(u8),
    /// An action between two numbers.
    Inserted(&'static str),
}

impl ActionNumber {
    /// The step of the tutorial that the action belongs to, 2 to 5.
    pub fn step(self) -> u8 {
        match self {
            Self::Inserted(_) | Self::Plain(..=17) => 2,
            Self::Plain(18..=19) => 3,
            Self::Plain(20) => 4,
            Self::Plain(_) => 5,
        }
    }
}

impl From<u8> for ActionNumber {
    fn from(number: u8) -> Self {
        Self::Plain(number)
    }
}

impl From<&'static str> for ActionNumber {
    fn from(number: &'static str) -> Self {
        Self::Inserted(number)
    }
}

impl fmt::Display for ActionNumber {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Plain(number) => number.fmt(formatter),
            Self::Inserted(number) => number.fmt(formatter),
        }
    }
}

impl Serialize for ActionNumber {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Plain(number) => serializer.serialize_u8(*number),
            Self::Inserted(number) => serializer.serialize_str(number),
        }
    }
}

/// Tells of the actions on standard output.
pub struct Narrator {
    narration: Narration,
    progress: Mutex<Progress>,
}

/// How far the narration has come.
#[derive(Default)]
struct Progress {
    step: Option<u8>,
    current: Option<(ActionNumber, &'static str)>,
    /// Standard input has ended: nobody is there to press Enter.
    alone: bool,
}

impl Narrator {
    /// A narrator that has told nothing yet.
    pub fn new(narration: Narration) -> Self {
        Self {
            narration,
            progress: Mutex::default(),
        }
    }

    /// For whom the narration is.
    pub fn style(&self) -> NarrationStyle {
        self.narration.style
    }

    /// The action that was begun last, for whoever reports its failure.
    pub fn current(&self) -> Option<(ActionNumber, &'static str)> {
        self.progress().current
    }

    /// Tell a person something that is not an action; programs get it on standard error.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    pub fn note(&self, text: &str) -> Result<(), StageError> {
        match self.narration.style {
            NarrationStyle::Story => {
                writeln!(anstream::stdout(), "{NOTE}{text}{NOTE:#}")?;
            }
            NarrationStyle::Json => writeln!(anstream::stderr(), "{text}")?,
            NarrationStyle::Quiet => {}
        }
        Ok(())
    }

    /// Begin an action.
    pub(crate) async fn begin(
        &self,
        number: ActionNumber,
        label: &'static str,
    ) -> Result<Action<'_>, StageError> {
        self.pause(number).await?;
        let step = number.step();
        let first_of_step = {
            let mut progress = self.progress();
            progress.current = Some((number, label));
            progress.step.replace(step) != Some(step)
        };
        if self.narration.style == NarrationStyle::Story {
            let mut out = anstream::stdout().lock();
            if first_of_step {
                let title = title(step);
                writeln!(out, "\n{STEP}Step {step}: {title}{STEP:#}")?;
            }
            writeln!(out, "\n{LABEL}{number}. {label}{LABEL:#}")?;
            out.flush()?;
        }
        Ok(Action {
            narrator: self,
            number,
            label,
            values: Map::new(),
            started: Instant::now(),
        })
    }

    /// Wait for Enter, unless this is the first action or nobody is there.
    async fn pause(&self, next: ActionNumber) -> Result<(), StageError> {
        let first = self.progress().current.is_none();
        if !self.narration.pause || first || self.progress().alone {
            return Ok(());
        }
        let mut prompt = Prompt::ask(next)?;
        let read = tokio::task::spawn_blocking(|| io::stdin().lock().read_line(&mut String::new()));
        let ended = matches!(read.await, Ok(Ok(0)));
        prompt.is_line_open = ended || !io::stdin().is_terminal();
        self.progress().alone = ended;
        Ok(())
    }

    /// A thread that panicked while it told something leaves nothing half-told behind it, so a
    /// poisoned lock is as good as another.
    fn progress(&self) -> std::sync::MutexGuard<'_, Progress> {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A question on standard error. Enter on a terminal ends its line; after anything else, Ctrl-C
/// included, the line is ended here, so that what is told next begins on a line of its own.
struct Prompt {
    is_line_open: bool,
}

impl Prompt {
    fn ask(next: ActionNumber) -> io::Result<Self> {
        write!(anstream::stderr(), "{NOTE}Enter for action {next} {NOTE:#}")?;
        Ok(Self { is_line_open: true })
    }
}

impl Drop for Prompt {
    fn drop(&mut self) {
        if self.is_line_open {
            // nothing is left to do if standard error is closed
            let _ = writeln!(anstream::stderr());
        }
    }
}

/// An action that has begun.
pub struct Action<'n> {
    narrator: &'n Narrator,
    number: ActionNumber,
    label: &'static str,
    values: Map<String, Value>,
    started: Instant,
}

impl Action<'_> {
    /// Show a value of the action under a name.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    pub fn show(&mut self, name: &str, value: &impl Serialize) -> Result<(), StageError> {
        let value = serde_json::to_value(value).map_err(io::Error::from)?;
        if self.narrator.narration.style == NarrationStyle::Story {
            let shown = match self.narrator.narration.full {
                true => value.clone(),
                false => shortened(value.clone()),
            };
            let text = match &shown {
                Value::String(text) => plain(text),
                other => format!("{other:#}"),
            };
            let text = text.replace('\n', "\n    ");
            writeln!(anstream::stdout(), "    {NAME}{name}:{NAME:#} {text}")?;
        }
        self.values.insert(name.to_owned(), value);
        Ok(())
    }

    /// Show a value that says itself, over several lines, what a person needs to know of it. A program gets
    /// its JSON, as of any other.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    pub fn tell(
        &mut self,
        name: &str,
        value: &(impl Serialize + fmt::Display),
    ) -> Result<(), StageError> {
        if self.narrator.narration.style == NarrationStyle::Story {
            let mut out = anstream::stdout().lock();
            writeln!(out, "    {NAME}{name}:{NAME:#}")?;
            for line in value.to_string().lines() {
                writeln!(out, "      {line}")?;
            }
        }
        let value = serde_json::to_value(value).map_err(io::Error::from)?;
        self.values.insert(name.to_owned(), value);
        Ok(())
    }

    /// Await something that takes long, with a spinner where a person is watching. Beside it stands how many
    /// things were tried so far, once there are any.
    pub async fn wait<T>(
        &self,
        what: &'static str,
        tried: impl Fn() -> u64 + Clone + Send + Sync + 'static,
        long: impl Future<Output = T>,
    ) -> T {
        let watched =
            self.narrator.narration.style == NarrationStyle::Story && io::stderr().is_terminal();
        if !watched {
            return long.await;
        }
        let spinner = ProgressBar::new_spinner().with_message(what);
        if let Ok(style) = ProgressStyle::with_template("    {spinner} {msg} ({elapsed}{tried})") {
            let tried = move |_: &ProgressState, out: &mut dyn fmt::Write| match tried() {
                0 => {}
                // what cannot be shown is not missed
                count => drop(write!(out, ", {count} tried")),
            };
            spinner.set_style(style.with_key("tried", tried));
        }
        spinner.enable_steady_tick(Duration::from_millis(100));
        let outcome = long.await;
        spinner.finish_and_clear();
        outcome
    }

    /// End the action.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    pub fn end(self) -> Result<(), StageError> {
        if self.narrator.narration.style == NarrationStyle::Json {
            // milliseconds to three places: the quick actions take microseconds
            let elapsed_ms = (self.started.elapsed().as_secs_f64() * 1e6).round() / 1e3;
            let line = json!({
                "action": self.number,
                "step": self.number.step(),
                "label": self.label,
                "value": self.values,
                "elapsed_ms": elapsed_ms,
            });
            writeln!(io::stdout().lock(), "{line}")?;
        }
        Ok(())
    }
}

/// Others' text on one line of a terminal: what would move the cursor or break the line is escaped.
pub fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for character in text.chars() {
        match character.is_control() {
            true => plain.extend(character.escape_default()),
            false => plain.push(character),
        }
    }
    plain
}

/// The tutorial's steps, by number.
fn title(step: u8) -> &'static str {
    match step {
        2 => "issuance setup",
        3 => "proof request and credential search",
        4 => "prover_create_proof",
        _ => "verifier_verify_proof",
    }
}

/// A value in which long numbers and long lists of bytes are cut, for a person to read.
fn shortened(value: Value) -> Value {
    match value {
        Value::String(text) if text.len() > LONGEST_NUMBER && is_number(&text) => {
            let (head, tail) = (&text[..12], &text[text.len() - 6..]);
            Value::String(format!("{head}…{tail} ({} digits)", text.len()))
        }
        Value::Array(items) if items.len() > 16 && items.iter().all(Value::is_number) => {
            Value::String(format!("({} bytes)", items.len()))
        }
        Value::Array(items) => Value::Array(items.into_iter().map(shortened).collect()),
        Value::Object(members) => Value::Object(
            members
                .into_iter()
                .map(|(name, member)| (name, shortened(member)))
                .collect(),
        ),
        other => other,
    }
}

fn is_number(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}
