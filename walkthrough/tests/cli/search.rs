//! Searching the prover's wallet, and importing into it.

use std::{fs, io::Write, process::Stdio};

use serde_json::{Value, json};

use test_support::program::Finished;

use crate::walkthrough::Walkthrough;

/// A credential as the prover's wallet keeps it.
const CREDENTIAL: &str = include_str!("../../../crates/test-support/fixtures/credential.json");

/// Returns the request of the tutorial, restricted to this issuer.
fn request(issuer_did: &str) -> Value {
    json!({
        "nonce": "1", "name": "n", "version": "1.0",
        "requested_attributes":
            {"who": {"name": "name", "restrictions": {"issuer_did": issuer_did}}},
        "requested_predicates": {"adult": {"name": "age", "p_type": ">=", "p_value": 18}},
    })
}

fn search(walkthrough: &Walkthrough, request: &Value, arguments: &[&str]) -> Finished {
    fs::write(walkthrough.path("request.json"), request.to_string()).unwrap();
    walkthrough.run_at_home(&[&["search", "request.json"], arguments].concat())
}

fn trust_anchor(walkthrough: &Walkthrough) -> String {
    walkthrough.state(2)["data"]["trust_anchor_did"].as_str().unwrap().to_owned()
}

/// Returns the lines of an import file: credentials of people of this age.
pub fn lines(count: usize, age: &str) -> String {
    let mut credential: Value = serde_json::from_str(CREDENTIAL).unwrap();
    credential["values"]["age"] = json!({"raw": age, "encoded": age});
    (0..count)
        .map(|number| {
            json!({"id": format!("{age}-{number}"), "credential": credential}).to_string() + "\n"
        })
        .collect()
}

fn import(walkthrough: &Walkthrough, lines: &str) -> Finished {
    fs::write(walkthrough.path("import.jsonl"), lines).unwrap();
    walkthrough.run_at_home(&["wallet", "import", "import.jsonl", "--json"])
}

