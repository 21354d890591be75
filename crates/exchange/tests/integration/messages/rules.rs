//! Each rule, with messages that break it.

use std::collections::BTreeSet;

use exchange::message::{
    MAX_VIOLATIONS, Message, MessageError, Mode, ProofRequest, ProofResponse, Received, Rule,
    VerifiableCredential, Violation,
};
use serde_json::{Value, json};

use super::fixture::{document, put, remove};
use super::violations::{Case, OF_CREDENTIALS, OF_REQUESTS, OF_RESPONSES, cases};

const JSON: &str = "request-json.json";
const LINKED: &str = "request-json-ld.json";
const SINGLE: &str = "response-single.json";

const CLAIMS: &str =
    "/FulfilledCriteria/0/Presentations/0/verifiableCredential/0/credentialSubjects";

fn violations<M: Message>(document: Value, mode: Mode) -> Vec<Violation> {
    match Received::<M>::of(document, mode) {
        Ok(_) => Vec::new(),
        Err(MessageError::Invalid { violations, .. }) => violations,
        Err(other) => panic!("{other}"),
    }
}

fn are_refused_by_their_rules<M: Message>(cases: Vec<Case>) {
    for case in cases {
        assert!(violations::<M>(document(&case.file), Mode::Usual).is_empty());
        let found = violations::<M>(case.changed, Mode::Usual);
        let named: Vec<(&str, &str)> =
            found.iter().map(|violation| (violation.rule.name(), &*violation.pointer)).collect();
        assert_eq!(named, [(&*case.rule, &*case.at)], "{}: {found:#?}", case.said);
    }
}

#[test]
fn a_request_that_breaks_a_rule_is_refused_with_pointer() {
    are_refused_by_their_rules::<ProofRequest>(cases(OF_REQUESTS));
}

#[test]
fn a_response_that_breaks_a_rule_is_refused_with_pointer() {
    are_refused_by_their_rules::<ProofResponse>(cases(OF_RESPONSES));
}

#[test]
fn a_credential_that_breaks_a_rule_is_refused_with_pointer() {
    are_refused_by_their_rules::<VerifiableCredential>(cases(OF_CREDENTIALS));
}

#[test]
fn every_rule_has_a_violation_and_a_name_of_its_own() {
    let files = [OF_REQUESTS, OF_RESPONSES, OF_CREDENTIALS];
    let broken: BTreeSet<String> =
        files.into_iter().flat_map(cases).map(|case| case.rule).collect();
    let names: BTreeSet<String> = Rule::ALL.iter().map(ToString::to_string).collect();
    assert_eq!(broken, names);
    assert_eq!(names.len(), Rule::ALL.len());
}

#[test]
fn every_case_has_a_name_that_no_other_of_its_file_has() {
    for file in [OF_REQUESTS, OF_RESPONSES, OF_CREDENTIALS] {
        let cases = cases(file);
        let names: BTreeSet<&str> = cases.iter().map(|case| &*case.name).collect();
        assert_eq!(names.len(), cases.len(), "{file}");
    }
}

#[test]
fn in_strict_mode_every_criterion_has_min_and_max() {
    for bound in ["min", "max"] {
        let mut request = document(JSON);
        remove(&mut request, &format!("/proofRequest/criteria/3/{bound}"));
        if bound == "min" {
            assert!(violations::<ProofRequest>(request.clone(), Mode::Usual).is_empty());
        }
        let found = violations::<ProofRequest>(request, Mode::Strict);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].pointer, "/proofRequest/criteria/3");
        assert_eq!(found[0].expected, format!("the member {bound:?}"));

        let mut response = document(SINGLE);
        remove(&mut response, &format!("/FulfilledCriteria/0/Criterion/{bound}"));
        assert!(violations::<ProofResponse>(response.clone(), Mode::Usual).is_empty());
        let found = violations::<ProofResponse>(response, Mode::Strict);
        assert_eq!(found[0].pointer, "/FulfilledCriteria/0/Criterion");
    }
}

#[test]
fn all_violations_have_pointer_expectation_and_remedy() {
    let mut request = document(JSON);
    put(&mut request, "/id", json!("one"));
    put(&mut request, "/proofURL", json!("two"));
    put(&mut request, "/proofRequest/criteria/0/issuers/dids/1", json!("three"));
    let error = Received::<ProofRequest>::of(request, Mode::Usual).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the proof request breaks its rules: \
         /id: expected a UUID or a URI; found \"one\"; write a UUID, or a URI as urn:example:1 (rule id); \
         /proofURL: expected an absolute URL of HTTP, without a user's name; found \"two\"; write the whole URL, beginning with https:// (rule proof-url); \
         /proofRequest/criteria/0/issuers/dids/1: expected a DID; found \"three\"; \
         write did:method:id, for example did:sov:WgWxqztrNooG92RXvxSTWv (rule did)"
    );
}

#[test]
fn a_message_that_is_wrong_everywhere_is_refused_in_a_few_lines() {
    let wrong: Value = (0..200_000).map(|_| json!({})).collect();
    for place in ["/proofRequest/criteria", "/proof", "/proofRequest/accept", "/@context"] {
        let mut request = document(LINKED);
        put(&mut request, place, wrong.clone());
        let error = Received::<ProofRequest>::of(request, Mode::Usual).unwrap_err();
        assert!(error.to_string().len() < 10_000, "{place}");
    }
    let dids: Value = (0..1000).map(|one| json!(format!("issuer {one}"))).collect();
    let mut request = document(JSON);
    put(&mut request, "/proofRequest/criteria/0/issuers/dids", dids);
    let found = violations::<ProofRequest>(request.clone(), Mode::Usual);
    assert_eq!(found.len(), MAX_VIOLATIONS);
    put(&mut request, "/proofRequest/criteria/0/issuers/dids", (0..1000).collect());
    let found = violations::<ProofRequest>(request, Mode::Usual);
    assert_eq!(found.len(), MAX_VIOLATIONS);
}

#[test]
fn a_response_with_too_many_signatures_is_refused() {
    let claim = document(SINGLE).pointer(&format!("{CLAIMS}/0")).unwrap().clone();
    let mut response = document(SINGLE);
    let mut claims = Vec::new();
    for number in 0..101 {
        let mut claim = claim.clone();
        claim["key"] = json!(format!("attribute {number}"));
        claim["proof"] = (0..10).map(|_| claim["proof"][0].clone()).collect();
        claims.push(claim);
    }
    put(&mut response, CLAIMS, json!(claims[..100]));
    assert!(violations::<ProofResponse>(response.clone(), Mode::Usual).is_empty());
    put(&mut response, CLAIMS, json!(claims));
    let found = violations::<ProofResponse>(response, Mode::Usual);
    assert_eq!(found[0].rule, Rule::TooMany);
    assert_eq!(found[0].got, "1010");
}
