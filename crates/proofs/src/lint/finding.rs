//! What the linter finds, and its collector.

use std::fmt;

use serde::Serialize;
use stdx::text::Plain;

use super::location::Location;
use super::rule::Rule;
use crate::error::{Fault, RequestError, describe};

/// How serious a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Advice; it may well be meant so.
    Note,
    /// Probably not what was meant.
    Warning,
    /// The request is refused, or no holder can answer it.
    Error,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        })
    }
}

/// One thing that is wrong with a request, or doubtful.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What kind of thing.
    #[serde(rename = "lint")]
    pub rule: Rule,
    /// How serious it is. That may depend on where it stands.
    pub severity: Severity,
    /// The referent that it is about, if it is about one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub referent: Option<String>,
    /// Where it stands, as a JSON pointer (RFC 6901) into what was given. Empty for the whole of
    /// it. Of a member that is missing, where it should stand.
    pub pointer: String,
    /// What stands there.
    pub found: String,
    /// Why it matters, as a clause without a full stop.
    pub why: &'static str,
    /// What to do about it, likewise.
    pub remedy: String,
}

/// One line without a full stop. Characters that a terminal may obey are escaped.
impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let location = if self.pointer.is_empty() { "the whole" } else { &self.pointer };
        write!(
            f,
            "{}: {} at {}: {}; {}: {}",
            self.severity,
            self.rule,
            Plain(location),
            self.found,
            self.why,
            self.remedy
        )
    }
}

/// All that was found, up to [`Findings::MAX_LISTED`] things in full.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Findings {
    /// Where the request stands that was examined, as a JSON pointer into what was given; empty if
    /// that is a request itself. Into an attachment in base64 the pointers of findings go on with
    /// what is encoded there.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub inside: String,
    /// The findings in the order in which they were made: the request as a whole, then each
    /// attribute, then each predicate, then what lies between them.
    pub listed: Vec<Finding>,
    /// How many more errors there are.
    pub more_errors: usize,
    /// How many more warnings there are.
    pub more_warnings: usize,
    /// How many more notes there are.
    pub more_notes: usize,
}

impl Findings {
    /// How many findings are listed; the others are counted.
    pub const MAX_LISTED: usize = 200;

    /// Returns whether there are no findings.
    pub fn is_empty(&self) -> bool {
        self.listed.is_empty()
    }

    /// Returns how many findings are counted but not listed.
    pub fn more(&self) -> usize {
        self.more_errors + self.more_warnings + self.more_notes
    }

    /// Returns how many errors there are, listed or not.
    pub fn errors(&self) -> usize {
        self.more_errors + self.count(Severity::Error)
    }

    /// Returns how many warnings there are, listed or not.
    pub fn warnings(&self) -> usize {
        self.more_warnings + self.count(Severity::Warning)
    }

    /// Returns how many notes there are, listed or not.
    pub fn notes(&self) -> usize {
        self.more_notes + self.count(Severity::Note)
    }

    fn count(&self, severity: Severity) -> usize {
        let of_it = |finding: &&Finding| finding.severity == severity;
        self.listed.iter().filter(of_it).count()
    }
}

/// One line a finding.
impl fmt::Display for Findings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.inside.is_empty() {
            writeln!(f, "linting {}", Plain(&self.inside))?;
        }
        for finding in &self.listed {
            writeln!(f, "{finding}")?;
        }
        match self.more() {
            0 => Ok(()),
            more => writeln!(f, "and {more} more"),
        }
    }
}

/// The texts of a finding.
pub(super) struct Details {
    pub(super) found: String,
    pub(super) remedy: String,
}

impl Details {
    pub(super) fn new(found: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { found: found.into(), remedy: remedy.into() }
    }
}

/// Collects findings. Their texts are given as functions, which are called only for findings that
/// are listed: a request may have a million things wrong with it.
#[derive(Default)]
pub(super) struct Reporter {
    findings: Findings,
    /// The length of all listed texts, in bytes.
    bytes: usize,
}

