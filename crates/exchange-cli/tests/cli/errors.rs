//! What goes wrong around an exchange, and what the program says about it.

use std::{fs, io::Write, net::TcpListener, process::Stdio};

use serde_json::{Value, json};

use super::market::{Market, Server};
use crate::scene::Outcome;

#[test]
fn homes_that_are_needed_are_asked_for() {
    let market = Market::with_files_of("credit-card");
    fs::create_dir(market.path("registry")).unwrap();
    for arguments in [
        ["issue", "orders.json"].as_slice(),
        &["request", "criteria.json"],
        &["serve"],
        &["respond", "criteria.json"],
        &["keep", "orders.json"],
        &["holder"],
    ] {
        market.run(arguments).failed(2, &["--home DIR"]);
    }
    for arguments in [["serve"].as_slice(), &["respond", "criteria.json"]] {
        let outcome = market.run(&[arguments, &["--home", "alx"]].concat());
        outcome.failed(2, &["there is no alx; check its name"]);
        assert!(!market.path("alx").exists());
    }
    fs::create_dir(market.path("other")).unwrap();
    fs::write(market.path("other/file"), "").unwrap();
    market
        .run(&["serve", "--home", "other"])
        .failed(2, &["other is not a home"]);
}

#[test]
fn a_registry_that_is_not_there_is_told() {
    let market = Market::with_credentials();
    market.request("http://127.0.0.1:9");
    market.respond_in_file();
    for arguments in [
        ["verify", "request.json", "response.json"].as_slice(),
        &["respond", "request.json", "--home", "alex"],
        &["serve", "--home", "bank"],
        &["keep", "orders.json", "--home", "alex"],
    ] {
        let outcome = market.run(&[arguments, &["--registry", "regsitry"]].concat());
        outcome.failed(2, &["there is no registry regsitry", "--registry"]);
    }
    let mut program = market.program(&["verify", "request.json", "response.json"]);
    program.env("NEGOTIATE_PROOF_REGISTRY", "elsewhere");
    Outcome::of(program).failed(2, &["there is no registry elsewhere"]);
}

#[cfg(unix)]
#[test]
fn a_registry_in_which_this_user_may_not_publish_is_told_and_read() {
    use std::os::unix::fs::PermissionsExt;

    let market = Market::with_credentials();
    market.write_changed("orders.json", "orders.json", |orders| {
        orders["issuers"][0]["did"] = json!("did:work:7SWNtygraxEPqNKhuWpw8f");
        orders["credentials"][0]["issuer"] = json!("did:work:7SWNtygraxEPqNKhuWpw8f");
    });
    let dids = market.path("registry/dids");
    fs::set_permissions(&dids, fs::Permissions::from_mode(0o555)).unwrap();
    if fs::write(dids.join("probe"), "").is_ok() {
        let _ = writeln!(std::io::stderr(), "SKIPPED: this user may write everywhere");
        return;
    }
    market
        .run(&["issue", "orders.json", "--home", "mill"])
        .failed(
            2,
            &["did%3Awork%3A7SWNtygraxEPqNKhuWpw8f.json", "may publish"],
        );
    market.request("http://127.0.0.1:9");
    market.respond_in_file();
    market
        .run(&["verify", "request.json", "response.json"])
        .succeeded();
}

#[test]
fn an_issuer_cannot_publish_another_key_under_a_did_that_is_taken() {
    let market = Market::with_credentials();
    market.write_changed("orders.json", "orders.json", |orders| {
        orders["issuers"][0]["seed"] = json!("000000000000000000000SomeoneElse");
    });
    let issue = ["issue", "orders.json", "--home", "thief"];
    market.run(&issue).failed(
        2,
        &["did%3Awork%3ATn1XD2QPskjDCztVGuJC2w.json is there already"],
    );
}

#[test]
fn a_seed_that_makes_another_key_than_the_wallet_holds_is_refused() {
    let market = Market::with_credentials();
    market.write_changed("orders.json", "orders.json", |orders| {
        orders["issuers"][0]["seed"] = json!("000000000000000000000SomeoneElse");
    });
    let issue = ["issue", "orders.json", "--home", "alex"];
    let outcome = market.run(&issue).failed(
        2,
        &["cannot make a key for did:work:Tn1XD2QPskjDCztVGuJC2w"],
    );
    assert!(
        !outcome.stderr.contains("SomeoneElse"),
        "{}",
        outcome.stderr
    );
}

