//! The draft's own example, the application for a credit card, over HTTP.

use std::fs;

use serde_json::{Value, json};

use crate::session::{Server, Session, failed_checks};

/// Returns the attributes that a response shows, by criterion.
fn shown(response: &Value) -> Vec<Vec<String>> {
    let criteria = response["FulfilledCriteria"].as_array().unwrap();
    let names = |criterion: &Value| {
        let presentations = criterion["Presentations"].as_array().unwrap();
        let subjects = presentations.iter().flat_map(|presentation| {
            let credentials = &presentation["verifiableCredential"];
            let credential = credentials.get(0).unwrap_or(credentials);
            credential["credentialSubjects"].as_array().unwrap().iter()
        });
        let mut names: Vec<String> =
            subjects.map(|subject| subject["key"].as_str().unwrap().to_owned()).collect();
        names.sort();
        names
    };
    criteria.iter().map(names).collect()
}

#[test]
fn the_commands_of_the_help_lead_to_a_verified_response() {
    let session = Session::with_credentials();
    let mut server = Server::start(&session, &[]);
    let url = session.request(&server.url);
    let request = session.json("request.json");
    assert_eq!(url, format!("{}/requests/{}", server.url, request["id"].as_str().unwrap()));

    let (code, lines) = session.run_json(&[
        "respond",
        "request.json",
        "--home",
        "alex",
        "--yes",
        "--output",
        "response.json",
    ]);
    assert_eq!(code, Some(0), "{lines:?}");
    let criteria = lines[0]["criteria"].as_array().unwrap();
    let credentials: Vec<usize> =
        criteria.iter().map(|one| one["credentials"].as_array().unwrap().len()).collect();
    assert_eq!(credentials, [1, 1, 1, 6]);
    assert_eq!(lines[1], json!({"format": 1, "response": "response.json"}));
    assert_eq!(lines[2]["verdict"], "verified");

    let decision = server.decision();
    assert_eq!(decision["request"], request["id"]);
    assert_eq!(decision["verdict"]["verdict"], "verified");
    let accepted = session.accepted();
    assert_eq!(accepted.len(), 1);
    assert_eq!(accepted[0]["requestId"], request["id"]);
    assert_eq!(accepted[0]["response"], session.json("response.json"));

    let verdict = session.run_json(&["verify", "request.json", "response.json"]);
    assert_eq!(failed_checks(verdict), [""; 0]);
    let story = session.run(&["verify", "request.json", "response.json"]).succeeded();
    assert!(
        story.stdout.starts_with("response.json: verified; answered-once was left out "),
        "{}",
        story.stdout
    );
    let quiet = session.run(&["verify", "request.json", "response.json", "--quiet"]);
    assert_eq!(quiet.succeeded().stdout, "");
}

#[test]
fn a_request_is_answered_by_its_url_and_only_once() {
    let session = Session::with_credentials();
    let mut server = Server::start(&session, &[]);
    let url = session.request(&server.url);
    let respond = ["respond", &url, "--home", "alex", "--yes", "--output", "response.json"];
    session.run(&respond).succeeded();
    assert_eq!(server.decision()["verdict"]["verdict"], "verified");
    let first = fs::read(session.path("response.json")).unwrap();

    let (code, lines) = session.run_json(&respond);
    assert_eq!(code, Some(1));
    let problem = &lines[lines.len() - 2];
    assert_eq!((&problem["status"], &problem["check"]), (&json!(409), &json!("answered-once")));
    let again = session.run(&respond);
    assert_eq!(again.code, Some(1));
    assert!(again.stdout.contains("The verifier refuses"), "{again:?}");

    // the same one is told that it was accepted: its answer may have been lost
    let (status, verdict) = server.post(&session.json("request.json"), &first);
    assert_eq!((status, &verdict["verdict"]), (200, &json!("verified")));
    assert!(verdict["acceptedBefore"].is_string(), "{verdict}");
    assert_eq!(session.accepted().len(), 1);
}

#[test]
fn an_altered_response_is_refused_and_not_stored() {
    let session = Session::with_credentials();
    let mut server = Server::start(&session, &[]);
    session.request(&server.url);
    session.respond_in_file();
    let genuine = fs::read_to_string(session.path("response.json")).unwrap();
    let altered = genuine.replacen("alex@example.org", "alex@example.com", 1);
    assert_ne!(altered, genuine);
    fs::write(session.path("altered.json"), &altered).unwrap();

    let request = session.json("request.json");
    let (status, problem) = server.post(&request, altered.as_bytes());
    assert_eq!(status, 422, "{problem:#}");
    let checks: Vec<&str> = problem["checks"]
        .as_array()
        .unwrap()
        .iter()
        .map(|check| check["check"].as_str().unwrap())
        .collect();
    assert!(checks.contains(&"attribute-signatures"), "{problem:#}");
    assert_eq!(server.decision()["verdict"]["verdict"], "rejected");
    assert!(session.accepted().is_empty());
    let verdict = session.run_json(&["verify", "request.json", "altered.json"]);
    assert!(failed_checks(verdict).contains(&"attribute-signatures".to_owned()));

    let (status, verdict) = server.post(&request, genuine.as_bytes());
    assert_eq!((status, &verdict["verdict"]), (200, &json!("verified")));
    assert_eq!(session.accepted().len(), 1);
}

#[test]
fn optional_attributes_are_shown_only_on_demand() {
    let session = Session::with_credentials();
    session.request("http://127.0.0.1:8700");
    session.respond_in_file();
    let required = shown(&session.json("response.json"));
    assert_eq!(required[2], ["city", "country", "postalCode", "street1"]);
    assert!(!required.concat().contains(&"Licence Class".to_owned()), "{required:?}");

    let respond = ["respond", "request.json", "--home", "alex", "--dry-run"];
    let (_, lines) = session.run_json(&respond);
    assert_eq!(lines[0]["criteria"][2]["credentials"][0]["optional"], json!(["street2"]));
    let disclose = ["respond", "request.json", "--home", "alex", "--disclose", "3:street2"];
    let (code, lines) = session
        .run_json(&[&disclose[..], &["--yes", "--output", "more.json", "--no-send"]].concat());
    assert_eq!(code, Some(0));
    let address = &lines[0]["criteria"][2]["credentials"][0];
    assert_eq!(address["optional"], json!([]));
    assert_eq!(address["shows"]["street2"], "Apartment 12");
    let more = shown(&session.json("more.json"));
    assert_eq!(more[2], ["city", "country", "postalCode", "street1", "street2"]);
    let verdict = session.run_json(&["verify", "request.json", "more.json"]);
    assert_eq!(failed_checks(verdict), [""; 0]);
}

#[test]
fn the_draft_s_long_response_is_read_and_its_errors_are_named() {
    let session = Session::new();
    fs::create_dir(session.path("registry")).unwrap();
    let draft = concat!(env!("CARGO_MANIFEST_DIR"), "/../exchange/tests/draft");
    let request = format!("{draft}/request-json.json");
    let response = format!("{draft}/response-long.json");
    let verify = ["verify", &request, &response];
    let strict = failed_checks(session.run_json(&verify));
    assert!(strict.contains(&"distinct-credentials".to_owned()), "{strict:?}");
    let relaxed = session.run_json(&[&verify[..], &["--relax", "distinct-credentials"]].concat());
    let relaxed = failed_checks(relaxed);
    assert!(!relaxed.is_empty(), "its signatures are made up");
}
