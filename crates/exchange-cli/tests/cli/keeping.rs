//! Credentials that go from an issuer's home to a holder's as a file.

use std::fs;

use serde_json::{Value, json};

use super::market::Market;

/// Mill's home issues for Alex, whose home is another, in `alex.jsonl`.
fn issued_elsewhere() -> Market {
    let market = Market::with_files_of("credit-card");
    let (code, lines) = market.told(&["holder", "--home", "alex"]);
    assert_eq!(code, Some(0));
    let did = lines[0]["holder"].as_str().unwrap().to_owned();
    assert!(did.starts_with("did:key:z6Mk"), "{did}");
    let told = market.run(&["holder", "--home", "alex"]).succeeded().stdout;
    assert_eq!(told, format!("{did}\n"), "it stays the same");
    let issue = ["issue", "orders.json", "--home", "mill", "--subject", &did];
    market
        .run(&[&issue[..], &["--output", "alex.jsonl"]].concat())
        .succeeded();
    market
}

#[test]
fn credentials_from_another_home_are_kept_once_and_answer() {
    let market = issued_elsewhere();
    let keep = ["keep", "alex.jsonl", "--home", "alex"];
    let (code, lines) = market.told(&keep);
    assert_eq!((code, &lines[0]["added"]), (Some(0), &json!(10)));
    let (code, lines) = market.told(&keep);
    assert_eq!((code, &lines[0]["added"]), (Some(0), &json!(0)));
    assert_eq!(lines[0]["held_already"], 10);

    market.request("http://127.0.0.1:9");
    market
        .run(&["respond", "request.json", "--home", "alex", "--dry-run"])
        .succeeded();
}

#[test]
fn what_was_issued_without_the_holder_s_wallet_is_not_in_the_issuer_s_home() {
    let market = issued_elsewhere();
    market.request("http://127.0.0.1:9");
    let respond = ["respond", "request.json", "--home", "mill", "--dry-run"];
    assert_eq!(market.run(&respond).code, Some(1));
}

#[test]
fn a_forged_credential_is_refused_with_its_line() {
    let market = issued_elsewhere();
    let genuine = fs::read_to_string(market.path("alex.jsonl")).unwrap();
    let forged = genuine.replacen("1998-04-17", "2000-04-17", 1);
    assert_ne!(forged, genuine);
    fs::write(market.path("forged.jsonl"), forged).unwrap();
    let keep = ["keep", "forged.jsonl", "--home", "alex"];
    market
        .run(&keep)
        .failed(2, &["forged.jsonl", "line 2", "Date Of Birth"]);
    market.request("http://127.0.0.1:9");
    let respond = ["respond", "request.json", "--home", "alex", "--dry-run"];
    let (code, lines) = market.told(&respond);
    assert_eq!(code, Some(1));
    assert!(lines[1].get("missing").is_some(), "{lines:?}");
}

#[test]
fn a_file_that_holds_no_credentials_is_told_with_its_line() {
    let market = issued_elsewhere();
    for content in ["{}", "[]", "nothing", "\u{0}\u{1}", "{\"a\": 1, \"a\": 2}"] {
        fs::write(market.path("none.jsonl"), content).unwrap();
        let keep = ["keep", "none.jsonl", "--home", "alex"];
        market.run(&keep).failed(2, &["none.jsonl", "line 1"]);
    }
    let keep = ["keep", "orders.json", "--home", "alex"];
    market.run(&keep).failed(2, &["orders.json", "line 1"]);
    market
        .run(&["keep", "missing.jsonl", "--home", "alex"])
        .failed(2, &["missing.jsonl", "name a file of credentials"]);
    market
        .run(&["keep", ".", "--home", "alex"])
        .failed(2, &["cannot", "directory"]);
}

#[test]
fn credentials_come_through_a_pipe_too() {
    let market = issued_elsewhere();
    let input = fs::read_to_string(market.path("alex.jsonl")).unwrap();
    let program = market.program(&["keep", "-", "--home", "alex", "--json"]);
    let outcome = crate::scene::Outcome::with_input(program, &input).succeeded();
    assert_eq!(outcome.last_line()["added"], 10);
}

#[test]
fn credentials_about_somebody_else_do_not_answer() {
    let market = Market::with_files_of("credit-card");
    let did = "did:key:z6MkpTHR8VNsBxYAAWHut2Geadd9jSwuBV8xRoAnwWsdvktH";
    let issue = ["issue", "orders.json", "--home", "mill", "--subject", did];
    market
        .run(&[&issue[..], &["--output", "other.jsonl"]].concat())
        .succeeded();
    market
        .run(&["keep", "other.jsonl", "--home", "alex"])
        .succeeded();
    market.request("http://127.0.0.1:9");
    let (code, lines) = market.told(&["respond", "request.json", "--home", "alex", "--dry-run"]);
    assert_eq!(code, Some(1));
    let missing = |line: &Value| line.get("missing").is_some();
    assert!(lines[..4].iter().all(missing), "{lines:?}");
}
