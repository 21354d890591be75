//! Requests inside something larger, and members that occur twice.

use proofs::lint::{Severity::Error, lint, lint_json};
use serde_json::json;

use super::{RESTRICTIONS, short, sound, with};

#[test]
fn the_request_inside_an_agents_record_is_examined() {
    let record = json!({
        "connection_id": "3fa85f64-5717-4562-b3fc-2c963f66afa6",
        "presentation_request": {"indy": sound()},
    });
    let findings = lint(&record, None);
    assert_eq!(findings.inside, "/presentation_request/indy");
    assert_eq!(short(&findings), []);
    assert!(findings.to_string().starts_with("linting /presentation_request/indy\n"));
}

#[test]
fn the_request_of_an_exchange_or_of_the_first_record_is_examined() {
    for (given, place) in [
        (json!({"request": {"anoncreds": sound()}, "presentation": {}}), "/request/anoncreds"),
        (
            json!({"results": [{"by_format": {"pres_request": {"indy": sound()}}}]}),
            "/results/0/by_format/pres_request/indy",
        ),
        (
            json!([{"request_presentations~attach": [{"data": {"json": sound()}}]}]),
            "/0/request_presentations~0attach/0/data/json",
        ),
    ] {
        let findings = lint(&given, None);
        assert_eq!(short(&findings), [], "{place}");
        assert_eq!(findings.inside, place);
    }
}

#[test]
fn a_finding_inside_is_located_from_the_outside() {
    let request = with(&[(RESTRICTIONS, json!({"isuer_did": "x"}))]);
    let record = json!({"proof_request": request}).to_string();
    let findings = lint_json(&record, None);
    let pointer = format!("/proof_request{RESTRICTIONS}/isuer_did");
    assert_eq!(short(&findings), [("unknown-tag", Error, pointer.as_str())]);
    let record: serde_json::Value = serde_json::from_str(&record).unwrap();
    assert_eq!(record.pointer(&pointer), Some(&json!("x")));
}

#[test]
fn a_request_itself_is_not_said_to_be_inside() {
    let findings = lint(&sound(), None);
    assert_eq!(findings.inside, "");
    assert!(!serde_json::to_value(&findings).unwrap().as_object().unwrap().contains_key("inside"));
}

#[test]
fn all_members_that_are_there_twice_are_errors() {
    let request = r#"{"nonce": "1", "nonce": "2", "name": "m", "version": "1.0",
        "requested_attributes": {
            "a": {"name": "name"},
            "a": {"name": "country", "restrictions": [{"issuer_did": "x", "issuer_did": "y"}]}},
        "requested_predicates": {}}"#;
    let places =
        ["/nonce", "/requested_attributes/a", "/requested_attributes/a/restrictions/0/issuer_did"];
    let findings = lint_json(request, None);
    assert_eq!(short(&findings), places.map(|place| ("repeated-member", Error, place)));

    let wrapped = format!(r#"{{"proof_request": {request}}}"#);
    let findings = lint_json(&wrapped, None);
    assert_eq!(findings.errors(), 3);
    assert_eq!(findings.listed[0].pointer, "/proof_request/nonce");
}

#[test]
fn an_attachment_is_decoded_before_it_is_examined() {
    // {"nonce":"1","nonce":"2","version":"1"}
    let twice = "eyJub25jZSI6IjEiLCJub25jZSI6IjIiLCJ2ZXJzaW9uIjoiMSJ9";
    let message = json!({"request_presentations~attach": [{"data": {"base64": twice}}]});
    let findings = lint_json(&message.to_string(), None);
    let place = "/request_presentations~0attach/0/data/base64";
    assert_eq!(findings.inside, place);
    assert_eq!(short(&findings), [("repeated-member", Error, format!("{place}/nonce").as_str())]);
}
