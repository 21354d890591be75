//! Playing a scenario: the tutorial's actions, and what they end with.

use std::{fs, path::PathBuf};

use serde_json::{Value, json};
use test_support::{keys, program::Running, schema::Schema};

use super::{Played, labels, shown};
use crate::walkthrough::{ACTIONS, actions, read_up_to};

#[test]
fn the_template_gvt_plays_the_walkthroughs_actions_under_their_labels() {
    let played = Played::new("gvt");
    let scenario = played.play(&["--json"]).succeeded();
    let walkthrough = played.run(&["--json", "--prepared-key", keys::GVT_PATH]).succeeded();
    assert_eq!(labels(&scenario), labels(&walkthrough));
    assert_eq!(labels(&scenario).len(), ACTIONS.len());
    // what is not drawn is the same too
    for (action, name) in [
        ("3", "Issuer wallet"),
        ("4", "Steward DID"),
        ("8", "Schema"),
        ("12", "Prover wallet"),
        ("12", "Prover DID"),
        ("13", "Link Secret name"),
        ("22", "Closed"),
        ("24", "Deleted"),
    ] {
        let (ours, theirs) = (shown(&scenario, action, name), shown(&walkthrough, action, name));
        assert_eq!(ours, theirs, "{action} {name}");
    }
    assert_eq!(shown(&scenario, "16", "Credential")["values"], {
        shown(&walkthrough, "16", "Credential")["values"].clone()
    });
    let (ours, theirs) = (scenario.last_line(), walkthrough.last_line());
    assert_eq!(ours["learned"], theirs["learned"]);
    assert_eq!((&ours["request"], &ours["holder"]), (&json!("proof_req_1"), &json!("alex")));
    assert_eq!(played.sandbox.left_behind(), Vec::<PathBuf>::new());
}

#[test]
fn each_template_has_no_findings_but_notes_and_plays_to_verified() {
    for (template, requests) in [
        ("gvt", &["proof_req_1"][..]),
        ("payslip", &["loan"]),
        ("licence", &["age", "rental"]),
        ("passport-or-licence", &["hotel-ada", "hotel-ben"]),
    ] {
        let played = Played::new(template);
        let lint = played.run(&["scenario", "lint", "scenario", "--json"]);
        assert_eq!(lint.code, Some(0), "{template}: {lint:?}");
        let serious: Vec<Value> =
            lint.lines().into_iter().filter(|line| line["severity"] != "note").collect();
        assert_eq!(serious, Vec::<Value>::new(), "{template}");

        let run = played.play(&["--json"]).succeeded();
        let schema = Schema::new(&played.run(&["schema", "action"]).succeeded().stdout);
        let lines = run.lines();
        lines.iter().for_each(|line| schema.assert_describes(line));
        let ends: Vec<&Value> = lines.iter().filter(|line| line.get("verdict").is_some()).collect();
        let names: Vec<&str> = ends.iter().map(|end| end["request"].as_str().unwrap()).collect();
        assert_eq!(names, requests, "{template}");
        assert!(ends.iter().all(|end| end["verdict"] == "verified"), "{template}: {ends:?}");
    }
}

#[test]
fn actions_for_several_issuers_and_credentials_are_numbered() {
    let run = Played::new("payslip").play(&["--json"]).succeeded();
    assert_eq!(
        actions(&run),
        [
            "1", "2", "3.1", "4.1", "5.1", "6.1", "7.1", "3.2", "4.2", "5.2", "6.2", "7.2", "8.1",
            "9.1", "10.1", "11.1", "11b.1", "8.2", "9.2", "10.2", "11.2", "11b.2", "12", "13",
            "14.1", "15.1", "16.1", "17.1", "14.2", "15.2", "16.2", "17.2", "18", "19", "20", "21",
            "22", "23", "24"
        ]
    );
    assert_eq!(shown(&run, "3.1", "Issuer"), "Mill & Sons");
    assert_eq!(shown(&run, "3.2", "Issuer wallet"), "issuer_wallet_registry");
    assert_eq!(shown(&run, "8.2", "Issuer"), "The residents' registry");
    assert_eq!(shown(&run, "14.2", "Credential"), "payslip");
    assert_eq!(shown(&run, "12", "Prover wallet"), "prover_wallet");
    // the same steward writes both schemas, each under its own name
    assert_eq!(shown(&run, "8.1", "Schema")["name"], "payslip");
}

