//! The server: its end, its crash, and the clients that it serves.

use std::{
    fs,
    io::{self, Read, Write},
    net::{TcpListener, TcpStream},
    thread,
};

use chrono::{Duration, Utc};
use exchange::{
    id::RandomIds,
    key::MemorySigner,
    signature::{Contexts, ProofType},
    verifier::{NewRequest, create_request},
};
use exchange_http::RequestStore;
use serde_json::json;
use test_support::program::{Running, interrupt};

use crate::session::{Server, Session, failed_checks};

#[test]
fn ctrl_c_ends_the_server_with_0_and_accepted_responses_stay() {
    let session = Session::with_credentials();
    let mut server = Server::start(&session, &[]);
    session.request(&server.url);
    let respond = ["respond", "request.json", "--home", "alex", "--yes"];
    session.run(&respond).succeeded();
    interrupt(server.process());
    assert_eq!(server.finish(), (Some(0), String::new()));
    assert_eq!(session.accepted().len(), 1);
}

/// A verdict in JSON is some kilobytes, and a pipe holds 64.
#[test]
fn output_that_is_not_read_delays_neither_answers_nor_the_end() {
    const RESPONSES: usize = 400;
    let session = Session::with_credentials();
    let mut server = Server::start(&session, &[]);
    session.request(&server.url);
    let request = session.json("request.json");
    for _ in 0..RESPONSES {
        assert_eq!(server.post(&request, b"{}").0, 422);
    }
    interrupt(server.process());
    assert_eq!(server.exit_code(), Some(0), "before its output is read");
}

#[test]
fn a_full_pipe_on_standard_error_delays_neither_answers_nor_the_end() {
    let session = Session::with_credentials();
    session.request("http://127.0.0.1:8700");
    let request = session.json("request.json");
    let id = request["id"].as_str().unwrap();
    let path = session.path(&format!("bank/exchange/requests/{id}.json"));
    fs::remove_file(&path).unwrap();
    // no file, so that each answer is a fault that is printed
    fs::create_dir(&path).unwrap();
    let (_reader, writer) = io::pipe().unwrap();
    let mut filler = writer.try_clone().unwrap();
    thread::spawn(move || filler.write_all(&[b' '; 1 << 20]));
    let mut server = Server::start_with_errors_to(writer.into(), &session);
    for _ in 0..400 {
        assert_eq!(server.post(&request, b"{}").0, 503);
    }
    interrupt(server.process());
    assert_eq!(server.exit_code(), Some(0));
}

#[test]
fn a_fault_of_the_server_is_printed_with_time_peer_and_file() {
    let session = Session::with_credentials();
    let mut server = Server::start(&session, &[]);
    session.request(&server.url);
    let id = session.json("request.json")["id"].as_str().unwrap().to_owned();
    fs::write(session.path(&format!("bank/exchange/requests/{id}.json")), "{").unwrap();
    assert_eq!(server.post(&session.json("request.json"), b"{}").0, 503);
    interrupt(server.process());
    let (code, errors) = server.finish();
    assert_eq!(code, Some(0));
    let line = errors.lines().next().unwrap();
    assert!(line.starts_with("error: 20") && line.contains("Z 127.0.0.1:"), "{line}");
    assert!(line.contains(&format!("{id}.json cannot be used")), "{line}");
}

#[test]
fn a_registry_that_is_gone_is_a_fault_of_the_server() {
    let session = Session::with_credentials();
    let mut server = Server::start(&session, &[]);
    session.request(&server.url);
    session.respond_in_file();
    let response = fs::read(session.path("response.json")).unwrap();
    fs::rename(session.path("registry"), session.path("elsewhere")).unwrap();
    assert_eq!(server.post(&session.json("request.json"), &response).0, 503);
    fs::rename(session.path("elsewhere"), session.path("registry")).unwrap();
    assert_eq!(server.post(&session.json("request.json"), &response).0, 200);
    interrupt(server.process());
    let (code, errors) = server.finish();
    assert_eq!(code, Some(0));
    assert!(errors.contains("the registry registry is not there any more"), "{errors}");
}

