//! Endings and errors, for people and programs.

use std::{
    io::{self, Write},
    process::ExitCode,
};

use anstyle::{AnsiColor, Style};
use anyhow::{Context, Error, Result};
use proofs::Checks;
use serde_json::{Value, json};
use stage::{
    Stage, StageError,
    error::quoted,
    narrator::{NarrationStyle, plain},
};
use step5_verify_proof::Verdict;

const GOOD: Style = AnsiColor::Green.on_default().bold();
const BAD: Style = AnsiColor::Red.on_default().bold();
const RELAXED: Style = AnsiColor::Yellow.on_default();

/// How a run ended that did not fail.
#[derive(Debug)]
pub enum Ending {
    /// There is nothing more to say.
    Done,
    /// The run stopped after this step, as it was told to.
    StoppedAfter(u8),
    /// There was nothing to do: this step had finished before.
    FinishedBefore(u8),
    /// The verifier's verdict.
    Verdict(Verdict),
    /// There was nothing to do: the verdict had been given before.
    VerdictBefore(Verdict),
    /// A search is over: whether it found a candidate for every referent.
    Answered(bool),
    /// Something was examined, and what was found has been told: the worst of it.
    Examined(Worst),
}

/// The worst that was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Worst {
    /// Nothing bad.
    Fine,
    /// Something is rejected, or has no answer.
    Rejected,
    /// Something could not be read. What is wrong with it has been told.
    Unreadable,
}

/// Ctrl-C was pressed.
#[derive(Debug, thiserror::Error)]
#[error("interrupted")]
pub struct Interrupted {
    /// Whether it was a walkthrough that was interrupted, and not another command.
    pub walkthrough: bool,
}

/// Report how a run ended; returns its exit code.
pub fn outcome(outcome: Result<Ending>, stage: Option<&Stage>) -> ExitCode {
    let reported = outcome.and_then(|ending| {
        if let Some(stage) = stage {
            tell(&ending, stage)?;
        }
        Ok(ending)
    });
    match reported {
        Ok(
            Ending::Verdict(Verdict::Rejected { .. })
            | Ending::VerdictBefore(Verdict::Rejected { .. })
            | Ending::Answered(false)
            | Ending::Examined(Worst::Rejected),
        ) => ExitCode::from(1),
        Ok(Ending::Examined(Worst::Unreadable)) => ExitCode::from(2),
        Ok(_) => ExitCode::SUCCESS,
        Err(error) => failure(&error, stage),
    }
}

/// Report a failure on standard error; returns its exit code.
pub fn failure(error: &Error, stage: Option<&Stage>) -> ExitCode {
    // whoever reads the narration has gone: there is nobody to tell
    if is_broken_pipe(error) {
        return ExitCode::from(2);
    }
    let mut lines = Vec::new();
    let action = stage.and_then(|stage| stage.narrator().current());
    match action {
        Some((number, label)) if !error.is::<Interrupted>() => {
            lines.push(format!("in action {number} ({label}): {}", whole(error)));
        }
        _ => lines.push(whole(error)),
    }
    // what fails before the first action says itself what to do
    let interrupted = error.downcast_ref::<Interrupted>();
    let begun = stage.filter(|_| action.is_some() || interrupted.is_some());
    if let Some(stage) = begun.filter(|stage| stage.home().is_kept()) {
        lines.push(match interrupted {
            Some(Interrupted { walkthrough: false }) => {
                "what is finished is kept; run the same command again".to_owned()
            }
            _ => format!(
                "what is finished is kept; go on with `negotiate-proof --home {}`",
                quoted(stage.home().directory())
            ),
        });
    }
    say(&lines);
    ExitCode::from(if error.is::<Interrupted>() { 130 } else { 2 })
}

/// Report on standard error what does not end the run.
pub fn complain(error: &Error) {
    say(&[whole(error)]);
}

/// Tell a verdict, under the name of what it is about.
pub fn verdict<C: Checks>(
    style: NarrationStyle,
    name: &str,
    verdict: &proofs::Verdict<C>,
) -> Result<()> {
    match style {
        NarrationStyle::Quiet => {}
        NarrationStyle::Json => {
            let line = serde_json::to_string(verdict).context("cannot write a verdict as JSON")?;
            writeln!(io::stdout().lock(), "{line}")?;
        }
        NarrationStyle::Story => {
            let mut out = anstream::stdout().lock();
            match verdict.verified() {
                true => write!(out, "{}: {GOOD}verified{GOOD:#}", plain(name))?,
                false => write!(out, "{}: {BAD}rejected{BAD:#}", plain(name))?,
            }
            let relaxed: Vec<&str> = verdict.relaxed().map(C::name).collect();
            if !relaxed.is_empty() {
                let relaxed = relaxed.join(", ");
                write!(out, "{RELAXED}, by a policy without {relaxed}{RELAXED:#}")?;
            }
            // the checks' texts are safe for a terminal by themselves
            writeln!(out, "\n{verdict}")?;
        }
    }
    Ok(())
}

