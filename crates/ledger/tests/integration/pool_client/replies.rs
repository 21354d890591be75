//! The replies to requests.

use std::{sync::Arc, time::Duration};

use ledger::pool::PoolError;
use serde_json::{Value, json};

use super::scripted::{ScriptedPool, request, submit};

#[tokio::test]
async fn a_request_reaches_the_client_with_all_its_members() {
    let scripted = ScriptedPool::new("ready; serve").await;
    let pool = scripted.open().await;
    let reply = submit(&pool, 5).await.unwrap();
    assert_eq!(reply, json!({"op": "REPLY", "result": {"reqId": 5}}));
    let line: Value = serde_json::from_str(&scripted.written("lines")).unwrap();
    let sent: Value = serde_json::from_str(&request(5)).unwrap();
    assert_eq!(line["request"], sent);
}

#[tokio::test]
async fn replies_in_another_order_reach_their_requests() {
    let scripted = ScriptedPool::new(
        "ready
        while next; do
            first=$id; first_req_id=$req_id
            next
            reply $id $req_id
            reply $first $first_req_id
        done",
    )
    .await;
    let pool = Arc::new(scripted.open().await);
    let tasks: Vec<_> = (1..=40)
        .map(|req_id| {
            let pool = Arc::clone(&pool);
            tokio::spawn(async move { (req_id, submit(&pool, req_id).await.unwrap()) })
        })
        .collect();
    for task in tasks {
        let (req_id, reply) = task.await.unwrap();
        assert_eq!(reply["result"]["reqId"], req_id);
    }
    assert_eq!(scripted.runs(), 1);
}

#[tokio::test]
async fn a_refusal_is_a_reply() {
    let scripted = ScriptedPool::new(
        r#"ready
        next; printf '{"id":%s,"reply":{"op":"REJECT","reason":"no","reqId":%s}}\n' $id $req_id
        serve"#,
    )
    .await;
    let pool = scripted.open().await;
    let reply = submit(&pool, 1).await.unwrap();
    assert_eq!(reply, json!({"op": "REJECT", "reason": "no", "reqId": 1}));
}

#[tokio::test]
async fn each_kind_of_error_is_told_apart_and_the_pool_stays_open() {
    let scripted = ScriptedPool::new(
        r#"ready
        next; problem $id timeout '"Node3","Node4"'
        next; problem $id unreachable '"Node1"'
        next; problem $id no-consensus
        serve"#,
    )
    .await;
    let pool = scripted.open().await;

    let error = submit(&pool, 1).await.unwrap_err();
    assert!(matches!(error, PoolError::Timeout { .. }), "{error}");
    assert_eq!(error.code(), "PoolLedgerTimeout");
    assert!(error.to_string().contains("Node3, Node4"), "{error}");

    let error = submit(&pool, 2).await.unwrap_err();
    assert!(matches!(error, PoolError::Unreachable { .. }), "{error}");
    assert_eq!(error.code(), "PoolLedgerTimeout");
    assert!(error.to_string().contains("Node1"), "{error}");

    let error = submit(&pool, 3).await.unwrap_err();
    assert_eq!(error.code(), "LedgerNoConsensus");

    submit(&pool, 4).await.unwrap();
    assert_eq!(scripted.runs(), 1);
}

#[tokio::test]
async fn a_request_that_the_client_refuses_gets_a_reqnack() {
    let scripted = ScriptedPool::new("ready; next; problem $id invalid-request; serve").await;
    let pool = scripted.open().await;
    let reply = submit(&pool, 9).await.unwrap();
    assert_eq!(reply["op"], "REQNACK");
    assert_eq!(reply["reqId"], 9);
    assert_eq!(
        reply["reason"],
        "client request invalid: InvalidClientRequest('LibindyDid111111111111', 9, 'as a test')"
    );
}

#[tokio::test]
async fn a_text_that_is_not_a_request_is_never_sent() {
    let scripted = ScriptedPool::new("ready; serve").await;
    let pool = scripted.open().await;
    let long = format!("\"{}\"", "x".repeat(200_000));
    let deep = format!("{}{}", "[".repeat(100), "]".repeat(100));
    for text in ["", "no JSON", "[]", "\"\n\"", &long, &deep] {
        let reply: Value = serde_json::from_str(&pool.submit(text).await.unwrap()).unwrap();
        assert_eq!(reply["op"], "REQNACK", "{reply}");
    }
    assert_eq!(scripted.written("lines"), "");
}

#[tokio::test]
async fn a_request_of_several_lines_is_sent_as_one_line() {
    let scripted = ScriptedPool::new("ready; serve").await;
    let pool = scripted.open().await;
    let request: Value = serde_json::from_str(&request(1)).unwrap();
    pool.submit(&format!("{request:#}")).await.unwrap();
    assert_eq!(scripted.written("lines").lines().count(), 1);
}

#[tokio::test]
async fn a_read_after_a_write_waits_for_nodes_that_are_behind() {
    let scripted = ScriptedPool::new(
        r#"ready
        next; result $id '{"txnMetadata":{"seqNo":7}}'
        next; result $id '{"seqNo":null,"data":null}'
        next; result $id '{"seqNo":null,"data":null}'
        next; result $id '{"seqNo":7,"data":{}}'
        serve"#,
    )
    .await;
    let pool = scripted.open().await;
    submit(&pool, 1).await.unwrap();
    let reply = submit(&pool, 2).await.unwrap();
    assert_eq!(reply["result"]["seqNo"], 7);
}

#[tokio::test]
async fn without_a_recent_write_a_read_is_not_repeated() {
    let scripted = ScriptedPool::new(
        r#"ready
        next; result $id '{"seqNo":null,"data":null}'
        serve"#,
    )
    .await;
    let pool = scripted.open().await;
    let reply = submit(&pool, 1).await.unwrap();
    assert_eq!(reply["result"]["seqNo"], Value::Null);
    assert_eq!(scripted.written("lines").lines().count(), 1);
}

#[tokio::test]
async fn a_client_that_stops_answering_times_out_and_is_restarted() {
    let scripted = ScriptedPool::new(
        "ready
        [ $(wc -l <$directory/runs) = 1 ] && while next; do :; done
        serve",
    )
    .await
    .with_timeout(Duration::from_millis(300));
    let pool = scripted.open().await;
    let error = submit(&pool, 1).await.unwrap_err();
    assert!(matches!(error, PoolError::Timeout { .. }), "{error}");
    let reply = submit(&pool, 2).await.unwrap();
    assert_eq!(reply["result"]["reqId"], 2);
    assert_eq!(scripted.runs(), 2);
}