/// No finding is listed after this many bytes of texts: referents may be long, and each of their
/// findings names them.
const MAX_LISTED_BYTES: usize = 1 << 20;

impl Reporter {
    /// Returns a reporter about the request at `inside` in what was given.
    pub(super) fn new(inside: String) -> Self {
        Self { findings: Findings { inside, ..Findings::default() }, bytes: 0 }
    }

    pub(super) fn error(
        &mut self,
        rule: Rule,
        location: &Location<'_>,
        texts: impl FnOnce() -> Details,
    ) {
        self.report(rule, Severity::Error, location, texts);
    }

    pub(super) fn warn(
        &mut self,
        rule: Rule,
        location: &Location<'_>,
        texts: impl FnOnce() -> Details,
    ) {
        self.report(rule, Severity::Warning, location, texts);
    }

    pub(super) fn note(
        &mut self,
        rule: Rule,
        location: &Location<'_>,
        texts: impl FnOnce() -> Details,
    ) {
        self.report(rule, Severity::Note, location, texts);
    }

    /// Reports a fault for which reading would refuse the request, at a value.
    pub(super) fn fault(
        &mut self,
        fault: Fault,
        location: &Location<'_>,
        expected: &str,
        got: &serde_json::Value,
    ) {
        self.error(fault.into(), location, || {
            Details::new(format!("expected {expected}, found {}", describe(got)), fault.advice())
        });
    }

    /// Reports why reading refuses the request.
    pub(super) fn refused(&mut self, error: &RequestError) {
        let texts = || {
            Details::new(
                format!("expected {}, found {}", error.expected, error.got),
                error.fault.advice(),
            )
        };
        self.add(error.fault.into(), Severity::Error, texts, || (None, error.pointer.clone()));
    }

    /// Reports why reading refuses a value that stands at `location`.
    pub(super) fn refused_at(&mut self, error: &RequestError, location: &Location<'_>) {
        let texts = || {
            Details::new(
                format!("expected {}, found {}", error.expected, error.got),
                error.fault.advice(),
            )
        };
        self.add(error.fault.into(), Severity::Error, texts, || {
            let pointer = format!("{}{}", location.pointer(), error.pointer);
            (location.referent().map(str::to_owned), pointer)
        });
    }

    /// Reports a value of another JSON type.
    pub(super) fn wrong_type(
        &mut self,
        location: &Location<'_>,
        expected: &str,
        got: &serde_json::Value,
    ) {
        self.fault(Fault::WrongType, location, expected, got);
    }

    pub(super) fn report(
        &mut self,
        rule: Rule,
        severity: Severity,
        location: &Location<'_>,
        texts: impl FnOnce() -> Details,
    ) {
        self.add(rule, severity, texts, || {
            (location.referent().map(str::to_owned), location.pointer())
        });
    }

    /// Adds a finding; `place` gives its referent and its pointer.
    fn add(
        &mut self,
        rule: Rule,
        severity: Severity,
        texts: impl FnOnce() -> Details,
        place: impl FnOnce() -> (Option<String>, String),
    ) {
        let findings = &mut self.findings;
        if findings.listed.len() >= Findings::MAX_LISTED || self.bytes >= MAX_LISTED_BYTES {
            match severity {
                Severity::Error => findings.more_errors += 1,
                Severity::Warning => findings.more_warnings += 1,
                Severity::Note => findings.more_notes += 1,
            }
            return;
        }
        let Details { found, remedy } = texts();
        let (referent, pointer) = place();
        let pointer = format!("{}{pointer}", findings.inside);
        let finding = Finding { rule, severity, referent, pointer, found, why: rule.why(), remedy };
        let referent = finding.referent.as_ref().map_or(0, String::len);
        self.bytes += referent + finding.pointer.len() + finding.found.len() + finding.remedy.len();
        findings.listed.push(finding);
    }

    pub(super) fn finish(self) -> Findings {
        self.findings
    }
}
