//! The report by the Test Anything Protocol, version 14: a test point for each implementation and
//! test.

use std::fmt::Write;

use serde_json::json;
use stdx::text;

use super::text::expected;
use super::{Report, Standing};

/// Returns the report. A known failure is a `TODO`, which a harness does not count as a failure.
#[must_use]
pub fn tap(report: &Report<'_>) -> String {
    let points: usize = report.runs.iter().map(|run| run.results.len()).sum();
    let mut out = format!("TAP version 14\n1..{points}\n");
    let all = report.runs.iter().flat_map(|run| run.results.iter().map(move |one| (run, one)));
    for (index, (run, judged)) in all.enumerate() {
        let standing = judged.standing;
        let passed = matches!(standing, Standing::Right | Standing::Skipped);
        let ok = if passed { "ok" } else { "not ok" };
        let number = index + 1;
        let (implementation, id) =
            (text::tap(&run.description.name), text::tap(&judged.tested.placed.test.id));
        let _ = write!(out, "{ok} {number} - {implementation} {id}");
        let _ = match standing {
            Standing::Right => writeln!(out),
            Standing::Skipped => writeln!(out, " # SKIP {}", text::tap(judged.detail())),
            Standing::KnownFailure => {
                let reason = judged.known.as_deref().unwrap_or_default();
                writeln!(out, " # TODO {}", text::tap(reason))
            }
            _ => {
                let quoted = |value: &str| text::json(&json!(value).to_string());
                writeln!(
                    out,
                    "\n  ---\n  result: {}\n  expected: {}\n  got: {}\n  message: {}\n  ...",
                    standing.name(),
                    quoted(&expected(judged.tested.placed)),
                    quoted(&judged.got()),
                    quoted(judged.detail()),
                )
            }
        };
    }
    out
}
