//! Credentials that go from an issuer's home to a holder's as a file.

use std::fs;

use serde_json::{Value, json};
use test_support::program::Finished;

use crate::session::Session;

/// Issues credentials in Mill's home for Alex, whose home is another, in `alex.jsonl`.
fn issued_elsewhere() -> Session {
    let session = Session::with_files_of("credit-card");
    let (code, lines) = session.run_json(&["holder", "--home", "alex"]);
    assert_eq!(code, Some(0));
    let did = lines[0]["holder"].as_str().unwrap().to_owned();
    assert!(did.starts_with("did:key:z6Mk"), "{did}");
    let printed = session.run(&["holder", "--home", "alex"]).succeeded().stdout;
    assert_eq!(printed, format!("{did}\n"), "it stays the same");
    let issue = ["issue", "orders.json", "--home", "mill", "--subject", &did];
    session.run(&[&issue[..], &["--output", "alex.jsonl"]].concat()).succeeded();
    session
}

#[test]
fn credentials_from_another_home_are_kept_once_and_answer() {
    let session = issued_elsewhere();
    let keep = ["keep", "alex.jsonl", "--home", "alex"];
    let (code, lines) = session.run_json(&keep);
    assert_eq!((code, &lines[0]["added"]), (Some(0), &json!(10)));
    assert_eq!(lines[0]["other_subjects"]["count"], 0);
    let (code, lines) = session.run_json(&keep);
    assert_eq!((code, &lines[0]["added"]), (Some(0), &json!(0)));
    assert_eq!(lines[0]["held_already"], 10);

    session.request("http://127.0.0.1:9");
    session.run(&["respond", "request.json", "--home", "alex", "--dry-run"]).succeeded();
}

#[test]
fn credentials_for_another_home_are_not_in_the_issuer_s() {
    let session = issued_elsewhere();
    session.request("http://127.0.0.1:9");
    let respond = ["respond", "request.json", "--home", "mill", "--dry-run"];
    assert_eq!(session.run(&respond).code, Some(1));
}

#[test]
fn a_forged_credential_is_refused_with_its_line() {
    let session = issued_elsewhere();
    let genuine = fs::read_to_string(session.path("alex.jsonl")).unwrap();
    let forged = genuine.replacen("1998-04-17", "2000-04-17", 1);
    assert_ne!(forged, genuine);
    fs::write(session.path("forged.jsonl"), forged).unwrap();
    let keep = ["keep", "forged.jsonl", "--home", "alex"];
    session.run(&keep).failed(2, &["forged.jsonl", "line 2", "Date Of Birth"]);
    session.request("http://127.0.0.1:9");
    let respond = ["respond", "request.json", "--home", "alex", "--dry-run"];
    let (code, lines) = session.run_json(&respond);
    assert_eq!(code, Some(1));
    assert!(lines[0]["criteria"][1].get("missing").is_some(), "{lines:?}");
}

#[test]
fn a_file_without_credentials_is_refused_with_the_line() {
    let session = issued_elsewhere();
    for content in ["{}", "[]", "nothing", "\u{0}\u{1}", "{\"a\": 1, \"a\": 2}"] {
        fs::write(session.path("none.jsonl"), content).unwrap();
        let keep = ["keep", "none.jsonl", "--home", "alex"];
        session.run(&keep).failed(2, &["none.jsonl", "line 1"]);
    }
    let keep = ["keep", "orders.json", "--home", "alex"];
    session.run(&keep).failed(2, &["orders.json", "line 1"]);
    session
        .run(&["keep", "missing.jsonl", "--home", "alex"])
        .failed(2, &["missing.jsonl", "name a file of credentials"]);
    session.run(&["keep", ".", "--home", "alex"]).failed(2, &["cannot", "directory"]);
}

#[test]
fn credentials_are_read_from_standard_input() {
    let session = issued_elsewhere();
    let input = fs::read_to_string(session.path("alex.jsonl")).unwrap();
    let program = session.program(&["keep", "-", "--home", "alex", "--json"]);
    let outcome = Finished::with_input(program, &input).succeeded();
    assert_eq!(outcome.last_line()["added"], 10);
}

#[test]
fn credentials_about_another_holder_do_not_answer() {
    let session = Session::with_files_of("credit-card");
    let did = "did:key:z6MkpTHR8VNsBxYAAWHut2Geadd9jSwuBV8xRoAnwWsdvktH";
    let issue = ["issue", "orders.json", "--home", "mill", "--subject", did];
    session.run(&[&issue[..], &["--output", "other.jsonl"]].concat()).succeeded();
    let holder = session.run(&["holder", "--home", "alex"]).succeeded().stdout;
    let keep = ["keep", "other.jsonl", "--home", "alex"];
    let kept = session.run(&keep);
    assert_eq!(kept.code, Some(0));
    let begin = format!("warning: 10 credentials are about {did}, and the holder of this home is ");
    assert!(kept.stderr.starts_with(&(begin + holder.trim())), "{}", kept.stderr);
    let (code, lines) = session.run_json(&keep);
    assert_eq!((code, &lines[0]["other_subjects"]["count"]), (Some(0), &json!(10)));
    assert_eq!(lines[0]["other_subjects"]["first"], did);
    assert_eq!(lines[0]["other_subjects"]["several"], false);
    assert_eq!(lines[0]["holder"], holder.trim());
    assert!(lines[0]["warning"].as_str().unwrap().contains(did), "{lines:?}");
    session.request("http://127.0.0.1:9");
    let (code, lines) =
        session.run_json(&["respond", "request.json", "--home", "alex", "--dry-run"]);
    assert_eq!(code, Some(1));
    let missing = |criterion: &Value| criterion.get("missing").is_some();
    assert!(lines[0]["criteria"].as_array().unwrap().iter().all(missing), "{lines:?}");
}