#[test]
fn an_issuer_whose_did_the_registry_does_not_know_is_named() {
    let market = Market::with_credentials();
    market.request("http://127.0.0.1:9");
    market.respond_in_file();
    let file = market.path("registry/dids/did%3Awork%3ATn1XD2QPskjDCztVGuJC2w.json");
    let document = fs::read(&file).unwrap();
    fs::remove_file(&file).unwrap();
    let verify = ["verify", "request.json", "response.json"];
    let outcome = market.run(&verify);
    assert_eq!(outcome.code, Some(1));
    for words in [
        "attribute-signatures",
        "did:work:Tn1XD2QPskjDCztVGuJC2w is not known",
    ] {
        assert!(outcome.stdout.contains(words), "{}", outcome.stdout);
    }
    fs::write(&file, "{").unwrap();
    let outcome = market.run(&verify);
    assert_eq!(outcome.code, Some(1));
    assert!(outcome.stdout.contains("not JSON"), "{}", outcome.stdout);
    fs::write(&file, document).unwrap();
    market.run(&verify).succeeded();
}

#[test]
fn orders_that_are_wrong_are_told_with_the_place_and_nothing_is_issued() {
    let market = Market::with_files_of("credit-card");
    let wrong = |change: fn(&mut Value), said: &str| {
        market.write_changed("orders.json", "wrong.json", change);
        let issue = ["issue", "wrong.json", "--home", "alex"];
        let outcome = market.run(&issue).failed(2, &[said]);
        assert!(!outcome.stderr.contains("my-seed"), "{}", outcome.stderr);
    };
    wrong(
        |o| o["issuers"][0]["seed"] = json!("my-seed"),
        "cannot make a key for did:work:Tn1XD2QPskjDCztVGuJC2w",
    );
    wrong(
        |o| o["credentials"][1]["isuer"] = json!("x"),
        "/credentials/1/isuer: unknown field",
    );
    wrong(
        |o| o["credentials"][1]["issuer"] = json!("did:work:x"),
        "/credentials/1/issuer: did:work:x",
    );
    wrong(
        |o| o["credentials"][1]["attributes"] = json!([]),
        "/credentials/1/attributes: ",
    );
    wrong(|o| o["issuers"] = json!({"seed": "my-seed"}), "/issuers: ");
    wrong(|o| *o = json!([]), "cannot use wrong.json");
    wrong(
        |o| {
            o["issuers"]
                .as_array_mut()
                .unwrap()
                .push(json!({"did": "work:x"}))
        },
        "work:x",
    );
    for (change, said) in [
        (
            json!({"issuanceDate": "yesterday"}),
            "\"yesterday\" is no date",
        ),
        (json!({"schema": null}), "needs either `schema`"),
        (
            json!({"attributes": {}}),
            "6adb968b-52df-4da0-a720-4a0a6ac8f8db",
        ),
    ] {
        market.write_changed("orders.json", "wrong.json", |orders| {
            let credential = orders["credentials"][0].as_object_mut().unwrap();
            credential.extend(change.as_object().unwrap().clone());
        });
        let issue = ["issue", "wrong.json", "--home", "alex"];
        market.run(&issue).failed(2, &[said]);
    }
    for did in ["did", "key:x", "did:key:", "did:Key:x"] {
        let issue = ["issue", "orders.json", "--home", "mill", "--subject", did];
        market
            .run(&[&issue[..], &["--output", "x.jsonl"]].concat())
            .failed(2, &[&format!("{did:?}")]);
    }
    market
        .run(&[
            "issue",
            "orders.json",
            "--home",
            "mill",
            "--subject",
            "did:key:z6Mk",
        ])
        .failed(2, &["--output"]);
}

#[test]
fn criteria_that_are_wrong_are_told_with_their_place_and_no_request_is_made() {
    let market = Market::with_files_of("credit-card");
    let wrong = |change: fn(&mut Value), said: &[&str]| {
        market.write_changed("criteria.json", "wrong.json", change);
        let request = ["request", "wrong.json", "--home", "bank"];
        market.run(&request).failed(2, said);
    };
    wrong(
        |c| c["criteria"][1]["min"] = json!(-1),
        &["wrong.json", "/criteria/1/min"],
    );
    wrong(|c| c["criteria"][1]["max"] = json!(0), &["/criteria/1"]);
    wrong(
        |c| c["criteria"][2]["schema"] = json!(7),
        &["/criteria/2/schema"],
    );
    wrong(
        |c| c["criteria"][2]["issuers"]["dids"][0] = json!("x"),
        &["/criteria/2/issuers/dids/0"],
    );
    wrong(|c| c["criteria"] = json!("x"), &["/criteria"]);
    wrong(|c| *c = json!([]), &["wrong.json is no JSON object"]);
    fs::write(market.path("text.json"), "text").unwrap();
    for (file, said) in [
        ("text.json", "is not JSON"),
        ("missing.json", "cannot read missing.json"),
    ] {
        market
            .run(&["request", file, "--home", "bank"])
            .failed(2, &[file, said]);
    }
    for url in [
        "bank",
        "ftp://bank.example",
        "mailto:bank@bank.example",
        "http://",
    ] {
        let request = ["request", "criteria.json", "--home", "bank", "--url", url];
        market.run(&request).failed(2, &[url]);
    }
    for did in ["bank", "did:web:bank.example"] {
        let request = ["request", "criteria.json", "--home", "bank", "--did", did];
        market.run(&request).failed(2, &[did]);
    }
    for hours in ["0", "8761", "-1", "soon"] {
        let expires = format!("--expires-in={hours}");
        let request = ["request", "criteria.json", "--home", "bank", &expires];
        market.run(&request).failed(2, &["--expires-in"]);
    }
    let requests = fs::read_dir(market.path("bank/exchange/requests"));
    assert!(requests.is_err() || requests.unwrap().count() == 0);
}

