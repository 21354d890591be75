//! How a holder chooses, and why a request has no answer.

use std::fs;

use serde_json::{Value, json};

use crate::session::{Session, failed_checks};

/// Returns the ids of the credentials that would answer a criterion, counted from 1.
fn chosen(lines: &[Value], criterion: usize) -> Vec<String> {
    let credentials = lines[0]["criteria"][criterion - 1]["credentials"].as_array().unwrap();
    let ids = credentials.iter().map(|shown| &shown["id"]);
    ids.map(|id| id.as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_missing_credential_is_reported_and_nothing_is_sent() {
    let session = Session::with_files_of("credit-card");
    session.write_changed("orders.json", "fewer.json", |orders| {
        // five payslips are left
        orders["credentials"].as_array_mut().unwrap().truncate(8);
    });
    session.run(&["issue", "fewer.json", "--home", "alex"]).succeeded();
    // there is no server at this address
    session.request("http://127.0.0.1:9");
    let respond = ["respond", "request.json", "--home", "alex", "--output", "response.json"];
    let (code, lines) = session.run_json(&respond);
    assert_eq!(code, Some(1), "{lines:?}");
    assert_eq!(lines.last(), Some(&json!({"format": 1, "answered": false})));
    let criteria = lines[0]["criteria"].as_array().unwrap();
    let missing: Vec<bool> = criteria.iter().map(|one| one.get("missing").is_some()).collect();
    assert_eq!(missing, [false, false, false, true], "{lines:?}");
    let reason = criteria[3]["missing"].as_str().unwrap();
    assert!(reason.contains('5') && reason.contains('6'), "{reason}");
    let story = session.run(&respond);
    assert_eq!(story.code, Some(1));
    assert!(story.stdout.contains("has no answer:"), "{story:?}");
    assert!(!session.path("response.json").exists());
}

#[test]
fn a_dry_run_shows_what_would_be_disclosed_and_sends_nothing() {
    let session = Session::with_credentials();
    // there is no server at this address
    session.request("http://127.0.0.1:9");
    let respond = ["respond", "request.json", "--home", "alex", "--dry-run"];
    let (code, lines) = session.run_json(&[&respond[..], &["--output", "response.json"]].concat());
    assert_eq!(code, Some(0));
    assert_eq!(lines.len(), 2);
    let first = &lines[0]["criteria"][0]["credentials"][0];
    assert_eq!(first["shows"], json!({"emailAddress": "alex@example.org"}));
    assert_eq!(chosen(&lines, 4).len(), 6);
    assert!(!session.path("response.json").exists());

    let story = session.run(&respond).succeeded().stdout;
    for words in ["1. Contact Information", "shows emailAddress \"", "4. 6 Months of payslips"] {
        assert!(story.contains(words), "{story}");
    }
}

#[test]
fn a_credential_that_the_holder_names_is_used() {
    let session = Session::with_files_of("credit-card");
    session.write_changed("orders.json", "orders.json", |orders| {
        let credentials = orders["credentials"].as_array_mut().unwrap();
        let mut newer = credentials[0].clone();
        newer["id"] = json!("eedeec15-c364-4e4c-b7a7-871413e412f9");
        newer["issuanceDate"] = json!("2026-04-01T00:00:00Z");
        credentials.push(newer);
    });
    session.run(&["issue", "orders.json", "--home", "alex"]).succeeded();
    session.request("http://127.0.0.1:9");
    let dry_run = ["respond", "request.json", "--home", "alex", "--dry-run"];
    let (_, lines) = session.run_json(&dry_run);
    assert_eq!(chosen(&lines, 1), ["eedeec15-c364-4e4c-b7a7-871413e412f9"], "the newest");

    let older = "6adb968b-52df-4da0-a720-4a0a6ac8f8db";
    let using = format!("1:{older}");
    let (code, lines) = session.run_json(&[&dry_run[..], &["--use", &using]].concat());
    assert_eq!((code, chosen(&lines, 1)), (Some(0), vec![older.to_owned()]));
    let arguments = ["respond", "request.json", "--home", "alex", "--yes", "--use", &using];
    session
        .run(&[&arguments[..], &["--output", "response.json", "--no-send"]].concat())
        .succeeded();
    let verdict = session.run_json(&["verify", "request.json", "response.json"]);
    assert_eq!(failed_checks(verdict), [""; 0]);
    let response = session.json("response.json").to_string();
    assert!(response.contains(older), "{response}");
}

#[test]
fn of_two_issuers_credentials_with_one_id_either_is_named() {
    let session = Session::with_files_of("credit-card");
    let issuers = ["did:work:Tn1XD2QPskjDCztVGuJC2w", "did:work:EgLY8mysgbLmj542ygMKWo"];
    session.write_changed("orders.json", "orders.json", |orders| {
        let credentials = orders["credentials"].as_array_mut().unwrap();
        credentials.truncate(2);
        credentials[1] = credentials[0].clone();
        credentials[1]["issuer"] = json!(issuers[1]);
    });
    session.run(&["issue", "orders.json", "--home", "alex"]).succeeded();
    session.write_changed("criteria.json", "criteria.json", |criteria| {
        criteria["criteria"].as_array_mut().unwrap().truncate(1);
        criteria["criteria"][0]["issuers"]["dids"] = json!(issuers);
    });
    session.request("http://127.0.0.1:9");
    for issuer in issuers {
        // as it is shown
        let named = format!("6adb968b-52df-4da0-a720-4a0a6ac8f8db of {issuer}");
        let using = format!("1:{named}");
        let respond =
            ["respond", "request.json", "--home", "alex", "--yes", "--no-send", "--use", &using];
        let outcome = session.run(&[&respond[..], &["--output", "response.json"]].concat());
        assert!(outcome.succeeded().stdout.contains(&named));
        let response = session.json("response.json").to_string();
        assert!(response.contains(&format!("\"issuerDid\":\"{issuer}\"")), "{response}");
        let verdict = session.run_json(&["verify", "request.json", "response.json"]);
        assert_eq!(failed_checks(verdict), [""; 0]);
    }
}

#[test]
fn a_dry_run_makes_no_key() {
    let session = Session::with_credentials();
    session.write_changed("criteria.json", "criteria.json", |criteria| {
        criteria["criteria"].as_array_mut().unwrap().truncate(1);
        criteria["criteria"][0]["issuers"]["dids"] = json!(["did:self"]);
    });
    session.request("http://127.0.0.1:9");
    let did = "did:work:A1exA1exA1exA1exA1exA1";
    let respond = ["respond", "request.json", "--did", did, "--state", "1:emailAddress=a@b.c"];
    session.run(&[&respond[..], &["--home", "alex", "--dry-run"]].concat()).succeeded();
    // a key that the dry run had made would be that of the copy too
    session.run(&["holder", "--home", "copy"]).succeeded();
    let wallet = |home: &str| session.path(home).join("wallets/prover_wallet.sqlite");
    fs::copy(wallet("alex"), wallet("copy")).unwrap();
    let documents = ["alex", "copy"].map(|home| {
        let registry = format!("registry-of-{home}");
        fs::create_dir(session.path(&registry)).unwrap();
        let place = ["--home", home, "--registry", &registry, "--output", "response.json"];
        session.run(&[&respond[..], &place, &["--yes", "--no-send"]].concat()).succeeded();
        session.json(&format!("{registry}/dids/did%3Awork%3AA1exA1exA1exA1exA1exA1.json"))
    });
    assert_ne!(documents[0], documents[1]);
    let other = ["respond", "request.json", "--home", "alex", "--dry-run", "--did", "did:web:a.b"];
    session.run(&other).failed(2, &["did:web"]);
}

#[test]
fn that_expired_credentials_are_accepted_is_shown() {
    let session = Session::with_credentials();
    session.write_changed("criteria.json", "criteria.json", |criteria| {
        criteria["criteria"][0]["allowExpired"] = json!(true);
    });
    session.request("http://127.0.0.1:9");
    let dry_run = ["respond", "request.json", "--home", "alex", "--dry-run"];
    let shown = session.run(&dry_run).succeeded().stdout;
    assert_eq!(shown.matches("credentials that have expired").count(), 1, "{shown}");
    let (_, lines) = session.run_json(&dry_run);
    assert_eq!(lines[0]["criteria"][0]["allowExpired"], true);
    assert_eq!(lines[0]["criteria"][1].get("allowExpired"), None);
}

#[test]
fn a_criterion_or_attribute_that_does_not_exist_is_named() {
    let session = Session::with_credentials();
    session.request("http://127.0.0.1:9");
    let respond = ["respond", "request.json", "--home", "alex", "--dry-run"];
    for (option, value, said) in [
        ("--use", "5:x", "the request has 4 criteria, and no number 5"),
        ("--use", "1:nothing", "nothing"),
        ("--use", "0:x", "counted from 1"),
        ("--use", "x", "counted from 1"),
        ("--disclose", "5:street2", "no number 5"),
        ("--disclose", "3:house", "does not ask for \"house\""),
        ("--disclose", "3:city", "requires \"city\", which is shown without --disclose"),
    ] {
        let outcome = session.run(&[&respond[..], &[option, value]].concat());
        outcome.failed(2, &[said]);
    }
    let twice = ["--state", "1:a=x", "--state", "2:a=y", "--state", "1:a=y"];
    let outcome = session.run(&[&respond[..], &twice].concat());
    outcome.failed(2, &["criterion 1: \"a\" is stated twice"]);
}

#[test]
fn an_optional_criterion_may_stay_unanswered() {
    let session = Session::with_files_of("credit-card");
    session.write_changed("criteria.json", "criteria.json", |criteria| {
        criteria["criteria"][3]["min"] = json!(0);
    });
    session.write_changed("orders.json", "orders.json", |orders| {
        orders["credentials"].as_array_mut().unwrap().truncate(3);
    });
    session.run(&["issue", "orders.json", "--home", "alex"]).succeeded();
    session.request("http://127.0.0.1:9");
    session.respond_in_file();
    let verdict = session.run_json(&["verify", "request.json", "response.json"]);
    assert_eq!(failed_checks(verdict), [""; 0]);
}

#[test]
fn a_deleted_wallet_is_not_replaced_by_an_empty_one() {
    let session = Session::with_credentials();
    session.request("http://127.0.0.1:9");
    let wallet = session.path("alex/wallets/prover_wallet.sqlite");
    fs::remove_file(&wallet).unwrap();
    session.run(&["respond", "request.json", "--home", "alex", "--dry-run"]).failed(
        2,
        &["prover_wallet.sqlite", "is not there", "all credentials", "proof-exchange keep"],
    );
    assert!(!wallet.exists());
}
