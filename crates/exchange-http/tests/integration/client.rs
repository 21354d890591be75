//! The holder's client, with our server and with hostile ones.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use exchange::{
    check::ExchangeCheck,
    message::{MAX_BYTES, Syntax},
};
use exchange_http::{Client, ClientError, ClientOptions, request_url, response_url};
use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};
use url::Url;

use crate::server::{EXPIRED, LINKED, OPEN, TestServer};

fn client() -> Client {
    Client::new(ClientOptions::default()).unwrap()
}

/// Starts a server that answers any request with these bytes, and then closes the connection.
async fn server_that_sends(answer: impl Into<Vec<u8>>) -> Url {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/requests/1", listener.local_addr().unwrap());
    let answer: Arc<Vec<u8>> = Arc::new(answer.into());
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let answer = answer.clone();
            tokio::spawn(async move {
                let mut request = [0; 4096];
                let _ = stream.read(&mut request).await;
                let _ = stream.write_all(&answer).await;
                let _ = stream.shutdown().await;
                // until the client closes its side too, so that it reads what was written
                let _ = stream.read(&mut request).await;
            });
        }
    });
    url.parse().unwrap()
}

async fn fetch_error(answer: impl Into<Vec<u8>>) -> ClientError {
    let url = server_that_sends(answer).await;
    client().fetch_request(&url).await.unwrap_err()
}

async fn send_error(answer: impl Into<Vec<u8>>) -> ClientError {
    let url = server_that_sends(answer).await;
    let client = client();
    let sent = client.send_response(&url, b"{}".to_vec(), Syntax::Json);
    sent.await.unwrap_err()
}

fn ok(body: &str) -> String {
    format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
}

#[tokio::test]
async fn a_request_is_fetched_and_its_response_accepted() {
    let server = TestServer::start();
    for (id, syntax) in [(OPEN, Syntax::Json), (LINKED, Syntax::JsonLd)] {
        let client = client();
        let url = request_url(&server.url, id);
        let request = client.fetch_request(&url).await.unwrap();
        let request: serde_json::Value = serde_json::from_slice(&request).unwrap();
        assert_eq!(request["id"], id);
        let url = response_url(&server.url, id);
        let sent = client.send_response(&url, b"{}".to_vec(), syntax);
        assert_eq!(sent.await.unwrap().verdict["verdict"], "verified");
    }
}

#[tokio::test]
async fn a_refusal_carries_the_problem_document() {
    let server = TestServer::start();
    let url = response_url(&server.url, OPEN);
    let client = client();
    let sent = client.send_response(&url, b"answers-request".to_vec(), Syntax::Json);
    let error = sent.await.unwrap_err();
    let ClientError::Refused { problem, .. } = &error else {
        panic!("{error}");
    };
    assert_eq!(problem.status, 422);
    assert_eq!(problem.check.as_deref(), Some(ExchangeCheck::AnswersRequest.name()));
    assert_eq!(problem.checks.len(), 1);
    let text = error.to_string();
    assert!(text.contains("answers-request") && text.contains("send this"), "{text}");

    let error = client.fetch_request(&request_url(&server.url, EXPIRED)).await.unwrap_err();
    assert!(matches!(error, ClientError::Refused { problem, .. } if problem.status == 410));
}

#[tokio::test]
async fn plain_http_to_another_machine_is_refused() {
    let error = client().fetch_request(&"http://verifier.example/1".parse().unwrap()).await;
    let error = error.unwrap_err();
    assert!(matches!(error, ClientError::Plain(_)), "{error}");
    let url = "http://192.0.2.1/1".parse().unwrap();
    let sent = client().send_response(&url, b"{}".to_vec(), Syntax::Json).await;
    assert!(matches!(sent.unwrap_err(), ClientError::Plain(_)));
    let error = client().fetch_request(&"file:///etc/passwd".parse().unwrap()).await;
    assert!(error.unwrap_err().to_string().contains("neither https nor http"));
}

#[tokio::test]
async fn a_password_in_a_url_is_not_shown() {
    let url = "http://name:secret@verifier.example/1".parse().unwrap();
    let text = client().fetch_request(&url).await.unwrap_err().to_string();
    assert!(text.contains("verifier.example") && !text.contains("secret"), "{text}");
}

#[tokio::test]
async fn a_server_that_is_not_there_is_unreachable() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url: Url = format!("http://{}/", listener.local_addr().unwrap()).parse().unwrap();
    drop(listener);
    let error = client().fetch_request(&url).await.unwrap_err();
    assert!(matches!(error, ClientError::NoAnswer(_)), "{error}");
    assert!(error.to_string().contains("refused"), "{error}");
}

