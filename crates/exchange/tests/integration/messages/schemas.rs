//! The published JSON Schemas, and that they agree with what is read.

use exchange::message::{
    Message, MessageError, Mode, ProofRequest, ProofResponse, Received, Rule, SCHEMAS,
    VerifiableCredential,
};
use jsonschema::{Draft, Registry, Validator};
use serde_json::{Value, json};

use super::{
    fixture::{document, put, remove},
    seeds::{odd_values, pointers},
};

const BASE: &str = "https://proof-exchange.example/";

fn schemas() -> Vec<(String, Value)> {
    let parsed = |text| serde_json::from_str(text).unwrap();
    SCHEMAS.iter().map(|one| (format!("{BASE}{}.json", one.name), parsed(one.text))).collect()
}

fn validator(name: &str) -> Validator {
    let schemas = schemas();
    let mut registry = Registry::new().draft(Draft::Draft4);
    for (id, schema) in &schemas {
        registry = registry.add(id.clone(), schema).unwrap();
    }
    let registry = registry.prepare().unwrap();
    let (_, schema) = schemas.iter().find(|(id, _)| *id == format!("{BASE}{name}.json")).unwrap();
    let options = jsonschema::options().with_draft(Draft::Draft4).offline();
    options.with_registry(&registry).build(schema).unwrap()
}

#[test]
fn every_schema_is_valid_draft_4_and_says_what_was_repaired() {
    for (id, schema) in schemas() {
        assert!(jsonschema::draft4::meta::is_valid(&schema), "{id}");
        assert_eq!(schema["id"], id);
        assert!(schema["description"].as_str().unwrap().len() > 40, "{id}");
    }
}

/// The rules that no JSON Schema states.
const BEYOND_SCHEMAS: [Rule; 15] = [
    Rule::ProofPurpose,
    Rule::Type,
    Rule::Id,
    Rule::Did,
    Rule::Date,
    Rule::DatesInOrder,
    Rule::ProofUrl,
    Rule::CriterionOnce,
    Rule::AttributeOnce,
    Rule::IssuerOnce,
    Rule::BoundsInOrder,
    Rule::PresentationOnce,
    Rule::PresentationContent,
    Rule::CredentialKind,
    Rule::ClaimOnce,
];

fn agree<M: Message>(document: &Value, mode: Mode, schema: &Validator, change: &str) {
    let violations = match Received::<M>::of(document.clone(), mode) {
        Ok(_) => Vec::new(),
        Err(MessageError::Invalid { violations, .. }) => violations,
        Err(other) => panic!("{other}"),
    };
    let is_refused = violations.iter().any(|one| !BEYOND_SCHEMAS.contains(&one.rule));
    let errors: Vec<String> = schema.iter_errors(document).map(|one| one.to_string()).collect();
    assert_eq!(is_refused, !errors.is_empty(), "{change}: {violations:#?}, schema: {errors:#?}");
}

/// Compares schema and reader on a document, and on each change of each of its values.
fn agree_on<M: Message>(name: &str, mode: Mode, schema: &str) {
    let (whole, schema) = (document(name), validator(schema));
    agree::<M>(&whole, mode, &schema, name);
    let mut places = Vec::new();
    pointers(&whole, "", &mut places);
    for place in places.iter().filter(|place| !place.is_empty()) {
        let mut without = whole.clone();
        remove(&mut without, place);
        agree::<M>(&without, mode, &schema, &format!("{name} without {place}"));
        for odd in odd_values() {
            let mut altered = whole.clone();
            put(&mut altered, place, odd.clone());
            agree::<M>(&altered, mode, &schema, &format!("{name} with {odd} at {place}"));
        }
    }
    for member in ["context", "@context", "type", "schema", "properties", "creator", "jws"] {
        for place in &places {
            let mut altered = whole.clone();
            if let Some(Value::Object(members)) = altered.pointer_mut(place) {
                members.insert(member.to_owned(), json!("urn:example:1"));
                agree::<M>(&altered, mode, &schema, &format!("{name} with {member} in {place}"));
            }
        }
    }
}

#[test]
fn the_schema_of_requests_refuses_what_is_refused() {
    for name in ["request-json.json", "request-json-ld.json", "request-predicates.json"] {
        agree_on::<ProofRequest>(name, Mode::Usual, "request");
        agree_on::<ProofRequest>(name, Mode::Strict, "request-strict");
    }
}

#[test]
fn the_schema_of_responses_refuses_what_is_refused() {
    for name in ["response-single.json", "response-mixed.json", "response-json-ld.json"] {
        agree_on::<ProofResponse>(name, Mode::Usual, "response");
    }
    agree_on::<ProofResponse>("response-single.json", Mode::Strict, "response-strict");
}

#[test]
fn the_schema_of_credentials_refuses_what_is_refused() {
    for name in ["credential.json", "credential-linked-data.json"] {
        agree_on::<VerifiableCredential>(name, Mode::Usual, "credential");
    }
}