#[test]
fn health_and_readiness_have_an_address_of_their_own() {
    let session = Session::with_credentials();
    session.request("http://127.0.0.1:8700");
    let arguments = ["--listen", "127.0.0.1:0", "--health", "127.0.0.1:0", "--json"];
    let mut program = session.program(&["serve", "--home", "bank"]);
    program.args(arguments);
    let mut running = Running::start(program);
    let first = running.read_line().unwrap();
    let health = first["health"].as_str().unwrap().to_owned();
    let status = |path: &str| {
        let host = health.strip_prefix("http://").unwrap().trim_end_matches('/');
        let mut stream = TcpStream::connect(host).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer.split(' ').nth(1).unwrap().to_owned()
    };
    assert_eq!([status("/health"), status("/ready"), status("/")], ["200", "200", "404"]);
    interrupt(running.child.id());
    assert_eq!(running.finish(), (Some(0), String::new()));
}

#[test]
fn a_killed_server_remembers_what_it_has_accepted() {
    let session = Session::with_credentials();
    let server = Server::start(&session, &[]);
    session.request(&server.url);
    let first = session.json("request.json");
    session.respond_in_file();
    let response = fs::read(session.path("response.json")).unwrap();
    assert_eq!(server.post(&first, &response).0, 200);
    server.kill();
    // what it was writing when it was killed
    fs::write(session.path("bank/exchange/accepted/.unfinished-1"), "{").unwrap();

    let server = Server::start(&session, &[]);
    let (status, verdict) = server.post(&first, &response);
    assert_eq!((status, &verdict["verdict"]), (200, &json!("verified")));
    assert!(verdict["acceptedBefore"].is_string(), "{verdict}");
    let (status, problem) = server.post(&first, b"{}");
    assert_eq!((status, &problem["check"]), (409, &json!("answered-once")));
    assert_eq!(session.accepted().len(), 1);
    session.request(&server.url);
    session.respond_in_file();
    let response = fs::read(session.path("response.json")).unwrap();
    assert_eq!(server.post(&session.json("request.json"), &response).0, 200);
    assert_eq!(session.accepted().len(), 2);
}

#[test]
fn requests_and_credentials_are_made_while_the_server_runs() {
    let session = Session::with_files_of("credit-card");
    fs::create_dir(session.path("registry")).unwrap();
    let server = Server::start(&session, &[]);
    // issuers that publish their DIDs after the server's start, and a second request
    session.run(&["issue", "orders.json", "--home", "alex"]).succeeded();
    for _ in 0..2 {
        let url = session.request(&server.url);
        session.run(&["respond", &url, "--home", "alex", "--yes"]).succeeded();
    }
    assert_eq!(session.accepted().len(), 2);
}

#[test]
fn a_home_has_one_server() {
    let session = Session::new();
    fs::create_dir(session.path("registry")).unwrap();
    fs::write(session.path("criteria.json"), ONE_CRITERION).unwrap();
    let _server = Server::start(&session, &[]);
    session
        .run(&["serve", "--home", "bank", "--listen", "127.0.0.1:0"])
        .failed(2, &["accepted", "another server"]);
}

#[test]
fn an_address_that_is_in_use_is_named() {
    let session = Session::new();
    fs::create_dir(session.path("registry")).unwrap();
    fs::write(session.path("criteria.json"), ONE_CRITERION).unwrap();
    session.request("http://127.0.0.1:8700");
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    session
        .run(&["serve", "--home", "bank", "--listen", &address])
        .failed(2, &[&address, "in use", "--listen 127.0.0.1:0"]);
}

