//! The cases, as the page's script reads them.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;
use stdx::text::{Whole, shorten};

use crate::corpus::{Placed, given};
use crate::format::Note;
use crate::report::{Report, Standing};

/// How many characters of a value, and of what an implementation says, are shown.
const MAX_VALUE: usize = 1_200;
const MAX_DETAIL: usize = 1_000;

#[derive(Serialize)]
struct Data<'r> {
    /// The implementations' names.
    runs: Vec<String>,
    /// The names of standings, and which of them are not as expected.
    standings: Vec<&'static str>,
    unexpected: Vec<bool>,
    /// What the flags mean, by file: two files may mean different things by the same flag.
    notes: BTreeMap<&'r str, &'r BTreeMap<String, Note>>,
    tests: Vec<Case<'r>>,
}

#[derive(Serialize)]
struct Case<'r> {
    id: &'r str,
    file: &'r str,
    comment: String,
    flags: &'r [String],
    features: &'r [String],
    importance: String,
    expected: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    base: Option<&'r str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    changes: Vec<Change>,
    /// In the order of the implementations.
    results: Vec<Answered>,
}

/// An operation of a patch, with the value of the base.
#[derive(Serialize)]
struct Change {
    operation: String,
    path: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    old: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    new: Option<String>,
}

#[derive(Serialize)]
struct Answered {
    /// The standing's place in the list of standings.
    standing: usize,
    got: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    detail: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    known: Option<String>,
    milliseconds: u128,
}

/// Returns the data as JSON that can stand in a script element: nothing in it ends the element.
pub(super) fn of(report: &Report<'_>) -> String {
    let by_id: BTreeMap<&str, Placed<'_>> =
        report.corpus.tests().map(|placed| (placed.test.id.as_str(), placed)).collect();
    let notes = report.corpus.files.iter();
    let data = Data {
        runs: report.runs.iter().map(|run| shown(&run.description.name, 40)).collect(),
        standings: Standing::ALL.map(Standing::name).to_vec(),
        unexpected: Standing::ALL.map(|standing| !standing.is_expected()).to_vec(),
        notes: notes.map(|(name, file)| (name.as_str(), &file.notes)).collect(),
        tests: report
            .tests
            .iter()
            .enumerate()
            .map(|(index, placed)| case(report, index, *placed, &by_id))
            .collect(),
    };
    // strings, numbers and maps of them always have a form in JSON
    let written = serde_json::to_string(&data).unwrap_or_default();
    written.replace('<', "\\u003c")
}

fn case<'r>(
    report: &'r Report<'_>,
    index: usize,
    placed: Placed<'r>,
    by_id: &BTreeMap<&str, Placed<'_>>,
) -> Case<'r> {
    let test = placed.test;
    let results = report.runs.iter().filter_map(|run| {
        let judged = run.results.get(index)?;
        let standing = Standing::ALL.iter().position(|standing| *standing == judged.standing);
        Some(Answered {
            standing: standing.unwrap_or_default(),
            got: shown(&judged.got(), MAX_DETAIL),
            detail: shown(judged.detail(), MAX_DETAIL),
            known: judged.known.as_deref().map(|reason| shown(reason, MAX_DETAIL)),
            milliseconds: judged.tested.took.as_millis(),
        })
    });
    let base = test.base.as_deref();
    Case {
        id: &test.id,
        file: placed.file,
        comment: shown(&test.comment, MAX_VALUE),
        flags: &test.flags,
        features: &test.features,
        importance: format!("{:?}", test.importance).to_lowercase(),
        expected: crate::report::text::expected(placed),
        base,
        changes: base
            .and_then(|base| by_id.get(base))
            .map(|base| changes(*base, placed))
            .unwrap_or_default(),
        results: results.collect(),
    }
}

/// Returns the operations of a test's patch, each with the value that is at its place when it is
/// applied.
fn changes(base: Placed<'_>, placed: Placed<'_>) -> Vec<Change> {
    let mut document = given(base);
    let operations = placed.test.patch.iter().flat_map(|patch| &patch.0);
    let changes = operations.map(|operation| {
        let written = serde_json::to_value(operation).unwrap_or_default();
        let text = |name: &str| written[name].as_str().unwrap_or_default().to_owned();
        let (kind, path) = (text("op"), text("path"));
        let old = match kind.as_str() {
            "add" => None,
            "move" | "copy" => document.pointer(&text("from")).map(value),
            _ => document.pointer(&path).map(value),
        };
        // a patch that does not apply is shown as far as it does
        let _ = json_patch::patch(&mut document, std::slice::from_ref(operation));
        Change {
            old,
            new: written.get("value").map(value),
            operation: match kind.as_str() {
                "move" | "copy" => format!("{kind} from {}", Whole(&text("from"))),
                _ => kind,
            },
            path: shown(&path, MAX_VALUE),
        }
    });
    changes.collect()
}

fn value(value: &Value) -> String {
    shown(&value.to_string(), MAX_VALUE)
}

fn shown(text: &str, max: usize) -> String {
    Whole(&shorten(text, max)).to_string()
}
