//! What is printed after the last step of a run.

use std::io::{self, Write};

use serde_json::{Value, json};
use stdx::text::Whole;
use tutorial::{
    Format, Status, Tutorial, error::quoted, format, handover::Verdict, output, report,
};

/// How far a walkthrough has come after a run of it.
#[derive(Debug)]
pub struct Summary {
    /// The last step that has finished.
    pub step: u8,
    /// Whether this run had nothing to do, since that step had finished before.
    pub finished_before: bool,
    /// The verdict of step 5.
    pub verdict: Option<Verdict>,
}

impl Summary {
    /// Returns the status that the verdict gives.
    pub fn status(&self) -> Status {
        self.verdict.as_ref().map_or(Status::Good, report::outcome_status)
    }

    /// Prints the summary in the tutorial's format.
    ///
    /// # Errors
    ///
    /// When standard output cannot be written.
    pub fn print(&self, tutorial: &Tutorial) -> io::Result<()> {
        match tutorial.printer().format() {
            Format::Text => self.print_text(&mut output::text(), tutorial),
            Format::Json => format::line(&self.json(tutorial)),
            Format::Quiet => Ok(()),
        }
    }

    fn print_text(&self, out: &mut impl Write, tutorial: &Tutorial) -> io::Result<()> {
        writeln!(out)?;
        let Some(verdict) = &self.verdict else {
            let done = match self.finished_before {
                true => "was done before; nothing was changed.",
                false => "is done.",
            };
            let next = self.next(tutorial);
            return writeln!(out, "Step {} {done} {}", self.step, Whole(&next));
        };
        report::write_outcome(out, verdict)?;
        if !self.finished_before {
            return Ok(());
        }
        writeln!(
            out,
            "This walkthrough was finished before; nothing was changed. For a new one, name another \
             --home."
        )?;
        if tutorial.keeps() {
            return Ok(());
        }
        writeln!(
            out,
            "To delete its wallets and its ledger, use `negotiate-proof step 5 --clean --home {}`.",
            Whole(&quoted(tutorial.home().directory()))
        )
    }

    /// Returns what to do after this step.
    fn next(&self, tutorial: &Tutorial) -> String {
        let home = tutorial.home();
        match home.is_kept() {
            true => format!(
                "Look at {}, and go on with `negotiate-proof step {} --home {}`.",
                home.state_path(self.step).display(),
                self.step + 1,
                quoted(home.directory())
            ),
            false => "Nothing was kept; name a --home to go on from here.".to_owned(),
        }
    }

    fn json(&self, tutorial: &Tutorial) -> Value {
        let home = tutorial.home();
        let home = home.is_kept().then(|| home.directory());
        let mut object = match &self.verdict {
            None => json!({"stopped_after": self.step}),
            Some(verdict) => report::outcome(verdict),
        };
        object["home"] = json!(home);
        if self.finished_before {
            object["finished_before"] = json!(true);
        }
        object
    }
}
