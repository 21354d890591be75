//! What is wrong with the files of a scenario, or doubtful, and how it is printed.

use std::io::{self, Write};

use proofs::lint::Severity;
use serde::Serialize;
use serde_json::json;
use stdx::text::Whole;
use tutorial::{Format, format, output, report::count};

use crate::lint::style;

/// One thing that is wrong with a file of a scenario, or doubtful.
#[derive(Debug, Clone, Serialize)]
pub struct Finding {
    /// The file, from the scenario's directory on.
    pub file: String,
    /// Where in the file, as a JSON pointer; empty for the whole.
    pub pointer: String,
    /// The name of the rule, as the JSON of a request's findings calls it.
    #[serde(rename = "lint")]
    pub rule: String,
    /// How serious it is.
    pub severity: Severity,
    /// What is there.
    pub found: String,
    /// Why that matters, as a clause.
    pub why: String,
    /// What to do.
    pub remedy: String,
    /// Whether the scenario cannot be played as long as it is so.
    #[serde(skip)]
    pub blocks: bool,
}

/// Where something stands: a file, and a JSON pointer into it.
#[derive(Debug, Clone, Copy)]
pub struct Place<'p> {
    pub file: &'p str,
    pub pointer: &'p str,
}

/// A rule: its name, and why it matters.
#[derive(Debug, Clone, Copy)]
pub struct Rule(pub &'static str, pub &'static str);

pub const UNREADABLE: Rule = Rule("unreadable", "what cannot be read cannot be played");
pub const NOT_JSON: Rule = Rule("not-json", "what cannot be read cannot be played");
pub const NOTHING: Rule =
    Rule("nothing-to-play", "the actions need an issuer, a credential, a holder and a request");
pub const FILE_NAME: Rule =
    Rule("file-name", "the name stands for the file's subject, in references and names of wallets");
pub const OTHER_FILE: Rule = Rule("other-file", "only files that end in .json are read here");
pub const UNKNOWN_MEMBER: Rule = Rule("unknown-member", "it would have no effect");
pub const MISSING_MEMBER: Rule = Rule("missing-member", "it says what cannot be guessed");
pub const WRONG_TYPE: Rule = Rule("wrong-type", "the schema of the file has another type here");
pub const WRONG_VALUE: Rule = Rule("wrong-value", "it would be refused when it is played");
pub const REPEATED_NAME: Rule =
    Rule("repeated-name", "names compare without spaces and case, and must tell things apart");
pub const SAME_ISSUER: Rule =
    Rule("same-issuer", "who has the same seed has the same DID, and is the same issuer");
pub const OTHER_SCHEMA: Rule = Rule(
    "other-schema",
    "the ledger keeps one schema of a steward under a name and a version, and never changes it",
);
pub const UNKNOWN_REFERENCE: Rule =
    Rule("unknown-reference", "it must name something that the scenario has");
pub const UNKNOWN_PLACEHOLDER: Rule =
    Rule("unknown-placeholder", "there is nothing that could be filled in");
pub const UNKNOWN_ATTRIBUTE: Rule =
    Rule("unknown-attribute", "an issuer signs values for the schema's attributes, and no others");
pub const MISSING_ATTRIBUTE: Rule =
    Rule("missing-attribute", "an issuer signs a value for each of the schema's attributes");
pub const UNUSABLE_VALUE: Rule = Rule("unusable-value", "an issuer cannot sign it");
pub const UNUSABLE_KEY: Rule = Rule("unusable-key", "the issuer could not sign with it");
pub const NOT_COMPARABLE: Rule = Rule(
    "not-comparable",
    "a predicate compares integers of 32 bits, and everything else is signed as its hash",
);
pub const SELF_ATTESTED: Rule = Rule(
    "self-attested",
    "a verifier refuses the holder's own words where it restricts the issuer",
);
pub const GROUP: Rule = Rule(
    "group",
    "a group is shown whole, from one credential: a verifier refuses it hidden or in the holder's words",
);
pub const UNANSWERED: Rule = Rule("unanswered", "the holder cannot answer, and playing ends so");
pub const UNUSED: Rule = Rule("unused", "it takes no part in any request");

/// All that was found.
#[derive(Debug, Default)]
pub struct Findings(Vec<Finding>);

impl Findings {
    /// How many are listed; the others are counted.
    const MAX_LISTED: usize = 200;

