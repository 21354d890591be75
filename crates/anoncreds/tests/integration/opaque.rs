//! Credentials of registries whose identifiers say less than Indy's.

use std::io::Cursor;

use anoncreds::{
    ProofRequest, RequestedCredentials, import_credentials, prover_create_proof,
    prover_explain_search, prover_get_credentials_for_proof_req, prover_preview_disclosure,
};
use serde_json::{Value, json};
use test_support::credentials::LINK_SECRET;
use wallet::category::CREDENTIAL;

use crate::proof_test::{ProofTest, request};

const DID: &str = "did:cheqd:testnet:3053e034-8faa-458d-9f01-2e3e1e8b2ab8";
const SCHEMA: &str = "did:cheqd:testnet:3053e034-8faa-458d-9f01-2e3e1e8b2ab8/resources/1b1d8b1e";
const CRED_DEF: &str = "did:cheqd:testnet:3053e034-8faa-458d-9f01-2e3e1e8b2ab8/resources/9c0d2c59";

/// Alex's credential, as it is stored, under other identifiers.
async fn stored_under(test: &ProofTest, schema_id: &str, cred_def_id: &str) -> Value {
    let stored = test.parties.prover.fetch_record(CREDENTIAL, "alex").await.unwrap().unwrap();
    let mut credential: Value = serde_json::from_slice(&stored).unwrap();
    credential["schema_id"] = json!(schema_id);
    credential["cred_def_id"] = json!(cred_def_id);
    credential
}

async fn import(test: &ProofTest, line: Value) {
    let lines = Cursor::new(line.to_string());
    let report = import_credentials(&test.parties.prover, lines, |_| {}).await.unwrap();
    assert_eq!(report.imported, 1, "{line}");
}

/// The ids of the candidates for a name under these restrictions.
async fn found(test: &ProofTest, restrictions: Value) -> Vec<String> {
    let request = request(json!({"r": {"name": "name", "restrictions": restrictions}}), json!({}));
    let found = prover_get_credentials_for_proof_req(&test.parties.prover, &request).await.unwrap();
    found.attrs["r"].iter().map(|candidate| candidate.cred_info.referent.clone()).collect()
}

fn version_2(restrictions: &Value) -> ProofRequest {
    ProofRequest::from_value(&json!({
        "nonce": "1", "name": "n", "version": "1", "ver": "2.0",
        "requested_attributes": {"r": {"name": "name", "restrictions": restrictions}},
    }))
    .unwrap()
}

#[tokio::test]
async fn a_credential_is_found_by_what_its_identifiers_say() {
    let test = ProofTest::new().await;
    let credential = stored_under(&test, SCHEMA, CRED_DEF).await;
    import(&test, json!({"id": "cheqd", "credential": credential})).await;
    for restrictions in [
        json!({"cred_def_id": CRED_DEF}),
        json!({"schema_id": SCHEMA}),
        json!([{"issuer_id": DID}]),
        json!([{"issuer_did": DID, "schema_issuer_id": DID}]),
    ] {
        assert_eq!(found(&test, restrictions.clone()).await, ["cheqd"], "{restrictions}");
    }
    for restrictions in [
        json!({"issuer_id": DID, "schema_name": "gvt"}),
        json!({"issuer_id": "did:cheqd:testnet:another"}),
    ] {
        assert_eq!(found(&test, restrictions).await, [""; 0]);
    }
}

#[tokio::test]
async fn what_is_not_known_is_named() {
    let test = ProofTest::new().await;
    let definition = "https://example.org/definitions/1";
    let credential = stored_under(&test, "https://example.org/schemas/1", definition).await;
    import(&test, json!({"id": "https", "credential": credential})).await;
    assert_eq!(found(&test, json!({"cred_def_id": definition})).await, ["https"]);
    for (tag, what) in [
        ("schema_version", "the schema's version is not known"),
        ("issuer_id", "the issuer is not known"),
    ] {
        let asked = json!({"cred_def_id": definition, tag: "1.0"});
        let request = version_2(&asked);
        let explained = prover_explain_search(&test.parties.prover, &request).await.unwrap();
        let classes = &explained.referents["r"].classes;
        let class = classes.iter().find(|class| class.cred_def_id == definition).unwrap();
        let excluded = class.excluded.as_ref().unwrap().to_string();
        assert!(excluded.starts_with(what), "{excluded}");
        let preview =
            prover_preview_disclosure(&test.parties.prover, &request, None).await.unwrap();
        assert!(preview.unanswered[0].reason.contains(what), "{preview}");
    }
}

#[tokio::test]
async fn objects_beside_a_credential_say_what_its_identifiers_do_not() {
    let test = ProofTest::new().await;
    let definition = "https://example.org/definitions/1";
    let credential = stored_under(&test, "https://example.org/schemas/1", definition).await;
    import(
        &test,
        json!({
            "id": "https",
            "credential": credential,
            "schema": {
                "name": "person", "version": "7", "issuerId": "https://example.org/authors/1",
                "attrNames": ["name"]},
            "cred_def": {"issuerId": "https://example.org", "tag": "t"},
        }),
    )
    .await;
    let asked = json!({
        "schema_name": "person", "schema_version": "7", "issuer_id": "https://example.org",
        "schema_issuer_id": "https://example.org/authors/1",
    });
    assert_eq!(found(&test, asked.clone()).await, ["https"]);
    anoncreds::rebuild_class_directory(&test.parties.prover).await.unwrap();
    assert_eq!(found(&test, asked).await, ["https"]);
}

#[tokio::test]
async fn a_credential_with_opaque_identifiers_is_proved() {
    let mut test = ProofTest::new().await;
    let credential = stored_under(&test, SCHEMA, CRED_DEF).await;
    let (old_schema, old_cred_def) = {
        let stored = test.parties.prover.fetch_record(CREDENTIAL, "alex").await.unwrap().unwrap();
        let stored: Value = serde_json::from_slice(&stored).unwrap();
        let id = |member: &str| stored[member].as_str().unwrap().to_owned();
        (id("schema_id"), id("cred_def_id"))
    };
    let origin = json!({"name": "person", "version": "1"});
    import(&test, json!({"id": "cheqd", "credential": credential, "schema": origin})).await;
    let schema = test.schemas.remove(&old_schema).unwrap();
    let cred_def = test.cred_defs.remove(&old_cred_def).unwrap();
    test.schemas.insert(SCHEMA.to_owned(), schema);
    test.cred_defs.insert(CRED_DEF.to_owned(), cred_def);

    let choice = RequestedCredentials::default().reveal("r", "cheqd");
    let restrictions = json!([{"issuer_id": DID, "schema_name": "person"}]);
    // the library shortens identifiers for requests of version 1
    let version_1 =
        request(json!({"r": {"name": "name", "restrictions": restrictions}}), json!({}));
    for request in [version_2(&restrictions), version_1] {
        let presentation = prover_create_proof(
            &test.parties.prover,
            &request,
            &choice,
            LINK_SECRET,
            &test.schemas,
            &test.cred_defs,
            &Default::default(),
        )
        .await
        .unwrap();
        let presentation = serde_json::to_value(&presentation).unwrap();
        assert_eq!(presentation["identifiers"][0]["cred_def_id"], CRED_DEF);
        assert_eq!(presentation["identifiers"][0]["schema_id"], SCHEMA);
    }
}
