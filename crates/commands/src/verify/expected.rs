//! What a case of a regression test expects, compared with its verdict.

use std::collections::BTreeSet;

use proofs::{Check, Decision, Verdict};
use serde::Serialize;

/// What a case expects of its verdict.
#[derive(Debug, Clone)]
pub struct Expected {
    decision: Option<Decision>,
    failures: Option<Vec<Check>>,
}

/// How the verdict compares with what was expected.
#[derive(Debug, Clone, Serialize)]
pub struct Comparison {
    /// Whether it is as expected.
    pub met: bool,
    /// How it differs, in clauses.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub differences: Vec<String>,
}

impl Expected {
    /// Returns what a case expects; `None` if nothing.
    pub fn new(decision: Option<Decision>, failures: Option<Vec<Check>>) -> Option<Self> {
        (decision.is_some() || failures.is_some()).then_some(Self { decision, failures })
    }

    /// Compares it with a verdict.
    pub fn compare(&self, verdict: &Verdict) -> Comparison {
        let mut differences = Vec::new();
        let decision = verdict.decision();
        if let Some(expected) = self.decision.filter(|expected| *expected != decision) {
            differences.push(format!("expected {}, got {}", expected.name(), decision.name()));
        }
        if let Some(expected) = &self.failures {
            let found: BTreeSet<Check> = match decision {
                Decision::Undecided => verdict.undecided().map(|report| report.check).collect(),
                _ => verdict.failed().map(|report| report.check).collect(),
            };
            let expected: BTreeSet<Check> = expected.iter().copied().collect();
            let names = |checks: &BTreeSet<Check>| match checks.is_empty() {
                true => "no check".to_owned(),
                false => checks.iter().map(|check| check.name()).collect::<Vec<_>>().join(", "),
            };
            if found != expected {
                differences.push(format!(
                    "expected {} to fail, got {}",
                    names(&expected),
                    names(&found)
                ));
            }
        }
        Comparison { met: differences.is_empty(), differences }
    }
}
