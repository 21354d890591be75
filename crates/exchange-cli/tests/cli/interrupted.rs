//! An issuance that was interrupted, and is repeated.

use std::fs;

use serde_json::json;
use test_support::keys;

use crate::session::Session;

const ISSUER: &str = "455bLNuJ3AuV6W9Gn2nvp1";

#[test]
fn a_stored_credential_definition_that_was_not_published_is_published() {
    let session = Session::new();
    let attributes = json!({"age": "28", "height": "175", "name": "Alex", "sex": "male"});
    let names: Vec<&String> = attributes.as_object().unwrap().keys().collect();
    let did = format!("did:sov:{ISSUER}");
    let orders = json!({
        "issuers": [{"did": did, "seed": "0000000000000000000CityRegistry1"}],
        "schemas": [{"author": did, "name": "gvt", "version": "1.0", "attributes": names}],
        "credentials": [{
            "id": "alex",
            "proofType": "CLSignature2019",
            "issuer": did,
            "schema": format!("{ISSUER}:2:gvt:1.0"),
            "attributes": attributes,
        }],
    });
    session.write("orders.json", &orders);
    let issue = ["issue", "orders.json", "--home", "alex", "--prepared-key", keys::GVT_PATH];
    session.run(&issue).succeeded();
    let registry = session.path("registry/credential-definitions");
    let published = || -> Vec<_> {
        let files = fs::read_dir(&registry).unwrap().map(|entry| entry.unwrap().path());
        files.map(|path| fs::read_to_string(path).unwrap()).collect()
    };
    let before = published();

    // as if the process had been killed before it wrote the credential definition to the ledger
    let ledger = session.path("alex/pool/pool/transactions.jsonl");
    let text = fs::read_to_string(&ledger).unwrap();
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    fs::write(&ledger, lines[..lines.len() - 1].concat()).unwrap();
    fs::remove_file(ledger.with_extension("head")).unwrap();
    fs::remove_file(session.path("alex/wallets/prover_wallet.sqlite")).unwrap();
    fs::remove_dir_all(&registry).unwrap();

    session.run(&issue).succeeded();
    assert_eq!(published(), before, "the same definition, under the same id");
    let written = fs::read_to_string(&ledger).unwrap();
    assert_eq!(written.lines().count(), lines.len());
    // and no second time
    fs::remove_file(session.path("alex/wallets/prover_wallet.sqlite")).unwrap();
    session.run(&issue).succeeded();
    assert_eq!(fs::read_to_string(&ledger).unwrap(), written);
}
