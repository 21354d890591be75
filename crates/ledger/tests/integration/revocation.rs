//! Reading revocation registries: requests as nodes take them, and replies as nodes give them.

use ledger::{
    LedgerError, Reply, build_get_revoc_reg_def_request, build_get_revoc_reg_request,
    parse_get_revoc_reg_def_response, parse_get_revoc_reg_response, read_revoc_reg_def,
};
use serde_json::{Value, json};

use crate::support::new_pool;

const ID: &str = "NcYxiDXkpYi6ov5FcYDi1e:4:NcYxiDXkpYi6ov5FcYDi1e:3:CL:15:REVOCABLE:CL_ACCUM:R1";

/// The registry of the tests of `proofs`: its definition and an entry.
fn registry() -> (Value, Value) {
    let case = include_str!("../../../proofs/tests/fixtures/cases/revocable.json");
    let case: Value = serde_json::from_str(case).unwrap();
    (case["rev_reg_defs"][ID].clone(), case["rev_regs"][ID]["1600000000"].clone())
}

fn reply(result: Value) -> Reply {
    Reply::from_json(&json!({"op": "REPLY", "result": result}).to_string()).unwrap()
}

#[test]
fn requests_name_the_registry_and_the_time() {
    let request = build_get_revoc_reg_def_request(None, ID).unwrap().to_json();
    let request: Value = serde_json::from_str(&request).unwrap();
    assert_eq!(request["operation"], json!({"type": "115", "id": ID}));
    let request = build_get_revoc_reg_request(None, ID, 7).unwrap().to_json();
    let request: Value = serde_json::from_str(&request).unwrap();
    assert_eq!(request["operation"], json!({"type": "116", "revocRegDefId": ID, "timestamp": 7}));
    for id in ["", "x", "did:cheqd:testnet:x/resources/y", "abc:4:x"] {
        let error = build_get_revoc_reg_def_request(None, id).unwrap_err();
        assert!(matches!(error, LedgerError::InvalidInput { .. }), "{id}: {error}");
    }
}

#[test]
fn replies_are_read_as_a_definition_and_an_entry() {
    let (definition, entry) = registry();
    let mut data = definition.clone();
    // nodes do not have it
    data.as_object_mut().unwrap().remove("ver");
    let found = reply(json!({"type": "115", "id": ID, "seqNo": 20, "txnTime": 5, "data": data}));
    let read = parse_get_revoc_reg_def_response(&found).unwrap();
    assert_eq!(serde_json::to_value(read).unwrap(), definition);

    let data = json!({"revocRegDefId": ID, "revocDefType": "CL_ACCUM", "value": entry["value"]});
    let found = json!({"type": "116", "revocRegDefId": ID, "timestamp": 9, "seqNo": 21, "txnTime": 6, "data": data});
    let read = parse_get_revoc_reg_response(&reply(found.clone())).unwrap();
    assert_eq!((serde_json::to_value(read.registry).unwrap(), read.time), (entry, 6));

    for member in ["txnTime", "data", "type"] {
        let mut wrong = found.clone();
        wrong[member] = json!([1]);
        let error = parse_get_revoc_reg_response(&reply(wrong)).unwrap_err();
        assert!(matches!(error, LedgerError::UnexpectedReply { .. }), "{member}: {error}");
    }
}

#[test]
fn what_the_ledger_does_not_have_is_not_found() {
    let nothing = |kind: &str, id: &str| {
        reply(
            json!({"type": kind, id: ID, "timestamp": 9, "seqNo": null, "txnTime": null, "data": null}),
        )
    };
    let definition = parse_get_revoc_reg_def_response(&nothing("115", "id")).unwrap_err();
    let entry = parse_get_revoc_reg_response(&nothing("116", "revocRegDefId")).unwrap_err();
    for (error, words) in [(definition, ID.to_owned()), (entry, format!("{ID} at 9"))] {
        assert_eq!(error.code(), "LedgerNotFound");
        assert!(error.to_string().contains(&words), "{error}");
    }
}

#[tokio::test]
async fn the_embedded_ledger_refuses_to_read_a_registry() {
    let (pool, _directory) = new_pool().await;
    let error = read_revoc_reg_def(&pool, None, ID).await.unwrap_err();
    assert!(matches!(error, LedgerError::Refused { .. }), "{error}");
}
