//! What a request may ask for beyond single attributes of an issuer: all data, the holder's word,
//! in other names; and what a person is told of it.

use std::fs;

use exchange::{
    key::{MemorySigner, Signer},
    signature::{self, Contexts, KeyMember, ProofType, SignatureOptions, Signed},
};
use serde_json::{Value, json};

use crate::session::{Server, Session, failed_checks};

/// Makes a request of the first criterion of the credit-card application, changed.
fn ask(session: &Session, change: impl FnOnce(&mut Value), options: &[&str]) {
    session.write_changed("criteria.json", "changed.json", |criteria| {
        criteria["criteria"].as_array_mut().unwrap().swap(0, 2);
        criteria["criteria"].as_array_mut().unwrap().truncate(1);
        change(&mut criteria["criteria"][0]);
    });
    let request = ["request", "changed.json", "--home", "bank", "--output", "request.json"];
    session.run(&[&request[..], options].concat()).succeeded();
}

fn cautions(verdict: &Value) -> Vec<&str> {
    let cautions = verdict["cautions"].as_array().unwrap();
    cautions.iter().map(|caution| caution["caution"].as_str().unwrap()).collect()
}

fn all_data(criterion: &mut Value) {
    criterion.as_object_mut().unwrap().remove("properties");
}

#[test]
fn all_data_of_a_published_schema_is_shown_and_verified() {
    let session = Session::with_credentials();
    ask(&session, all_data, &[]);
    session.respond_in_file();
    let response = session.json("response.json").to_string();
    assert!(response.contains("street2") && response.contains("customerNumber"), "{response}");
    let (code, lines) = session.run_json(&["verify", "request.json", "response.json"]);
    assert_eq!((code, cautions(&lines[0])), (Some(0), vec![]));
    session.write_changed("response.json", "less.json", |response| {
        let shown = &mut response["FulfilledCriteria"][0]["Presentations"][0];
        let entries = &mut shown["verifiableCredential"][0]["credentialSubjects"];
        entries.as_array_mut().unwrap().remove(0);
    });
    let verdict = session.run_json(&["verify", "request.json", "less.json"]);
    assert_eq!(failed_checks(verdict), ["attributes"]);
}

#[test]
fn all_data_of_an_unknown_schema_is_cautioned() {
    let session = Session::with_credentials();
    fs::remove_dir_all(session.path("registry/schemas")).unwrap();
    session.write_changed("criteria.json", "all.json", |criteria| {
        criteria["criteria"].as_array_mut().unwrap().drain(1..);
        all_data(&mut criteria["criteria"][0]);
    });
    let request = ["request", "all.json", "--home", "bank", "--output", "request.json"];
    let outcome = session.run(&request);
    assert_eq!(outcome.code, Some(0));
    assert!(outcome.stderr.starts_with("warning: all attributes are asked for"), "{outcome:?}");
    let (_, lines) = session.run_json(&["respond", "request.json", "--home", "alex", "--dry-run"]);
    assert_eq!(cautions(&lines[0]), ["schema-not-resolved"]);
    session.respond_in_file();
    let (code, lines) = session.run_json(&["verify", "request.json", "response.json"]);
    assert_eq!((code, cautions(&lines[0])), (Some(0), vec!["schema-not-resolved"]));
    let story = session.run(&["verify", "request.json", "response.json"]).succeeded();
    assert!(story.stdout.contains("! schema-not-resolved"), "{story:?}");
}

#[test]
fn a_schema_that_is_published_under_the_name_of_another_is_not_used() {
    let session = Session::with_credentials();
    ask(&session, all_data, &[]);
    for file in fs::read_dir(session.path("registry/schemas")).unwrap() {
        let (path, other) = (file.unwrap().path(), json!({"id": "did:x:other", "attributes": []}));
        fs::write(path, other.to_string()).unwrap();
    }
    let (_, lines) = session.run_json(&["respond", "request.json", "--home", "alex", "--dry-run"]);
    assert_eq!(cautions(&lines[0]), ["schema-not-resolved"]);
    let why = lines[0]["cautions"][0]["why"].as_str().unwrap();
    assert!(why.contains("under its name is the document of \"did:x:other\""), "{why}");
}

/// Returns a signature over a document.
fn proof(document: Signed<'_>, signer: &MemorySigner) -> Value {
    let options = SignatureOptions {
        proof_type: ProofType::JcsEd25519Signature2020,
        created: "2026-01-01T00:00:00Z".parse().unwrap(),
        nonce: "1".to_owned(),
        key_member: KeyMember::default(),
    };
    let contexts = Contexts::new();
    let proof = signature::sign(document, &options, signer, &contexts);
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    json!(runtime.block_on(proof).unwrap())
}

