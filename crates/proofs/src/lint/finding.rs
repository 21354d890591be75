//! What the linter found, and how it is collected.

use std::fmt;

use serde::Serialize;

use super::place::Place;
use super::rule::Rule;
use crate::error::{Fault, describe};
use stdx::text::Plain;

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Probably not what was meant.
    Warning,
    /// The request is refused, or nobody can answer it.
    Error,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
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
    /// How much it weighs. A rule may weigh differently in different places.
    pub severity: Severity,
    /// The referent that it is about, if it is about one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub referent: Option<String>,
    /// Where it stands, as a JSON pointer (RFC 6901). Empty for the whole request. Of a member that
    /// is missing, where it should stand.
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
        let place = if self.pointer.is_empty() {
            "the whole"
        } else {
            &self.pointer
        };
        write!(
            f,
            "{}: {} at {}: {}; {}: {}",
            self.severity,
            self.rule,
            Plain(place),
            self.found,
            self.why,
            self.remedy
        )
    }
}

/// All that was found, up to [`Findings::LISTED`] things in full.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Findings {
    /// The findings in the order in which they were made: the request as a whole, then each
    /// attribute, then each predicate, then what lies between them.
    pub listed: Vec<Finding>,
    /// How many more errors there are.
    pub more_errors: usize,
    /// How many more warnings there are.
    pub more_warnings: usize,
}

impl Findings {
    /// No more findings than this are listed; the others are counted.
    pub const LISTED: usize = 200;

    /// Whether there is nothing to say.
    pub fn is_empty(&self) -> bool {
        self.listed.is_empty()
    }

    /// How many findings are counted but not listed.
    pub fn more(&self) -> usize {
        self.more_errors + self.more_warnings
    }

    /// How many errors there are, listed or not.
    pub fn errors(&self) -> usize {
        self.more_errors + self.count(Severity::Error)
    }

    /// How many warnings there are, listed or not.
    pub fn warnings(&self) -> usize {
        self.more_warnings + self.count(Severity::Warning)
    }

    fn count(&self, severity: Severity) -> usize {
        let of_it = |finding: &&Finding| finding.severity == severity;
        self.listed.iter().filter(of_it).count()
    }
}

/// One line a finding.
impl fmt::Display for Findings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for finding in &self.listed {
            writeln!(f, "{finding}")?;
        }
        match self.more() {
            0 => Ok(()),
            more => writeln!(f, "and {more} more"),
        }
    }
}

/// What is said of a finding besides its rule.
pub(super) struct Details {
    pub(super) found: String,
    pub(super) remedy: String,
}

impl Details {
    pub(super) fn new(found: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self {
            found: found.into(),
            remedy: remedy.into(),
        }
    }
}

/// Collects findings. Whoever reports one gives its texts as a function, for they are put together
/// only if it is listed: a request may have a million things wrong with it.
#[derive(Default)]
pub(super) struct Reporter {
    findings: Findings,
    /// The length of all listed texts.
    bytes: usize,
}

/// No finding is listed after this many bytes: referents may be long, and each of their findings
/// names them.
const LISTED_BYTES: usize = 1 << 20;

impl Reporter {
    pub(super) fn error(&mut self, rule: Rule, place: &Place<'_>, texts: impl FnOnce() -> Details) {
        self.report(rule, Severity::Error, place, texts);
    }

    pub(super) fn warn(&mut self, rule: Rule, place: &Place<'_>, texts: impl FnOnce() -> Details) {
        self.report(rule, Severity::Warning, place, texts);
    }

    /// A fault for which reading refuses the request too, at a value.
    pub(super) fn fault(
        &mut self,
        fault: Fault,
        place: &Place<'_>,
        expected: &str,
        got: &serde_json::Value,
    ) {
        self.error(fault.into(), place, || {
            Details::new(
                format!("expected {expected}, found {}", describe(got)),
                fault.advice(),
            )
        });
    }

    /// A value of another JSON type.
    pub(super) fn wrong_type(
        &mut self,
        place: &Place<'_>,
        expected: &str,
        got: &serde_json::Value,
    ) {
        self.fault(Fault::WrongType, place, expected, got);
    }

    pub(super) fn report(
        &mut self,
        rule: Rule,
        severity: Severity,
        place: &Place<'_>,
        texts: impl FnOnce() -> Details,
    ) {
        let findings = &mut self.findings;
        if findings.listed.len() >= Findings::LISTED || self.bytes >= LISTED_BYTES {
            match severity {
                Severity::Error => findings.more_errors += 1,
                Severity::Warning => findings.more_warnings += 1,
            }
            return;
        }
        let Details { found, remedy } = texts();
        let finding = Finding {
            rule,
            severity,
            referent: place.referent().map(str::to_owned),
            pointer: place.pointer(),
            found,
            why: rule.why(),
            remedy,
        };
        let referent = finding.referent.as_ref().map_or(0, String::len);
        self.bytes += referent + finding.pointer.len() + finding.found.len() + finding.remedy.len();
        findings.listed.push(finding);
    }

    pub(super) fn finish(self) -> Findings {
        self.findings
    }
}
