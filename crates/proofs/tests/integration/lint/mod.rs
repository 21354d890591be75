//! What the linter finds, and what it does not.

mod dates;
mod inside;
mod large;
mod predicates;
mod published;
mod requests;
mod restrictions;
mod values;

use proofs::lint::{Finding, Findings, Rule, SchemaFacts, Severity, lint, lint_json};
use serde_json::{Value, json};

const ISSUER: &str = "VsKV7grR1BUE29mG2Fm2kX";

/// A request of which the linter has nothing to say.
fn sound() -> Value {
    json!({
        "nonce": "822341096514423177893041",
        "name": "proof_req_1",
        "version": "0.1",
        "requested_attributes": {"given": {"name": "name", "restrictions": {"issuer_did": ISSUER}}},
        "requested_predicates": {"adult": {
            "name": "age", "p_type": ">=", "p_value": 18, "restrictions": {"issuer_did": ISSUER}}},
    })
}

fn schema() -> SchemaFacts {
    serde_json::from_value(json!({
        "ver": "1.0",
        "id": "Th7MpTaRZVRYnPiabds81Y:2:gvt:1.0",
        "name": "gvt",
        "version": "1.0",
        "attrNames": ["age", "sex", "height", "First Name"],
        "types": {"sex": "text", "age": "integer", "FIRSTNAME": "text"},
    }))
    .unwrap()
}

/// The sound request with some members replaced or added, or removed by `null`.
fn with(alterations: &[(&str, Value)]) -> Value {
    let mut request = sound();
    for (pointer, value) in alterations {
        let (parent, member) = pointer.rsplit_once('/').unwrap();
        request.pointer_mut(parent).unwrap()[member] = value.clone();
    }
    request
}

/// What was found but notes, in short.
fn short(findings: &Findings) -> Vec<(&'static str, Severity, &str)> {
    let listed = findings.listed.iter().filter(|finding| finding.severity != Severity::Note);
    listed
        .map(|finding| (finding.rule.name(), finding.severity, finding.pointer.as_str()))
        .collect()
}

/// Asserts that altering the sound request leads to exactly this finding, and gives it.
fn only(alterations: &[(&str, Value)], rule: Rule, severity: Severity, pointer: &str) -> Finding {
    only_in(&with(alterations), None, rule, severity, pointer)
}

fn only_in(
    request: &Value,
    schema: Option<&SchemaFacts>,
    rule: Rule,
    severity: Severity,
    pointer: &str,
) -> Finding {
    let findings = lint(request, schema);
    assert_eq!(short(&findings), [(rule.name(), severity, pointer)], "{request}");
    findings.listed.into_iter().find(|finding| finding.severity != Severity::Note).unwrap()
}

/// Asserts that altering the sound request leads to no finding.
fn nothing(alterations: &[(&str, Value)]) {
    let request = with(alterations);
    assert_eq!(short(&lint(&request, None)), [], "{request}");
}

const RESTRICTIONS: &str = "/requested_attributes/given/restrictions";
const PREDICATE_RESTRICTIONS: &str = "/requested_predicates/adult/restrictions";
const BOUND: &str = "/requested_predicates/adult/p_value";
const COMPARISON: &str = "/requested_predicates/adult/p_type";

use Severity::{Error, Warning};

#[test]
fn a_sound_request_has_no_findings() {
    nothing(&[]);
    assert_eq!(short(&lint_json(&sound().to_string(), None)), []);
}

/// Its nonce has 37 bits. That is the only thing to say of it: it names the issuer for both
/// referents, and what it asks of one credential is not at odds.
#[test]
fn of_the_tutorials_request_only_the_nonce_is_doubtful() {
    let request = json!({
        "nonce": "123432421212",
        "name": "proof_req_1",
        "version": "0.1",
        "requested_attributes": {"attr1_referent": {"name": "name", "restrictions": {
            "issuer_did": ISSUER, "schema_id": "Th7MpTaRZVRYnPiabds81Y:2:gvt:1.0"}}},
        "requested_predicates": {"predicate1_referent": {
            "name": "age", "p_type": ">=", "p_value": 18, "restrictions": {"issuer_did": ISSUER}}},
    });
    let finding = only_in(&request, None, Rule::NonceShort, Warning, "/nonce");
    assert_eq!(
        finding.to_string(),
        "warning: nonce-short at /nonce: a number of 37 bits; a short nonce could repeat or be \
         guessed, and an old presentation would answer it: take 80 random bits, written in decimal"
    );
}

#[test]
fn a_finding_is_written_with_all_its_members() {
    let finding = only(
        &[(RESTRICTIONS, json!({"isuer_did": ISSUER}))],
        Rule::UnknownTag,
        Error,
        "/requested_attributes/given/restrictions/isuer_did",
    );
    assert_eq!(
        serde_json::to_value(&finding).unwrap(),
        json!({
            "lint": "unknown-tag",
            "severity": "error",
            "referent": "given",
            "pointer": "/requested_attributes/given/restrictions/isuer_did",
            "found": "the tag \"isuer_did\"",
            "why": "no credential carries such a tag, and a verifier refuses it wherever it occurs, also under $not",
            "remedy": "did you mean \"issuer_did\"?",
        })
    );
    let finding = only(&[("/ver", json!("3.0"))], Rule::UnknownVersion, Error, "/ver");
    assert!(serde_json::to_value(&finding).unwrap().get("referent").is_none());
}

#[test]
fn findings_after_the_first_200_are_only_counted() {
    let mut request = sound();
    for index in 0..150 {
        request["requested_attributes"][format!("a{index}")] =
            json!({"name": "x", "restrictions": {"isuer_did": "x"}});
        request["requested_attributes"][format!("b{index}")] = json!({"name": "x"});
    }
    let findings = lint(&request, None);
    assert_eq!(findings.listed.len(), Findings::MAX_LISTED);
    // 300 are also more than a request may have
    assert_eq!((findings.errors(), findings.warnings(), findings.notes()), (151, 150, 1));
    assert_eq!(findings.more(), 102);
    assert!(findings.to_string().ends_with("\nand 102 more\n"));
}
