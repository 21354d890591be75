//! `negotiate-proof lint`: what is wrong with a proof request, or doubtful, before it is sent.

use std::{
    io::{self, Write},
    path::{Path, PathBuf},
};

use anstyle::{AnsiColor, Style};
use anyhow::{Context, Result, bail};
use chrono::Local;
use clap::{Args, ValueHint};
use proofs::{
    kinds::{ObjectKind, recognise},
    lint::{Date, Finding, Findings, Linter, SchemaFacts, Severity},
};
use serde_json::json;
use stdx::text::Whole;
use tutorial::{Format, Status, format, input, options::OutputOptions, output, report::count};

pub(crate) const EXAMPLES: &str = "\
Examples:
  negotiate-proof lint request.json
  negotiate-proof lint request.json --date 2027-01-01
  negotiate-proof lint request.json --schema schema.json --json \\
    | jq -c '[.severity, .lint, .pointer]'";

const ERROR: Style = AnsiColor::Red.on_default().bold();
const WARNING: Style = AnsiColor::Yellow.on_default().bold();
const NOTE: Style = AnsiColor::Cyan.on_default().bold();

/// The request to examine.
#[derive(Debug, Clone, Args)]
pub struct Lint {
    /// A file with the proof request, or with what an agent puts around it; - for standard input
    #[arg(value_hint = ValueHint::FilePath)]
    request: PathBuf,
    /// Compare attribute names, and predicates with types, with those of the schema in FILE
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    schema: Option<PathBuf>,
    /// Compare dates of birth with the day YYYY-MM-DD instead of today
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = parse_date)]
    date: Option<Date>,
    /// How results are printed.
    #[command(flatten)]
    output: OutputOptions,
}

impl Lint {
    pub(crate) async fn run(&self) -> Result<Status> {
        let schema = match &self.schema {
            Some(path) => Some(read_schema(path).await?),
            None => None,
        };
        let request = input::text(&self.request, "a proof request").await?;
        let mut linter = Linter::new();
        if let Some(schema) = &schema {
            linter = linter.with_schema(schema);
        }
        if let Some(date) = self.date.or_else(today) {
            linter = linter.on(date);
        }
        let findings = linter.lint_json(&request);
        if findings.inside.is_empty() {
            refuse_other_kind(&self.request, &request)?;
        }
        match self.output.format() {
            Format::Quiet => {}
            Format::Json => print_json(&findings)?,
            Format::Text => print_text(&findings)?,
        }
        Ok(Status::good_if(findings.errors() == 0))
    }
}

/// Refuses what is clearly something other than a request: advice to change it into one would harm
/// its author.
pub(crate) fn refuse_other_kind(path: &Path, text: &str) -> Result<()> {
    use ObjectKind::{List, OtherObject, ProofRequest, Scalar};
    let kind = serde_json::from_str(text).map_or(OtherObject, |value| recognise(&value));
    let advice = match kind {
        // these may be requests with much amiss, which the findings say
        ProofRequest | OtherObject | List | Scalar => return Ok(()),
        ObjectKind::Presentation => {
            "`negotiate-proof verify` reads it, with the request that it answers"
        }
        ObjectKind::Schema => "name it with --schema, beside a request",
        _ => "name a file with a proof request",
    };
    bail!("{}: this looks like {kind}, and not like a proof request; {advice}", path.display())
}

pub(crate) fn parse_date(text: &str) -> Result<Date, &'static str> {
    Date::parse(text).ok_or("write a day of the calendar as YYYY-MM-DD")
}

/// Returns the day that it is here.
pub(crate) fn today() -> Option<Date> {
    Date::parse(&Local::now().format("%Y-%m-%d").to_string())
}

async fn read_schema(path: &Path) -> Result<SchemaFacts> {
    let text = input::text(path, "a schema").await?;
    serde_json::from_str(&text).with_context(|| {
        format!(
            "cannot use {}; name a file with the schema's JSON as the ledger has it",
            path.display()
        )
    })
}

fn print_json(findings: &Findings) -> io::Result<()> {
    if !findings.inside.is_empty() {
        format::line(&json!({"linting": findings.inside}))?;
    }
    for finding in &findings.listed {
        format::line(finding)?;
    }
    if findings.more() > 0 {
        format::line(&json!({
            "more_errors": findings.more_errors,
            "more_warnings": findings.more_warnings,
            "more_notes": findings.more_notes,
        }))?;
    }
    Ok(())
}

fn print_text(findings: &Findings) -> io::Result<()> {
    let mut out = output::text();
    if !findings.inside.is_empty() {
        writeln!(out, "linting {}\n", Whole(&findings.inside))?;
    }
    for finding in &findings.listed {
        write_finding(&mut out, finding)?;
    }
    if findings.more() > 0 {
        writeln!(out, "and {} more\n", findings.more())?;
    }
    if findings.is_empty() {
        return writeln!(out, "Nothing is wrong with this request.");
    }
    let errors = count(findings.errors() as u64, "error", "errors");
    let warnings = count(findings.warnings() as u64, "warning", "warnings");
    match findings.notes() {
        0 => writeln!(out, "{errors}, {warnings}."),
        notes => {
            writeln!(out, "{errors}, {warnings}, {}.", count(notes as u64, "note", "notes"))
        }
    }
}

/// Returns the colour of a severity.
pub(crate) fn style(severity: Severity) -> Style {
    match severity {
        Severity::Error => ERROR,
        Severity::Warning => WARNING,
        Severity::Note => NOTE,
    }
}

fn write_finding(out: &mut impl Write, finding: &Finding) -> io::Result<()> {
    let (style, severity, rule) = (style(finding.severity), finding.severity, finding.rule);
    write!(out, "{style}{severity}: {rule}{style:#}")?;
    match &finding.referent {
        Some(referent) => writeln!(out, " in {}", Whole(referent))?,
        None => writeln!(out)?,
    }
    if !finding.pointer.is_empty() {
        writeln!(out, "  at     {}", Whole(&finding.pointer))?;
    }
    writeln!(out, "  found  {}", Whole(&finding.found))?;
    writeln!(out, "  why    {}", finding.why)?;
    writeln!(out, "  do     {}\n", Whole(&finding.remedy))
}
