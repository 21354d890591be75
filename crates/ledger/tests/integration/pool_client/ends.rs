//! How a client comes to its end, and what follows.

use std::sync::Arc;

use indy::{error::PoolError, pool::close_pool_ledger};

use crate::play::{Play, is_running, submit};

fn problem(error: PoolError) -> String {
    let PoolError::ClientFailed { problem, .. } = error else {
        panic!("{error}")
    };
    problem
}

#[tokio::test]
async fn a_client_that_dies_fails_what_is_in_flight_and_is_started_anew() {
    let play = Play::new(
        "ready
        [ $(wc -l <$directory/runs) = 1 ] && { next; next; echo 'out of luck' >&2; exit 3; }
        serve",
    )
    .await;
    let pool = Arc::new(play.open().await);
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
    assert_eq!(play.runs(), 2);
}

#[tokio::test]
async fn a_client_that_always_dies_is_not_started_for_ever() {
    let play = Play::new("ready; next; exit 1").await;
    let pool = play.open().await;
    for req_id in 1..20 {
        problem(submit(&pool, req_id).await.unwrap_err());
    }
    assert_eq!(play.runs(), 4, "once, and three times anew");
    let last = problem(submit(&pool, 20).await.unwrap_err());
    assert!(last.contains("never answered"), "{last}");
}

#[tokio::test]
async fn a_client_that_answers_between_deaths_may_die_often() {
    let play = Play::new("ready; next; reply $id $req_id; next; exit 1").await;
    let pool = play.open().await;
    for req_id in 0..8 {
        submit(&pool, 2 * req_id).await.unwrap();
        problem(submit(&pool, 2 * req_id + 1).await.unwrap_err());
    }
    assert_eq!(play.runs(), 8);
}

#[tokio::test]
async fn a_client_that_speaks_in_tongues_is_ended() {
    let play = Play::new(
        "ready
        [ $(wc -l <$directory/runs) = 1 ] && { next; echo 'hello there'; exec sleep 1000; }
        serve",
    )
    .await;
    let pool = play.open().await;
    let problem = problem(submit(&pool, 1).await.unwrap_err());
    assert!(problem.contains("hello there"), "{problem}");
    submit(&pool, 2).await.unwrap();
}

#[tokio::test]
async fn a_client_that_asks_to_be_started_anew_is() {
    let play = Play::new(
        "ready
        [ $(wc -l <$directory/runs) = 1 ] && { next; problem $id internal; exec sleep 1000; }
        serve",
    )
    .await;
    let pool = play.open().await;
    let problem = problem(submit(&pool, 1).await.unwrap_err());
    assert!(problem.contains("as a test"), "{problem}");
    submit(&pool, 2).await.unwrap();
    assert_eq!(play.runs(), 2);
}

#[tokio::test]
async fn an_answer_to_nobody_does_no_harm() {
    let play = Play::new("ready; reply 99 1; next; reply $id 1; reply $id 1; serve").await;
    let pool = play.open().await;
    submit(&pool, 1).await.unwrap();
    submit(&pool, 2).await.unwrap();
    assert_eq!(play.runs(), 1);
}

#[tokio::test]
async fn a_client_that_cannot_begin_says_why() {
    let line = r#"{"error":{"kind":"invalid-request","message":"no such pool"},"id":null}"#;
    let play = Play::new(&format!("echo '{line}'; exit 2")).await;
    let reason = problem(play.try_open().await.unwrap_err());
    assert_eq!(reason, "no such pool");

    let play = Play::new("echo 'the library is missing' >&2; exit 127").await;
    let reason = problem(play.try_open().await.unwrap_err());
    assert!(reason.contains("the library is missing"), "{reason}");
}

#[tokio::test]
async fn of_much_that_a_client_complains_about_the_end_is_kept() {
    let play = Play::new(
        "i=0; while [ $i -lt 5000 ]; do echo \"complaint number $i\" >&2; i=$((i + 1)); done; exit 1",
    )
    .await;
    let reason = problem(play.try_open().await.unwrap_err());
    assert!(reason.contains("complaint number 4999"), "{reason}");
    assert!(reason.len() < 5000, "{}", reason.len());
}

#[tokio::test]
async fn a_program_that_is_not_there_is_missed_with_the_command_that_builds_it() {
    let mut play = Play::new("").await;
    play.options.client = Some(play.directory.path().join("nowhere"));
    let error = play.try_open().await.unwrap_err();
    assert_eq!(error.code(), "PoolClientMissing");
    let text = error.to_string();
    assert!(text.contains("nowhere"), "{text}");
    assert!(
        text.contains("cargo build --release --manifest-path pool-client/Cargo.toml"),
        "{text}"
    );
}

#[tokio::test]
async fn closing_lets_the_client_end_by_itself() {
    let play = Play::new("ready; serve; echo good-bye >$directory/end").await;
    let pool = play.open().await;
    submit(&pool, 1).await.unwrap();
    close_pool_ledger(pool).await.unwrap();
    assert_eq!(play.written("end"), "good-bye\n");
}

#[tokio::test]
async fn closing_ends_a_client_that_does_not_end_by_itself() {
    let play = Play::new("echo $$ >$directory/pid; ready; serve; exec sleep 1000").await;
    let pool = play.open().await;
    let pid = play.written("pid");
    assert!(is_running(&pid));
    close_pool_ledger(pool).await.unwrap();
    ended(&pid).await;
}

#[tokio::test]
async fn dropping_a_pool_ends_its_client() {
    let play = Play::new("echo $$ >$directory/pid; ready; serve; exec sleep 1000").await;
    let pool = play.open().await;
    let pid = play.written("pid");
    drop(pool);
    ended(&pid).await;
}

/// The system takes a moment to forget a process.
async fn ended(pid: &str) {
    while is_running(pid) {
        tokio::task::yield_now().await;
    }
}
