//! The example in which age and income are proved in zero knowledge, and an e-mail address is
//! shown.

use std::fs;

use serde_json::{Map, Value, json};

use crate::session::{Server, Session, failed_checks};

/// The only test here that waits for primes: the example has three credential definitions, for two
/// schemas, and a prepared key is for one.
#[test]
fn a_flat_is_rented_without_showing_age_or_income() {
    let session = Session::with_files_of("rental");
    let issue = ["issue", "orders.json", "--home", "alex"];
    let (code, lines) = session.run_json(&issue);
    let issued = json!({"format": 1, "signed": 1, "anoncreds": 4, "held_already": 0});
    assert_eq!((code, lines.last()), (Some(0), Some(&issued)));
    let (code, lines) = session.run_json(&issue);
    let there = json!({"format": 1, "signed": 0, "anoncreds": 0, "held_already": 5});
    assert_eq!((code, lines.last()), (Some(0), Some(&there)));
    for (kind, count) in [("dids", 4), ("schemas", 2), ("credential-definitions", 3)] {
        let published = fs::read_dir(session.path("registry").join(kind)).unwrap();
        assert_eq!(published.count(), count, "{kind}");
    }

    let mut server = Server::start(&session, &[]);
    session.request(&server.url);
    let respond = ["respond", "request.json", "--home", "alex", "--yes"];
    let disclose = [&respond[..], &["--disclose", "2:currency"]].concat();
    let (code, lines) = session.run_json(&[&disclose[..], &["--dry-run"]].concat());
    assert_eq!(code, Some(0), "{lines:?}");
    let criteria = &lines[0]["criteria"];
    let adult = &criteria[0]["zero_knowledge"][0];
    assert_eq!(adult["shows"], json!({"name": "Alex Example"}));
    assert_eq!(adult["issuer"], "did:sov:455bLNuJ3AuV6W9Gn2nvp1");
    assert_eq!(adult["schema_id"], "455bLNuJ3AuV6W9Gn2nvp1:2:person:1.0");
    assert!(adult["hides"].as_array().unwrap().contains(&json!("age")), "{adult}");
    assert_eq!(criteria[0]["predicates"][0]["p_value"], 18);
    let payslips = criteria[1]["zero_knowledge"].as_array().unwrap();
    assert_eq!(payslips.len(), 2);
    assert_ne!(payslips[0]["shows"]["month"], payslips[1]["shows"]["month"]);
    assert!(payslips.iter().all(|shown| shown["shows"]["currency"] == "USD"), "{payslips:?}");
    assert!(criteria[2]["credentials"][0]["shows"]["emailAddress"].is_string(), "{criteria}");

    let using = [&respond[..], &["--use", "2:payslip-2026-10", "--dry-run"]].concat();
    session.run(&[&using[..], &["--use", "2:payslip-2026-08"]].concat()).succeeded();
    let (code, lines) = session.run_json(&using);
    assert_eq!(code, Some(1), "it takes two: {lines:?}");
    let unknown = session.run(&[&using[..], &["--use", "2:nosuch"]].concat());
    unknown.failed(2, &["criterion 2", "no AnonCreds credential \"nosuch\"", "payslip-2026-08"]);
    let story = session.run(&[&respond[..], &["--dry-run"]].concat()).succeeded().stdout;
    for words in [
        "hides currency (--disclose 2:currency shows it)",
        "from payslip-2026-08 of did:sov:",
        "names the schema T3bGSeWV7UCvyQ4rcnBsQE:2:payslip:1.0, the credential definition ",
    ] {
        assert!(story.contains(words), "no {words:?} in {story}");
    }
    assert_eq!(story.matches("proves that grossPay >= 3000").count(), 2, "{story}");

    let (code, lines) = session.run_json(&[&respond[..], &["--output", "response.json"]].concat());
    assert_eq!(code, Some(0), "{lines:?}");
    assert_eq!(server.decision()["verdict"]["verdict"], "verified");
    assert_eq!(session.accepted().len(), 1);
    let response = fs::read_to_string(session.path("response.json")).unwrap();
    for secret in ["\"28\"", "\"5000\"", "\"5200\"", "Ghent", "USD", "employeeNumber"] {
        assert!(!response.contains(secret), "it shows {secret}");
    }

    // a verifier elsewhere has the registry, and no ledger
    let verdict = session.run_json(&["verify", "request.json", "response.json"]);
    assert_eq!(failed_checks(verdict), [""; 0]);

    let altered = response.replacen("Alex Example", "Adam Example", 1);
    assert_ne!(altered, response);
    fs::write(session.path("altered.json"), altered).unwrap();
    let verdict = session.run_json(&["verify", "request.json", "altered.json"]);
    assert!(!failed_checks(verdict).is_empty());

    let nowhere = session.path("registry/credential-definitions");
    fs::rename(&nowhere, session.path("put-away")).unwrap();
    let verdict = session.run_json(&["verify", "request.json", "response.json"]);
    assert_eq!(failed_checks(verdict), ["zero-knowledge"]);
    fs::rename(session.path("put-away"), &nowhere).unwrap();

    // the same is asked by a request of AnonCreds
    let restrictions = json!([{
        "schema_id": "455bLNuJ3AuV6W9Gn2nvp1:2:person:1.0", "issuer_did": "455bLNuJ3AuV6W9Gn2nvp1",
    }]);
    session.write(
        "anoncreds.json",
        &json!({
            "name": "Rent", "version": "1.0", "nonce": "822341096514423177893041",
            "requested_attributes": {"credential_1": {"names": ["name"], "restrictions": restrictions}},
            "requested_predicates": {"credential_1_predicate_1":
                {"name": "age", "p_type": ">=", "p_value": 18, "restrictions": restrictions}},
        }),
    );
    let ask = ["request", "anoncreds.json", "--home", "landlord", "--output", "asked.json"];
    let asked = session.run(&ask);
    assert_eq!(asked.code, Some(0), "{}", asked.stderr);
    assert!(asked.stderr.contains("/nonce: not asked for: the nonce; "), "{}", asked.stderr);
    let respond_asked = ["respond", "asked.json", "--home", "alex", "--yes", "--no-send"];
    session.run(&[&respond_asked[..], &["--output", "answer.json"]].concat()).succeeded();
    let verdict = session.run_json(&["verify", "asked.json", "answer.json"]);
    assert_eq!(failed_checks(verdict), [""; 0]);

    // an income that is too high to be proved
    session.write_changed("criteria.json", "criteria.json", |criteria| {
        criteria["criteria"][1]["predicates"][0]["p_value"] = json!(5100);
    });
    session.request(&server.url);
    let (code, lines) = session.run_json(&respond);
    assert_eq!(code, Some(1));
    assert!(lines[0]["criteria"][1].get("missing").is_some(), "{lines:?}");
    assert_eq!(session.accepted().len(), 1);

    // without the registry and the ledger, what the home has taken in is enough
    let published = |folder: &str| -> Map<String, Value> {
        let files = fs::read_dir(session.path("registry").join(folder)).unwrap();
        let documents = files.map(|file| -> Value {
            serde_json::from_slice(&fs::read(file.unwrap().path()).unwrap()).unwrap()
        });
        documents.map(|one| (one["id"].as_str().unwrap().to_owned(), one)).collect()
    };
    let public =
        json!({"schemas": published("schemas"), "cred_defs": published("credential-definitions")});
    for folder in ["registry/schemas", "registry/credential-definitions", "alex/pool"] {
        fs::remove_dir_all(session.path(folder)).unwrap();
    }
    let dry_run = ["respond", "asked.json", "--home", "alex", "--dry-run"];
    assert_eq!(session.run_json(&dry_run).0, Some(1));
    session.write("alex/public.json", &public);
    let (code, lines) = session.run_json(&dry_run);
    assert_eq!(code, Some(0), "{lines:?}");
}
