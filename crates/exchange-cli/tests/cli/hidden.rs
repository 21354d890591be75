//! Foreign text, which must neither steer the terminal nor hide in it, in whatever command reads
//! it.

use std::fs;

use serde_json::{Value, json};
use test_support::hidden::{HIDDEN, assert_visible, commands, spoilt};

use crate::{corpus::CORPUS, session::Session};

/// Runs a command in text and in JSON; neither may print what is hidden.
#[track_caller]
fn run(session: &Session, arguments: &[&str]) {
    assert_visible(&session.run(arguments));
    assert_visible(&session.run(&[arguments, &["--format", "json"]].concat()));
}

#[test]
fn no_command_prints_what_is_hidden_in_its_arguments() {
    let session = Session::with_credentials();
    session.request("http://127.0.0.1:9");
    session.respond_in_file();
    fs::write(session.path(HIDDEN), HIDDEN).unwrap();
    let file = format!("{HIDDEN}.json");
    fs::write(session.path(&file), format!("{{\"{HIDDEN}\": 1}}")).unwrap();
    let (home, url) = (format!("home-{HIDDEN}"), format!("http://127.0.0.1:9/{HIDDEN}"));
    let numbered = format!("1:{HIDDEN}");
    let context = format!("{HIDDEN}={HIDDEN}");
    let (pair, stated) = (format!("json/{HIDDEN}"), format!("1:{HIDDEN}={HIDDEN}"));
    let runs: &[&[&str]] = &[
        &[HIDDEN],
        &["example", HIDDEN],
        &["example", "rental", &home],
        &["example", "credit-card", HIDDEN],
        &["example", "draft", HIDDEN],
        &["schema", HIDDEN],
        &["issue", HIDDEN, "--home", &home],
        &["issue", &file, "--home", &home],
        &["issue", "orders.json", "--home", HIDDEN],
        &["issue", "orders.json", "--home", "mill", "--subject", HIDDEN, "--output", "o.jsonl"],
        &["issue", "orders.json", "--home", "mill", "--registry", HIDDEN],
        &["issue", "orders.json", "--home", "mill", "--prepared-key", HIDDEN],
        &["keep", HIDDEN, "--home", &home],
        &["keep", &file, "--home", &home],
        &["holder", "--home", HIDDEN],
        &["holder", "--home", &home],
        &["request", HIDDEN, "--home", &home],
        &["request", &file, "--home", "bank", "--url", &url],
        &["request", "criteria.json", "--home", &home, "--url", &url],
        &["request", "criteria.json", "--home", &home, "--url", HIDDEN],
        &["request", "criteria.json", "--home", &home, "--did", HIDDEN],
        &["request", "criteria.json", "--home", &home, "--expires-in", HIDDEN],
        &["request", "criteria.json", "--home", &home, "--output", "a/b/\u{202e}"],
        &["request", "criteria.json", "--home", &home, "--output", "\u{202e}.json"],
        &["serve", "--home", HIDDEN],
        &["serve", "--home", &home, "--listen", HIDDEN],
        &["serve", "--home", &home, "--certificate", HIDDEN, "--key", HIDDEN],
        &["respond", HIDDEN, "--home", "alex"],
        &["respond", &url, "--home", "alex"],
        &["respond", "request.json", "--home", HIDDEN],
        &["respond", "request.json", "--home", "alex", "--use", &numbered],
        &["respond", "request.json", "--home", "alex", "--disclose", &numbered],
        &["respond", "request.json", "--home", "alex", "--dry-run", "--context", &context],
        &["respond", "request.json", "--home", "alex", "--no-send", "--output", &file],
        &["request", "criteria.json", "--home", &home, "--accept", HIDDEN],
        &["request", "criteria.json", "--home", &home, "--accept", &pair],
        &["request", "criteria.json", "--home", &home, "--did", HIDDEN, "--key", HIDDEN],
        &["respond", "request.json", "--home", "alex", "--state", &stated],
        &["respond", "request.json", "--home", "alex", "--yes", "--did", HIDDEN],
        &["keep", "orders.json", "--home", &home, "--did", HIDDEN],
        &["verify", "request.json", "response.json", "--require", HIDDEN],
        &["verify", HIDDEN, HIDDEN],
        &["verify", "request.json", &file],
        &["verify", "request.json", "response.json", "--relax", HIDDEN],
        &["verify", "request.json", "response.json", "--registry", HIDDEN],
        &["verify", "request.json", "response.json", "--answered", HIDDEN],
        &["vectors", HIDDEN],
        &["vectors", "--corpus", HIDDEN],
        &["vectors", "--corpus", CORPUS, "--filter", HIDDEN],
        &["vectors", "--corpus", CORPUS, "--implementation", HIDDEN],
        &["completions", HIDDEN],
        &["man", HIDDEN],
        &["help", HIDDEN],
    ];
    runs.iter().for_each(|arguments| run(&session, arguments));
    for command in commands(&session.run(&["-h"]).stdout) {
        assert!(runs.iter().any(|run| run[0] == command), "no run of {command}");
    }
}

