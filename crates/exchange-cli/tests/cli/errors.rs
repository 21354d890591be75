//! Errors around an exchange, and what the program says about them.

use std::{fs, io::Write, net::TcpListener};

use serde_json::{Value, json};
use test_support::program::Finished;

use crate::session::{Server, Session};

#[test]
fn a_missing_home_is_an_error() {
    let session = Session::with_files_of("credit-card");
    fs::create_dir(session.path("registry")).unwrap();
    for arguments in [
        ["issue", "orders.json"].as_slice(),
        &["request", "criteria.json"],
        &["serve"],
        &["respond", "criteria.json"],
        &["keep", "orders.json"],
        &["holder"],
    ] {
        session.run(arguments).failed(2, &["--home <DIR>"]);
    }
    for arguments in [["serve"].as_slice(), &["respond", "criteria.json"]] {
        let outcome = session.run(&[arguments, &["--home", "alx"]].concat());
        outcome.failed(2, &["there is no alx; check its name"]);
        assert!(!session.path("alx").exists());
    }
    fs::create_dir(session.path("other")).unwrap();
    fs::write(session.path("other/file"), "").unwrap();
    session.run(&["serve", "--home", "other"]).failed(2, &["other is not a home"]);
}

#[test]
fn a_missing_registry_is_named() {
    let session = Session::with_credentials();
    session.request("http://127.0.0.1:9");
    session.respond_in_file();
    for arguments in [
        ["verify", "request.json", "response.json"].as_slice(),
        &["respond", "request.json", "--home", "alex"],
        &["serve", "--home", "bank"],
        &["keep", "orders.json", "--home", "alex"],
    ] {
        let outcome = session.run(&[arguments, &["--registry", "regsitry"]].concat());
        outcome.failed(2, &["the directory regsitry does not exist", "--registry"]);
    }
    let mut program = session.program(&["verify", "request.json", "response.json"]);
    program.env("NEGOTIATE_PROOF_REGISTRY", "elsewhere");
    Finished::of(program).failed(2, &["the directory elsewhere does not exist"]);
}

#[cfg(unix)]
#[test]
fn a_read_only_registry_is_read_but_not_published_in() {
    use std::os::unix::fs::PermissionsExt;

    let session = Session::with_credentials();
    session.write_changed("orders.json", "orders.json", |orders| {
        orders["issuers"][0]["did"] = json!("did:work:7SWNtygraxEPqNKhuWpw8f");
        orders["credentials"][0]["issuer"] = json!("did:work:7SWNtygraxEPqNKhuWpw8f");
    });
    let dids = session.path("registry/dids");
    fs::set_permissions(&dids, fs::Permissions::from_mode(0o555)).unwrap();
    if fs::write(dids.join("probe"), "").is_ok() {
        let _ = writeln!(std::io::stderr(), "SKIPPED: this user may write everywhere");
        return;
    }
    session
        .run(&["issue", "orders.json", "--home", "mill"])
        .failed(2, &["did%3Awork%3A7SWNtygraxEPqNKhuWpw8f.json", "may publish"]);
    session.request("http://127.0.0.1:9");
    session.respond_in_file();
    session.run(&["verify", "request.json", "response.json"]).succeeded();
}

#[test]
fn a_published_did_cannot_get_another_key() {
    let session = Session::with_credentials();
    session.write_changed("orders.json", "orders.json", |orders| {
        orders["issuers"][0]["seed"] = json!("000000000000000000000SomeoneElse");
    });
    let issue = ["issue", "orders.json", "--home", "thief"];
    session.run(&issue).failed(2, &["did%3Awork%3ATn1XD2QPskjDCztVGuJC2w.json is there already"]);
}

#[test]
fn of_publishers_at_the_same_time_one_wins_and_the_others_learn_it() {
    let session = Session::new();
    let orders = json!({
        "issuers": [{"did": "did:work:Tn1XD2QPskjDCztVGuJC2w"}],
        "credentials": [],
    });
    session.write("orders.json", &orders);
    // each home makes a key of its own
    let runs = std::thread::scope(|scope| {
        let session = &session;
        let issue = |home| session.run(&["issue", "orders.json", "--home", home]);
        ["a", "b", "c", "d"]
            .map(|home| scope.spawn(move || issue(home)))
            .map(|thread| thread.join().unwrap())
    });
    let (won, lost): (Vec<_>, Vec<_>) = runs.into_iter().partition(|run| run.code == Some(0));
    assert_eq!(won.len(), 1);
    for run in lost {
        run.failed(2, &["another document of did:work:", "name another --registry"]);
    }
}

