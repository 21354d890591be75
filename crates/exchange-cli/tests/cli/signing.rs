//! Requests that are signed in other ways.

use serde_json::json;

use crate::session::{Session, failed_checks};

fn is_accepted_unless_altered(sign_as: &str, proof_type: &str) {
    let session = Session::with_credentials();
    let ask = ["request", "criteria.json", "--home", "bank", "--sign-as", sign_as];
    session.run(&[&ask[..], &["--output", "request.json"]].concat()).succeeded();
    let request = session.json("request.json");
    assert_eq!(request["proof"]["type"], proof_type);
    session.respond_in_file();
    let verdict = session.run_json(&["verify", "request.json", "response.json"]);
    assert_eq!(failed_checks(verdict), [""; 0]);

    session.write_changed("request.json", "request.json", |request| {
        request["proofRequest"]["description"] = json!("A survey");
    });
    let (code, lines) =
        session.run_json(&["respond", "request.json", "--home", "alex", "--dry-run"]);
    assert_eq!(code, Some(1));
    assert_eq!(lines.last(), Some(&json!({"format": 1, "answered": false})));
    let failed = failed_checks((code, lines[..1].to_vec()));
    assert_eq!(failed, ["request-signature"]);
    let verdict = session.run_json(&["verify", "request.json", "response.json"]);
    assert_eq!(failed_checks(verdict), ["request-signature"]);
}

#[test]
fn a_request_signed_as_in_the_draft_is_accepted() {
    is_accepted_unless_altered("json", "Ed25519VerificationKey2018");
}

#[test]
fn a_request_signed_over_its_whole_json_is_accepted() {
    is_accepted_unless_altered("jcs", "JcsEd25519Signature2020");
}

#[test]
fn a_request_signed_as_linked_data_is_accepted() {
    is_accepted_unless_altered("json-ld", "Ed25519Signature2018");
}

#[test]
fn a_verifier_may_sign_by_a_did_that_it_publishes() {
    let session = Session::with_credentials();
    let did = "did:work:BankBankBankBankBankBa";
    let ask = ["request", "criteria.json", "--home", "bank", "--did", did];
    session.run(&[&ask[..], &["--output", "request.json"]].concat()).succeeded();
    assert_eq!(session.json("request.json")["proofRequest"]["verifier"], did);
    session.respond_in_file();
    let verdict = session.run_json(&["verify", "request.json", "response.json"]);
    assert_eq!(failed_checks(verdict), [""; 0]);
}

#[test]
fn credentials_may_be_signed_in_other_ways() {
    for proof_type in ["JcsEd25519Signature2020", "Ed25519VerificationKey2018"] {
        let session = Session::with_files_of("credit-card");
        session.write_changed("orders.json", "orders.json", |orders| {
            for credential in orders["credentials"].as_array_mut().unwrap() {
                credential["proofType"] = json!(proof_type);
            }
        });
        session.run(&["issue", "orders.json", "--home", "alex"]).succeeded();
        session.request("http://127.0.0.1:9");
        session.respond_in_file();
        let verdict = session.run_json(&["verify", "request.json", "response.json"]);
        assert_eq!(failed_checks(verdict), [""; 0]);
    }
}
