//! Requests that are signed in other ways.

use std::fs;

use serde_json::json;

use crate::session::{Session, failed_checks};

fn is_accepted_unless_altered(sign_as: &str, proof_type: &str) {
    let session = Session::with_credentials();
    let ask = ["request", "criteria.json", "--home", "bank", "--sign-as", sign_as];
    session.run(&[&ask[..], &["--output", "request.json"]].concat()).succeeded();
    let request = session.json("request.json");
    let proof = &request["proof"];
    assert_eq!(proof.get("cryptosuite").unwrap_or(&proof["type"]), proof_type);
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
fn a_request_signed_with_data_integrity_is_accepted() {
    is_accepted_unless_altered("eddsa-jcs", "eddsa-jcs-2022");
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
fn a_request_says_what_is_accepted_json_first() {
    let session = Session::with_files_of("credit-card");
    let accept = |criteria: &str, options: &[&str]| {
        let request = ["request", criteria, "--home", "bank", "--output", "request.json"];
        session.run(&[&request[..], options].concat()).succeeded();
        session.json("request.json")["proofRequest"]["accept"].clone()
    };
    let json =
        ["json/Ed25519VerificationKey2018", "json/JcsEd25519Signature2020", "json/eddsa-jcs-2022"];
    let linked = ["json-ld/Ed25519Signature2018", "json-ld/RsaSignature2018"];
    let zero_knowledge = ["json/CLSignature2019"];
    assert_eq!(accept("criteria.json", &[]), json!([&json[..], &linked].concat()));
    session.write_changed("criteria.json", "mail.json", |criteria| {
        criteria["criteria"].as_array_mut().unwrap().truncate(1);
    });
    assert_eq!(accept("mail.json", &[]), json!(json));
    assert_eq!(
        accept("mail.json", &["--sign-as", "json-ld"]),
        json!([&json[..], &linked].concat())
    );
    session.write_changed("mail.json", "age.json", |criteria| {
        criteria["criteria"][0]["predicates"] =
            json!([{"name": "age", "p_type": ">=", "p_value": 18}]);
    });
    assert_eq!(accept("age.json", &[]), json!([&json[..], &zero_knowledge].concat()));
    session.write_changed("mail.json", "said.json", |criteria| {
        criteria["accept"] = json!([json[1]]);
    });
    assert_eq!(accept("said.json", &[]), json!([json[1]]));
    assert_eq!(accept("said.json", &["--accept", json[0]]), json!([json[0]]));
    let wrong = ["request", "mail.json", "--home", "bank", "--accept", "xml/Signature"];
    session.run(&wrong).failed(2, &["xml/Signature", "json-ld/TYPE"]);
}

/// The key of the tests, which is public.
const RSA_KEY: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../exchange/tests/integration/signatures/keys/rsa-2048-private-key.pem"
);

#[test]
fn the_draft_s_own_accept_is_answered_with_rsa_keys() {
    let session = Session::with_files_of("credit-card");
    let (bank, alex) = ("did:work:BankBankBankBankBankBa", "did:work:A1exA1exA1exA1exA1exA1");
    session.write_changed("orders.json", "orders.json", |orders| {
        orders["issuers"][0] = json!({"did": orders["issuers"][0]["did"], "key": RSA_KEY});
        let credentials = orders["credentials"].as_array_mut().unwrap();
        credentials.truncate(1);
        credentials[0]["proofType"] = json!("RsaSignature2018");
        credentials[0]["id"] = json!("urn:uuid:6adb968b-52df-4da0-a720-4a0a6ac8f8db");
    });
    let issue = ["issue", "orders.json", "--home", "mill", "--subject", alex];
    session.run(&[&issue[..], &["--output", "alex.jsonl"]].concat()).succeeded();
    session.run(&["keep", "alex.jsonl", "--home", "alex", "--did", alex]).succeeded();
    session.write_changed("criteria.json", "criteria.json", |criteria| {
        criteria["criteria"].as_array_mut().unwrap().truncate(1);
        criteria["accept"] = json!(["json/RsaSignature2018", "json-ld/CLSignature2019"]);
    });
    let request = ["request", "criteria.json", "--home", "bank", "--output", "request.json"];
    session.run(&[&request[..], &["--did", bank, "--key", RSA_KEY]].concat()).succeeded();
    assert_eq!(session.json("request.json")["proof"]["type"], "RsaSignature2018");
    let respond = ["respond", "request.json", "--home", "alex", "--no-send", "--yes"];
    let respond = [&respond[..], &["--output", "response.json", "--did", alex]].concat();
    session.run(&[&respond[..], &["--key", RSA_KEY]].concat()).succeeded();
    let response = session.json("response.json");
    assert_eq!(response["proof"][0]["type"], "RsaSignature2018");
    let verdict = session.run_json(&["verify", "request.json", "response.json"]);
    assert_eq!(failed_checks(verdict), [""; 0]);
    // its DID has this key, and gets no other
    session.run(&respond).failed(2, &["A1exA1exA1exA1exA1exA1.json is there already"]);
}

#[test]
fn a_did_that_is_published_with_the_key_in_another_encoding_is_used() {
    let session = Session::with_credentials();
    let bank = "did:work:BankBankBankBankBankBa";
    let pem = fs::read_to_string(RSA_KEY.replace("private", "public")).unwrap();
    let document = json!({"id": bank, "publicKey": [
        {"id": format!("{bank}#key-1"), "type": "RsaVerificationKey2018", "publicKeyPem": pem},
    ]});
    let file = "registry/dids/did%3Awork%3ABankBankBankBankBankBa.json";
    session.write(file, &document);
    let request = ["request", "criteria.json", "--home", "bank", "--output", "request.json"];
    session.run(&[&request[..], &["--did", bank, "--key", RSA_KEY]].concat()).succeeded();
    assert_eq!(session.json(file), document, "it stays as it is");
    session.respond_in_file();
    let verdict = session.run_json(&["verify", "request.json", "response.json"]);
    assert_eq!(failed_checks(verdict), [""; 0]);
}

#[test]
fn what_cannot_be_answered_says_why_for_each_accepted_pair() {
    let session = Session::with_credentials();
    let accept = ["json/RsaSignature2018", "json-ld/Ed25519VerificationKey2018", "json/Other2018"];
    let options = accept.iter().flat_map(|pair| ["--accept", pair]);
    let request = ["request", "criteria.json", "--home", "bank", "--output", "request.json"];
    let request: Vec<&str> = request.into_iter().chain(options).collect();
    let asked = session.run(&request);
    assert_eq!(asked.code, Some(0));
    assert!(asked.stderr.contains("so that it cannot answer"), "{}", asked.stderr);
    let respond = ["respond", "request.json", "--home", "alex", "--yes"];
    let outcome = session.run(&respond);
    assert_eq!(outcome.code, Some(1));
    for words in [
        "4. 6 Months of payslips",
        "json/RsaSignature2018 (it signs linked data, which are json-ld)",
        "json-ld/Ed25519VerificationKey2018 (it signs JSON, and no linked data)",
        "json/Other2018 (a proof type that is not known here)",
        "this holder can answer in json/Ed25519VerificationKey2018",
    ] {
        assert!(outcome.stdout.contains(words), "no {words:?} in {}", outcome.stdout);
    }
    let (code, lines) = session.run_json(&respond);
    assert_eq!(code, Some(1));
    assert!(lines[1]["refusal"].as_str().unwrap().contains("json/Other2018"), "{lines:?}");
}

#[test]
fn credentials_may_be_signed_in_other_ways() {
    for proof_type in ["JcsEd25519Signature2020", "eddsa-jcs-2022"] {
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