#[test]
fn no_verdict_prints_what_is_hidden_in_a_message() {
    let session = Session::with_credentials();
    session.request("http://127.0.0.1:9");
    session.respond_in_file();
    let respond = ["respond", "other.json", "--home", "alex", "--dry-run"];
    for (index, request) in spoilt(&session.json("request.json")).iter().enumerate() {
        session.write("other.json", request);
        run(&session, &["verify", "other.json", "response.json"]);
        if index % 4 == 0 {
            run(&session, &respond);
        }
    }
    for response in spoilt(&session.json("response.json")) {
        session.write("other.json", &response);
        run(&session, &["verify", "request.json", "other.json", "--all"]);
    }
}

#[test]
fn no_command_prints_what_is_hidden_in_a_signed_request_or_credential() {
    let session = Session::with_files_of("credit-card");
    session.write_changed("orders.json", "orders.json", |orders| {
        orders["credentials"][0]["attributes"]["emailAddress"] = json!(HIDDEN);
        orders["credentials"][0]["id"] = json!(format!("urn:{HIDDEN}"));
    });
    run(&session, &["issue", "orders.json", "--home", "alex"]);
    let said = |member: &'static str| {
        move |criteria: &mut Value| criteria["criteria"][0][member] = json!(HIDDEN)
    };
    let changes: [&dyn Fn(&mut Value); 4] = [
        &said("description"),
        &said("reason"),
        &|criteria| criteria["verifier"] = json!(HIDDEN),
        &|criteria| criteria["description"] = json!(HIDDEN),
    ];
    for change in changes {
        session.write_changed("criteria.json", "changed.json", change);
        run(&session, &["request", "changed.json", "--home", "bank"]);
        let request = ["request", "changed.json", "--home", "bank", "--output", "request.json"];
        run(&session, &request);
        run(&session, &["respond", "request.json", "--home", "alex", "--dry-run"]);
        run(&session, &["respond", "request.json", "--home", "bank", "--dry-run"]);
    }
}

#[test]
fn no_command_prints_what_is_hidden_in_orders_criteria_or_credentials() {
    let session = Session::with_files_of("credit-card");
    for orders in spoilt(&session.json("orders.json")) {
        session.write("changed.json", &orders);
        assert_visible(&session.run(&["issue", "changed.json", "--home", "mill"]));
    }
    for criteria in spoilt(&session.json("criteria.json")) {
        session.write("changed.json", &criteria);
        assert_visible(&session.run(&["request", "changed.json", "--home", "bank"]));
    }
    let holder = session.run(&["holder", "--home", "alex"]).succeeded().stdout;
    let issue = ["issue", "orders.json", "--home", "mill", "--subject", holder.trim()];
    session.run(&[&issue[..], &["--output", "alex.jsonl"]].concat()).succeeded();
    let lines = fs::read_to_string(session.path("alex.jsonl")).unwrap();
    let first: Value = serde_json::from_str(lines.lines().next().unwrap()).unwrap();
    for credential in spoilt(&first) {
        session.write("changed.jsonl", &credential);
        assert_visible(&session.run(&["keep", "changed.jsonl", "--home", "alex"]));
    }
}