#[test]
fn a_request_is_filled_in_and_answered_as_its_file_says() {
    let run = Played::new("payslip").play(&["--json"]).succeeded();
    let request = shown(&run, "18", "Proof Request");
    let cred_def = shown(&run, "11.1", "Credential definition")["id"].clone();
    let asked = &request["requested_attributes"]["employer"]["restrictions"]["cred_def_id"];
    assert_eq!(asked, &cred_def);
    assert!(request["nonce"].as_str().unwrap().len() > 15, "{request}");
    let proof = shown(&run, "20", "Proof")["requested_proof"].clone();
    assert_eq!(proof["self_attested_attrs"], json!({"phone": "555 0137"}));
    assert!(proof["unrevealed_attrs"]["employer"]["sub_proof_index"].is_u64(), "{proof}");
    assert!(proof["revealed_attrs"].get("employer").is_none(), "{proof}");
    let learned = run.last_line()["learned"].to_string();
    for clause in [
        "the first_name is Mia",
        "the prover holds the attribute employer and does not show it",
        "the net_salary is at least 2500",
        "the prover says, without a credential, that the phone is \\\"555 0137\\\"",
    ] {
        assert!(learned.contains(clause), "{clause}: {learned}");
    }
    assert!(!learned.contains("2950"), "{learned}");
}

#[test]
fn each_of_several_holders_answers_from_a_wallet_of_their_own() {
    let run = Played::new("passport-or-licence").play(&["--json"]).succeeded();
    assert_eq!(shown(&run, "12.1", "Prover wallet"), "prover_wallet_ada");
    assert_eq!(shown(&run, "12.2", "Prover wallet"), "prover_wallet_ben");
    let used = |action: &str| {
        let chosen = shown(&run, action, "Requested Credentials");
        chosen["requested_attributes"]["guest"]["cred_id"].clone()
    };
    assert_eq!([used("20.1"), used("20.2")], ["ada-passport", "ben-licence"]);
    let order: Vec<String> = actions(&run).into_iter().skip_while(|one| one != "18.1").collect();
    assert_eq!(
        order,
        ["18.1", "19.1", "20.1", "21.1", "18.2", "19.2", "20.2", "21.2", "22", "23", "24"]
    );
}

#[test]
fn the_text_ends_with_what_the_verifier_learned_from_each_request() {
    let played = Played::new("licence");
    let run = played.play(&[]).succeeded();
    assert!(
        run.stdout.contains("\n18.2. Prover gets the Proof Request\n    Request: rental\n"),
        "{}",
        run.stdout
    );
    let (_, end) = run.stdout.split_once("\n24. Deleting pool ledger config\n").unwrap();
    assert_eq!(
        end,
        "    Deleted: pool\n\n\
         age: Verified: the birthdate_dateint is at most 20071231; of the other attributes the verifier \
         learned nothing.\n\
         rental: Verified: the categories is \"B, BE\", the name is \"Kim Park\" and the expires_dateint is at \
         least 20290101; of the other attributes the verifier learned nothing.\n"
    );
    assert_eq!(played.play(&["--quiet"]).succeeded().stdout, "");
}