#[tokio::test]
async fn a_server_that_says_nothing_is_given_up() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url: Url = format!("http://{}/", listener.local_addr().unwrap()).parse().unwrap();
    let time_limit = Duration::from_millis(50);
    let client = Client::new(ClientOptions { time_limit, ..ClientOptions::default() }).unwrap();
    let error = client.fetch_request(&url).await.unwrap_err();
    assert!(matches!(error, ClientError::NoAnswer(_)), "{error}");
    assert!(error.to_string().contains("within 0.05 s"), "{error}");
}

#[tokio::test]
async fn an_answer_longer_than_a_message_is_not_read_to_the_end() {
    let announced = format!(
        "HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{}",
        1_u64 << 40,
        " ".repeat(2 * MAX_BYTES)
    );
    let error = fetch_error(announced).await;
    assert!(error.to_string().contains("more than 1048576 bytes"), "{error}");
    let chunk = format!("{:x}\r\n{}\r\n", MAX_BYTES, " ".repeat(MAX_BYTES));
    let chunked = format!(
        "HTTP/1.1 500 Oh\r\ncontent-type: application/problem+json\r\ntransfer-encoding: chunked\r\n\r\n{chunk}{chunk}"
    );
    let error = fetch_error(chunked).await;
    assert!(error.to_string().contains("more than 1048576 bytes"), "{error}");
}

#[tokio::test]
async fn a_response_longer_than_a_message_is_not_sent() {
    let server = TestServer::start();
    let url = response_url(&server.url, OPEN);
    let sent = client().send_response(&url, vec![b' '; MAX_BYTES + 1], Syntax::Json).await;
    let error = sent.unwrap_err().to_string();
    assert!(error.contains("1048577 bytes, and a server reads at most 1048576"), "{error}");
}

#[tokio::test]
async fn garbage_and_broken_answers_are_unreachable() {
    for garbage in
        ["", "\0\0\0", "SSH-2.0-OpenSSH_9.9\r\n", "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n{}"]
    {
        let error = fetch_error(garbage).await;
        assert!(matches!(error, ClientError::NoAnswer(_)), "{garbage:?}: {error}");
    }
}

#[tokio::test]
async fn a_refusal_without_a_problem_document_says_so() {
    let page = "HTTP/1.1 404 Not Found\r\ncontent-type: text/html\r\ncontent-length: 2\r\n\r\nno";
    let error = fetch_error(page).await;
    assert!(error.to_string().contains("answered with status 404, and "), "{error}");
    let malformed =
        "HTTP/1.1 422 Oh\r\ncontent-type: application/problem+json\r\ncontent-length: 2\r\n\r\n[]";
    let error = send_error(malformed).await;
    assert!(error.to_string().contains("answered with status 422, and "), "{error}");
}

/// Starts a server that gives these answers in turn, the last one for ever; returns how often it
/// was asked.
async fn server_in_turn(answers: Vec<String>) -> (Url, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/1", listener.local_addr().unwrap());
    let asked = Arc::new(AtomicUsize::new(0));
    let count = asked.clone();
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let number = count.fetch_add(1, Ordering::SeqCst);
            let answer = answers.get(number).or(answers.last()).unwrap();
            let _ = stream.read(&mut [0; 4096]).await;
            let _ = stream.write_all(answer.as_bytes()).await;
            let _ = stream.shutdown().await;
        }
    });
    (url.parse().unwrap(), asked)
}

fn unavailable(kind: &str, retry_after: Option<&str>) -> String {
    let body = format!(
        r#"{{"type": "/problems/{kind}", "status": 503, "title": "No", "detail": "later"}}"#
    );
    let retry = retry_after.map(|after| format!("retry-after: {after}\r\n")).unwrap_or_default();
    format!(
        "HTTP/1.1 503 No\r\ncontent-type: application/problem+json\r\nconnection: close\r\n{retry}content-length: \
         {}\r\n\r\n{body}",
        body.len()
    )
}

async fn send(url: &Url) -> Result<(), ClientError> {
    let client = client();
    client.send_response(url, b"{}".to_vec(), Syntax::Json).await.map(|_| ())
}