#[test]
fn files_of_the_wrong_kind_are_told() {
    let market = Market::with_credentials();
    market.request("http://127.0.0.1:9");
    market.respond_in_file();
    for request in ["orders.json", "criteria.json", "response.json"] {
        market
            .run(&["respond", request, "--home", "alex", "--dry-run"])
            .failed(2, &[&format!("cannot use {request}")]);
    }
    let mixed = market.run(&["verify", "response.json", "request.json"]);
    assert_eq!(mixed.code, Some(1), "{mixed:?}");
    assert!(mixed.stdout.contains("request-shape"), "{mixed:?}");
    market
        .run(&["verify", "request.json", "missing.json"])
        .failed(2, &["cannot read missing.json"]);
    market
        .run(&[
            "verify",
            "request.json",
            "response.json",
            "--answered",
            "criteria.json",
        ])
        .failed(2, &["criteria.json"]);
    market
        .run(&[
            "verify",
            "request.json",
            "response.json",
            "--relax",
            "everything",
        ])
        .failed(2, &["everything", "distinct-credentials"]);
    market
        .run(&["verify", "request.json", "response.json", "--context", "x"])
        .failed(2, &["URL=FILE"]);
}

#[test]
fn a_server_that_is_down_or_another_s_is_told() {
    let market = Market::with_credentials();
    let server = Server::start(&market, &[]);
    let down = {
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        format!("http://{}", free.local_addr().unwrap())
    };
    market.request(&down);
    for (request, said) in [
        ("request.json".to_owned(), down.clone()),
        (format!("{down}/requests/1"), down),
        (
            format!("{}/requests/1", server.url),
            "no proof request".to_owned(),
        ),
        (format!("{}/elsewhere", server.url), "/elsewhere".to_owned()),
        ("http://".to_owned(), "is no URL".to_owned()),
        (
            "http://192.0.2.1/requests/1".to_owned(),
            "--allow-plain".to_owned(),
        ),
    ] {
        let outcome = market.run(&["respond", &request, "--home", "alex"]);
        outcome.failed(2, &[&said]);
    }
}

#[test]
fn a_request_goes_to_standard_output_alone_or_as_a_qr_code() {
    let market = Market::with_files_of("credit-card");
    let request = ["request", "criteria.json", "--home", "bank"];
    let printed = market.run(&request).succeeded().stdout;
    let printed: Value = serde_json::from_str(&printed).unwrap();
    assert_eq!(
        printed["proofRequest"]["description"],
        "Credit card application information"
    );
    let code = market.run(&[&request[..], &["--qr"]].concat()).succeeded();
    assert!(code.stdout.contains('█'), "{}", code.stdout);
    assert!(
        code.stdout.contains("http://127.0.0.1:8700/requests/"),
        "{}",
        code.stdout
    );
    let quiet = market.run(&[&request[..], &["--quiet"]].concat());
    assert_eq!(quiet.succeeded().stdout, "");
}

#[test]
fn an_example_is_written_once_and_over_nothing() {
    let market = Market::new();
    for example in ["credit-card", "rental"] {
        let (code, lines) = market.told(&["example", example]);
        assert_eq!((code, &lines[0]["directory"]), (Some(0), &json!(example)));
        market.run(&["example", example]).succeeded();
    }
    market
        .run(&["example", "rental", "credit-card"])
        .failed(2, &["credit-card/orders.json is there already"]);
    fs::write(market.path("file"), "").unwrap();
    market
        .run(&["example", "rental", "file"])
        .failed(2, &["file"]);
}

#[test]
fn whoever_stops_listening_gets_no_complaint() {
    let market = Market::with_credentials();
    market.request("http://127.0.0.1:9");
    for arguments in [
        ["request", "criteria.json", "--home", "bank"].as_slice(),
        &["respond", "request.json", "--home", "alex", "--dry-run"],
        &["holder", "--home", "alex"],
    ] {
        let mut program = market.program(arguments);
        let mut child = program
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!(
            String::from_utf8(output.stderr).unwrap(),
            "",
            "{arguments:?}"
        );
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
    }
}
