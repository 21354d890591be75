//! What the embedded ledger refuses beyond the recorded session: where it is stricter than a node,
//! or replies to what crashes a node.

use ledger::pool::{close_pool_ledger, embedded::MAX_REQUEST_BYTES};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::support::{Identity, new_pool, open, refused, steward, submit, written};

fn schema(attr_names: &Value) -> Value {
    json!({"type": "101", "data": {"name": "gvt", "version": "1.0", "attr_names": attr_names}})
}

#[tokio::test]
async fn a_repeated_request_gets_its_first_reply_and_is_written_once() {
    let (pool, directory) = new_pool().await;
    let steward = steward();
    let request = steward.request(10, Identity::new("A").nym());
    let first = submit(&pool, &request).await;
    assert_eq!(written(&first), 7);
    assert_eq!(submit(&pool, &request).await, first);

    let later = steward.request(11, Identity::new("B").nym());
    assert_eq!(written(&submit(&pool, &later).await), 8);
    assert_eq!(submit(&pool, &request).await, first);

    close_pool_ledger(pool).await.expect("closed");
    let pool = open(&directory).await;
    assert_eq!(submit(&pool, &request).await, first);
}

#[tokio::test]
async fn a_request_id_need_not_increase_or_be_unused() {
    let (pool, _directory) = new_pool().await;
    let steward = steward();
    written(&submit(&pool, &steward.request(10, Identity::new("A").nym())).await);
    for (seq_no, req_id) in [(8, 10), (9, 9)] {
        let name = format!("B{req_id}");
        let request = steward.request(req_id, Identity::new(&name).nym());
        assert_eq!(written(&submit(&pool, &request).await), seq_no);
    }
    // the same operation under another number is another request, which the rules refuse
    let again = steward.request(11, Identity::new("A").nym());
    refused(&submit(&pool, &again).await, "REJECT");
}

#[tokio::test]
async fn a_repeated_request_with_another_signature_is_refused() {
    let (pool, _directory) = new_pool().await;
    let (old, new) = (Identity::new("A"), Identity::new("B"));
    written(&submit(&pool, &steward().request(1, old.nym())).await);
    let rotation = json!({"type": "1", "dest": old.did, "verkey": new.verkey});
    written(&submit(&pool, &old.request(2, rotation.clone())).await);

    let signed_anew = new.request_as(&old.did, 2, rotation);
    let reply = submit(&pool, &signed_anew).await;
    assert!(
        refused(&reply, "REQNACK").contains("already ordered with different signatures"),
        "{reply}"
    );
}

#[tokio::test]
async fn a_refused_request_does_not_use_up_its_request_id() {
    let (pool, _directory) = new_pool().await;
    let steward = steward();
    let mut trustee_nym = Identity::new("A").nym();
    trustee_nym["role"] = json!("0");
    refused(&submit(&pool, &steward.request(10, trustee_nym)).await, "REJECT");
    written(&submit(&pool, &steward.request(10, Identity::new("A").nym())).await);
}

#[tokio::test]
async fn a_read_may_have_any_request_id() {
    let (pool, _directory) = new_pool().await;
    let steward = steward();
    written(&submit(&pool, &steward.request(10, Identity::new("A").nym())).await);
    for _ in 0..2 {
        let reply =
            submit(&pool, &steward.request(1, json!({"type": "105", "dest": steward.did}))).await;
        assert_eq!(reply["op"], "REPLY", "{reply}");
    }
}

#[tokio::test]
async fn a_schema_with_a_duplicate_attribute_is_refused() {
    let (pool, _directory) = new_pool().await;
    let reply = submit(&pool, &steward().request(1, schema(&json!(["age", "sex", "age"])))).await;
    assert!(refused(&reply, "REQNACK").contains("duplicate attribute name 'age'"), "{reply}");
}

#[tokio::test]
async fn a_schema_has_at_most_125_attributes_of_256_characters() {
    let (pool, _directory) = new_pool().await;
    let steward = steward();
    let names: Vec<String> = (0..126).map(|number| format!("a{number}")).collect();
    let reply = submit(&pool, &steward.request(1, schema(&json!(names)))).await;
    assert!(refused(&reply, "REQNACK").contains("length should be at most 125"), "{reply}");
    let reply = submit(&pool, &steward.request(1, schema(&json!(["a".repeat(257)])))).await;
    assert!(refused(&reply, "REQNACK").contains("longer than 256 symbols"), "{reply}");
    let names = [&names[..124], &["é".repeat(256)]].concat();
    written(&submit(&pool, &steward.request(1, schema(&json!(names)))).await);
}

#[tokio::test]
async fn a_nym_that_changes_nothing_is_only_for_its_owner() {
    let (pool, _directory) = new_pool().await;
    let request = steward().request(1, json!({"type": "1", "dest": "V4SGRU86Z58d6TV7PBUe6f"}));
    let reply = submit(&pool, &request).await;
    assert!(refused(&reply, "REJECT").contains("exists already"), "{reply}");
}

#[tokio::test]
async fn unsupported_members_are_refused_and_named() {
    let (pool, _directory) = new_pool().await;
    let steward = steward();
    for member in ["endorser", "signatures", "taaAcceptance"] {
        let mut request: Value =
            serde_json::from_str(&steward.request(1, Identity::new("A").nym())).expect("JSON");
        request[member] = json!({});
        let reply = submit(&pool, &request.to_string()).await;
        assert!(refused(&reply, "REQNACK").contains(member), "{reply}");
    }
    for member in ["diddocContent", "version"] {
        let mut operation = Identity::new("A").nym();
        operation[member] = json!(1);
        let reply = submit(&pool, &steward.request(1, operation)).await;
        assert!(refused(&reply, "REQNACK").contains(member), "{reply}");
    }
}

