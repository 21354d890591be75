//! The order in which responses are checked, how many wait, and the memory that they take.

use std::{sync::Arc, time::Duration};

use exchange::message::MAX_BYTES;
use exchange_http::Limits;
use tokio::{
    sync::Semaphore,
    task::{JoinHandle, JoinSet},
};

use crate::server::{HttpAnswer, OPEN, TestServer, WAIT, post_from};

/// A server that checks one response at a time, and is busy with one of the first client to the
/// first request.
async fn busy_server(max_waiting: usize) -> (TestServer, JoinHandle<HttpAnswer>) {
    let request_timeout = Duration::from_secs(60);
    let limits = Limits { max_checks: 1, max_waiting, request_timeout, ..Limits::default() };
    let mut server = TestServer::with(limits);
    let address = server.address;
    let first = tokio::spawn(async move { post_from(1, address, OPEN, WAIT).await });
    server.entered.recv().await.unwrap();
    (server, first)
}

/// Starts to send a response for each of these, a client and a request, in no particular order.
fn send(server: &TestServer, all: &[(u8, &str)]) -> JoinSet<(u8, HttpAnswer)> {
    let mut sent = JoinSet::new();
    for (client, request) in all {
        let (client, address, request) = (*client, server.address, (*request).to_owned());
        sent.spawn(async move { (client, post_from(client, address, &request, "{}").await) });
    }
    sent
}

#[tokio::test]
async fn the_client_and_the_request_that_cost_least_go_first() {
    let (mut server, first) = busy_server(3).await;
    let (another, of_another_client) = (server.publish(), server.publish());
    let mut sent = send(&server, &[(1, OPEN), (1, OPEN), (1, &another), (2, &of_another_client)]);
    // one more than may wait, so that the others wait when it is refused
    let (client, refused) = sent.join_next().await.unwrap().unwrap();
    assert_eq!((client, refused.status), (1, 503));
    server.release();
    for request in [OPEN, &of_another_client, &another, OPEN] {
        assert_eq!(server.verdicts.recv().await.as_deref(), Some(request));
    }
    assert_eq!(first.await.unwrap().status, 200);
}

#[tokio::test]
async fn the_client_with_the_most_responses_gives_way_when_the_queue_is_full() {
    let (server, first) = busy_server(2).await;
    let (another, of_another_client) = (server.publish(), server.publish());
    let mut sent = send(&server, &[(1, OPEN), (1, &another), (2, &of_another_client)]);
    let (client, refused) = sent.join_next().await.unwrap().unwrap();
    assert_eq!((client, refused.status), (1, 503));
    refused.problem("busy");
    server.release();
    while let Some(answer) = sent.join_next().await {
        assert_ne!(answer.unwrap().1.status, 503);
    }
    assert_eq!(first.await.unwrap().status, 200);
}

/// Sends responses of 1 MiB to a request, of each of these clients so many, while the first is
/// checked and the others wait: 64 MiB of them are held, and all others refused. Then those that
/// are held are answered.
async fn fill_the_memory(server: &TestServer, clients: &[u8], of_each: usize) {
    const HELD: usize = 64;
    let request = server.publish();
    let body: Arc<str> = format!("{WAIT}{}", " ".repeat(MAX_BYTES - WAIT.len())).into();
    // the files of one process are limited; what is refused makes room for the next
    let connections = Arc::new(Semaphore::new(2 * HELD));
    let mut sent = JoinSet::new();
    for client in clients.iter().copied().cycle().take(clients.len() * of_each) {
        let (connections, address) = (Arc::clone(&connections), server.address);
        let (request, body) = (request.clone(), Arc::clone(&body));
        sent.spawn(async move {
            let _connection = connections.acquire().await.unwrap();
            post_from(client, address, &request, &body).await
        });
    }
    for _ in HELD..clients.len() * of_each {
        let refused = sent.join_next().await.unwrap().unwrap();
        assert_eq!(refused.status, 503);
        assert!(refused.head.contains("retry-after: 1"));
        refused.problem("busy");
    }
    assert_eq!(server.post(OPEN, "{}").await.status, 503, "there is no memory left");
    server.release();
    // the first is verified, and the others are the same again
    assert!(sent.join_all().await.iter().all(|answer| answer.status == 200));
}

#[tokio::test]
async fn bodies_take_a_fixed_budget_of_memory_and_give_it_back() {
    let request_timeout = Duration::from_secs(60);
    let limits = Limits { max_checks: 1, request_timeout, ..Limits::default() };
    let server = TestServer::with(limits);
    fill_the_memory(&server, &[1, 2, 3, 4, 5, 6, 7, 8], 60).await;
    assert_eq!(server.post(OPEN, "{}").await.status, 200);
    // had any been kept, more than one would be refused
    fill_the_memory(&server, &[1, 2, 3, 4, 5], 13).await;
}
