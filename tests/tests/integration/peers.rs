//! Presentations that another library has made, `anoncreds` 0.2.3 for Python: what that library
//! verifies, `negotiate-proof verify` verifies too, and says what was learned.
//!
//! The cases are in `tests/peers/cases`, a line each; `tests/peers/run` made them. All are honest.

use std::{collections::BTreeSet, fs, path::PathBuf, process::Command, sync::LazyLock};

use serde_json::{Map, Value, json};
use workspace_tests::root;

use crate::programs;

/// How many cases there are.
const COUNT: usize = 60;

/// The cases for which our verdict is not the library's: id, verdict, and the check that does not
/// pass. Each has a comment with the reason.
const STRICTER: [(&str, &str, &str); 0] = [];

/// The cautions of verified cases; the others have none.
const CAUTIONS: [(&str, &[&str]); 8] = [
    ("legacy/unrevealed", &["unrevealed"]),
    ("did-webvh/not-revoked-asked-by-predicate", &["unrevealed"]),
    ("did-indy/self-attested", &["self-attested"]),
    ("https/self-attested-without-restrictions", &["self-attested"]),
    // "02139"
    ("https/postal-code", &["text-not-canonical"]),
    ("https/asked-of-one-that-cannot-be-revoked", &["cannot-be-revoked"]),
    ("mixed/one-of-two-is-revocable", &["cannot-be-revoked"]),
    ("did-indy/revocation-not-asked", &["revocation-not-asked"]),
];

/// The cases, and what `negotiate-proof verify` says of each.
static VERIFIED: LazyLock<Vec<(Value, Value)>> = LazyLock::new(|| {
    let files = files();
    let read = |path: &PathBuf| fs::read_to_string(path).expect("cases can be read");
    let cases: Vec<Value> = files.iter().flat_map(|path| lines(&read(path))).collect();
    let output = Command::new(programs::directory().join("negotiate-proof"))
        .args(["verify", "--json"])
        .args(&files)
        .output()
        .expect("negotiate-proof runs");
    let printed = String::from_utf8(output.stdout).expect("JSON in UTF-8");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(errors, "", "negotiate-proof verify");
    let verdicts = lines(&printed);
    assert_eq!(verdicts.len(), cases.len(), "a verdict for each case");
    cases.into_iter().zip(verdicts).collect()
});

/// Returns the files of cases, in order.
fn files() -> Vec<PathBuf> {
    let directory = root().join("tests/peers/cases");
    let entries = fs::read_dir(directory).expect("tests/peers/cases is a directory");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    let mut files: Vec<PathBuf> =
        paths.filter(|path| path.extension().is_some_and(|it| it == "jsonl")).collect();
    files.sort();
    files
}

fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).expect("a line of JSON")).collect()
}

fn id(case: &Value) -> &str {
    case["id"].as_str().expect("a case has an id")
}

/// Returns the members of an object; a missing one has none.
fn members(object: &Value) -> impl Iterator<Item = (&String, &Value)> {
    object.as_object().into_iter().flatten()
}

#[test]
fn there_are_sixty_cases_of_five_kinds_that_their_library_verifies() {
    let ids: BTreeSet<&str> = VERIFIED.iter().map(|(case, _)| id(case)).collect();
    assert_eq!((VERIFIED.len(), ids.len()), (COUNT, COUNT));
    let kinds: BTreeSet<&str> = ids.iter().filter_map(|id| id.split('/').next()).collect();
    let expected = ["did-cheqd", "did-indy", "did-webvh", "https", "legacy", "mixed"];
    assert_eq!(kinds, BTreeSet::from(expected));
    let made_by = json!({"library": "anoncreds", "version": "0.2.3", "verified": true});
    for (case, _) in VERIFIED.iter() {
        assert_eq!(case["made_by"], made_by, "{}", id(case));
    }
    let listed = STRICTER.iter().map(|(id, ..)| *id).chain(CAUTIONS.iter().map(|(id, _)| *id));
    let unknown: Vec<&str> = listed.filter(|id| !ids.contains(id)).collect();
    assert!(unknown.is_empty(), "there are no cases {unknown:?}");
}