#[tokio::test]
async fn a_busy_server_is_asked_again_when_it_says_so() {
    let proxy =
        "HTTP/1.1 503 No\r\nretry-after: 0\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";
    let busy = unavailable("busy", Some("0"));
    let verified = ok(r#"{"verdict": "verified"}"#);
    let (url, asked) = server_in_turn(vec![busy.clone(), proxy.to_owned(), verified]).await;
    send(&url).await.unwrap();
    assert_eq!(asked.load(Ordering::SeqCst), 3);

    let unavailable = unavailable("unavailable", Some("0"));
    let (url, asked) = server_in_turn(vec![busy, unavailable, ok("{}")]).await;
    assert_eq!(client().fetch_request(&url).await.unwrap(), b"{}");
    assert_eq!(asked.load(Ordering::SeqCst), 3);
}

#[tokio::test]
async fn a_server_that_wishes_so_is_asked_again_from_a_date_on() {
    let busy = unavailable("busy", Some("Fri, 01 May 2020 10:01:00 GMT"));
    let (url, asked) = server_in_turn(vec![busy, ok("{}")]).await;
    assert_eq!(client().fetch_request(&url).await.unwrap(), b"{}");
    assert_eq!(asked.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn a_server_that_stays_busy_is_given_up() {
    let cases = [
        (unavailable("busy", Some("0")), 5),
        (unavailable("unavailable", Some("0")), 5),
        // no wish, and one that is too long
        (unavailable("busy", None), 1),
        (unavailable("busy", Some("3600")), 1),
        (unavailable("busy", Some("soon")), 1),
    ];
    for (answer, times) in cases {
        let (url, asked) = server_in_turn(vec![answer]).await;
        let error = send(&url).await.unwrap_err();
        assert!(matches!(error, ClientError::NoAnswer(_)), "{error}");
        let text = error.to_string();
        assert!(text.contains("later") && text.contains("try again"), "{text}");
        assert_eq!(asked.load(Ordering::SeqCst), times, "{text}");
    }
}

#[tokio::test]
async fn a_response_whose_answer_was_lost_is_sent_again_once() {
    let verified = r#"{"verdict": "verified", "acceptedBefore": "2026-03-01T12:00:00+00:00"}"#;
    let (url, asked) = server_in_turn(vec![String::new(), ok(verified)]).await;
    let sent = client().send_response(&url, b"{}".to_vec(), Syntax::Json).await.unwrap();
    assert_eq!(sent.verdict, json!({"verdict": "verified"}));
    assert_eq!(sent.accepted_before.as_deref(), Some("2026-03-01T12:00:00+00:00"));
    assert_eq!(asked.load(Ordering::SeqCst), 2);

    let broken = "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n{}".to_owned();
    let (url, asked) = server_in_turn(vec![broken]).await;
    assert!(matches!(send(&url).await, Err(ClientError::NoAnswer(_))));
    assert_eq!(asked.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn a_problem_document_can_neither_steer_the_terminal_nor_lie() {
    let body = r#"{"status": 200, "title": "a\u001b[2Jb", "detail": "c\u0007d"}"#;
    let answer = format!(
        "HTTP/1.1 422 Oh\r\ncontent-type: application/problem+json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    let error = send_error(answer).await;
    assert!(matches!(&error, ClientError::Refused { problem, .. } if problem.status == 422));
    let text = error.to_string();
    assert!(!text.contains(char::is_control), "{text:?}");
}

#[tokio::test]
async fn success_without_a_verdict_is_an_error() {
    for body in ["", "{}", "[]", r#"{"verdict": "rejected"}"#, "ok"] {
        let error = send_error(ok(body)).await;
        assert!(error.to_string().contains("answered with status 200, and "), "{body}: {error}");
    }
}

#[tokio::test]
async fn redirections_are_followed_on_the_same_server_and_not_forever() {
    let elsewhere =
        "HTTP/1.1 302 Found\r\nlocation: http://127.0.0.2:1/\r\ncontent-length: 0\r\n\r\n";
    let error = fetch_error(elsewhere).await;
    assert!(
        error.to_string().contains("it leads to another server, http://127.0.0.2:1/"),
        "{error}"
    );
    let again = "HTTP/1.1 302 Found\r\nlocation: /again\r\ncontent-length: 0\r\n\r\n";
    let error = fetch_error(again).await;
    assert!(error.to_string().contains("it leads on more than 3 times"), "{error}");
    let nowhere = "HTTP/1.1 302 Found\r\ncontent-length: 0\r\n\r\n";
    assert!(fetch_error(nowhere).await.to_string().contains("does not say where to"));
    // the response itself is never sent to a second place
    let error = send_error(again).await.to_string();
    assert!(error.contains("sent to the proofURL and nowhere else"), "{error}");
}
