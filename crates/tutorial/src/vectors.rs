//! Running the test vectors from a program: the progress, the report, the exit code.

use std::{fs, io::Write};

use anyhow::{Context, Error, Result, anyhow};
use indicatif::{ProgressBar, ProgressStyle};
use stdx::{task::blocking, text::Plain};
use vectors::command::{
    CommandError, Finished, Form, MutateForm, MutateOptions, RunOptions, Scope,
};
use vectors::implementation::adapter::Stop;
use vectors::report::{Layout, Styles};

use crate::{Status, output, report};

/// Gives the corpus to implementations, and prints the report.
///
/// # Errors
///
/// The corpus, a list, an implementation or the file for the report cannot be used.
pub async fn run(options: &RunOptions, scope: Scope) -> Result<Status> {
    let of_run = options.clone();
    let finished =
        running(move |at| of_run.run(&scope, &at.layout, &at.stop, &at.progress())).await?;
    match &options.output {
        Some(path) => {
            fs::write(path, &finished.report)
                .with_context(|| format!("cannot write {}", path.display()))?;
            output::text().write_all(finished.summary.as_bytes())?;
        }
        None => print(&finished, options.form() == Form::Text)?,
    }
    Ok(Status::good_if(finished.is_good))
}

/// Changes a case in each place, has implementations verify each change, and prints the report.
///
/// # Errors
///
/// The case or an implementation cannot be used.
pub async fn mutate(options: &MutateOptions, scope: Scope) -> Result<Status> {
    let of_run = options.clone();
    let finished =
        running(move |at| of_run.run(&scope, &at.layout, &at.stop, &at.progress())).await?;
    print(&finished, options.form() == MutateForm::Text)?;
    Ok(Status::good_if(finished.is_good))
}

fn print(finished: &Finished, is_text: bool) -> Result<()> {
    match is_text {
        true => output::text().write_all(finished.report.as_bytes())?,
        false => report::print(finished.report.as_bytes())?,
    }
    Ok(())
}

/// What a run is given.
struct At {
    layout: Layout,
    stop: Stop,
    bar: ProgressBar,
}

impl At {
    /// Returns what shows how far the run is.
    fn progress(&self) -> impl Fn(&str, usize, usize) + Sync {
        |name, done, all| {
            self.bar.set_length(all as u64);
            self.bar.set_position(done as u64);
            self.bar.set_message(Plain(name).to_string());
        }
    }
}

/// Runs tests on a thread where they delay no other task, until they end or the command is given
/// up.
async fn running(
    run: impl FnOnce(&At) -> Result<Finished, CommandError> + Send + 'static,
) -> Result<Finished> {
    let stop = StopAtEnd::default();
    let at = At { layout: layout(), stop: stop.0.clone(), bar: progress_bar() };
    let finished = blocking(move || {
        let finished = run(&at);
        at.bar.finish_and_clear();
        finished
    });
    finished.await?.map_err(explain)
}

/// Ends what still runs when the command is given up, as by Ctrl-C.
#[derive(Default)]
struct StopAtEnd(Stop);

impl Drop for StopAtEnd {
    fn drop(&mut self) {
        self.0.set();
    }
}

fn layout() -> Layout {
    let styles = Styles { good: report::GOOD, bad: report::BAD };
    Layout { width: output::width(), styles, ..Layout::default() }
}

/// Returns a line of progress, which only a terminal shows.
fn progress_bar() -> ProgressBar {
    let style = ProgressStyle::with_template("{msg}: {pos} of {len}");
    let bar = ProgressBar::new(0);
    match style {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

/// Adds which option helps.
fn explain(error: CommandError) -> Error {
    match error {
        CommandError::NoCorpus(_) => anyhow!("{error}; name the corpus with --corpus DIR"),
        error => error.into(),
    }
}
