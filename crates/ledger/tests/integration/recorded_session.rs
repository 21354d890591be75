//! The embedded ledger compared with a recorded session of a real pool.
//!
//! Each line of `golden/indy-node-session.jsonl` has a name, a request and the reply of a pool of
//! four nodes (indy-node 1.13.2, indy-plenum 1.13.1) that began with the same genesis. It was
//! recorded once, on 2026-11-21, by sending the requests to one node over its client port. Its DIDs
//! come from short seeds: the names in the recording (`Endorser1`, `Owner1`, ...) padded with zeros
//! on the left.
//!
//! The embedded ledger must give the same replies to the same requests in the same order.

use ledger::pool::{self, PoolLedgerConfig};
use serde_json::{Value, json};

const SESSION: &str = include_str!("../golden/indy-node-session.jsonl");

/// Removes what must differ: times, and the proofs that only several nodes can give.
fn comparable(mut reply: Value) -> Value {
    let result = &mut reply["result"];
    if let Some(members) = result.as_object_mut() {
        for member in ["rootHash", "auditPath", "state_proof", "txnTime"] {
            members.remove(member);
        }
        if let Some(metadata) = members.get_mut("txnMetadata").and_then(Value::as_object_mut) {
            metadata.remove("txnTime");
        }
        if let Some(text) = members.get("data").and_then(Value::as_str) {
            let mut data: Value = serde_json::from_str(text).expect("JSON text");
            data["txnTime"] = Value::Null;
            members.insert("data".to_owned(), data);
        }
    } else if let Some(reply) = reply.as_object_mut() {
        reply.remove("result");
    }
    reply
}

#[tokio::test]
async fn the_replies_are_those_that_a_real_pool_gave() {
    let directory = tempfile::tempdir().expect("a directory");
    pool::create_pool_ledger_config(directory.path(), "pool", &PoolLedgerConfig::embedded())
        .await
        .expect("created");
    let pool = pool::open_pool_ledger(directory.path(), "pool").await.expect("opened");
    let mut differences = Vec::new();
    let mut count = 0;
    for line in SESSION.lines() {
        let step: Value = serde_json::from_str(line).expect("a line of JSON");
        let reply = pool.submit(&step["request"].to_string()).await.expect("a reply");
        let reply = comparable(serde_json::from_str(&reply).expect("JSON"));
        let recorded = comparable(step["reply"].clone());
        if reply != recorded {
            differences.push(json!({
                "name": step["name"], "embedded": reply, "recorded": recorded,
            }));
        }
        count += 1;
    }
    assert_eq!(count, 117);
    let differences: Vec<String> = differences.iter().map(|d| format!("{d:#}")).collect();
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}