#[test]
fn a_server_listens_on_a_name() {
    let session = Session::new();
    fs::create_dir(session.path("registry")).unwrap();
    fs::write(session.path("criteria.json"), ONE_CRITERION).unwrap();
    let mut server = Server::start_at("localhost:0", &session, &[]);
    assert!(!server.url.ends_with(":0"), "{}", server.url);
    interrupt(server.process());
    assert_eq!(server.finish(), (Some(0), String::new()), "only this machine can listen in");

    let serve = |address| ["serve", "--home", "bank", "--listen", address];
    let unknown = "no-such-host.invalid:8700";
    session.run(&serve(unknown)).failed(2, &["no-such-host.invalid", "check the name"]);
    for incomplete in [":8700", "8700", "localhost"] {
        session.run(&serve(incomplete)).failed(2, &["HOST:PORT", "127.0.0.1:8700"]);
    }
}

#[test]
fn plain_http_beyond_this_machine_needs_to_be_allowed() {
    let session = Session::new();
    fs::create_dir(session.path("registry")).unwrap();
    fs::write(session.path("criteria.json"), ONE_CRITERION).unwrap();
    session.request("http://127.0.0.1:8700");
    let serve = ["serve", "--home", "bank", "--listen", "0.0.0.0:0"];
    session.run(&serve).failed(2, &["0.0.0.0:0", "--allow-plain"]);

    let mut server = Server::start_at("0.0.0.0:0", &session, &["--allow-plain"]);
    interrupt(server.process());
    let (code, warning) = server.finish();
    assert_eq!(code, Some(0), "{warning}");
    assert!(warning.contains("plain HTTP on 0.0.0.0:"), "{warning}");

    let mut server = Server::start(&session, &["--allow-plain"]);
    interrupt(server.process());
    assert_eq!(server.finish(), (Some(0), String::new()), "only this machine can listen in");
}

#[tokio::test]
async fn an_expired_request_is_not_answered() {
    let session = Session::with_credentials();
    let server = Server::start(&session, &[]);
    let serde_json::Value::Object(body) = session.json("criteria.json") else {
        panic!("criteria.json holds no object");
    };
    let id = "0c5b7d64-61a5-4a5e-9a3a-6a1f7f3f9d11";
    let new = NewRequest {
        id: id.to_owned(),
        proof_url: format!("{}/responses/{id}", server.url),
        body,
        created: Utc::now() - Duration::hours(2),
        expires: Some(Utc::now() - Duration::hours(1)),
        proof_type: ProofType::Ed25519VerificationKey2018,
        form: exchange::message::Form::default(),
    };
    let signer = MemorySigner::did_key(&[7; 32]);
    let request = create_request(&new, &signer, &mut RandomIds, &Contexts::new()).await;
    let request = request.unwrap();
    session.write("request.json", request.document());

    let (code, lines) = session.run_json(&["respond", "request.json", "--home", "alex"]);
    let failed = failed_checks((code, lines[..1].to_vec()));
    assert_eq!(failed, ["in-time"]);

    RequestStore::open(session.path("bank/exchange/requests")).unwrap().put(&request).unwrap();
    let (status, problem) = server.post(request.document(), b"{}");
    assert_eq!((status, &problem["check"]), (410, &json!("in-time")));
    let url = format!("{}/requests/{id}", server.url);
    let refused = session.run(&["respond", &url, "--home", "alex"]);
    assert_eq!(refused.code, Some(1), "as a file");
    assert!(refused.stdout.contains(&url) && refused.stdout.contains("expired"), "{refused:?}");
    assert!(session.accepted().is_empty());
}

/// A request of one criterion.
const ONE_CRITERION: &str = r#"{"description": "An address", "criteria": [{"description": "E-mail", "reason": "Mail",
    "issuers": {"dids": ["did:work:Tn1XD2QPskjDCztVGuJC2w"]}, "min": 1, "max": 1, "schema": "did:work:a;schema=1",
    "properties": [{"name": "emailAddress", "required": true}]}]}"#;
