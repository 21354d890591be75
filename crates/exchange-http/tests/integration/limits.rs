//! Clients that are slow, or many, or send too much.

use std::time::Duration;

use exchange::message::MAX_BYTES;
use exchange_http::Limits;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
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
    assert!(problem.detail.contains("If it is accepted in the meantime"));
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
