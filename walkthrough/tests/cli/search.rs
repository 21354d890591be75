//! Searching the prover's wallet, and importing into it.

use std::{fs, io::Write, process::Stdio};

use serde_json::{Value, json};

use crate::scene::{Outcome, Scene};

/// A credential as the prover's wallet keeps it.
const CREDENTIAL: &str = include_str!("../../../crates/indy/tests/fixtures/credential.json");

/// The request of the tutorial, restricted to this issuer.
fn request(issuer_did: &str) -> Value {
    json!({
        "nonce": "1", "name": "n", "version": "1.0",
        "requested_attributes":
            {"who": {"name": "name", "restrictions": {"issuer_did": issuer_did}}},
        "requested_predicates": {"adult": {"name": "age", "p_type": ">=", "p_value": 18}},
    })
}

fn search(scene: &Scene, request: &Value, arguments: &[&str]) -> Outcome {
    fs::write(scene.path("request.json"), request.to_string()).unwrap();
    scene.run_at_home(&[&["search", "request.json"], arguments].concat())
}

fn trust_anchor(scene: &Scene) -> String {
    scene.state(2)["data"]["trust_anchor_did"]
        .as_str()
        .unwrap()
        .to_owned()
}

/// Lines of an import file: credentials of people of this age.
pub fn lines(count: usize, age: &str) -> String {
    let mut credential: Value = serde_json::from_str(CREDENTIAL).unwrap();
    credential["values"]["age"] = json!({"raw": age, "encoded": age});
    (0..count)
        .map(|number| {
            json!({"id": format!("{age}-{number}"), "credential": credential}).to_string() + "\n"
        })
        .collect()
}

fn import(scene: &Scene, lines: &str) -> Outcome {
    fs::write(scene.path("import.jsonl"), lines).unwrap();
    scene.run_at_home(&["--json", "wallet", "import", "import.jsonl"])
}

#[test]
fn a_search_shows_the_candidates_of_each_referent() {
    let scene = Scene::after_step(2);
    let found = search(&scene, &request(&trust_anchor(&scene)), &[]).succeeded();
    assert!(
        found.stdout.contains("who: 1 candidate\n"),
        "{}",
        found.stdout
    );
    assert!(
        found.stdout.contains("adult: 1 candidate\n"),
        "{}",
        found.stdout
    );
    assert!(
        found
            .stdout
            .contains("age 28, height 175, name Alex, sex male")
    );
}

#[test]
fn a_search_is_told_to_programs_one_referent_a_line() {
    let scene = Scene::after_step(2);
    let lines = search(&scene, &request(&trust_anchor(&scene)), &["--json"])
        .succeeded()
        .lines();
    let [who, adult, end] = &lines[..] else {
        panic!("{lines:?}")
    };
    assert_eq!(
        (&who["referent"], &who["count"], &who["more"]),
        (&json!("who"), &json!(1), &json!(false))
    );
    assert_eq!(who["candidates"][0]["cred_info"]["attrs"]["name"], "Alex");
    assert_eq!(adult["referent"], "adult");
    assert_eq!(end, &json!({"answered": true}));
}

#[test]
fn a_search_without_a_candidate_ends_in_1_and_explains_itself() {
    let scene = Scene::after_step(2);
    let issuer = trust_anchor(&scene);
    let stranger = "V4SGRU86Z58d6TV7PBUe6f";
    let found = search(&scene, &request(stranger), &["--explain"]);
    assert_eq!(found.code, Some(1), "{found:?}");
    assert!(
        found.stdout.contains("who: no candidate"),
        "{}",
        found.stdout
    );
    for name in [stranger, issuer.as_str()] {
        assert!(found.stdout.contains(name), "{}", found.stdout);
    }

    let mut older = request(&issuer);
    older["requested_predicates"]["adult"]["p_value"] = json!(30);
    let line = search(&scene, &older, &["--explain", "--json"])
        .lines()
        .remove(1);
    let excluded = &line["classes"][0]["credentials"][0]["excluded"];
    assert_eq!(excluded["by"], 2, "{line}");
}

