//! Asking a ledger whether it has already what a request would write.

use indy_credx::types::{AttributeNames, CredentialDefinition, DidValue, Schema};
use ledger::{
    LedgerRequest, Role, build_cred_def_request, build_get_nym_request, build_nym_request,
    build_schema_request, find_written, pool::Pool, submit_request,
};
use serde_json::{Value, json};

use crate::support::{Identity, new_pool, steward};

fn schema(author: &str, attributes: &[&str]) -> Schema {
    let (author, attributes) = (DidValue::new(author, None), AttributeNames::from(attributes));
    indy_credx::issuer::create_schema(&author, "gvt", "1.0", attributes, None).expect("a schema")
}

/// Returns the golden credential definition with this author, for the schema with number 8.
fn cred_def(author: &str) -> CredentialDefinition {
    let text = include_str!("../golden/cred-def.definition.json");
    let mut json: Value = serde_json::from_str(text).expect("JSON");
    json["id"] = json!(format!("{author}:3:CL:8:TAG1"));
    json["schemaId"] = json!("8");
    serde_json::from_value(json).expect("a credential definition")
}

async fn found(pool: &Pool, request: &LedgerRequest) -> Option<String> {
    find_written(pool, request).await.expect("an answer").map(|written| written.to_string())
}

/// Returns a request with another value in its operation.
fn changed(request: &LedgerRequest, pointer: &str, value: Value) -> LedgerRequest {
    let mut request = request.clone();
    *request.operation.pointer_mut(pointer).expect(pointer) = value;
    request
}

#[tokio::test]
async fn what_a_request_would_write_is_found_once_it_is_written() {
    let (pool, _directory) = new_pool().await;
    let (steward, anchor) = (steward(), Identity::new("Anchor"));
    let role = Some(Role::TrustAnchor);
    let nym = build_nym_request(&steward.did, &anchor.did, Some(&anchor.verkey), None, role);
    let schema = schema(&steward.did, &["age", "height", "name", "sex"]);
    let requests = [
        (nym, &steward, format!("the DID {}", anchor.did)),
        (
            build_schema_request(&steward.did, &schema),
            &steward,
            format!("the schema {}:2:gvt:1.0", steward.did),
        ),
        (
            build_cred_def_request(&anchor.did, &cred_def(&anchor.did)),
            &anchor,
            format!("the credential definition {}:3:CL:8:TAG1", anchor.did),
        ),
    ];
    for (request, author, expected) in requests {
        let request = request.expect("a request");
        assert_eq!(found(&pool, &request).await, None, "{expected}");
        submit_request(&pool, &author.sign(request.clone())).await.expect("written");
        assert_eq!(found(&pool, &request).await, Some(expected));
    }
}

#[tokio::test]
async fn something_else_under_the_same_id_is_not_what_a_request_would_write() {
    let (pool, _directory) = new_pool().await;
    let (steward, anchor) = (steward(), Identity::new("Anchor"));
    let role = Some(Role::TrustAnchor);
    let nym = build_nym_request(&steward.did, &anchor.did, Some(&anchor.verkey), None, role);
    let nym = nym.expect("a request");
    let written = schema(&steward.did, &["age", "name"]);
    let written = build_schema_request(&steward.did, &written).expect("a request");
    let definition = build_cred_def_request(&anchor.did, &cred_def(&anchor.did));
    let definition = definition.expect("a request");
    for (author, request) in [(&steward, &nym), (&steward, &written), (&anchor, &definition)] {
        submit_request(&pool, &author.sign(request.clone())).await.expect("written");
    }

    let other_key = json!(Identity::new("Other").verkey);
    for other in [
        changed(&nym, "/verkey", other_key),
        changed(&nym, "/role", json!("201")),
        changed(&nym, "/role", json!(null)),
        changed(&written, "/data/attr_names", json!(["age", "name", "sex"])),
        changed(&definition, "/data/primary/s", json!("17")),
        build_get_nym_request(None, &anchor.did).expect("a request"),
    ] {
        assert_eq!(found(&pool, &other).await, None, "{other:?}");
    }
    let reordered = changed(&written, "/data/attr_names", json!(["name", "age"]));
    assert!(found(&pool, &reordered).await.is_some());
    let mut as_it_is = nym.clone();
    as_it_is.operation.as_object_mut().expect("an object").remove("role");
    assert!(found(&pool, &as_it_is).await.is_some(), "a role that is not named is not changed");
}

#[tokio::test]
async fn a_verkey_may_be_abbreviated() {
    let (pool, _directory) = new_pool().await;
    let (steward, anchor) = (steward(), Identity::new("Anchor"));
    let nym = build_nym_request(&steward.did, &anchor.did, Some(&anchor.verkey), None, None);
    let nym = nym.expect("a request");
    submit_request(&pool, &steward.sign(nym.clone())).await.expect("written");
    let verkey = bs58::decode(&anchor.verkey).into_vec().expect("base58");
    let short = format!("~{}", bs58::encode(&verkey[16..]).into_string());
    assert!(found(&pool, &changed(&nym, "/verkey", json!(short))).await.is_some());
}
