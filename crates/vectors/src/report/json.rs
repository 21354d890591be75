//! The report for programs: an object a line.

use serde::Serialize;
use serde_json::json;

use super::lines::{FORM, push};
use super::{Judged, JudgedRun, Report, Standing};
use crate::format::Expected;
use crate::implementation::Verdict;

/// A result.
#[derive(Serialize)]
struct Line<'r> {
    format: u8,
    implementation: &'r str,
    file: &'r str,
    id: &'r str,
    result: Standing,
    expected: Expected,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    reason: &'r [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    verdict: Option<Verdict>,
    #[serde(skip_serializing_if = "Option::is_none")]
    got: Option<String>,
    #[serde(skip_serializing_if = "str::is_empty")]
    detail: &'r str,
    #[serde(skip_serializing_if = "Option::is_none")]
    known: Option<&'r str>,
    milliseconds: u128,
}

/// Returns the report as lines of JSON: for each implementation its results, then a summary.
#[must_use]
pub fn json(report: &Report<'_>) -> String {
    let mut text = String::new();
    for run in &report.runs {
        for judged in &run.results {
            push(&mut text, &line(run, judged));
        }
        let counts: serde_json::Map<_, _> = Standing::ALL
            .into_iter()
            .filter_map(|standing| {
                let name = serde_json::to_value(standing).ok()?.as_str()?.to_owned();
                Some((name, run.count(standing).into()))
            })
            .collect();
        let mut summary = json!({
            "format": FORM,
            "implementation": run.description.name,
            "version": run.description.version,
            "features": run.description.features,
            "tests": run.results.len(),
            "as_expected": run.unexpected().next().is_none(),
            "counts": counts,
        });
        if let Some(listed) = &run.listed_version {
            summary["listed_version"] = json!(listed);
        }
        push(&mut text, &summary);
    }
    text
}

fn line<'r>(run: &'r JudgedRun<'_>, judged: &'r Judged<'_>) -> Line<'r> {
    let placed = judged.tested.placed;
    let is_right = matches!(judged.standing, Standing::Right | Standing::Skipped);
    Line {
        format: FORM,
        implementation: &run.description.name,
        file: placed.file,
        id: &placed.test.id,
        result: judged.standing,
        expected: placed.test.result,
        reason: &placed.test.reason,
        verdict: judged.tested.answer.as_ref().map(|answer| answer.verdict),
        got: (!is_right).then(|| judged.got()),
        detail: judged.detail(),
        known: judged.known.as_deref(),
        milliseconds: judged.tested.took.as_millis(),
    }
}