#[tokio::test]
async fn text_that_is_not_a_request_is_refused() {
    let (pool, _directory) = new_pool().await;
    let deep = format!("{}{}", "[".repeat(60_000), "]".repeat(60_000));
    let deep_operation = format!(
        r#"{{"identifier":"Th7MpTaRZVRYnPiabds81Y","operation":{deep},"protocolVersion":2,"reqId":1}}"#
    );
    for text in ["", "hello", "[1,2]", "\"x\"", "3", "null", "{", "\0", &deep, &deep_operation] {
        let reply = submit(&pool, text).await;
        assert!(refused(&reply, "REQNACK").contains("not"), "{reply}");
        assert_eq!(reply["identifier"], Value::Null);
    }
}

#[tokio::test]
async fn a_missing_identifier_reqid_or_operation_is_named() {
    let (pool, _directory) = new_pool().await;
    let request: Value =
        serde_json::from_str(&steward().request(1, Identity::new("A").nym())).expect("JSON");
    for member in ["identifier", "reqId", "operation"] {
        let mut without = request.clone();
        without.as_object_mut().expect("an object").remove(member);
        let mut null = request.clone();
        null[member] = Value::Null;
        for request in [without, null] {
            let reply = submit(&pool, &request.to_string()).await;
            let reason = refused(&reply, "REQNACK");
            assert!(reason.contains(&format!("missed fields - {member}")), "{reason}");
        }
    }
}

#[tokio::test]
async fn a_request_id_beyond_64_bits_is_refused() {
    let (pool, _directory) = new_pool().await;
    let request = r#"{"identifier":"Th7MpTaRZVRYnPiabds81Y","operation":{"type":"105","dest":"Th7MpTaRZVRYnPiabds81Y"},"protocolVersion":2,"reqId":18446744073709551616}"#;
    refused(&submit(&pool, request).await, "REQNACK");
}

#[tokio::test]
async fn a_request_may_be_as_long_as_the_limit_and_no_longer() {
    let (pool, _directory) = new_pool().await;
    let with_alias = |length: usize| {
        json!({
            "identifier": "Th7MpTaRZVRYnPiabds81Y", "protocolVersion": 2, "reqId": 1,
            "operation": {"type": "105", "dest": "Th7MpTaRZVRYnPiabds81Y", "x": "a".repeat(length)},
        })
        .to_string()
    };
    let frame = with_alias(0).len();
    let reply = submit(&pool, &with_alias(MAX_REQUEST_BYTES - frame + 1)).await;
    assert!(refused(&reply, "REQNACK").contains("exceeded allowed limit of 131072"), "{reply}");
    let reply = submit(&pool, &with_alias(MAX_REQUEST_BYTES - frame)).await;
    assert_eq!(reply["op"], "REPLY");
    refused(&submit(&pool, &with_alias(1_000_000)).await, "REQNACK");
}

#[tokio::test]
async fn long_strings_are_refused_and_not_repeated_in_full() {
    let (pool, _directory) = new_pool().await;
    let long = "1".repeat(100_000);
    let valid: Value =
        serde_json::from_str(&steward().request(1, Identity::new("A").nym())).expect("JSON");
    for pointer in [
        "/identifier",
        "/reqId",
        "/protocolVersion",
        "/signature",
        "/operation",
        "/operation/type",
        "/operation/dest",
        "/operation/verkey",
    ] {
        let mut request = valid.clone();
        *request.pointer_mut(pointer).expect("a member") = json!(long);
        let reply = submit(&pool, &request.to_string()).await;
        refused(&reply, "REQNACK");
        assert!(reply.to_string().len() < 2000, "{pointer}: {reply}");
    }
}

/// Generates JSON from the names and values that requests have.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,8}".prop_map(Value::from),
        prop::sample::select(vec![
            "1",
            "101",
            "102",
            "105",
            "107",
            "108",
            "CL",
            "1.0",
            "~",
            "Th7MpTaRZVRYnPiabds81Y",
            "LibindyDid111111111111",
        ])
        .prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 8, |inner| {
        let name = prop::sample::select(vec![
            "identifier",
            "operation",
            "protocolVersion",
            "reqId",
            "signature",
            "type",
            "dest",
            "verkey",
            "role",
            "alias",
            "data",
            "name",
            "version",
            "attr_names",
            "ref",
            "tag",
            "signature_type",
            "primary",
            "origin",
        ]);
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec((name, inner), 0..8).prop_map(|members| {
                members
                    .into_iter()
                    .map(|(name, value)| (name.to_owned(), value))
                    .collect::<serde_json::Map<_, _>>()
                    .into()
            }),
        ]
    })
}

#[test]
fn any_json_gets_a_reply_and_nothing_unsigned_is_written() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let (pool, directory) = runtime.block_on(new_pool());
    proptest!(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() }, |(
        operation in any_json(), whole in any_json(), member in any_json()
    )| {
        let framed = json!({
            "identifier": "Th7MpTaRZVRYnPiabds81Y", "operation": operation,
            "protocolVersion": 2, "reqId": 1, "signature": member,
        });
        for request in [framed, whole] {
            let reply = runtime.block_on(submit(&pool, &request.to_string()));
            prop_assert!(["REPLY", "REQNACK"].contains(&reply["op"].as_str().expect("op")));
        }
    });
    let file = directory.path().join("pool/transactions.jsonl");
    assert_eq!(std::fs::read(file).expect("the file"), b"");
}
