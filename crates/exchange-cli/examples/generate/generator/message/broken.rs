//! Messages that break a rule: the cases of the tests of the crate `exchange`, and some more.

use serde_json::{Value, json};

use super::super::file::File;
use super::fixture::put;
use super::invalid;
use super::violations::{Case, OF_CREDENTIALS, OF_REQUESTS, OF_RESPONSES, cases};

/// Longer messages are left to the crate's own tests.
const MAX_LENGTH: usize = 40_000;

pub fn add(file: &mut File) {
    for (message, name) in
        [("request", OF_REQUESTS), ("response", OF_RESPONSES), ("credential", OF_CREDENTIALS)]
    {
        for case in cases(name).iter().filter(|case| is_suited(case)) {
            add_case(file, message, case);
        }
    }
    mixed_forms(file);
    changing_the_meaning(file);
}

/// Returns whether a case can stand in a file that all readers understand alike, and is short.
fn is_suited(case: &Case) -> bool {
    let is_held_alike = case.said["value"].as_f64().is_none_or(|number| number.abs() < 1e15);
    is_held_alike && case.changed.to_string().len() < MAX_LENGTH
}

fn add_case(file: &mut File, message: &str, case: &Case) {
    let base = case.file.strip_suffix(".json").unwrap();
    let flag = flag_of(&case.rule);
    let mut expect = invalid(flag, &case.rule);
    if flag == "LIMIT" {
        expect = expect.needs(&["limits"]);
    }
    let name = format!("{message}-{}", case.name);
    file.altered(base, &name, &comment(&case.said), expect, |given| {
        given["input"]["document"] = case.changed.clone();
    });
}

fn flag_of(rule: &str) -> &'static str {
    match rule {
        "id" | "did" | "date" | "dates-in-order" | "proof-url" | "accept" => "NOTATION",
        "bound" | "bounds-in-order" | "predicate-operator" | "predicate-value" => "BOUND",
        "one-form" | "one-context" => "FORM",
        "not-acted-on" | "proof-purpose" => "NOT_ACTED_ON",
        "too-many" => "LIMIT",
        rule if rule.ends_with("-once") || rule == "one-list-of-attributes" => "ONCE",
        _ => "MEMBER",
    }
}

/// Says what a case changes.
fn comment(said: &Value) -> String {
    let text = |name: &str| said[name].as_str().unwrap();
    if said["remove"].is_string() {
        return format!("{} is missing.", text("remove"));
    }
    let place = text("put").trim_end_matches("/-");
    match (&said["copy"], &said["length"], &said["times"]) {
        (_, Value::Number(length), _) => format!("{place} is a text of {length} characters."),
        (_, _, Value::Number(times)) => format!("{place} has the same {times} times."),
        (Value::String(copied), ..) => format!("{place} has {copied} twice."),
        _ if text("put").ends_with("/-") => format!("{place} has {} too.", said["value"]),
        _ => format!("{place} is {}.", said["value"]),
    }
}

/// What is changed in a document.
type Change<'a> = &'a dyn Fn(&mut Value);

fn mixed_forms(file: &mut File) {
    let cases: [(&str, &str, Change<'_>); 3] = [
        ("form-two-urls", "The URL under both names.", &|request| {
            request["proofURL"] = json!("https://example.com/")
        }),
        ("form-type-of-august", "A criterion's type under the name of the draft.", &|request| {
            let criterion = &mut request["presentationRequest"]["criteria"][1];
            let kind = criterion.as_object_mut().unwrap().remove("@type").unwrap();
            criterion["type"] = kind;
        }),
        (
            "form-context-of-august",
            "A criterion's context under the name of the draft.",
            &|request| {
                let criterion = &mut request["presentationRequest"]["criteria"][1];
                let context = criterion.as_object_mut().unwrap().remove("@context").unwrap();
                criterion["context"] = context;
            },
        ),
    ];
    for (name, comment, change) in cases {
        file.altered("form-december", name, comment, invalid("FORM", "one-form"), |given| {
            change(&mut given["input"]["document"]);
        });
    }
}

fn changing_the_meaning(file: &mut File) {
    let criterion = "/proofRequest/criteria/0";
    for (name, place, member) in [
        ("conditions", criterion, "conditions"),
        ("non-revoked", criterion, "non_revoked"),
        ("restrictions", criterion, "restrictions"),
        ("required-value", "/proofRequest/criteria/0/properties/0", "value"),
        ("variables", "", "variables"),
        ("supporting-credentials", "", "supportingCredentials"),
    ] {
        let comment = format!("`{member}` would change what is asked for.");
        let expect = invalid("NOT_ACTED_ON", "not-acted-on");
        file.altered("request-json", &format!("request-{name}"), &comment, expect, |given| {
            put(&mut given["input"]["document"], &format!("{place}/{member}"), json!([1]));
        });
    }
}
