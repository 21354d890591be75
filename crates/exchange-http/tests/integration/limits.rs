//! Clients that are slow, or many, or send too much.

use std::{fs, sync::Arc, time::Duration};

use exchange::message::MAX_BYTES;
use exchange_http::{Client, ClientError, ClientOptions, Limits, Listen};
use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::{sleep, timeout},
};

use crate::server::{HttpAnswer, OPEN, TestServer, WAIT, post};

/// Returns limits under which a waiting client is soon too slow.
fn short_timeout() -> Limits {
    Limits { request_timeout: Duration::from_millis(50), ..Limits::default() }
}

#[tokio::test]
async fn a_body_in_chunks_is_read_to_the_limit_and_no_further() {
    let server = TestServer::start();
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    let head = post(OPEN, "application/json", "");
    let head = head.replace("content-length: 0", "transfer-encoding: chunked");
    stream.write_all(head.as_bytes()).await.unwrap();
    let chunk = format!("{:x}\r\n{}\r\n", 1 << 16, " ".repeat(1 << 16));
    for _ in 0..MAX_BYTES >> 16 {
        stream.write_all(chunk.as_bytes()).await.unwrap();
    }
    stream.write_all(b"1\r\n \r\n").await.unwrap();
    let answer = HttpAnswer::read(&mut stream).await;
    assert_eq!(answer.status, 413);
    answer.problem("too-long");
}

#[tokio::test]
async fn a_body_of_exactly_the_limit_is_read() {
    let server = TestServer::start();
    let body = format!("{{}}{}", " ".repeat(MAX_BYTES - 2));
    let answer = server.post(OPEN, &body).await;
    assert_eq!(answer.status, 200);
}

#[tokio::test]
async fn a_body_that_does_not_arrive_is_408() {
    let server = TestServer::with(short_timeout());
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    let text = post(OPEN, "application/json", "{}").replace("length: 2", "length: 20");
    stream.write_all(text.as_bytes()).await.unwrap();
    let answer = HttpAnswer::read(&mut stream).await;
    assert_eq!(answer.status, 408);
    assert!(answer.head.contains("connection: close"));
    answer.problem("time-out");
}

#[tokio::test]
async fn a_head_that_does_not_arrive_ends_the_connection() {
    let server = TestServer::with(short_timeout());
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    stream.write_all(b"POST /responses/1 HTTP/1.1\r\nhost: v").await.unwrap();
    let mut rest = Vec::new();
    stream.read_to_end(&mut rest).await.unwrap();
    assert!(!rest.starts_with(b"HTTP/1.1 2"));
}

#[tokio::test]
async fn a_connection_that_says_nothing_is_ended() {
    let server = TestServer::with(short_timeout());
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    let mut rest = Vec::new();
    stream.read_to_end(&mut rest).await.unwrap();
    assert_eq!(rest, b"");
}

#[tokio::test]
async fn a_check_that_takes_too_long_is_503_and_goes_on_to_its_end() {
    let mut server = TestServer::with(short_timeout());
    let answer = server.post(OPEN, WAIT).await;
    assert_eq!(answer.status, 503);
    let problem = answer.problem("unavailable");
    assert!(problem.detail.contains("in the meantime"));
    server.release();
    server.left.recv().await.unwrap();
}

#[tokio::test]
async fn more_responses_than_may_wait_are_503() {
    let limits = Limits { max_checks: 1, max_waiting: 0, ..Limits::default() };
    let mut server = TestServer::with(limits);
    let mut first = TcpStream::connect(server.address).await.unwrap();
    let text = post(OPEN, "application/json", WAIT);
    first.write_all(text.as_bytes()).await.unwrap();
    server.entered.recv().await.unwrap();

    let answer = server.post(OPEN, "{}").await;
    assert_eq!(answer.status, 503);
    assert!(answer.head.contains("retry-after: 1"));
    answer.problem("busy");

    server.release();
    assert_eq!(HttpAnswer::read(&mut first).await.status, 200);
    assert_eq!(server.post(&server.publish(), "{}").await.status, 200);
}

#[tokio::test]
async fn a_client_that_disconnects_does_not_stop_a_check() {
    let mut server = TestServer::start();
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    let text = post(OPEN, "application/json", WAIT);
    stream.write_all(text.as_bytes()).await.unwrap();
    server.entered.recv().await.unwrap();
    drop(stream);
    server.release();
    server.left.recv().await.unwrap();
}

