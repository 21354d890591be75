//! The draft's own example, the application for a credit card, over HTTP.

use std::fs;

use serde_json::{Value, json};

use super::market::{Market, Server, failed_checks};

/// The attributes that a response shows, by criterion.
fn shown(response: &Value) -> Vec<Vec<String>> {
    let criteria = response["FulfilledCriteria"].as_array().unwrap();
    let names = |criterion: &Value| {
        let presentations = criterion["Presentations"].as_array().unwrap();
        let subjects = presentations.iter().flat_map(|presentation| {
            let credentials = &presentation["verifiableCredential"];
            let credential = credentials.get(0).unwrap_or(credentials);
            credential["credentialSubjects"].as_array().unwrap().iter()
        });
        let mut names: Vec<String> = subjects
            .map(|subject| subject["key"].as_str().unwrap().to_owned())
            .collect();
        names.sort();
        names
    };
    criteria.iter().map(names).collect()
}

#[test]
fn an_application_goes_from_the_issuers_to_the_verdict_by_the_commands_of_the_help() {
    let market = Market::with_credentials();
    let mut server = Server::start(&market, &[]);
    let url = market.request(&server.url);
    let request = market.json("request.json");
    assert_eq!(
        url,
        format!(
            "{}/requests/{}",
            server.url,
            request["id"].as_str().unwrap()
        )
    );

    let (code, lines) = market.told(&[
        "respond",
        "request.json",
        "--home",
        "alex",
        "--output",
        "response.json",
    ]);
    assert_eq!(code, Some(0), "{lines:?}");
    let credentials: Vec<usize> = lines[..4]
        .iter()
        .map(|line| line["credentials"].as_array().unwrap().len())
        .collect();
    assert_eq!(credentials, [1, 1, 1, 6]);
    assert_eq!(lines[4], json!({"response": "response.json"}));
    assert_eq!(lines[5]["verdict"], "verified");

    let decision = server.decision();
    assert_eq!(decision["request"], request["id"]);
    assert_eq!(decision["verdict"]["verdict"], "verified");
    let accepted = market.accepted();
    assert_eq!(accepted.len(), 1);
    assert_eq!(accepted[0]["requestId"], request["id"]);
    assert_eq!(accepted[0]["response"], market.json("response.json"));

    let verdict = market.told(&["verify", "request.json", "response.json"]);
    assert_eq!(failed_checks(verdict), [""; 0]);
    let story = market
        .run(&["verify", "request.json", "response.json"])
        .succeeded();
    assert!(
        story.stdout.starts_with("response.json: verified\n"),
        "{}",
        story.stdout
    );
    let quiet = market.run(&["verify", "request.json", "response.json", "--quiet"]);
    assert_eq!(quiet.succeeded().stdout, "");
}

#[test]
fn a_request_is_answered_from_its_url_and_once() {
    let market = Market::with_credentials();
    let mut server = Server::start(&market, &[]);
    let url = market.request(&server.url);
    let respond = [
        "respond",
        &url,
        "--home",
        "alex",
        "--output",
        "response.json",
    ];
    market.run(&respond).succeeded();
    assert_eq!(server.decision()["verdict"]["verdict"], "verified");
    let first = fs::read(market.path("response.json")).unwrap();

    let (code, lines) = market.told(&respond);
    assert_eq!(code, Some(1));
    let problem = &lines[lines.len() - 2];
    assert_eq!(
        (&problem["status"], &problem["check"]),
        (&json!(409), &json!("answered-once"))
    );
    let again = market.run(&respond);
    assert_eq!(again.code, Some(1));
    assert!(again.stdout.contains("The verifier refuses"), "{again:?}");

    let (status, problem) = server.post(&market.json("request.json"), &first);
    assert_eq!((status, &problem["check"]), (409, &json!("answered-once")));
    assert_eq!(market.accepted().len(), 1);
}

#[test]
fn an_altered_response_is_refused_by_the_check_that_it_fails_and_is_not_stored() {
    let market = Market::with_credentials();
    let mut server = Server::start(&market, &[]);
    market.request(&server.url);
    market.respond_in_file();
    let genuine = fs::read_to_string(market.path("response.json")).unwrap();
    let altered = genuine.replacen("alex@example.org", "alex@example.com", 1);
    assert_ne!(altered, genuine);
    fs::write(market.path("altered.json"), &altered).unwrap();

    let request = market.json("request.json");
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
    assert!(market.accepted().is_empty());
    let verdict = market.told(&["verify", "request.json", "altered.json"]);
    assert!(failed_checks(verdict).contains(&"attribute-signatures".to_owned()));

    let (status, verdict) = server.post(&request, genuine.as_bytes());
    assert_eq!((status, &verdict["verdict"]), (200, &json!("verified")));
    assert_eq!(market.accepted().len(), 1);
}

#[test]
fn what_is_not_required_is_shown_only_if_the_holder_says_so() {
    let market = Market::with_credentials();
    market.request("http://127.0.0.1:8700");
    market.respond_in_file();
    let required = shown(&market.json("response.json"));
    assert_eq!(required[2], ["city", "country", "postalCode", "street1"]);
    assert!(
        !required.concat().contains(&"Licence Class".to_owned()),
        "{required:?}"
    );

    let disclose = [
        "respond",
        "request.json",
        "--home",
        "alex",
        "--disclose",
        "3:street2",
    ];
    let (code, lines) =
        market.told(&[&disclose[..], &["--output", "more.json", "--no-send"]].concat());
    assert_eq!(code, Some(0));
    assert_eq!(lines[2]["credentials"][0]["optional"], json!(["street2"]));
    let more = shown(&market.json("more.json"));
    assert_eq!(
        more[2],
        ["city", "country", "postalCode", "street1", "street2"]
    );
    let verdict = market.told(&["verify", "request.json", "more.json"]);
    assert_eq!(failed_checks(verdict), [""; 0]);
}

#[test]
fn the_draft_s_long_response_is_read_and_what_is_wrong_with_it_is_named() {
    let market = Market::new();
    fs::create_dir(market.path("registry")).unwrap();
    let draft = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../crates/proof-exchange/tests/draft"
    );
    let request = format!("{draft}/request-json.json");
    let response = format!("{draft}/response-long.json");
    let verify = ["verify", &request, &response];
    let strict = failed_checks(market.told(&verify));
    assert!(
        strict.contains(&"distinct-credentials".to_owned()),
        "{strict:?}"
    );
    let relaxed = market.told(&[&verify[..], &["--relax", "distinct-credentials"]].concat());
    let relaxed = failed_checks(relaxed);
    assert!(!relaxed.is_empty(), "its signatures are made up");
}
