//! `negotiate-proof lint`: what is wrong with a proof request, or doubtful, before it is sent.

use std::{
    io::{self, Write},
    path::Path,
};

use anstyle::{AnsiColor, Style};
use anyhow::{Context, Result};
use proofs::lint::{self, Finding, Findings, SchemaFacts, Severity};
use serde_json::json;
use stage::narrator::{NarrationStyle, plain};

use crate::{
    input,
    report::{Ending, Worst, counted},
};

const ERROR: Style = AnsiColor::Red.on_default().bold();
const WARNING: Style = AnsiColor::Yellow.on_default().bold();

/// Look at the proof request in a file.
pub async fn lint(file: &Path, schema: Option<&Path>, style: NarrationStyle) -> Result<Ending> {
    let schema = match schema {
        Some(path) => Some(read_schema(path).await?),
        None => None,
    };
    let request = input::text(file, "a proof request").await?;
    let findings = lint::lint_json(&request, schema.as_ref());
    match style {
        NarrationStyle::Quiet => {}
        NarrationStyle::Json => as_json(&findings)?,
        NarrationStyle::Story => as_text(&findings)?,
    }
    Ok(Ending::Examined(match findings.errors() {
        0 => Worst::Fine,
        _ => Worst::Rejected,
    }))
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

fn as_json(findings: &Findings) -> Result<()> {
    let mut out = io::stdout().lock();
    for finding in &findings.listed {
        writeln!(out, "{}", serde_json::to_string(finding)?)?;
    }
    if findings.more() > 0 {
        let (errors, warnings) = (findings.more_errors, findings.more_warnings);
        let more = json!({"more_errors": errors, "more_warnings": warnings});
        writeln!(out, "{more}")?;
    }
    Ok(())
}

fn as_text(findings: &Findings) -> io::Result<()> {
    let mut out = anstream::stdout().lock();
    for finding in &findings.listed {
        tell(&mut out, finding)?;
    }
    if findings.more() > 0 {
        writeln!(out, "and {} more\n", findings.more())?;
    }
    if findings.is_empty() {
        return writeln!(out, "Nothing is wrong with this request.");
    }
    let errors = counted(findings.errors() as u64, "error", "errors");
    let warnings = counted(findings.warnings() as u64, "warning", "warnings");
    writeln!(out, "{errors}, {warnings}.")
}

fn tell(out: &mut impl Write, finding: &Finding) -> io::Result<()> {
    let style = match finding.severity {
        Severity::Error => ERROR,
        Severity::Warning => WARNING,
    };
    let (severity, rule) = (finding.severity, finding.rule);
    write!(out, "{style}{severity}: {rule}{style:#}")?;
    match &finding.referent {
        Some(referent) => writeln!(out, " in {}", plain(referent))?,
        None => writeln!(out)?,
    }
    if !finding.pointer.is_empty() {
        writeln!(out, "  at     {}", plain(&finding.pointer))?;
    }
    writeln!(out, "  found  {}", plain(&finding.found))?;
    writeln!(out, "  why    {}", finding.why)?;
    writeln!(out, "  do     {}\n", plain(&finding.remedy))
}
