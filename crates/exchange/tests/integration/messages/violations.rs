//! Changes of the files that break a rule, from `fixtures/violations-of-*.json`.

use serde_json::Value;

use super::fixture::{document, put, remove};

/// The cases: a file of `fixtures/` for each kind of message.
pub const OF_REQUESTS: &str = "violations-of-requests.json";
pub const OF_RESPONSES: &str = "violations-of-responses.json";
pub const OF_CREDENTIALS: &str = "violations-of-credentials.json";

/// A file with one change, the rule that it breaks, and the pointer of the violation.
pub struct Case {
    /// Its name among those of the same kind of message.
    pub name: String,
    /// The case as its file has it.
    pub said: Value,
    /// The file that was changed.
    pub file: String,
    /// What it was changed to.
    pub changed: Value,
    pub rule: String,
    pub at: String,
}

/// Returns the cases of a file.
pub fn cases(name: &str) -> Vec<Case> {
    let Value::Array(cases) = document(name) else {
        panic!("{name} is a list");
    };
    cases.iter().map(case).collect()
}

/// Either `remove` is a pointer, or `put` is one and `value` is what to put there; instead of
/// `value`, `copy` may point to it, or `length` be that of a text. With `times` a list of so many
/// is put there.
fn case(case: &Value) -> Case {
    let text = |name: &str| case[name].as_str().unwrap_or_else(|| panic!("{case}"));
    let file = text("file");
    let mut changed = document(file);
    if case["remove"].is_string() {
        remove(&mut changed, text("remove"));
    } else {
        let one = match (&case["copy"], &case["length"]) {
            (Value::String(place), _) => changed.pointer(place).unwrap().clone(),
            (_, Value::Number(length)) => "x".repeat(length.as_u64().unwrap() as usize).into(),
            _ => case["value"].clone(),
        };
        let value = match case["times"].as_u64() {
            Some(times) => vec![one; times as usize].into(),
            None => one,
        };
        put(&mut changed, text("put"), value);
    }
    Case {
        name: text("name").to_owned(),
        said: case.clone(),
        file: file.to_owned(),
        changed,
        rule: text("rule").to_owned(),
        at: text("at").to_owned(),
    }
}