#[test]
fn a_request_without_an_answer_ends_with_the_reasons_and_the_others_are_played() {
    let played = Played::new("licence");
    played.change("requests/age.json", |request| {
        request["proof_request"]["requested_predicates"]["born"]["p_value"] = json!(19900101);
    });
    played.has_errors(&["requests/age.json /proof_request/requested_predicates/born unanswered"]);
    let run = played.play(&["--json", "--home", "home"]);
    assert_eq!(run.code, Some(1), "{run:?}");
    assert!(!actions(&run).contains(&"20.1".to_owned()), "{:?}", actions(&run));
    let lines = run.lines();
    let [age, rental] = &lines[lines.len() - 2..] else { panic!("two requests") };
    assert_eq!(age["verdict"], "unanswered");
    assert!(age["reason"].as_str().unwrap().starts_with("born: credential licence: "), "{age}");
    assert_eq!(rental["verdict"], "verified");
    Schema::new(&played.run(&["schema", "action"]).succeeded().stdout).assert_describes(age);

    let again = played.play(&["--home", "home"]);
    assert_eq!(again.code, Some(1), "{again:?}");
    assert!(again.stdout.contains("\nage: unanswered. born: "), "{}", again.stdout);
    assert!(again.stdout.contains("This scenario was played before"), "{}", again.stdout);
}

#[test]
fn options_that_make_no_sense_together_are_refused() {
    let played = Played::new("gvt");
    played.play(&["--until", "3"]).failed(2, &["'--scenario <DIR>' cannot be used with"]);
    played.run(&["--seed", "x"]).failed(2, &["--scenario <DIR>"]);
    let key = played.play(&["--prepared-key", keys::DEGREE_PATH]);
    key.failed(2, &["--prepared-key", "the attributes of no schema here"]);
}

#[test]
fn a_template_is_written_into_an_empty_directory_only() {
    let played = Played::empty();
    fs::create_dir(played.sandbox.path("scenario")).unwrap();
    let run = played.run(&["scenario", "init", "scenario", "--template", "payslip", "--json"]);
    let files = run.succeeded().last_line()["files"].clone();
    assert_eq!(files.as_array().unwrap().len(), 6);
    fs::write(played.file("holders/mia.json"), "{}").unwrap();
    for template in ["gvt", "payslip"] {
        let again = played.run(&["scenario", "init", "scenario", "--template", template]);
        again.failed(2, &["scenario is not empty"]);
    }
    assert_eq!(fs::read_to_string(played.file("holders/mia.json")).unwrap(), "{}");
    assert!(!played.file("issuers/gvt.json").exists());
}

#[test]
fn a_seed_makes_dids_nonces_and_keys_the_same_again() {
    let played = Played::new("gvt");
    // without a key made in advance: this one is searched for, from the seed
    played.change("issuers/gvt.json", |issuer| {
        issuer["schemas"][0].as_object_mut().unwrap().remove("prepared_key");
    });
    played.change("holders/alex.json", |holder| {
        holder.as_object_mut().unwrap().remove("did");
    });
    let run = |seed: &str| {
        let run = played.play(&["--json", "--seed", seed]).succeeded();
        [
            shown(&run, "5", "Trust anchor DID"),
            shown(&run, "12", "Prover DID"),
            shown(&run, "18", "Proof Request"),
            shown(&run, "11", "Credential definition"),
        ]
    };
    let first = run("lesson 1");
    assert_eq!(run("lesson 1"), first);
    played.change("issuers/gvt.json", |issuer| {
        issuer["schemas"][0]["prepared_key"] = json!(keys::GVT_PATH);
    });
    let other = run("lesson 2");
    for (other, first) in other.iter().zip(&first) {
        assert_ne!(other, first);
    }
    assert_ne!(run("lesson 2")[2]["nonce"], first[2]["nonce"]);
}

#[test]
fn pause_waits_between_the_actions_of_a_scenario() {
    let played = Played::new("gvt");
    let mut running = Running::start_with_open_input(played.program(&[
        "--scenario",
        "scenario",
        "--json",
        "--pause",
    ]));
    for (number, _) in ACTIONS {
        if number != "1" {
            running.press_enter();
        }
        if number == "24" {
            break;
        }
        // an action's line comes when the next one begins
        if number != "1" {
            read_up_to(&mut running, previous(number));
        }
    }
    let (code, _) = running.finish();
    assert_eq!(code, Some(0));
}

/// Returns the number of the action before this one.
fn previous(number: &str) -> &'static str {
    let position = ACTIONS.iter().position(|(other, _)| *other == number).unwrap();
    ACTIONS[position - 1].0
}