/// Tell what was done: a sentence for a person, an object for a program.
pub fn done(style: NarrationStyle, sentence: &str, object: &Value) -> Result<()> {
    match style {
        NarrationStyle::Quiet => {}
        NarrationStyle::Json => writeln!(io::stdout().lock(), "{object}")?,
        NarrationStyle::Story => writeln!(anstream::stdout().lock(), "{}", plain(sentence))?,
    }
    Ok(())
}

fn say(lines: &[String]) {
    let mut err = anstream::stderr().lock();
    for (index, line) in lines.iter().enumerate() {
        // nothing is left to do if standard error is closed too
        let _ = match index {
            0 => writeln!(err, "{BAD}error:{BAD:#} {line}"),
            _ => writeln!(err, "{line}"),
        };
    }
}

/// A number with the word for what it counts.
pub fn counted(count: u64, one: &str, many: &str) -> String {
    match count {
        1 => format!("1 {one}"),
        count => format!("{count} {many}"),
    }
}

/// An error with its causes. Some errors repeat their cause in their own words, and then it is
/// not said twice. Inputs are quoted in them, and may not steer the terminal.
fn whole(error: &Error) -> String {
    let mut text = String::new();
    for cause in error.chain().map(ToString::to_string) {
        if text.is_empty() {
            text = cause;
        } else if !text.contains(&cause) {
            text = format!("{text}: {cause}");
        }
    }
    plain(&text)
}

fn tell(ending: &Ending, stage: &Stage) -> Result<()> {
    match stage.narrator().style() {
        NarrationStyle::Quiet => {}
        NarrationStyle::Json => {
            if let Some(line) = as_json(ending, stage) {
                writeln!(io::stdout().lock(), "{line}")?;
            }
        }
        NarrationStyle::Story => {
            let mut out = anstream::stdout().lock();
            if !matches!(
                ending,
                Ending::Done | Ending::Answered(_) | Ending::Examined(_)
            ) {
                writeln!(out)?;
            }
            match ending {
                Ending::Done | Ending::Answered(_) | Ending::Examined(_) => {}
                Ending::StoppedAfter(step) => {
                    writeln!(out, "Step {step} is done.{}", what_next(*step, stage))?;
                }
                Ending::FinishedBefore(step) => {
                    let next = what_next(*step, stage);
                    writeln!(
                        out,
                        "Step {step} was done before; nothing was changed.{next}"
                    )?;
                }
                Ending::Verdict(verdict) => tell_verdict(&mut out, verdict)?,
                Ending::VerdictBefore(verdict) => {
                    tell_verdict(&mut out, verdict)?;
                    writeln!(
                        out,
                        "This walkthrough was finished before; nothing was changed. For a new one, \
                         name another --home."
                    )?;
                    if !stage.keeps() {
                        writeln!(
                            out,
                            "To delete its wallets and its ledger, use `negotiate-proof step 5 \
                             --clean --home {}`.",
                            quoted(stage.home().directory())
                        )?;
                    }
                }
            }
        }
    }
    Ok(())
}

fn tell_verdict(out: &mut impl Write, verdict: &Verdict) -> io::Result<()> {
    match verdict {
        Verdict::Verified { .. } => writeln!(
            out,
            "{GOOD}Verified:{GOOD:#} the name is Alex and the age is at least 18; of the other attributes the \
             verifier learned nothing."
        ),
        // the reason may quote the presentation
        Verdict::Rejected { reason, .. } => {
            writeln!(out, "{BAD}Rejected:{BAD:#} {}.", plain(reason))
        }
    }
}

fn what_next(step: u8, stage: &Stage) -> String {
    match stage.home().is_kept() {
        true => format!(
            " Look at {}, and go on with `negotiate-proof step {} --home {}`.",
            stage.home().state_path(step).display(),
            step + 1,
            quoted(stage.home().directory())
        ),
        false => " Nothing was kept; name a --home to go on from here.".to_owned(),
    }
}

/// The last line for a program; none where everything has been said.
fn as_json(ending: &Ending, stage: &Stage) -> Option<Value> {
    let home = stage.home().is_kept().then(|| stage.home().directory());
    Some(match ending {
        Ending::Done | Ending::Examined(_) => return None,
        Ending::Answered(answered) => json!({"answered": answered}),
        Ending::StoppedAfter(step) => json!({"stopped_after": step, "home": home}),
        Ending::FinishedBefore(step) => {
            json!({"stopped_after": step, "home": home, "finished_before": true})
        }
        Ending::Verdict(verdict) => verdict_as_json(verdict, json!({"home": home})),
        Ending::VerdictBefore(verdict) => {
            verdict_as_json(verdict, json!({"home": home, "finished_before": true}))
        }
    })
}

fn verdict_as_json(verdict: &Verdict, mut object: Value) -> Value {
    match verdict {
        Verdict::Verified { .. } => object["verdict"] = json!("verified"),
        Verdict::Rejected { reason, .. } => {
            object["verdict"] = json!("rejected");
            object["reason"] = json!(reason);
        }
    }
    object
}

fn is_broken_pipe(error: &Error) -> bool {
    error.chain().any(|cause| {
        let io_error = cause.downcast_ref::<io::Error>();
        let output = match cause.downcast_ref::<StageError>() {
            Some(StageError::Output(error)) => Some(error),
            _ => io_error,
        };
        output.is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
    })
}
