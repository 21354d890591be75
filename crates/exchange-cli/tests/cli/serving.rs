//! The server: its end, its crash, and the clients that it serves.

use std::{fs, net::TcpListener};

use chrono::{Duration, Utc};
use exchange::{
    id::RandomIds,
    key::MemorySigner,
    signature::{Contexts, KeyMember, ProofType},
    verifier::{NewRequest, create_request},
};
use exchange_http::RequestStore;
use serde_json::json;
use test_support::program::interrupt;

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
    let (status, problem) = server.post(&first, &response);
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
        key_member: KeyMember::Creator,
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
    session.run(&["respond", &url, "--home", "alex"]).failed(2, &[&url, "expired"]);
    assert!(session.accepted().is_empty());
}

/// A request of one criterion.
const ONE_CRITERION: &str = r#"{"description": "An address", "criteria": [{"description": "E-mail", "reason": "Mail",
    "issuers": {"dids": ["did:work:Tn1XD2QPskjDCztVGuJC2w"]}, "min": 1, "max": 1, "schema": "did:work:a;schema=1",
    "properties": [{"name": "emailAddress", "required": true}]}]}"#;