#[test]
fn a_request_that_names_no_destination_is_refused_before_anything_is_shown() {
    let session = Session::with_credentials();
    let request = ["request", "criteria.json", "--home", "bank", "--form", "2019-12"];
    session.run(&[&request[..], &["--output", "request.json"]].concat()).succeeded();
    let verifier = MemorySigner::did_key(&[8; 32]);
    session.write_changed("request.json", "request.json", |request| {
        let did = verifier.reference().split('#').next().unwrap();
        request["presentationRequest"]["verifier"] = json!(did);
        let members = request.as_object_mut().unwrap();
        members.remove("presentationURL");
        members.remove("proof");
        request["proof"] = proof(Signed::Message(request), &verifier);
    });
    let respond = ["respond", "request.json", "--home", "alex"];
    let outcome = session.run(&respond).failed(2, &["names no URL", "--no-send"]);
    assert_eq!(outcome.stdout, "");
    session.run(&[&respond[..], &["--dry-run"]].concat()).succeeded();
    session.respond_in_file();
}

#[test]
fn that_a_credential_can_only_be_shown_whole_is_said() {
    let session = Session::with_files_of("credit-card");
    fs::create_dir(session.path("registry")).unwrap();
    let holder = session.run(&["holder", "--home", "alex"]).succeeded().stdout;
    let issuer = MemorySigner::did_key(&[7; 32]);
    let did = issuer.reference().split('#').next().unwrap();
    let mut licence = json!({
        "@context": ["https://www.w3.org/2018/credentials/v1", "https://stateagency.example"],
        "type": ["VerifiableCredential", "Licence"],
        "id": "https://stateagency.example/4711",
        "issuer": did,
        "issuanceDate": "2026-01-01T00:00:00Z",
        "credentialSubject": {"id": holder.trim(), "name": "Alex", "points": "3"},
    });
    licence["proof"] = proof(Signed::Credential(&licence), &issuer);
    session.write("licence.json", &licence);
    session.run(&["keep", "licence.json", "--home", "alex"]).succeeded();
    let change = |criterion: &mut Value| {
        let criterion = criterion.as_object_mut().unwrap();
        criterion.remove("schema");
        criterion.insert("context".to_owned(), json!("https://stateagency.example"));
        criterion.insert("type".to_owned(), json!("Licence"));
        criterion.insert("issuers".to_owned(), json!({"dids": [did]}));
        let property = |name, required| json!({"name": name, "required": required});
        let properties = json!([property("name", true), property("points", false)]);
        criterion.insert("properties".to_owned(), properties);
    };
    ask(&session, change, &[]);
    let dry_run = ["respond", "request.json", "--home", "alex", "--dry-run"];
    let shown = session.run(&dry_run).succeeded().stdout;
    assert!(shown.contains("points \"3\"\n     is shown whole, required or not"), "{shown}");
    let (_, lines) = session.run_json(&dry_run);
    let credential = &lines[0]["criteria"][0]["credentials"][0];
    assert_eq!(credential["shows"]["points"], "3");
    assert_eq!(credential["whole"], true);
}

#[test]
fn an_attribute_that_its_schema_does_not_have_is_cautioned() {
    let session = Session::with_credentials();
    session.write_changed("criteria.json", "typo.json", |criteria| {
        criteria["criteria"][0]["properties"][0]["name"] = json!("mailAddress");
    });
    let request = ["request", "typo.json", "--home", "bank"];
    let (code, lines) = session.run_json(&request);
    assert_eq!((code, cautions(&lines[0])), (Some(0), vec!["attribute-not-in-schema"]));
    let outcome = session.run(&[&request[..], &["--output", "request.json"]].concat());
    assert!(outcome.stderr.contains("no attribute \"mailAddress\""), "{outcome:?}");
}

#[test]
fn the_revision_s_names_are_written_answered_and_verified() {
    let session = Session::with_credentials();
    let request = ["request", "criteria.json", "--home", "bank", "--form", "2019-12"];
    session.run(&[&request[..], &["--output", "request.json"]].concat()).succeeded();
    let request = session.json("request.json");
    assert!(request["presentationURL"].is_string(), "{request:#}");
    assert_eq!(request["presentationRequest"]["criteria"][1]["@type"], "DrivingLicenceCredential");
    session.respond_in_file();
    assert_eq!(session.json("response.json")["presentationRequestId"], request["id"]);
    let verdict = session.run_json(&["verify", "request.json", "response.json"]);
    assert_eq!(failed_checks(verdict), [""; 0]);
}