#[tokio::test]
async fn more_connections_than_allowed_are_closed() {
    let limits = Limits { max_connections: 1, ..Limits::default() };
    let mut server = TestServer::with(limits);
    let mut first = TcpStream::connect(server.address).await.unwrap();
    let text = post(OPEN, "application/json", WAIT);
    first.write_all(text.as_bytes()).await.unwrap();
    server.entered.recv().await.unwrap();

    let mut second = TcpStream::connect(server.address).await.unwrap();
    let mut rest = Vec::new();
    stream_end(&mut second, &mut rest).await;
    assert_eq!(rest, b"");

    server.release();
    assert_eq!(HttpAnswer::read(&mut first).await.status, 200);
}

/// Reads until the server ends the connection, in any way.
async fn stream_end(stream: &mut TcpStream, rest: &mut Vec<u8>) {
    let _ = stream.read_to_end(rest).await;
}

#[tokio::test]
async fn a_stopped_server_ends_running_requests() {
    let mut server = TestServer::start();
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    let text = post(OPEN, "application/json", WAIT);
    stream.write_all(text.as_bytes()).await.unwrap();
    server.entered.recv().await.unwrap();
    server.stop();
    server.release();
    assert_eq!(HttpAnswer::read(&mut stream).await.status, 200);
    server.ended().await;
}

#[tokio::test]
async fn silent_connections_shut_no_one_out() {
    let limits = Limits { max_connections: 8, max_connections_of_client: 4, ..Limits::default() };
    let server = TestServer::with(limits);
    let mut silent = Vec::new();
    for _ in 0..4 {
        silent.push(server.begin("").await);
    }
    for head in ["POST /responses/1 HTTP/1.1\r\n", "", ""] {
        silent.push(server.begin(head).await);
        assert_eq!(server.get("/health").await.status, 200);
    }
    // each had to make room for one that came later; those that came last are still open
    for stream in &mut silent[..4] {
        stream_end(stream, &mut Vec::new()).await;
    }
    let last = silent.last_mut().unwrap();
    last.write_all(b"GET /health HTTP/1.1\r\nhost: v\r\nconnection: close\r\n\r\n").await.unwrap();
    assert_eq!(HttpAnswer::read(last).await.status, 200);
}

#[tokio::test]
async fn a_slow_body_makes_room_and_what_is_checked_does_not() {
    let request_timeout = Duration::from_secs(4);
    let limits = Limits { request_timeout, max_connections_of_client: 2, ..Limits::default() };
    let mut server = TestServer::with(limits);
    let body = post(OPEN, "application/json\r\nexpect: 100-continue", "");
    let mut body = server.begin(&body.replace("content-length: 0", "content-length: 9")).await;
    body.read_exact(&mut [0; "HTTP/1.1 100 Continue\r\n\r\n".len()]).await.unwrap();
    let _checked = server.begin(&post(OPEN, "application/json", WAIT)).await;
    server.entered.recv().await.unwrap();
    // a quarter of the time, after which a body is slow
    sleep(request_timeout / 4 + Duration::from_millis(10)).await;
    let _another = server.begin(&post(&server.publish(), "application/json", WAIT)).await;
    server.entered.recv().await.unwrap();
    stream_end(&mut body, &mut Vec::new()).await;
    let mut rest = Vec::new();
    stream_end(&mut server.begin("").await, &mut rest).await;
    assert_eq!(rest, b"", "both that are open are checked");
}

#[tokio::test]
async fn a_response_that_waits_until_its_deadline_is_never_checked() {
    let mut server = TestServer::with(Limits { max_checks: 1, ..short_timeout() });
    let first = server.begin(&post(OPEN, "application/json", WAIT)).await;
    server.entered.recv().await.unwrap();
    let second = server.publish();
    let answer = server.post(&second, "{}").await;
    assert_eq!(answer.status, 503);
    assert!(answer.problem("busy").detail.contains("was not checked"));
    server.release();
    server.left.recv().await.unwrap();
    let answer = server.post(&second, "{}").await;
    assert_eq!((answer.status, answer.json().get("acceptedBefore")), (200, None));
    drop(first);
}

#[tokio::test]
async fn the_bodies_of_one_client_take_a_limited_share_of_the_memory() {
    let server = TestServer::with(Limits { max_bodies: 4 << 20, ..Limits::default() });
    let large = post(OPEN, "application/json\r\nexpect: 100-continue", "");
    let large = large.replace("content-length: 0", &format!("content-length: {MAX_BYTES}"));
    let mut first = server.begin(&large).await;
    // it has its share when the server asks for the body
    let mut asked = [0; "HTTP/1.1 100".len()];
    first.read_exact(&mut asked).await.unwrap();
    assert_eq!(&asked, b"HTTP/1.1 100");
    let refused = server.post(OPEN, "[]").await;
    assert_eq!(refused.status, 503);
    assert!(refused.head.contains("retry-after: 1"));
    refused.problem("busy");
    drop(first);
    let next = server.publish();
    while server.post(&next, "{}").await.status == 503 {}
}