#[test]
fn a_request_that_cannot_be_used_is_told_with_its_place() {
    let scene = Scene::after_step(2);
    let mut wrong = request("x");
    wrong["requested_predicates"]["adult"]["p_type"] = json!("=");
    let outcome = search(&scene, &wrong, &[]);
    outcome.failed(
        2,
        &[
            "cannot use request.json",
            "/requested_predicates/adult/p_type",
        ],
    );
    scene
        .run_at_home(&["search", "no.json"])
        .failed(2, &["cannot read no.json", "name a file"]);
    for file in ["no.jsonl", "."] {
        scene
            .run_at_home(&["wallet", "import", file])
            .failed(2, &[&format!("cannot read {file}; name a file")]);
    }
}

#[test]
fn a_search_before_there_is_a_wallet_says_how_to_get_one() {
    let scene = Scene::new();
    fs::create_dir(scene.home()).unwrap();
    for command in [&["search", "request.json"][..], &["wallet", "rebuild"]] {
        fs::write(scene.path("request.json"), request("x").to_string()).unwrap();
        let outcome = scene.run_at_home(command);
        let outcome = outcome.failed(2, &["there is no wallet of the prover", "wallet import"]);
        assert!(!outcome.stderr.contains("is gone"), "{}", outcome.stderr);
    }
}

#[test]
fn a_page_behind_the_last_says_so() {
    let scene = Scene::after_step(2);
    let request = request(&trust_anchor(&scene));
    let text = search(&scene, &request, &["--page", "2"])
        .succeeded()
        .stdout;
    let expected = "who: 1 candidate, page 2\n  the candidates end before this page\n";
    assert!(text.starts_with(expected), "{text}");
}

#[test]
fn what_others_wrote_cannot_steer_the_terminal() {
    let scene = Scene::new();
    let line = lines(1, "44").replace("Alex", "A\\u001b[2Jl\\nex");
    import(&scene, &line).succeeded();
    let request = json!({"nonce": "1", "name": "n", "version": "1.0",
        "requested_attributes": {"who\u{1b}[31m\n": {"name": "name"}}, "requested_predicates": {}});
    let text = search(&scene, &request, &["--explain"]).succeeded().stdout;
    assert!(text.starts_with(r"who\u{1b}[31m\n: 1 candidate"), "{text}");
    assert!(text.contains(r"name A\u{1b}[2Jl\nex"), "{text}");

    let mut wrong = request;
    wrong["requested_attributes"]["who\u{1b}[31m\n"] = json!({});
    let place = r"/requested_attributes/who\u{1b}[31m\n: expected";
    search(&scene, &wrong, &[]).failed(2, &[place]);
}

#[test]
fn imported_credentials_are_found_page_by_page() {
    let scene = Scene::new();
    let report = import(&scene, &lines(1_203, "44")).succeeded().last_line();
    assert_eq!(
        (&report["imported"], &report["skipped"]),
        (&json!(1_203), &json!(0))
    );

    let everything = json!({"nonce": "1", "name": "n", "version": "1.0",
        "requested_attributes": {"who": {"name": "name"}}, "requested_predicates": {}});
    let text = search(&scene, &everything, &[]).succeeded().stdout;
    assert!(
        text.starts_with("who: more than 1000 candidates\n"),
        "{text}"
    );
    assert!(text.contains("--page 2 shows more"), "{text}");
    let mut ids = Vec::new();
    for page in ["1", "2", "61", "62"] {
        let line = search(&scene, &everything, &["--json", "--page", page])
            .succeeded()
            .lines()
            .remove(0);
        let candidates = line["candidates"].as_array().unwrap().iter();
        ids.extend(
            candidates.map(|found| found["cred_info"]["referent"].as_str().unwrap().to_owned()),
        );
    }
    let expected = (0..40)
        .chain(1_200..1_203)
        .map(|number| format!("44-{number}"));
    assert_eq!(ids, expected.collect::<Vec<_>>());
}