#[test]
fn what_another_library_verifies_is_verified() {
    let mut wrong = Vec::new();
    for (case, verdict) in VERIFIED.iter() {
        let stricter = STRICTER.iter().find(|(stricter, ..)| *stricter == id(case));
        let (expected, check) = stricter.map_or(("verified", None), |it| (it.1, Some(it.2)));
        let bad = bad_checks(verdict);
        let is_named = bad.iter().all(|bad| check.is_some_and(|check| bad["check"] == check));
        if verdict["verdict"] != expected || !is_named {
            let bad: Vec<String> = bad.iter().map(|check| format!("\n    {check}")).collect();
            wrong.push(format!("{}: {}{}", id(case), verdict["verdict"], bad.concat()));
        }
    }
    assert!(wrong.is_empty(), "{} of {COUNT}:\n{}", wrong.len(), wrong.join("\n"));
}

/// Returns the checks of a verdict that did not pass.
fn bad_checks(verdict: &Value) -> Vec<&Value> {
    let checks = verdict["checks"].as_array().expect("a verdict has checks");
    let is_bad = |check: &&Value| check["outcome"] == "failed" || check["outcome"] == "undecided";
    checks.iter().filter(is_bad).collect()
}

#[test]
fn verdicts_on_another_librarys_presentations_have_their_cautions() {
    let mut wrong = Vec::new();
    for (case, verdict) in VERIFIED.iter() {
        let listed = CAUTIONS.iter().find(|(cautioned, _)| *cautioned == id(case));
        let expected: BTreeSet<&str> =
            listed.into_iter().flat_map(|(_, names)| *names).copied().collect();
        let found: BTreeSet<&str> = verdict["cautions"]
            .as_array()
            .into_iter()
            .flatten()
            .filter(|caution| caution["severity"] == "caution")
            .filter_map(|caution| caution["caution"].as_str())
            .collect();
        if found != expected {
            wrong.push(format!("{}: {found:?}, expected {expected:?}", id(case)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn verdicts_say_what_another_librarys_presentations_show() {
    let mut wrong = Vec::new();
    for (case, verdict) in VERIFIED.iter().filter(|(_, verdict)| verdict["verdict"] == "verified") {
        let expected = learned(case);
        if verdict["learned"] != expected {
            let found = &verdict["learned"];
            wrong.push(format!("{}:\n  {found}\n  expected {expected}", id(case)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Returns what a verifier learns from a case, by referent.
fn learned(case: &Value) -> Value {
    let (request, proof) =
        (&case["presentation_request"], &case["presentation"]["requested_proof"]);
    let mut learned = Map::new();
    let mut learn = |referent: &str, what: Value, answer: &Value| {
        let mut entry = what.as_object().expect("an object").clone();
        if let Some(index) = answer["sub_proof_index"].as_u64() {
            entry.insert("credential".to_owned(), credential(case, index));
        }
        learned.insert(referent.to_owned(), Value::Object(entry));
    };
    let asked_name = |referent: &str| {
        request["requested_attributes"][referent]["name"].as_str().expect("a name").to_owned()
    };
    for (referent, answer) in members(&proof["revealed_attrs"]) {
        learn(referent, json!({"shown": {asked_name(referent): answer["raw"]}}), answer);
    }
    for (referent, answer) in members(&proof["revealed_attr_groups"]) {
        let values = members(&answer["values"]);
        let shown: Map<String, Value> =
            values.map(|(name, value)| (name.clone(), value["raw"].clone())).collect();
        learn(referent, json!({"shown": shown}), answer);
    }
    for (referent, answer) in members(&proof["unrevealed_attrs"]) {
        learn(referent, json!({"held": [asked_name(referent)]}), answer);
    }
    for (referent, text) in members(&proof["self_attested_attrs"]) {
        learn(referent, json!({"self_attested": {asked_name(referent): text}}), &Value::Null);
    }
    for (referent, answer) in members(&proof["predicates"]) {
        let asked = &request["requested_predicates"][referent];
        let text = |member: &str| asked[member].as_str().expect("a text");
        let statement = format!("{} {} {}", text("name"), text("p_type"), asked["p_value"]);
        learn(referent, json!({"proved": statement}), answer);
    }
    Value::Object(learned)
}

/// Returns what a verdict says of the credential behind a sub-proof.
fn credential(case: &Value, index: u64) -> Value {
    let index = usize::try_from(index).expect("an index");
    let identifier = &case["presentation"]["identifiers"][index];
    let cred_def_id = identifier["cred_def_id"].as_str().expect("an identifier");
    json!({
        "schema_id": identifier["schema_id"],
        "cred_def_id": cred_def_id,
        "issuer": case["cred_defs"][cred_def_id]["issuerId"],
    })
}
