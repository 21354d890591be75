//! The linter answers soon and briefly, however large and odd the request. A quadratic step would
//! take minutes here.

use proofs::lint::{Findings, SchemaFacts, lint, lint_json};
use serde_json::{Map, Value, json};

/// How large the requests are, in bytes: without optimisation, a third.
const BYTES: usize = if cfg!(debug_assertions) { 300_000 } else { 1_000_000 };

/// An object of as many members as make up the size.
fn members(key: impl Fn(usize) -> String, value: &Value) -> Value {
    let mut size = 0;
    let mut members = Map::new();
    while size < BYTES {
        let key = key(members.len());
        size += key.len() + value.to_string().len() + 4;
        members.insert(key, value.clone());
    }
    Value::from(members)
}

fn request(attributes: Value, predicates: Value) -> Value {
    json!({
        "nonce": "822341096514423177893041", "name": "r", "version": "1",
        "requested_attributes": attributes, "requested_predicates": predicates,
    })
}

fn answers_briefly(text: &str, schema: Option<&SchemaFacts>) {
    // `lint_json` refuses a text of this size; a value may still be as large
    assert!(!lint_json(text, schema).is_empty());
    let findings = match serde_json::from_str(text) {
        Ok(request) => lint(&request, schema),
        Err(_) => lint_json(text, schema),
    };
    let start: String = text.chars().take(200).collect();
    assert!(!findings.is_empty(), "{start}…");
    assert!(findings.listed.len() <= Findings::MAX_LISTED);
    let written = serde_json::to_string(&findings).unwrap();
    assert!(written.len() < 8_000_000, "{} for {start}…", written.len());
}

#[test]
fn many_members_below_a_long_referent() {
    let long = "r".repeat(BYTES / 2);
    for restrictions in [
        members(|index| format!("t{index}"), &json!("x")),
        json!({"$or": [members(|index| format!("attr::a{index}::value"), &json!("x"))]}),
        json!({"$not": members(|index| format!("${index}"), &json!(1))}),
    ] {
        let asked = json!({(long.clone()): {"name": "x", "restrictions": restrictions}});
        answers_briefly(&request(asked.clone(), json!({})).to_string(), None);
        answers_briefly(&request(json!({}), asked).to_string(), None);
    }
}

#[test]
fn many_referents() {
    let attribute = json!({"name": "age", "restrictions": {"attr::age::value": "adult"}});
    let predicate = json!({"name": "age", "p_type": "<", "p_value": 3});
    let many = |asked| members(|index| format!("r{index}"), asked);
    answers_briefly(&request(many(&attribute), many(&predicate)).to_string(), None);
    answers_briefly(&request(many(&json!(1)), many(&json!({}))).to_string(), None);
}

#[test]
fn one_group_of_many_names() {
    let names: Vec<String> = (0..BYTES / 8).map(|index| format!("n{}", index / 2)).collect();
    let asked = json!({"g": {"names": names}});
    answers_briefly(&request(asked, json!({})).to_string(), None);
}

#[test]
fn many_alternatives_and_deep_ones() {
    let alternative = json!({"attr::x::value": "a", "attr::y::value": {"$in": ["a", "b"]}, "issuer_did": "did:sov:x"});
    let alternatives = vec![alternative; BYTES / 80];
    let flat = json!({"$or": alternatives});
    let deep = (0..30).fold(flat.clone(), |inner, _| json!({"$and": [inner]}));
    for restrictions in [flat, deep] {
        let asked = json!({"r": {"name": "z", "restrictions": restrictions}});
        answers_briefly(&request(asked, json!({})).to_string(), None);
    }
}

#[test]
fn large_values_and_many_unknown_members() {
    let with = |key: &str, value: Value| {
        let mut request = request(json!({"r": {"name": "x"}}), json!({}));
        request[key] = value;
        request.to_string()
    };
    answers_briefly(&with("nonce", json!("9".repeat(BYTES))), None);
    answers_briefly(&with("nonce", json!("0".repeat(BYTES))), None);
    answers_briefly(&with("ver", json!("x".repeat(BYTES))), None);
    answers_briefly(&with(&"k".repeat(BYTES), json!(1)), None);
    answers_briefly(&members(|index| format!("k{index}"), &json!(1)).to_string(), None);
    answers_briefly(&"[".repeat(BYTES), None);
    answers_briefly(&format!("{{\"nonce\": {}}}", "9".repeat(BYTES)), None);
}

#[test]
fn many_names_that_a_large_schema_lacks() {
    let schema = SchemaFacts {
        name: "large".to_owned(),
        version: "1.0".to_owned(),
        attribute_names: (0..BYTES / 70).map(|index| format!("{index:0>60}")).collect(),
        ..SchemaFacts::default()
    };
    let asked = members(|index| format!("r{index}"), &json!({"name": "9".repeat(60)}));
    answers_briefly(&request(asked, json!({})).to_string(), Some(&schema));
}