#[test]
fn what_the_holder_states_itself_is_shown_as_such_and_cautioned() {
    let session = Session::with_credentials();
    ask(&session, |criterion| criterion["issuers"]["dids"] = json!(["did:self"]), &[]);
    let respond = ["respond", "request.json", "--home", "alex"];
    let (code, lines) = session.run_json(&[&respond[..], &["--dry-run"]].concat());
    assert_eq!(code, Some(1));
    let missing = lines[0]["criteria"][0]["missing"].as_str().unwrap();
    assert!(missing.contains("--state 1:NAME=VALUE"), "{missing}");
    let stated = ["city=Ghent", "country=BE", "postalCode=9000", "street1=Korenmarkt 1"];
    let stated = stated.map(|stated| format!("1:{stated}"));
    let options = stated.iter().flat_map(|stated| ["--state", stated]);
    let respond: Vec<&str> = respond.into_iter().chain(options).collect();
    let shown = session.run(&[&respond[..], &["--dry-run"]].concat()).succeeded().stdout;
    assert!(shown.contains("your own statement\n     states city \"Ghent\""), "{shown}");
    let signed = ["--yes", "--no-send", "--output", "response.json"];
    session.run(&[&respond[..], &signed].concat()).succeeded();
    let (code, lines) = session.run_json(&["verify", "request.json", "response.json"]);
    assert_eq!(code, Some(0), "{lines:?}");
    assert!(cautions(&lines[0]).contains(&"self-attested"), "{lines:?}");
    for (wrong, said) in
        [("2:a=b", "no number 2"), ("1:a", "N:NAME=VALUE"), ("a=b", "counted from 1")]
    {
        let outcome = session.run(&["respond", "request.json", "--home", "alex", "--state", wrong]);
        outcome.failed(2, &[said]);
    }
}

#[test]
fn two_issuers_may_use_one_credential_id() {
    let session = Session::with_files_of("credit-card");
    session.write_changed("orders.json", "orders.json", |orders| {
        let credentials = orders["credentials"].as_array_mut().unwrap();
        credentials.truncate(2);
        credentials[1] = credentials[0].clone();
        credentials[1]["issuer"] = json!("did:work:EgLY8mysgbLmj542ygMKWo");
    });
    let issue = ["issue", "orders.json", "--home", "alex"];
    for (signed, held) in [(2, 0), (0, 2)] {
        let (code, lines) = session.run_json(&issue);
        assert_eq!((code, &lines[0]["signed"]), (Some(0), &json!(signed)));
        assert_eq!(lines[0]["held_already"], held);
    }
    session.write_changed("criteria.json", "criteria.json", |criteria| {
        let criteria = criteria["criteria"].as_array_mut().unwrap();
        criteria.truncate(1);
        criteria[0]["issuers"]["dids"][1] = json!("did:work:EgLY8mysgbLmj542ygMKWo");
        criteria[0]["min"] = json!(2);
        criteria[0]["max"] = json!(2);
    });
    session.request("http://127.0.0.1:9");
    session.respond_in_file();
    let verdict = session.run_json(&["verify", "request.json", "response.json"]);
    assert_eq!(failed_checks(verdict), [""; 0]);
    let id = session.json("orders.json")["credentials"][0]["id"].as_str().unwrap().to_owned();
    let use_it = format!("1:{id}");
    let respond = ["respond", "request.json", "--home", "alex", "--use", &use_it, "--dry-run"];
    session.run(&respond).failed(2, &["2 credentials with the id", "EgLY8mysgbLmj542ygMKWo\""]);
}

#[test]
fn a_response_without_its_verifier_fails_where_that_is_required() {
    let session = Session::with_credentials();
    session.request("http://127.0.0.1:9");
    session.respond_in_file();
    let required = ["verify", "request.json", "response.json", "--require", "audience"];
    assert_eq!(failed_checks(session.run_json(&required)), [""; 0]);
    session.write_changed("response.json", "other.json", |response| {
        response.as_object_mut().unwrap().remove("verifier");
    });
    let verify = ["verify", "request.json", "other.json"];
    let (code, lines) = session.run_json(&verify);
    assert_eq!(cautions(&lines[0]), ["not-bound-to-verifier"]);
    assert_eq!(failed_checks((code, lines)), ["response-signature"]);
    let required = [&verify[..], &["--require", "audience"]].concat();
    assert_eq!(failed_checks(session.run_json(&required)), ["answers-request"]);
    session
        .run(&[&verify[..], &["--require", "everything"]].concat())
        .failed(2, &["everything", "audience"]);
    let server = Server::start(&session, &["--require", "audience"]);
    let other = fs::read(session.path("other.json")).unwrap();
    let (status, problem) = server.post(&session.json("request.json"), &other);
    assert_eq!((status, &problem["check"]), (422, &json!("answers-request")));
}