#[cfg(unix)]
#[test]
fn a_published_document_is_readable_by_everyone() {
    use std::os::unix::fs::PermissionsExt;
    let session = Session::with_credentials();
    for file in fs::read_dir(session.path("registry/dids")).unwrap() {
        let mode = file.unwrap().metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o644);
    }
}

#[test]
fn a_seed_that_contradicts_the_wallet_s_key_is_refused() {
    let session = Session::with_credentials();
    session.write_changed("orders.json", "orders.json", |orders| {
        orders["issuers"][0]["seed"] = json!("000000000000000000000SomeoneElse");
    });
    let issue = ["issue", "orders.json", "--home", "alex"];
    let outcome =
        session.run(&issue).failed(2, &["cannot make a key for did:work:Tn1XD2QPskjDCztVGuJC2w"]);
    assert!(!outcome.stderr.contains("SomeoneElse"), "{}", outcome.stderr);
}

#[test]
fn an_issuer_without_a_published_did_is_named() {
    let session = Session::with_credentials();
    session.request("http://127.0.0.1:9");
    session.respond_in_file();
    let file = session.path("registry/dids/did%3Awork%3ATn1XD2QPskjDCztVGuJC2w.json");
    let document = fs::read(&file).unwrap();
    fs::remove_file(&file).unwrap();
    let verify = ["verify", "request.json", "response.json"];
    let outcome = session.run(&verify);
    assert_eq!(outcome.code, Some(1));
    for words in ["attribute-signatures", "did:work:Tn1XD2QPskjDCztVGuJC2w is not known"] {
        assert!(outcome.stdout.contains(words), "{}", outcome.stdout);
    }
    let other = session.path("registry/dids/did%3Awork%3AEgLY8mysgbLmj542ygMKWo.json");
    for (content, said) in [
        (b"{".to_vec(), "not JSON"),
        (vec![b' '; (1 << 20) + 1], "more than 1048576 bytes"),
        (br#"{"id": 7}"#.to_vec(), "/id"),
        (fs::read(other).unwrap(), "the document of \"did:work:EgLY8mysgbLmj542ygMKWo\""),
    ] {
        fs::write(&file, content).unwrap();
        let outcome = session.run(&verify);
        assert_eq!(outcome.code, Some(1));
        assert!(outcome.stdout.contains(said), "{}", outcome.stdout);
        // a server sends this to its clients
        assert!(!outcome.stdout.contains("did%3Awork"), "{}", outcome.stdout);
    }
    fs::write(&file, document).unwrap();
    session.run(&verify).succeeded();
}

#[test]
fn wrong_orders_are_refused_with_the_place() {
    let session = Session::with_files_of("credit-card");
    let wrong = |change: fn(&mut Value), said: &str| {
        session.write_changed("orders.json", "wrong.json", change);
        let issue = ["issue", "wrong.json", "--home", "alex"];
        let outcome = session.run(&issue).failed(2, &[said]);
        assert!(!outcome.stderr.contains("my-seed"), "{}", outcome.stderr);
    };
    wrong(
        |o| o["issuers"][0]["seed"] = json!("my-seed"),
        "cannot make a key for did:work:Tn1XD2QPskjDCztVGuJC2w",
    );
    wrong(|o| o["credentials"][1]["isuer"] = json!("x"), "/credentials/1/isuer: unknown field");
    wrong(
        |o| o["credentials"][1]["issuer"] = json!("did:work:x"),
        "/credentials/1/issuer: did:work:x",
    );
    wrong(|o| o["credentials"][1]["attributes"] = json!([]), "/credentials/1/attributes: ");
    wrong(|o| o["issuers"] = json!({"seed": "my-seed"}), "/issuers: ");
    wrong(
        |o| o["issuers"][1] = json!({"did": "did:work:x", "seed": "my-seed", "key": "key.pem"}),
        "/issuers/1: did:work:x has a `key`, and a `seed`",
    );
    wrong(|o| *o = json!([]), "cannot use wrong.json");
    wrong(|o| o["issuers"].as_array_mut().unwrap().push(json!({"did": "work:x"})), "work:x");
    for (change, said) in [
        (json!({"issuanceDate": "yesterday"}), "/credentials/0/issuanceDate: not a date"),
        (json!({"schema": null}), "/credentials/0: a credential has either `schema`"),
        (json!({"attributes": {}}), "6adb968b-52df-4da0-a720-4a0a6ac8f8db"),
    ] {
        session.write_changed("orders.json", "wrong.json", |orders| {
            let credential = orders["credentials"][0].as_object_mut().unwrap();
            credential.extend(change.as_object().unwrap().clone());
        });
        let issue = ["issue", "wrong.json", "--home", "alex"];
        session.run(&issue).failed(2, &[said]);
    }
    for did in ["did", "key:x", "did:key:", "did:Key:x"] {
        let issue = ["issue", "orders.json", "--home", "mill", "--subject", did];
        session
            .run(&[&issue[..], &["--output", "x.jsonl"]].concat())
            .failed(2, &[&format!("{did:?}")]);
    }
    session
        .run(&["issue", "orders.json", "--home", "mill", "--subject", "did:key:z6Mk"])
        .failed(2, &["--output"]);
}

#[test]
fn orders_that_are_no_orders_are_refused_with_the_pointer() {
    let session = Session::new();
    let issuers = r#""issuers": [{"did": "did:work:a"}]"#;
    let credential = r#"{"issuer": "did:work:a", "schema": "a", "attributes": {}"#;
    let error_of = |orders: &str| {
        fs::write(session.path("wrong.json"), orders).unwrap();
        session.run(&["issue", "wrong.json", "--home", "mill"]).failed(2, &["wrong.json"]).stderr
    };
    for (orders, said) in [
        ("", "not JSON from line 1"),
        ("{", "not JSON from line 1"),
        ("{} {}", "missing field `credentials`"),
        (r#"{"credentials": []} x"#, "something follows"),
        (r#"{"credentials": {}}"#, "/credentials: a value of another type"),
        (
            r#"{"credentials": [{"issuer": "did:work:a"}]}"#,
            "/credentials/0: missing field `attributes`",
        ),
        (
            &format!(
                r#"{{{issuers}, "credentials": [{credential}, "id": "x"}}, {credential}, "id": "x"}}]}}"#
            ),
            "/credentials/1/id: x is the id of another credential too",
        ),
        (
            &format!(r#"{{{issuers}, "credentials": [{credential}, "proofType": "RSA"}}]}}"#),
            "/credentials/0/proofType: unknown variant",
        ),
        (
            r#"{"credentials": [{"issuer": "did:work:a", "attributes": {"a/b": 5}}]}"#,
            "/credentials/0/attributes/a~1b: a value of another type",
        ),
    ] {
        let error = error_of(orders);
        assert!(error.contains(said), "{orders}: {error}");
    }
    for orders in [
        r#"{"issuers": [{"did": "a", "seed": ["a-secret"]}], "credentials": []}"#,
        r#"{"issuers": [{"did": "a", "seed": "a-secret", "seed": "b"}], "credentials": []}"#,
        r#"{"issuers": "a-secret", "credentials": []}"#,
        r#"{"issuers": ["a-secret"], "credentials": []}"#,
        r#"{"credentials": "a-secret"}"#,
    ] {
        let error = error_of(orders);
        assert!(!error.contains("a-secret"), "{error}");
    }
}

#[test]
fn wrong_criteria_are_refused_with_the_place() {
    let session = Session::with_files_of("credit-card");
    let wrong = |change: fn(&mut Value), said: &[&str]| {
        session.write_changed("criteria.json", "wrong.json", change);
        let request = ["request", "wrong.json", "--home", "bank"];
        session.run(&request).failed(2, said);
    };
    wrong(|c| c["criteria"][1]["min"] = json!(-1), &["wrong.json", "/criteria/1/min"]);
    wrong(|c| c["criteria"][1]["max"] = json!(0), &["/criteria/1"]);
    wrong(|c| c["criteria"][2]["schema"] = json!(7), &["/criteria/2/schema"]);
    wrong(|c| c["criteria"][2]["issuers"]["dids"][0] = json!("x"), &["/criteria/2/issuers/dids/0"]);
    wrong(|c| c["criteria"] = json!("x"), &["/criteria"]);
    wrong(|c| *c = json!([]), &["wrong.json is not a JSON object"]);
    wrong(|c| c["verifier"] = json!("did:work:x"), &["has the member `verifier`"]);
    wrong(|c| c["proofURL"] = json!("https://a.example"), &["has the member `proofURL`"]);
    fs::write(session.path("text.json"), "text").unwrap();
    for (file, said) in [("text.json", "is not JSON"), ("missing.json", "cannot read missing.json")]
    {
        session.run(&["request", file, "--home", "bank"]).failed(2, &[file, said]);
    }
    for url in ["bank", "ftp://bank.example", "mailto:bank@bank.example", "http://"] {
        let request = ["request", "criteria.json", "--home", "bank", "--url", url];
        session.run(&request).failed(2, &[url]);
    }
    for did in ["bank", "did:web:bank.example"] {
        let request = ["request", "criteria.json", "--home", "bank", "--did", did];
        session.run(&request).failed(2, &[did]);
    }
    for hours in ["0", "8761", "-1", "soon"] {
        let expires = format!("--expires-in={hours}");
        let request = ["request", "criteria.json", "--home", "bank", &expires];
        session.run(&request).failed(2, &["--expires-in"]);
    }
    let requests = fs::read_dir(session.path("bank/exchange/requests"));
    assert!(requests.is_err() || requests.unwrap().count() == 0);
}

#[test]
fn criteria_that_may_not_be_meant_are_warned_of() {
    let session = Session::with_files_of("credit-card");
    session.write_changed("criteria.json", "odd.json", |c| {
        c["accepted"] = json!(["json/JcsEd25519Signature2020"]);
        c["accept"] = json!(["json/Foo", "json-ld/eddsa-jcs-2022"]);
        c["criteria"][1]["property"] = json!([]);
    });
    let request = ["request", "odd.json", "--home", "bank", "--output", "request.json"];
    let outcome = session.run(&request);
    assert_eq!(outcome.code, Some(0));
    for said in ["/accepted: ", "/criteria/1/property: ", "json/Foo or json-ld/eddsa-jcs-2022"] {
        assert!(outcome.stderr.contains(said), "{said}: {}", outcome.stderr);
    }
}

#[test]
fn standard_input_is_named_by_its_name() {
    let session = Session::with_credentials();
    session.request("http://127.0.0.1:9");
    for arguments in [
        ["issue", "-", "--home", "mill"],
        ["keep", "-", "--home", "alex"],
        ["request", "-", "--home", "bank"],
        ["respond", "-", "--home", "alex"],
    ] {
        let outcome = Finished::with_input(session.program(&arguments), "nonsense");
        let error = outcome.failed(2, &["standard input"]).stderr;
        assert!(!error.contains(" - ") && !error.contains(" -:"), "{error}");
    }
    let long = " ".repeat((1 << 20) + 1);
    let verify = session.program(&["verify", "-", "response.json"]);
    Finished::with_input(verify, &long).failed(2, &["cannot use standard input: it has more"]);
}

#[test]
fn a_member_twice_in_a_file_of_ours_is_refused_with_its_pointer() {
    let session = Session::with_credentials();
    session.request("http://127.0.0.1:9");
    session.respond_in_file();
    let twice = |from: &str, to: &str, member: &str, again: &str| {
        let text = session.json(from).to_string();
        let changed = text.replacen(member, &format!("{again},{member}"), 1);
        assert_ne!(text, changed, "{from} has {member}");
        fs::write(session.path(to), changed).unwrap();
    };
    twice("criteria.json", "wrong.json", "\"reason\":", "\"reason\":\"none\"");
    let request = ["request", "wrong.json", "--home", "bank"];
    session.run(&request).failed(2, &["wrong.json", "/criteria/0/reason", "each member once"]);
    twice("orders.json", "wrong.json", "\"grossPay\":", "\"grossPay\":\"9000\"");
    let issue = ["issue", "wrong.json", "--home", "mill"];
    session.run(&issue).failed(2, &["wrong.json", "/attributes/grossPay", "each member once"]);
    fs::write(session.path("context.json"), r#"{"@context": {}, "@context": {}}"#).unwrap();
    let respond = ["respond", "request.json", "--home", "alex", "--dry-run"];
    session
        .run(&[&respond[..], &["--context", "https://a.example=context.json"]].concat())
        .failed(2, &["context.json", "/@context", "each member once"]);
    let did = "registry/dids/did%3Awork%3ATn1XD2QPskjDCztVGuJC2w.json";
    twice(did, did, "\"id\":", "\"id\":\"did:work:other\"");
    let outcome = session.run(&["verify", "request.json", "response.json"]);
    assert_eq!(outcome.code, Some(1));
    assert!(outcome.stdout.contains("each member once"), "{outcome:?}");
}

#[test]
fn files_of_the_wrong_kind_are_named() {
    let session = Session::with_credentials();
    session.request("http://127.0.0.1:9");
    session.respond_in_file();
    for request in ["orders.json", "criteria.json", "response.json"] {
        session
            .run(&["respond", request, "--home", "alex", "--dry-run"])
            .failed(2, &[&format!("cannot use {request}")]);
    }
    session
        .run(&["respond", "criteria.json", "--home", "alex"])
        .failed(2, &["make a request of them"]);
    for (file, said) in
        [("request.json", "finished proof request"), ("response.json", "proof response")]
    {
        session.run(&["request", file, "--home", "bank"]).failed(2, &[file, said]);
    }
    let mixed = session.run(&["verify", "response.json", "request.json"]);
    assert_eq!(mixed.code, Some(1), "{mixed:?}");
    assert!(mixed.stdout.contains("request-shape"), "{mixed:?}");
    session
        .run(&["verify", "request.json", "missing.json"])
        .failed(2, &["cannot read missing.json"]);
    session
        .run(&["verify", "request.json", "response.json", "--answered", "criteria.json"])
        .failed(2, &["criteria.json"]);
    session
        .run(&["verify", "request.json", "response.json", "--relax", "everything"])
        .failed(2, &["everything", "distinct-credentials"]);
    session
        .run(&["verify", "request.json", "response.json", "--context", "x"])
        .failed(2, &["URL=FILE"]);
}

#[test]
fn a_record_of_answers_that_was_emptied_is_refused_and_nothing_rejected() {
    let session = Session::with_credentials();
    session.request("http://127.0.0.1:9");
    session.respond_in_file();
    let verify = ["verify", "request.json", "response.json", "--answered", "answered.txt"];
    session.run(&verify).succeeded();
    fs::write(session.path("answered.txt"), "").unwrap();
    let words = ["answered.txt has 0 answered requests, and 1 were accepted", "from a copy"];
    let failed = session.run(&verify).failed(2, &words);
    assert!(!failed.stderr.contains("rejected"), "{failed:?}");
    assert_eq!(failed.stdout, "");
}

#[test]
fn a_server_that_is_down_or_a_wrong_one_is_named() {
    let session = Session::with_credentials();
    let server = Server::start(&session, &[]);
    let down = {
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        format!("http://{}", free.local_addr().unwrap())
    };
    session.request(&down);
    for (request, said) in [
        ("request.json".to_owned(), down.clone()),
        (format!("{down}/requests/1"), down),
        (format!("{}/requests/1", server.url), "no proof request".to_owned()),
        (format!("{}/elsewhere", server.url), "/elsewhere".to_owned()),
        ("http://".to_owned(), "is not a URL".to_owned()),
        ("HTTP://192.0.2.1/requests/1".to_owned(), "--allow-plain".to_owned()),
    ] {
        let outcome = session.run(&["respond", &request, "--home", "alex", "--yes"]);
        outcome.failed(2, &[&said]);
    }
}

#[test]
fn a_request_is_printed_alone_or_as_a_qr_code() {
    let session = Session::with_files_of("credit-card");
    let request = ["request", "criteria.json", "--home", "bank"];
    let printed = session.run(&request).succeeded().stdout;
    let printed: Value = serde_json::from_str(&printed).unwrap();
    assert_eq!(printed["proofRequest"]["description"], "Credit card application information");
    let code = session.run(&[&request[..], &["--qr"]].concat()).succeeded();
    assert!(code.stdout.contains('█'), "{}", code.stdout);
    assert!(code.stdout.contains("http://127.0.0.1:8700/requests/"), "{}", code.stdout);
    let quiet = session.run(&[&request[..], &["--quiet"]].concat());
    assert_eq!(quiet.succeeded().stdout, "");
}

#[test]
fn an_example_overwrites_no_other_file() {
    let session = Session::new();
    for example in ["credit-card", "rental"] {
        let (code, lines) = session.run_json(&["example", example]);
        assert_eq!((code, &lines[0]["directory"]), (Some(0), &json!(example)));
        session.run(&["example", example]).succeeded();
    }
    session
        .run(&["example", "rental", "credit-card"])
        .failed(2, &["credit-card/orders.json is there already"]);
    fs::write(session.path("file"), "").unwrap();
    session.run(&["example", "rental", "file"]).failed(2, &["file"]);
}

#[test]
fn a_verifier_that_stays_busy_is_an_error_and_no_refusal() {
    use std::io::{Read, Write};
    let session = Session::with_credentials();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    session.request(&format!("http://{}", listener.local_addr().unwrap()));
    let busy = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let _ = stream.read(&mut [0; 1 << 16]);
        let answer = "HTTP/1.1 503 No\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";
        stream.write_all(answer.as_bytes()).unwrap();
        stream.shutdown(std::net::Shutdown::Write).unwrap();
        // until the client closes its side too
        let _ = stream.read_to_end(&mut Vec::new());
    });
    let outcome = session.run(&["respond", "request.json", "--home", "alex", "--yes"]);
    outcome.failed(2, &["cannot answer now", "try again in a moment"]);
    busy.join().unwrap();
}
