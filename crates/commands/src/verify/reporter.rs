//! How verdicts are printed: for a person, for a program, or for what runs tests.

use std::io::{self, Write};

use anyhow::{Error, Result};
use clap::{Args, ValueEnum};
use proofs::{Decision, Verdict};
use serde::Serialize;
use stdx::text::{self, Whole};
use tutorial::{
    Format, Status, format, output,
    report::{self, VerdictOptions},
};

use super::expected::Comparison;

/// How verdicts are printed.
#[derive(Debug, Clone, Args)]
pub struct ReporterOptions {
    /// Print JSON for programs, an object a line; the same as --format json
    #[arg(long, conflicts_with_all = ["format", "quiet"])]
    json: bool,
    /// How results are printed
    #[arg(long, value_enum, default_value_t = Form::Text, conflicts_with = "quiet")]
    format: Form,
    /// Print nothing but errors; the exit code tells
    #[arg(long, short)]
    quiet: bool,
    /// How much is printed for a person.
    #[command(flatten)]
    print: VerdictOptions,
}

/// What `--format` chooses from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    /// Text for a person
    Text,
    /// JSON for a program, an object a line
    Json,
    /// JUnit's XML, which most CI systems show: a test for each case
    Junit,
    /// The Test Anything Protocol, version 14: a test for each case
    Tap,
}

/// What became of an input.
pub struct Checked {
    /// The case's own name, or where it is.
    pub name: String,
    /// The verdict.
    pub verdict: Verdict,
    /// How it compares with what the case expects, if it expects anything.
    pub comparison: Option<Comparison>,
    /// Whether there is no schema, credential definition or registry for an identifier in it.
    pub lacks_public_data: bool,
    /// Why the input is not a case; the verdict is undecided then.
    pub unreadable: Option<Error>,
}

impl Checked {
    /// Returns whether it is good: as the case expects or, without expectations, verified.
    fn is_good(&self) -> bool {
        match &self.comparison {
            Some(comparison) => comparison.met,
            None => self.verdict.verified(),
        }
    }

    /// Returns in what way it is not good.
    fn kind(&self) -> &'static str {
        match (&self.unreadable, &self.comparison) {
            (Some(_), _) => "unreadable",
            (None, Some(_)) => "unexpected",
            (None, None) => self.verdict.decision().name(),
        }
    }

    /// Returns why it is not good, in a sentence without a full stop.
    fn reason(&self) -> String {
        match (&self.unreadable, &self.comparison) {
            (Some(error), _) => format!("{error:#}"),
            (None, Some(comparison)) => comparison.differences.join("; "),
            (None, None) => self.verdict.reason().unwrap_or_default(),
        }
    }
}

/// Prints verdicts as they come, and counts them.
pub struct Reporter {
    form: Option<Form>,
    print: VerdictOptions,
    counts: Counts,
}

/// How many inputs there were of each kind.
#[derive(Default)]
struct Counts {
    verified: u64,
    undecided: u64,
    rejected: u64,
    /// Inputs that are not cases, and files that could not be read, or not to their end.
    unreadable: u64,
    /// Those of them that are not cases.
    not_cases: u64,
    /// Cases that expect something, and those of them whose verdict is another.
    expecting: u64,
    unexpected: u64,
    /// Cases that expect nothing, and are rejected or undecided.
    bad: u64,
    open: u64,
}

impl Counts {
    /// Returns how many inputs there were.
    fn all(&self) -> u64 {
        self.verified + self.undecided + self.rejected + self.unreadable
    }
}

impl ReporterOptions {
    /// Returns for whom results are printed.
    pub fn format(&self) -> Format {
        match self.format {
            _ if self.quiet => Format::Quiet,
            Form::Text if !self.json => Format::Text,
            _ => Format::Json,
        }
    }

    /// Returns a reporter; prints what comes before all verdicts.
    ///
    /// # Errors
    ///
    /// When standard output cannot be written.
    pub fn begin(&self) -> Result<Reporter> {
        let form = if self.json { Form::Json } else { self.format };
        let form = Some(form).filter(|_| !self.quiet);
        let beginning = match form {
            Some(Form::Junit) => {
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n<testsuite name=\"negotiate-proof verify\">\n"
            }
            Some(Form::Tap) => "TAP version 14\n",
            _ => "",
        };
        output::data().write_all(beginning.as_bytes())?;
        Ok(Reporter { form, print: self.print, counts: Counts::default() })
    }
}

impl Reporter {
    /// Prints the error of a file, which has no verdict, and is a test that could not be made.
    ///
    /// # Errors
    ///
    /// When standard output cannot be written.
    pub fn broken_file(&mut self, file: &str, error: &Error) -> Result<()> {
        self.counts.unreadable += 1;
        report::error(error);
        let reason = format!("{error:#}");
        match self.form {
            Some(Form::Junit) => junit_problem(file, "error", "unreadable", &reason)?,
            Some(Form::Tap) => self.tap_problem(file, "unreadable", &reason)?,
            Some(Form::Text | Form::Json) | None => {}
        }
        Ok(())
    }

    /// Prints a verdict.
    ///
    /// # Errors
    ///
    /// When standard output cannot be written.
    pub fn checked(&mut self, checked: &Checked) -> Result<()> {
        self.count(checked);
        if let Some(error) = &checked.unreadable {
            self.unreadable(error);
        }
        match self.form {
            None => Ok(()),
            Some(Form::Text) => self.text(checked),
            Some(Form::Json) => Ok(format::line(&Line {
                verdict: &checked.verdict,
                expectation: checked.comparison.as_ref(),
            })?),
            Some(Form::Junit) => Ok(junit(checked)?),
            Some(Form::Tap) => Ok(self.tap(checked)?),
        }
    }