#[test]
fn a_search_shows_the_candidates_of_each_referent() {
    let walkthrough = Walkthrough::after_step(2);
    let found = search(&walkthrough, &request(&trust_anchor(&walkthrough)), &[]).succeeded();
    assert!(found.stdout.contains("who: 1 candidate\n"), "{}", found.stdout);
    assert!(found.stdout.contains("adult: 1 candidate\n"), "{}", found.stdout);
    assert!(found.stdout.contains(r#"age = "28", height = "175", name = "Alex", sex = "male""#));
}

#[test]
fn a_search_in_json_is_one_referent_a_line() {
    let walkthrough = Walkthrough::after_step(2);
    let lines = search(&walkthrough, &request(&trust_anchor(&walkthrough)), &["--json"])
        .succeeded()
        .lines();
    let [who, adult, end] = &lines[..] else { panic!("{lines:?}") };
    assert_eq!(
        (&who["referent"], &who["count"], &who["more"]),
        (&json!("who"), &json!(1), &json!(false))
    );
    assert_eq!(who["candidates"][0]["cred_info"]["attrs"]["name"], "Alex");
    assert_eq!(adult["referent"], "adult");
    assert_eq!(end, &json!({"format": 1, "answered": true}));
}

#[test]
fn a_search_without_a_candidate_ends_with_1_and_explains() {
    let walkthrough = Walkthrough::after_step(2);
    let issuer = trust_anchor(&walkthrough);
    let stranger = "V4SGRU86Z58d6TV7PBUe6f";
    let found = search(&walkthrough, &request(stranger), &["--explain"]);
    assert_eq!(found.code, Some(1), "{found:?}");
    assert!(found.stdout.contains("who: no candidate"), "{}", found.stdout);
    for name in [stranger, issuer.as_str()] {
        assert!(found.stdout.contains(name), "{}", found.stdout);
    }

    let mut older = request(&issuer);
    older["requested_predicates"]["adult"]["p_value"] = json!(30);
    let line = search(&walkthrough, &older, &["--explain", "--json"]).lines().remove(1);
    let excluded = &line["classes"][0]["credentials"][0]["excluded"];
    assert_eq!(excluded["by"], 2, "{line}");
}

#[test]
fn an_unusable_request_is_named_with_the_place() {
    let walkthrough = Walkthrough::after_step(2);
    let mut wrong = request("x");
    wrong["requested_predicates"]["adult"]["p_type"] = json!("=");
    let outcome = search(&walkthrough, &wrong, &[]);
    outcome.failed(2, &["cannot use request.json", "/requested_predicates/adult/p_type"]);
    walkthrough
        .run_at_home(&["search", "no.json"])
        .failed(2, &["cannot read no.json", "name a file"]);
    for file in ["no.jsonl", "."] {
        walkthrough
            .run_at_home(&["wallet", "import", file])
            .failed(2, &[&format!("cannot read {file}; name a file")]);
    }
}

#[test]
fn a_search_without_a_wallet_says_how_to_get_one() {
    let walkthrough = Walkthrough::new();
    fs::create_dir(walkthrough.home()).unwrap();
    for command in [&["search", "request.json"][..], &["wallet", "rebuild"]] {
        fs::write(walkthrough.path("request.json"), request("x").to_string()).unwrap();
        let outcome = walkthrough.run_at_home(command);
        let outcome = outcome.failed(2, &["there is no wallet of the prover", "wallet import"]);
        assert!(!outcome.stderr.contains("is gone"), "{}", outcome.stderr);
    }
}

#[test]
fn a_page_after_the_last_is_reported() {
    let walkthrough = Walkthrough::after_step(2);
    let request = request(&trust_anchor(&walkthrough));
    let text = search(&walkthrough, &request, &["--page", "2"]).succeeded().stdout;
    let expected = "who: 1 candidate, page 2\n  the candidates end before this page\n";
    assert!(text.starts_with(expected), "{text}");
}

#[test]
fn credentials_and_requests_cannot_steer_the_terminal() {
    let walkthrough = Walkthrough::new();
    let line = lines(1, "44").replace("Alex", "A\\u001b[2Jl\\nex");
    import(&walkthrough, &line).succeeded();
    let request = json!({"nonce": "1", "name": "n", "version": "1.0",
        "requested_attributes": {"who\u{1b}[31m\n": {"name": "name"}}, "requested_predicates": {}});
    let text = search(&walkthrough, &request, &["--explain"]).succeeded().stdout;
    assert!(text.starts_with(r"who\u{1b}[31m\n: 1 candidate"), "{text}");
    assert!(text.contains(r#"name = "A\u{1b}[2Jl\nex""#), "{text}");

    let mut wrong = request;
    wrong["requested_attributes"]["who\u{1b}[31m\n"] = json!({});
    let place = r"/requested_attributes/who\u{1b}[31m\n: expected";
    search(&walkthrough, &wrong, &[]).failed(2, &[place]);
}

#[test]
fn imported_credentials_are_found_page_by_page() {
    let walkthrough = Walkthrough::new();
    let report = import(&walkthrough, &lines(1_203, "44")).succeeded().last_line();
    assert_eq!((&report["imported"], &report["skipped"]), (&json!(1_203), &json!(0)));

    let everything = json!({"nonce": "1", "name": "n", "version": "1.0",
        "requested_attributes": {"who": {"name": "name"}}, "requested_predicates": {}});
    let text = search(&walkthrough, &everything, &[]).succeeded().stdout;
    assert!(text.starts_with("who: more than 1000 candidates\n"), "{text}");
    assert!(text.contains("--page 2 shows more"), "{text}");
    let mut ids = Vec::new();
    for page in ["1", "2", "61", "62"] {
        let line = search(&walkthrough, &everything, &["--json", "--page", page])
            .succeeded()
            .lines()
            .remove(0);
        let candidates = line["candidates"].as_array().unwrap().iter();
        ids.extend(
            candidates.map(|found| found["cred_info"]["referent"].as_str().unwrap().to_owned()),
        );
    }
    let expected = (0..40).chain(1_200..1_203).map(|number| format!("44-{number}"));
    assert_eq!(ids, expected.collect::<Vec<_>>());
}

#[test]
fn a_killed_import_is_resumed_without_duplicates() {
    let walkthrough = Walkthrough::new();
    let all = lines(7_000, "44");
    let mut program = walkthrough.program_with(&["wallet", "import", "-", "--quiet", "--home"]);
    program.arg(walkthrough.home());
    let mut running = program.stdin(Stdio::piped()).spawn().unwrap();
    // What a pipe holds is far less than a batch of 2,000. The program reads a batch ahead of the
    // one that waits and the one that is being written, so that it has stored the first when it
    // reads the fourth.
    let until = all.match_indices('\n').nth(6_400).unwrap().0;
    running.stdin.as_mut().unwrap().write_all(&all.as_bytes()[..until]).unwrap();
    running.kill().unwrap();
    running.wait().unwrap();

    let report = import(&walkthrough, &all).succeeded().last_line();
    let count = |name: &str| report[name].as_u64().unwrap();
    assert_eq!(count("imported") + count("skipped"), 7_000);
    assert!(count("skipped") >= 2_000, "{report}");
    let again = import(&walkthrough, &all).succeeded().last_line();
    assert_eq!((&again["imported"], &again["skipped"]), (&json!(0), &json!(7_000)));
}

#[test]
fn an_import_stops_at_the_line_that_is_not_a_credential() {
    let walkthrough = Walkthrough::new();
    let good = lines(3, "44");
    for wrong in ["not JSON", "[]", "{}", r#"{"id": "a", "credential": {"schema_id": 1}}"#] {
        import(&walkthrough, &format!("{good}\n{wrong}\n")).failed(2, &["import.jsonl", "line 5"]);
    }
    let report = import(&walkthrough, &good).succeeded().last_line();
    assert_eq!(report["skipped"], 3);
}

#[test]
fn a_class_directory_is_rebuilt_on_demand() {
    let walkthrough = Walkthrough::new();
    import(&walkthrough, &lines(2, "44")).succeeded();
    let printed = walkthrough.run_at_home(&["wallet", "rebuild", "--json"]).succeeded();
    assert_eq!(printed.lines()[0], json!({"format": 1, "classes": 1}));
}

#[test]
fn another_credential_under_a_taken_id_is_refused() {
    let walkthrough = Walkthrough::new();
    import(&walkthrough, &lines(2, "44")).succeeded();
    // the same ids, another age
    let others = lines(2, "45").replace("\"45-", "\"44-");
    import(&walkthrough, &others).failed(2, &["line 1", "another credential under the id `44-0`"]);
    // and twice within one file
    let twice = lines(1, "46") + &lines(1, "47").replace("\"47-", "\"46-");
    import(&walkthrough, &twice).failed(2, &["line 2", "another credential under the id `46-0`"]);
}

#[test]
fn a_line_that_is_too_long_stops_an_import() {
    let walkthrough = Walkthrough::new();
    let long = lines(2, "44") + &" ".repeat(5 << 20) + "\n";
    import(&walkthrough, &long).failed(2, &["line 3", "longer than"]);
    let report = import(&walkthrough, &lines(2, "44")).succeeded().last_line();
    assert_eq!(report["skipped"], 2);
}

#[test]
fn an_escape_sequence_is_shown_and_not_sent() {
    let walkthrough = Walkthrough::after_step(2);
    let request = json!({"nonce": "1", "name": "n", "version": "1.0", "requested_predicates": {},
        "requested_attributes": {"\u{1b}[2Jwho": {"name": "name"}}});
    let found = search(&walkthrough, &request, &[]).succeeded();
    assert!(found.stdout.contains("\\u{1b}[2Jwho: 1 candidate"), "{}", found.stdout);
    assert!(!found.stdout.contains('\u{1b}'));
}