#[test]
fn an_import_that_was_killed_is_resumed_without_duplicates() {
    let scene = Scene::new();
    let all = lines(7_000, "44");
    let mut program = scene.program();
    program
        .arg("--home")
        .arg(scene.home())
        .args(["--quiet", "wallet", "import", "-"]);
    let mut running = program.stdin(Stdio::piped()).spawn().unwrap();
    // What a pipe holds is far less than a batch of 2,000. The program reads a batch ahead of the one
    // that waits and the one that is being written, so whoever reads the fourth has stored the first.
    let until = all.match_indices('\n').nth(6_400).unwrap().0;
    running
        .stdin
        .as_mut()
        .unwrap()
        .write_all(&all.as_bytes()[..until])
        .unwrap();
    running.kill().unwrap();
    running.wait().unwrap();

    let report = import(&scene, &all).succeeded().last_line();
    let count = |name: &str| report[name].as_u64().unwrap();
    assert_eq!(count("imported") + count("skipped"), 7_000);
    assert!(count("skipped") >= 2_000, "{report}");
    let again = import(&scene, &all).succeeded().last_line();
    assert_eq!(
        (&again["imported"], &again["skipped"]),
        (&json!(0), &json!(7_000))
    );
}

#[test]
fn an_import_names_the_line_that_is_no_credential_and_keeps_those_before_it() {
    let scene = Scene::new();
    let good = lines(3, "44");
    for wrong in [
        "not JSON",
        "[]",
        "{}",
        r#"{"id": "a", "credential": {"schema_id": 1}}"#,
    ] {
        import(&scene, &format!("{good}\n{wrong}\n")).failed(2, &["import.jsonl", "line 5"]);
    }
    let report = import(&scene, &good).succeeded().last_line();
    assert_eq!(report["skipped"], 3);
}

#[test]
fn a_class_directory_is_made_anew_on_demand() {
    let scene = Scene::new();
    import(&scene, &lines(2, "44")).succeeded();
    let told = scene
        .run_at_home(&["--json", "wallet", "rebuild"])
        .succeeded();
    assert_eq!(told.lines()[0], json!({"classes": 1}));
}

#[test]
fn another_credential_under_a_taken_id_is_not_lost_in_silence() {
    let scene = Scene::new();
    import(&scene, &lines(2, "44")).succeeded();
    // the same ids, another age
    let others = lines(2, "45").replace("\"45-", "\"44-");
    import(&scene, &others).failed(2, &["line 1", "another credential under the id `44-0`"]);
    // and twice within one file
    let twice = lines(1, "46") + &lines(1, "47").replace("\"47-", "\"46-");
    import(&scene, &twice).failed(2, &["line 2", "another credential under the id `46-0`"]);
}

#[test]
fn a_line_that_is_too_long_ends_an_import_after_the_lines_before_it() {
    let scene = Scene::new();
    let long = lines(2, "44") + &" ".repeat(2 << 20) + "\n";
    import(&scene, &long).failed(2, &["line 3", "longer than"]);
    let report = import(&scene, &lines(2, "44")).succeeded().last_line();
    assert_eq!(report["skipped"], 2);
}

#[test]
fn what_a_terminal_would_obey_is_shown_and_not_sent() {
    let scene = Scene::after_step(2);
    let request = json!({"nonce": "1", "name": "n", "version": "1.0", "requested_predicates": {},
        "requested_attributes": {"\u{1b}[2Jwho": {"name": "name"}}});
    let found = search(&scene, &request, &[]).succeeded();
    assert!(
        found.stdout.contains("\\u{1b}[2Jwho: 1 candidate"),
        "{}",
        found.stdout
    );
    assert!(!found.stdout.contains('\u{1b}'));
}
