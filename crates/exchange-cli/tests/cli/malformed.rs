//! Numbers that are none, in what others publish and send: no panic, and nothing of the number on
//! the terminal.

use std::fs;

use serde_json::{Value, json};
use test_support::{
    malformed::{PLANTED, variants},
    program::Finished,
};

use crate::session::{Server, Session};

/// Makes a session in which one credential is issued, asked for and answered in zero knowledge.
fn answered() -> Session {
    let session = Session::with_files_of("rental");
    session.write_changed("orders.json", "orders.json", |orders| {
        orders["schemas"].as_array_mut().unwrap().truncate(1);
        orders["credentials"].as_array_mut().unwrap().truncate(1);
    });
    session.write_changed("criteria.json", "criteria.json", |criteria| {
        criteria["criteria"].as_array_mut().unwrap().truncate(1);
    });
    session.run(&["issue", "orders.json", "--home", "alex"]).succeeded();
    session.request("http://127.0.0.1:9");
    session.respond_in_file();
    session.run(&["verify", "request.json", "response.json"]).succeeded();
    session
}

/// Asserts that a run ended with one of these exit codes and shows nothing of the number. (A panic
/// fails any run.)
#[track_caller]
fn is_silent(what: &str, outcome: &Finished, codes: &[i32]) {
    assert!(outcome.code.is_some_and(|code| codes.contains(&code)), "{what}: {outcome:?}");
    let shown = format!("{}{}", outcome.stdout, outcome.stderr);
    assert!(!shown.contains(PLANTED), "{what}: {shown}");
}

/// Returns the only file of a directory.
fn only_file(session: &Session, directory: &str) -> String {
    let mut files = fs::read_dir(session.path(directory)).unwrap();
    let name = files.next().unwrap().unwrap().file_name().into_string().unwrap();
    assert!(files.next().is_none());
    format!("{directory}/{name}")
}

#[test]
fn malformed_numbers_in_a_registry_are_refused() {
    let session = answered();
    let verify = ["verify", "request.json", "response.json"];
    for (directory, pointers) in [
        (
            "registry/credential-definitions",
            ["/value/primary/n", "/value/primary/r/age"].as_slice(),
        ),
        ("registry/schemas", &["/seqNo"]),
    ] {
        let file = only_file(&session, directory);
        let sound = session.json(&file);
        for pointer in pointers {
            for (what, text) in variants(&sound, pointer) {
                fs::write(session.path(&file), text).unwrap();
                let outcome = session.run(&verify);
                is_silent(&what, &outcome, &[1]);
                assert!(outcome.stdout.contains("zero-knowledge"), "{what}: {}", outcome.stdout);
            }
        }
        session.write(&file, &sound);
    }
    session.run(&verify).succeeded();
}

#[test]
fn a_server_survives_a_malformed_registry() {
    let session = answered();
    let file = only_file(&session, "registry/credential-definitions");
    session.write_changed(&file, &file, |cred_def| {
        cred_def["value"]["primary"]["n"] = json!(format!("{PLANTED}\u{0}"));
    });
    let server = Server::start(&session, &[]);
    let request = session.json("request.json");
    let response = fs::read(session.path("response.json")).unwrap();
    let (status, answer) = server.post(&request, &response);
    // refused with a reason, not with 500
    assert_eq!(status, 422, "{answer}");
    let answer = answer.to_string();
    assert!(answer.contains("/value/primary/n") && !answer.contains(PLANTED), "{answer}");
}

/// Returns pointers to all texts of digits in a document.
fn numbers_in(value: &Value, pointer: String, found: &mut Vec<String>) {
    match value {
        Value::String(text) if text.len() > 40 && text.bytes().all(|b| b.is_ascii_digit()) => {
            found.push(pointer);
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                numbers_in(item, format!("{pointer}/{index}"), found);
            }
        }
        Value::Object(members) => {
            for (name, member) in members {
                let name = name.replace('~', "~0").replace('/', "~1");
                numbers_in(member, format!("{pointer}/{name}"), found);
            }
        }
        _ => {}
    }
}

#[test]
fn malformed_numbers_in_a_response_are_rejected() {
    let session = answered();
    let response = session.json("response.json");
    let mut pointers = Vec::new();
    numbers_in(&response, String::new(), &mut pointers);
    let pointer =
        pointers.iter().find(|pointer| pointer.ends_with("/eq_proof/v")).expect("a proof");
    for (what, text) in variants(&response, pointer) {
        fs::write(session.path("altered.json"), text).unwrap();
        let outcome = session.run(&["verify", "request.json", "altered.json"]);
        is_silent(&what, &outcome, &[1, 2]);
    }
}