    /// Prints why an input is not a case. In text, each line of a file of another kind would have
    /// its error.
    fn unreadable(&self, error: &Error) {
        const MAX_ERRORS: u64 = 20;
        match self.counts.not_cases {
            ..=MAX_ERRORS => report::error(error),
            _ if self.form.is_some_and(|form| form != Form::Text) => report::error(error),
            count if count == MAX_ERRORS + 1 => report::warning(&format!(
                "more than {MAX_ERRORS} inputs are not cases; the others are only counted"
            )),
            _ => {}
        }
    }

    fn count(&mut self, checked: &Checked) {
        let counts = &mut self.counts;
        if checked.unreadable.is_some() {
            counts.unreadable += 1;
            counts.not_cases += 1;
            return;
        }
        let decision = checked.verdict.decision();
        match decision {
            Decision::Verified => counts.verified += 1,
            Decision::Undecided => counts.undecided += 1,
            Decision::Rejected => counts.rejected += 1,
        }
        match (&checked.comparison, decision) {
            (Some(comparison), _) => {
                counts.expecting += 1;
                counts.unexpected += u64::from(!comparison.met);
            }
            (None, Decision::Rejected) => counts.bad += 1,
            (None, Decision::Undecided) => counts.open += 1,
            (None, Decision::Verified) => {}
        }
    }

    fn text(&self, checked: &Checked) -> Result<()> {
        if checked.unreadable.is_some() {
            // its error has been printed
            return Ok(());
        }
        report::verdict(Format::Text, Some(self.print), &checked.name, &checked.verdict)?;
        let mut out = output::text();
        if checked.lacks_public_data && checked.verdict.decision() == Decision::Undecided {
            writeln!(
                out,
                "  public data is missing: take it from --public FILE, --home DIR or --genesis FILE"
            )?;
        }
        match &checked.comparison {
            Some(comparison) if comparison.met => writeln!(out, "  as expected")?,
            Some(comparison) => {
                let differences = comparison.differences.join("; ");
                writeln!(out, "  not as expected: {}", Whole(&differences))?;
            }
            None => {}
        }
        Ok(())
    }

    fn tap(&self, checked: &Checked) -> io::Result<()> {
        if checked.is_good() {
            let (number, name) = (self.counts.all(), text::tap(&checked.name));
            return writeln!(output::data(), "ok {number} - {name}");
        }
        self.tap_problem(&checked.name, checked.kind(), &checked.reason())
    }

    fn tap_problem(&self, name: &str, kind: &str, reason: &str) -> io::Result<()> {
        let message = text::json(&serde_json::to_string(reason)?);
        let (number, name) = (self.counts.all(), text::tap(name));
        writeln!(
            output::data(),
            "not ok {number} - {name}\n  ---\n  verdict: {kind}\n  message: {message}\n  ..."
        )
    }

    /// Prints what comes after all verdicts, and returns the status: the worst of all.
    ///
    /// # Errors
    ///
    /// When standard output cannot be written.
    pub fn end(&self) -> Result<Status> {
        let counts = &self.counts;
        match self.form {
            Some(Form::Junit) => output::data().write_all(b"</testsuite>\n</testsuites>\n")?,
            Some(Form::Tap) => writeln!(output::data(), "1..{}", counts.all())?,
            Some(Form::Text) => self.summary()?,
            Some(Form::Json) | None => {}
        }
        Ok(if counts.bad + counts.unexpected > 0 {
            Status::Bad
        } else if counts.open + counts.unreadable > 0 {
            Status::Undecided
        } else {
            Status::Good
        })
    }

    /// Prints one line if there was more than one case.
    fn summary(&self) -> io::Result<()> {
        let Counts { verified, undecided, rejected, unreadable, expecting, unexpected, .. } =
            self.counts;
        let cases = verified + undecided + rejected;
        if cases + unreadable < 2 {
            return Ok(());
        }
        let mut out = output::text();
        let counted = report::count(cases, "case", "cases");
        write!(out, "{counted}: {verified} verified, {rejected} rejected")?;
        if undecided > 0 {
            write!(out, ", {undecided} undecided")?;
        }
        if unreadable > 0 {
            write!(out, "; {unreadable} could not be read")?;
        }
        if expecting > 0 {
            write!(out, "; {} of {expecting} as expected", expecting - unexpected)?;
        }
        writeln!(out, ".")
    }
}

/// A line of JSON.
#[derive(Serialize)]
struct Line<'c> {
    #[serde(flatten)]
    verdict: &'c Verdict,
    #[serde(skip_serializing_if = "Option::is_none")]
    expectation: Option<&'c Comparison>,
}

/// Prints a test of JUnit.
fn junit(checked: &Checked) -> io::Result<()> {
    if checked.is_good() {
        let name = text::xml(&checked.name);
        return writeln!(output::data(), "<testcase classname=\"verify\" name=\"{name}\"/>");
    }
    // a test that failed, or one that could not be made
    let kind = checked.kind();
    let element = if matches!(kind, "undecided" | "unreadable") { "error" } else { "failure" };
    junit_problem(&checked.name, element, kind, &checked.reason())
}

fn junit_problem(name: &str, element: &str, kind: &str, reason: &str) -> io::Result<()> {
    let (name, reason) = (text::xml(name), text::xml(reason));
    writeln!(
        output::data(),
        "<testcase classname=\"verify\" name=\"{name}\"><{element} type=\"{kind}\" message=\"{reason}\"/></testcase>"
    )
}