    /// Adds what keeps a scenario from being played.
    pub fn error(
        &mut self,
        rule: Rule,
        place: Place<'_>,
        found: impl Into<String>,
        remedy: impl Into<String>,
    ) {
        self.add(rule, Severity::Error, true, place, found.into(), remedy.into());
    }

    /// Adds what is wrong, but can be played, to see how it ends.
    pub fn playable_error(
        &mut self,
        rule: Rule,
        place: Place<'_>,
        found: impl Into<String>,
        remedy: impl Into<String>,
    ) {
        self.add(rule, Severity::Error, false, place, found.into(), remedy.into());
    }

    /// Adds what is probably not meant.
    pub fn warn(
        &mut self,
        rule: Rule,
        place: Place<'_>,
        found: impl Into<String>,
        remedy: impl Into<String>,
    ) {
        self.add(rule, Severity::Warning, false, place, found.into(), remedy.into());
    }

    /// Adds a finding that was made elsewhere.
    pub fn push(&mut self, finding: Finding) {
        self.0.push(finding);
    }

    fn add(
        &mut self,
        Rule(rule, why): Rule,
        severity: Severity,
        blocks: bool,
        place: Place<'_>,
        found: String,
        remedy: String,
    ) {
        self.push(Finding {
            file: place.file.to_owned(),
            pointer: place.pointer.to_owned(),
            rule: rule.to_owned(),
            severity,
            found,
            why: why.to_owned(),
            remedy,
            blocks,
        });
    }

    /// Sorts the findings by file, in the order in which they were made in each.
    pub fn sort(&mut self) {
        self.0.sort_by(|a, b| a.file.cmp(&b.file));
    }

    /// Returns the findings that keep the scenario from being played.
    pub fn blocking(&self) -> impl Iterator<Item = &Finding> {
        self.0.iter().filter(|finding| finding.blocks)
    }

    /// Returns how many findings have a severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.0.iter().filter(|finding| finding.severity == severity).count()
    }

    /// Prints the findings.
    ///
    /// # Errors
    ///
    /// When standard output cannot be written.
    pub fn print(&self, format: Format) -> io::Result<()> {
        match format {
            Format::Quiet => Ok(()),
            Format::Json => self.print_json(),
            Format::Text => self.print_text(&mut output::text()),
        }
    }

    fn print_json(&self) -> io::Result<()> {
        let (listed, more) = self.listed();
        listed.iter().try_for_each(format::line)?;
        if more.is_empty() {
            return Ok(());
        }
        let of = |severity| more.iter().filter(|finding| finding.severity == severity).count();
        format::line(&json!({
            "more_errors": of(Severity::Error),
            "more_warnings": of(Severity::Warning),
            "more_notes": of(Severity::Note),
        }))
    }

    fn print_text(&self, out: &mut impl Write) -> io::Result<()> {
        let (listed, more) = self.listed();
        for finding in listed {
            finding.write(out)?;
        }
        if !more.is_empty() {
            writeln!(out, "and {} more\n", more.len())?;
        }
        if self.0.is_empty() {
            return writeln!(out, "Nothing is wrong with this scenario.");
        }
        let of = |severity| self.count(severity) as u64;
        let errors = count(of(Severity::Error), "error", "errors");
        let warnings = count(of(Severity::Warning), "warning", "warnings");
        match of(Severity::Note) {
            0 => writeln!(out, "{errors}, {warnings}."),
            notes => writeln!(out, "{errors}, {warnings}, {}.", count(notes, "note", "notes")),
        }
    }

    fn listed(&self) -> (&[Finding], &[Finding]) {
        self.0.split_at(self.0.len().min(Self::MAX_LISTED))
    }
}

impl Finding {
    /// Returns the place and what is wrong there, in one line.
    pub fn summary(&self) -> String {
        match self.pointer.as_str() {
            "" => format!("{}: {}; {}", self.file, self.found, self.remedy),
            pointer => format!("{} at {pointer}: {}; {}", self.file, self.found, self.remedy),
        }
    }

    fn write(&self, out: &mut impl Write) -> io::Result<()> {
        let (style, severity) = (style(self.severity), self.severity);
        writeln!(out, "{style}{severity}: {}{style:#} in {}", self.rule, Whole(&self.file))?;
        if !self.pointer.is_empty() {
            writeln!(out, "  at     {}", Whole(&self.pointer))?;
        }
        writeln!(out, "  found  {}", Whole(&self.found))?;
        writeln!(out, "  why    {}", self.why)?;
        writeln!(out, "  do     {}\n", Whole(&self.remedy))
    }
}
