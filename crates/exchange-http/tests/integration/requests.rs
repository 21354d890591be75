//! Requests and verdicts of the tests.

use chrono::{DateTime, Utc};
use exchange::{
    check::ExchangeCheck,
    message::{Mode, ProofRequest, Received},
};
use serde_json::{Value, json};
use verdict::{Failure, Outcome, Report, Verdict, Weight};

/// The nonce of the requests' proofs.
pub const NONCE: &str = "70b5a966-e818-44a5-8d0f-3873bb10980a";

/// Returns the time at which responses are received.
pub fn now() -> DateTime<Utc> {
    "2026-03-01T12:00:00Z".parse().unwrap()
}

/// Returns a request with this id.
pub fn request(id: &str) -> Received<ProofRequest> {
    Received::of(document(id), Mode::Usual).unwrap()
}

/// Returns a request that expires.
pub fn expiring_request(id: &str, expires: &str) -> Received<ProofRequest> {
    let mut document = document(id);
    document["proofRequest"]["expires"] = expires.into();
    Received::of(document, Mode::Usual).unwrap()
}

/// Returns a request in JSON-LD.
pub fn linked_request(id: &str) -> Received<ProofRequest> {
    let mut document = document(id);
    document["@context"] = json!(["https://example.com"]);
    document["type"] = json!(["ProofRequest"]);
    Received::of(document, Mode::Usual).unwrap()
}

/// Returns the document of a request with this id.
pub fn document(id: &str) -> Value {
    json!({
        "id": id,
        "proofURL": "https://verifier.example/responses/1",
        "proofRequest": {
            "criteria": [{
                "description": "Contact Information",
                "reason": "Send information regarding your application",
                "issuers": {"dids": ["did:work:M1dAMR7zmHD18wELKQTcTU"]},
                "max": 1,
                "min": 1,
                "schema": "did:work:D7jC1h6LibDbZiF6E9uzhz;schema=1234;version=1.0",
                "properties": [{"name": "emailAddress", "required": true}]
            }],
            "description": "Credit card application information",
            "verifier": "did:work:WrgHL2icHVN8vwZtY9YmjY"
        },
        "proof": {
            "created": "2019-04-01T11:38:12Z",
            "creator": "did:work:WrgHL2icHVN8vwZtY9YmjY#key-1",
            "nonce": NONCE,
            "signatureValue": "3FQAREE3D9YCgHjqj54gQ9BZnRhkCur1tTUoovBUuFRhD34mkusNLRuwi4QVRkwc7cEiichmHx7U2957iK4BgVss",
            "type": "Ed25519VerificationKey2018"
        }
    })
}

/// Returns the verdict on a verified response.
pub fn verified() -> Verdict<ExchangeCheck> {
    let passed = |check: &ExchangeCheck| Report {
        check: *check,
        outcome: Outcome::Passed,
        failures: Vec::new(),
        cautions: Vec::new(),
        note: None,
        weight: Weight::Required,
    };
    let reports = ExchangeCheck::ALL.iter().map(passed).collect();
    Verdict { id: None, reports, learned: None }
}

/// Returns the verdict on a response that fails a check.
pub fn failed(check: ExchangeCheck) -> Verdict<ExchangeCheck> {
    let failure = Failure::new("this", "that", "send this").about("/FulfilledCriteria/0");
    Verdict::failed_at(check, None, failure)
}
