//! JSON Schemas of what programs read, and what the program prints.

use std::fs;

use serde_json::{Value, json};
use test_support::schema::Schema;

use crate::walkthrough::Walkthrough;

/// Returns a schema as the program prints it.
fn schema(walkthrough: &Walkthrough, name: &str) -> Schema {
    Schema::new(&walkthrough.run(&["schema", name]).succeeded().stdout)
}

#[test]
fn each_schema_in_the_list_is_valid_and_names_its_version() {
    let walkthrough = Walkthrough::new();
    let list = walkthrough.run(&["schema"]).succeeded().stdout;
    let names = "verdict case policy action search disclosure finding wallet scenario-issuer \
                 scenario-credential scenario-holder scenario-request";
    assert_eq!(list.lines().collect::<Vec<_>>(), names.split(' ').collect::<Vec<_>>());
    for name in list.lines() {
        let text = walkthrough.run(&["schema", name]).succeeded().stdout;
        let schema: Value = serde_json::from_str(&text).unwrap();
        jsonschema::draft202012::meta::validate(&schema).unwrap();
        let id = schema["$id"].as_str().unwrap();
        assert!(id.ends_with(&format!("/{name}-1.json")), "{id}");
        assert_eq!(schema["properties"]["format"]["const"], 1, "{name}");
    }
    walkthrough.run(&["schema", "verdct"]).failed(2, &["possible values: verdict"]);
}

#[test]
fn the_walkthroughs_lines_are_as_the_schema_says() {
    let walkthrough = Walkthrough::new();
    let schema = schema(&walkthrough, "action");
    for arguments in [["--json", "--until", "3"].as_slice(), &["--json"], &["--json"]] {
        let run = walkthrough.run_at_home(arguments);
        assert_eq!(run.code, Some(0), "{run:?}");
        run.lines().iter().for_each(|line| schema.assert_describes(line));
    }
    walkthrough.change_state(4, |state| {
        let revealed = "/data/presentation/requested_proof/revealed_attrs/attr1_referent/raw";
        *state.pointer_mut(revealed).unwrap() = json!("Mallory");
    });
    let rejected = walkthrough.run_at_home(&["step", "5", "--json"]);
    assert_eq!(rejected.last_line()["verdict"], "rejected");
    rejected.lines().iter().for_each(|line| schema.assert_describes(line));
}

#[test]
fn cases_and_verdicts_are_as_the_schemas_say() {
    let walkthrough = Walkthrough::after_step(4);
    let case = walkthrough.run_at_home(&["case"]).succeeded();
    schema(&walkthrough, "case").assert_describes(&case.last_line());
    let mut wrong = case.last_line();
    let pointer = "/presentation/requested_proof/revealed_attrs/attr1_referent/raw";
    *wrong.pointer_mut(pointer).unwrap() = json!("Mallory");
    let mut expecting = case.last_line();
    expecting["expected"] = json!("rejected");
    expecting["presentation_request"]["non_revoked"] = json!({"to": 1_800_000_000});
    let cases = format!("{}{wrong}\n{{}}\n{expecting}\n", case.stdout);
    fs::write(walkthrough.path("cases.jsonl"), cases).unwrap();

    let verify = ["verify", "cases.jsonl", "--json", "--relax", "nonce-fresh"];
    let verdicts = walkthrough.run(&verify).lines();
    let words: Vec<&Value> = verdicts.iter().map(|verdict| &verdict["verdict"]).collect();
    assert_eq!(words, ["verified", "rejected", "undecided", "verified"]);
    let cautions = verdicts[3]["cautions"].as_array().unwrap();
    assert!(cautions.iter().any(|one| one["caution"] == "cannot-be-revoked"), "{cautions:?}");
    assert_eq!(verdicts[3]["expectation"]["met"], false);
    let schema = schema(&walkthrough, "verdict");
    verdicts.iter().for_each(|verdict| schema.assert_describes(verdict));
    assert!(!schema.allows(&json!({"format": 1, "verdict": "verified"})), "without checks");
    assert!(!schema.allows(&json!({"format": 2, "verdict": "verified", "checks": [{}]})));
}

#[test]
fn a_policy_is_read_as_the_schema_says() {
    let walkthrough = Walkthrough::after_step(4);
    let case = walkthrough.run_at_home(&["case"]).succeeded();
    fs::write(walkthrough.path("case.json"), case.stdout).unwrap();
    let schema = schema(&walkthrough, "policy");
    for (policy, is_one) in [
        (json!({}), true),
        (
            json!({"format": 1, "engines": "cl", "relaxed": ["encoding"], "interval": "strict"}),
            true,
        ),
        (json!({"require_revealed": true, "same_credential": [["attr1_referent"]]}), true),
        (json!({"max_bytes": 100_000, "key_bits": [2046, 2050], "require_ranges": false}), true),
        (json!({"format": 2}), false),
        (json!({"engine": "cl"}), false),
        (json!({"relaxed": ["encodin"]}), false),
        (json!({"key_bits": 2048}), false),
        (json!([]), false),
        (json!({"max_bytes": 0}), false),
    ] {
        fs::write(walkthrough.path("policy"), policy.to_string()).unwrap();
        let run = walkthrough.run(&["verify", "case.json", "--quiet", "--policy", "policy"]);
        assert_eq!(run.code, Some(if is_one { 0 } else { 2 }), "{policy}: {}", run.stderr);
        assert_eq!(schema.allows(&policy), is_one, "{policy}");
    }
}

#[test]
fn searches_disclosures_and_findings_are_as_the_schemas_say() {
    let walkthrough = Walkthrough::after_step(3);
    let mut request = walkthrough.state(3)["data"]["proof_request"].clone();
    fs::write(walkthrough.path("request.json"), request.to_string()).unwrap();
    request["requested_predicates"]["predicate1_referent"]["p_value"] = json!(30);
    fs::write(walkthrough.path("older.json"), request.to_string()).unwrap();
    fs::write(walkthrough.path("empty.json"), r#"{"nonce": "01"}"#).unwrap();

    let (search, disclosure) = (schema(&walkthrough, "search"), schema(&walkthrough, "disclosure"));
    for (request, code) in [("request.json", 0), ("older.json", 1)] {
        let searched = walkthrough.run_at_home(&["search", request, "--explain", "--json"]);
        assert_eq!(searched.code, Some(code), "{searched:?}");
        searched.lines().iter().for_each(|line| search.assert_describes(line));
        let disclosed = walkthrough.run_at_home(&["disclose", request, "--json"]);
        assert_eq!(disclosed.code, Some(code), "{disclosed:?}");
        disclosure.assert_describes(&disclosed.last_line());
    }
    let findings = walkthrough.run(&["lint", "empty.json", "--json"]).lines();
    assert!(findings.len() > 2, "{findings:?}");
    let finding = schema(&walkthrough, "finding");
    findings.iter().for_each(|line| finding.assert_describes(line));
    let wrapped = json!({"proof_request": request}).to_string();
    fs::write(walkthrough.path("wrapped.json"), wrapped).unwrap();
    let findings = walkthrough.run(&["lint", "wrapped.json", "--json"]).lines();
    assert_eq!(findings[0]["linting"], "/proof_request");
    assert!(findings.iter().any(|line| line["severity"] == "note"), "{findings:?}");
    findings.iter().for_each(|line| finding.assert_describes(line));
}
