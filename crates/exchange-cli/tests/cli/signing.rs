//! Requests that are signed in other ways.

use serde_json::json;

use super::market::{Market, failed_checks};

fn goes_through(sign_as: &str, proof_type: &str) {
    let market = Market::with_credentials();
    let ask = [
        "request",
        "criteria.json",
        "--home",
        "bank",
        "--sign-as",
        sign_as,
    ];
    market
        .run(&[&ask[..], &["--output", "request.json"]].concat())
        .succeeded();
    let request = market.json("request.json");
    assert_eq!(request["proof"]["type"], proof_type);
    market.respond_in_file();
    let verdict = market.told(&["verify", "request.json", "response.json"]);
    assert_eq!(failed_checks(verdict), [""; 0]);

    market.write_changed("request.json", "request.json", |request| {
        request["proofRequest"]["description"] = json!("A survey");
    });
    let (code, lines) = market.told(&["respond", "request.json", "--home", "alex", "--dry-run"]);
    assert_eq!(code, Some(1));
    assert_eq!(lines.last(), Some(&json!({"answered": false})));
    let failed = failed_checks((code, lines[..1].to_vec()));
    assert_eq!(failed, ["request-signature"]);
    let verdict = market.told(&["verify", "request.json", "response.json"]);
    assert_eq!(failed_checks(verdict), ["request-signature"]);
}

#[test]
fn a_request_as_the_draft_signs_it_goes_through_and_no_altered_one() {
    goes_through("json", "Ed25519VerificationKey2018");
}

#[test]
fn a_request_signed_over_its_whole_json_goes_through_and_no_altered_one() {
    goes_through("jcs", "JcsEd25519Signature2020");
}

#[test]
fn a_request_signed_as_linked_data_goes_through_and_no_altered_one() {
    goes_through("json-ld", "Ed25519Signature2018");
}

#[test]
fn a_verifier_may_sign_by_a_did_that_it_publishes() {
    let market = Market::with_credentials();
    let did = "did:work:BankBankBankBankBankBa";
    let ask = ["request", "criteria.json", "--home", "bank", "--did", did];
    market
        .run(&[&ask[..], &["--output", "request.json"]].concat())
        .succeeded();
    assert_eq!(market.json("request.json")["proofRequest"]["verifier"], did);
    market.respond_in_file();
    let verdict = market.told(&["verify", "request.json", "response.json"]);
    assert_eq!(failed_checks(verdict), [""; 0]);
}

#[test]
fn credentials_may_be_signed_in_other_ways() {
    for proof_type in ["JcsEd25519Signature2020", "Ed25519VerificationKey2018"] {
        let market = Market::with_files_of("credit-card");
        market.write_changed("orders.json", "orders.json", |orders| {
            for credential in orders["credentials"].as_array_mut().unwrap() {
                credential["proofType"] = json!(proof_type);
            }
        });
        market
            .run(&["issue", "orders.json", "--home", "alex"])
            .succeeded();
        market.request("http://127.0.0.1:9");
        market.respond_in_file();
        let verdict = market.told(&["verify", "request.json", "response.json"]);
        assert_eq!(failed_checks(verdict), [""; 0]);
    }
}