#[tokio::test]
async fn an_answer_before_the_end_of_a_long_body_can_be_read() {
    let server = TestServer::start();
    let answer = server.post("other", &" ".repeat(MAX_BYTES)).await;
    assert_eq!(answer.status, 404);
    answer.problem("unknown-request");
    let answer = server.post(OPEN, &" ".repeat(MAX_BYTES + 1)).await;
    assert_eq!(answer.status, 413);
}

#[tokio::test]
async fn a_stopped_server_does_not_wait_for_its_peers() {
    let limits = Limits { shutdown_timeout: Duration::from_millis(50), ..Limits::default() };
    let mut server = TestServer::with(limits);
    let unfinished = post(OPEN, "application/json", "{}").replace("length: 2", "length: 20");
    let _silent = server.begin("").await;
    let _head = server.begin("POST /responses/1 HTTP/1.1\r\nhost: v").await;
    let _body = server.begin(&unfinished).await;
    let _checked = server.begin(&post(OPEN, "application/json", WAIT)).await;
    server.entered.recv().await.unwrap();
    // and while further ones connect
    let address = server.address;
    let flood = tokio::spawn(async move { while TcpStream::connect(address).await.is_ok() {} });
    server.stop();
    timeout(Duration::from_secs(5), server.ended()).await.unwrap();
    flood.await.unwrap();
}

#[tokio::test]
async fn the_health_listener_is_not_affected_by_the_limits() {
    let mut server = TestServer::with(Limits { max_connections: 1, ..Limits::default() });
    let bound = Listen::loopback().bind().unwrap();
    let health = bound.address;
    tokio::spawn(bound.serve_health(Arc::clone(&server.service), std::future::pending()));
    let ask = async |path: &str| {
        let mut stream = TcpStream::connect(health).await.unwrap();
        let text = format!("GET {path} HTTP/1.1\r\nhost: v\r\nconnection: close\r\n\r\n");
        stream.write_all(text.as_bytes()).await.unwrap();
        HttpAnswer::read(&mut stream).await
    };
    let mut only = server.begin(&post(OPEN, "application/json", WAIT)).await;
    server.entered.recv().await.unwrap();
    assert_eq!(ask("/health").await.json(), json!({"status": "ok"}));
    assert_eq!(ask("/ready").await.json(), json!({"status": "ready"}));
    assert_eq!(ask(&format!("/requests/{OPEN}")).await.status, 404);
    server.release();
    assert_eq!(HttpAnswer::read(&mut only).await.status, 200);
}

#[tokio::test]
async fn a_server_whose_storage_is_gone_lives_and_is_not_ready() {
    let mut server = TestServer::start();
    let accepted = server.directory.path().join("accepted");
    fs::remove_dir_all(&accepted).unwrap();
    let bound = Listen::loopback().bind().unwrap();
    let health = Client::new(ClientOptions::default()).unwrap();
    let url = bound.url.clone();
    tokio::spawn(bound.serve_health(Arc::clone(&server.service), std::future::pending()));
    assert!(health.fetch_request(&url.join("health").unwrap()).await.is_ok());
    let ready = health.fetch_request(&url.join("ready").unwrap()).await;
    assert!(matches!(ready, Err(ClientError::NoAnswer(_))), "{ready:?}");
    let (peer, what) = server.faults.recv().await.unwrap();
    assert!(peer.is_none() && what.contains(&accepted.display().to_string()), "{what}");
}

#[tokio::test]
async fn garbage_is_refused_and_the_server_goes_on() {
    let server = TestServer::start();
    let garbage: [&[u8]; 5] = [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"\0\0\0\0\r\n\r\n",
        b"GET\r\n\r\n",
        b"POST /responses/1 HTTP/1.1\r\nhost: v\r\ncontent-length: -1\r\n\r\n",
        b"POST /responses/1 HTTP/1.1\r\nhost: v\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
    ];
    for text in garbage {
        let mut stream = TcpStream::connect(server.address).await.unwrap();
        stream.write_all(text).await.unwrap();
        stream.shutdown().await.unwrap();
        let mut rest = Vec::new();
        stream_end(&mut stream, &mut rest).await;
        assert!(!rest.starts_with(b"HTTP/1.1 2"), "{text:?}");
    }
    let long = format!("/{}", "a".repeat(200_000));
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    let _ = stream.write_all(format!("GET {long} HTTP/1.1\r\n\r\n").as_bytes()).await;
    let mut rest = Vec::new();
    stream_end(&mut stream, &mut rest).await;
    assert!(!rest.starts_with(b"HTTP/1.1 2"));
    assert_eq!(server.get("/health").await.status, 200);
}
