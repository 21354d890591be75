//! How a client ends, and what follows.

use std::sync::Arc;

use ledger::pool::{PoolError, close_pool_ledger};

use super::scripted::{ScriptedPool, is_running, submit};

fn problem(error: PoolError) -> String {
    let PoolError::ClientFailed { problem, .. } = error else { panic!("{error}") };
    problem
}

#[tokio::test]
async fn a_client_that_dies_fails_its_requests_and_is_restarted() {
    let scripted = ScriptedPool::new(
        "ready
        [ $(wc -l <$directory/runs) = 1 ] && { next; next; echo 'out of luck' >&2; exit 3; }
        serve",
    )
    .await;
    let pool = Arc::new(scripted.open().await);
    let tasks: Vec<_> = (1..=2)
        .map(|req_id| {
            let pool = Arc::clone(&pool);
            tokio::spawn(async move { submit(&pool, req_id).await.unwrap_err() })
        })
        .collect();
    for task in tasks {
        let problem = problem(task.await.unwrap());
        assert!(problem.contains("exit status: 3"), "{problem}");
        assert!(problem.contains("out of luck"), "{problem}");
    }
    let reply = submit(&pool, 3).await.unwrap();
    assert_eq!(reply["result"]["reqId"], 3);
    assert_eq!(scripted.runs(), 2);
}

#[tokio::test]
async fn a_client_that_keeps_dying_is_not_restarted_forever() {
    let scripted = ScriptedPool::new("ready; next; exit 1").await;
    let pool = scripted.open().await;
    for req_id in 1..20 {
        problem(submit(&pool, req_id).await.unwrap_err());
    }
    assert_eq!(scripted.runs(), 4, "started once, restarted three times");
    let last = problem(submit(&pool, 20).await.unwrap_err());
    assert!(last.contains("never answered"), "{last}");
}

#[tokio::test]
async fn a_client_that_answers_in_between_is_restarted_each_time() {
    let scripted = ScriptedPool::new("ready; next; reply $id $req_id; next; exit 1").await;
    let pool = scripted.open().await;
    for req_id in 0..8 {
        submit(&pool, 2 * req_id).await.unwrap();
        problem(submit(&pool, 2 * req_id + 1).await.unwrap_err());
    }
    assert_eq!(scripted.runs(), 8);
}

#[tokio::test]
async fn a_client_that_breaks_the_protocol_is_killed() {
    // no message, and the reply to a request that was not sent
    for (line, quoted) in [("hello there", "hello there"), (r#"{"id":"x","reply":{}}"#, "\"x\"")] {
        let scripted = ScriptedPool::new(&format!(
            "ready
            [ $(wc -l <$directory/runs) = 1 ] && {{ next; echo '{line}'; exec sleep 1000; }}
            serve"
        ))
        .await;
        let pool = scripted.open().await;
        let problem = problem(submit(&pool, 1).await.unwrap_err());
        assert!(problem.contains(quoted), "{problem}");
        submit(&pool, 2).await.unwrap();
    }
}

#[tokio::test]
async fn a_client_that_reports_an_internal_error_is_restarted() {
    let scripted = ScriptedPool::new(
        "ready
        [ $(wc -l <$directory/runs) = 1 ] && { next; problem $id internal; exec sleep 1000; }
        serve",
    )
    .await;
    let pool = scripted.open().await;
    let problem = problem(submit(&pool, 1).await.unwrap_err());
    assert!(problem.contains("as a test"), "{problem}");
    submit(&pool, 2).await.unwrap();
    assert_eq!(scripted.runs(), 2);
}

#[tokio::test]
async fn a_reply_that_is_not_awaited_is_ignored() {
    let scripted =
        ScriptedPool::new("ready; reply 99 1; next; reply $id 1; reply $id 1; serve").await;
    let pool = scripted.open().await;
    submit(&pool, 1).await.unwrap();
    submit(&pool, 2).await.unwrap();
    assert_eq!(scripted.runs(), 1);
}

#[tokio::test]
async fn a_client_that_cannot_start_says_why() {
    let line = r#"{"error":{"kind":"invalid-request","message":"no such pool"},"id":null}"#;
    let scripted = ScriptedPool::new(&format!("echo '{line}'; exit 2")).await;
    let reason = problem(scripted.try_open().await.unwrap_err());
    assert_eq!(reason, "no such pool");

    let scripted = ScriptedPool::new("echo 'the library is missing' >&2; exit 127").await;
    let reason = problem(scripted.try_open().await.unwrap_err());
    assert!(reason.contains("the library is missing"), "{reason}");
}

#[tokio::test]
async fn the_end_of_a_long_standard_error_is_kept() {
    let scripted = ScriptedPool::new(
        "i=0; while [ $i -lt 5000 ]; do echo \"error number $i\" >&2; i=$((i + 1)); done; exit 1",
    )
    .await;
    let reason = problem(scripted.try_open().await.unwrap_err());
    assert!(reason.contains("error number 4999"), "{reason}");
    assert!(reason.len() < 5000, "{}", reason.len());
}

#[tokio::test]
async fn a_missing_program_is_reported_with_how_to_build_it() {
    let mut scripted = ScriptedPool::new("").await;
    scripted.options.client = Some(scripted.directory.path().join("nowhere"));
    let error = scripted.try_open().await.unwrap_err();
    assert_eq!(error.code(), "PoolClientMissing");
    let text = error.to_string();
    assert!(text.contains("nowhere"), "{text}");
    assert!(
        text.contains("cargo build --release --manifest-path pool-client/Cargo.toml"),
        "{text}"
    );
}

#[tokio::test]
async fn closing_lets_the_client_exit_by_itself() {
    let scripted = ScriptedPool::new("ready; serve; echo good-bye >$directory/end").await;
    let pool = scripted.open().await;
    submit(&pool, 1).await.unwrap();
    close_pool_ledger(pool).await.unwrap();
    assert_eq!(scripted.written("end"), "good-bye\n");
}

#[tokio::test]
async fn closing_kills_a_client_that_does_not_exit() {
    let scripted =
        ScriptedPool::new("echo $$ >$directory/pid; ready; serve; exec sleep 1000").await;
    let pool = scripted.open().await;
    let pid = scripted.written("pid");
    assert!(is_running(&pid));
    close_pool_ledger(pool).await.unwrap();
    exited(&pid).await;
}

#[tokio::test]
async fn dropping_a_pool_kills_its_client() {
    let scripted =
        ScriptedPool::new("echo $$ >$directory/pid; ready; serve; exec sleep 1000").await;
    let pool = scripted.open().await;
    let pid = scripted.written("pid");
    drop(pool);
    exited(&pid).await;
}

/// Waits until a process has exited.
async fn exited(pid: &str) {
    while is_running(pid) {
        tokio::task::yield_now().await;
    }
}
