//! The walkthrough in JSON, for a program.

use serde_json::{Map, Value, json};

use crate::walkthrough::{ACTIONS, Walkthrough, action_number, actions};

const STEWARD: &str = "Th7MpTaRZVRYnPiabds81Y";
const SCHEMA_ID: &str = "Th7MpTaRZVRYnPiabds81Y:2:gvt:1.0";
/// The big-endian integer of the SHA-256 of `Alex`.
const ALEX: &str = "99262857098057710338306967609588410025648622308394250666849665532448612202874";

#[test]
fn each_line_is_an_action_and_the_last_is_the_verdict() {
    let walkthrough = Walkthrough::new();
    let mut lines = walkthrough.run(&["--json"]).succeeded().lines();

    let verdict = lines.pop().unwrap();
    assert_eq!(
        verdict,
        json!({"format": 1, "verdict": "verified", "learned": ["the name is Alex", "the age is at least 18"], "home": null})
    );

    let printed: Vec<(String, &str)> = (lines.iter())
        .map(|line| (action_number(line).unwrap(), line["label"].as_str().unwrap()))
        .collect();
    let expected = ACTIONS.map(|(number, label)| (number.to_owned(), label));
    assert_eq!(printed, expected);

    for line in &lines {
        let mut fields: Vec<&String> = line.as_object().unwrap().keys().collect();
        fields.sort();
        assert_eq!(fields, ["action", "elapsed_ms", "format", "label", "step", "value"]);
        let is_inserted = line["action"] == "11b";
        assert!(line["action"].is_u64() || is_inserted, "{line}");
        assert_eq!(line["step"], json!(step_of(&line["action"])), "{line}");
        assert!(line["value"].as_object().is_some_and(|value| !value.is_empty()), "{line}");
        assert!(line["elapsed_ms"].as_f64().is_some_and(|elapsed| elapsed >= 0.0), "{line}");
    }
}

fn step_of(action: &Value) -> u8 {
    match action.as_u64() {
        None | Some(1..=17) => 2,
        Some(18 | 19) => 3,
        Some(20) => 4,
        Some(_) => 5,
    }
}

#[test]
fn the_values_are_those_of_the_tutorial() {
    let walkthrough = Walkthrough::new();
    let lines = walkthrough.run(&["--json"]).succeeded().lines();
    let values: Map<String, Value> = (lines.iter())
        .filter_map(|line| Some((action_number(line)?, line["value"].clone())))
        .collect();
    let at = |action: &str, pointer: &str| {
        let found = values[action].pointer(pointer);
        found.unwrap_or_else(|| panic!("no {pointer} in {}", values[action]))
    };

    assert_eq!(at("4", "/Steward DID"), STEWARD);
    let trust_anchor = at("5", "/Trust anchor DID").as_str().unwrap();
    assert_eq!(at("6", "/NYM transaction request/operation/dest"), trust_anchor);
    assert_eq!(at("6", "/NYM transaction request/operation/role"), "101");
    assert_eq!(at("7", "/NYM transaction response/result/txnMetadata/seqNo"), 7);
    assert_eq!(at("8", "/Schema/id"), SCHEMA_ID);
    assert_eq!(at("10", "/Schema response/result/txnMetadata/seqNo"), 8);
    let cred_def_id = format!("{trust_anchor}:3:CL:8:TAG1");
    assert_eq!(at("11", "/Credential definition/id"), &cred_def_id);
    assert_eq!(at("11b", "/Credential definition response/result/txnMetadata/seqNo"), 9);
    assert_eq!(at("12", "/Prover DID"), "VsKV7grR1BUE29mG2Fm2kX");
    assert_eq!(at("13", "/Link Secret name"), "link_secret");
    assert_eq!(at("14", "/Credential Offer/cred_def_id"), &cred_def_id);
    assert_eq!(
        at("16", "/Credential/values"),
        &json!({
            "sex": {
                "raw": "male",
                "encoded": "5944657099558967239210949258394887428692050081607692519917050011144233115103",
            },
            "name": {"raw": "Alex", "encoded": ALEX},
            "height": {"raw": "175", "encoded": "175"},
            "age": {"raw": "28", "encoded": "28"},
        })
    );
    assert_eq!(
        at("18", "/Proof Request"),
        &json!({
            "nonce": "123432421212",
            "name": "proof_req_1",
            "version": "0.1",
            "requested_attributes": {
                "attr1_referent": {
                    "name": "name",
                    "restrictions": {"issuer_did": trust_anchor, "schema_id": SCHEMA_ID},
                },
            },
            "requested_predicates": {
                "predicate1_referent": {
                    "name": "age",
                    "p_type": ">=",
                    "p_value": 18,
                    "restrictions": {"issuer_did": trust_anchor},
                },
            },
        })
    );
    let credential_id = at("17", "/Credential id");
    for referent in ["attr1_referent", "predicate1_referent"] {
        let candidates = at("19", &format!("/Prover credential for {referent}"));
        assert_eq!(candidates.as_array().unwrap().len(), 1);
        assert_eq!(&candidates[0]["cred_info"]["referent"], credential_id);
    }
    let preview = at("19", "/What the verifier would learn");
    assert_eq!(preview["credentials"].as_array().unwrap().len(), 1);
    assert_eq!(&preview["credentials"][0]["credential"], credential_id);
    assert_eq!(preview["credentials"][0]["revealed"][0]["raw"], "Alex");
    assert_eq!(preview["credentials"][0]["hidden"], json!(["age", "height", "sex"]));
    assert_eq!(preview["unanswered"], json!([]));
    assert_eq!(
        at("20", "/Requested Credentials"),
        &json!({
            "self_attested_attributes": {},
            "requested_attributes": {
                "attr1_referent": {"cred_id": credential_id, "revealed": true},
            },
            "requested_predicates": {"predicate1_referent": {"cred_id": credential_id}},
        })
    );
    let revealed = at("20", "/Proof/requested_proof/revealed_attrs");
    assert_eq!(
        revealed,
        &json!({"attr1_referent": {"sub_proof_index": 0, "raw": "Alex", "encoded": ALEX}})
    );
    assert_eq!(at("21", "/Verdict/verdict"), "verified");
    assert_eq!(
        at("21", "/Verdict/checks").as_array().unwrap().len(),
        20,
        "one line for each check"
    );
    assert_eq!(at("21", "/Verified"), true);
    assert_eq!(at("23", "/Deleted"), &json!(["issuer_wallet", "prover_wallet"]));
    assert_eq!(at("24", "/Deleted"), "pool");
}

#[test]
fn long_numbers_are_whole_in_json() {
    let walkthrough = Walkthrough::new();
    let outcome = walkthrough.run(&["--json", "--until", "2"]).succeeded();
    assert!(!outcome.stdout.contains(" digits)"));
}

#[test]
fn a_run_that_stops_early_names_the_step_and_the_home() {
    let walkthrough = Walkthrough::new();
    let outcome = walkthrough.run_at_home(&["--json", "--until", "3"]).succeeded();
    assert_eq!(actions(&outcome).last().unwrap(), "19");
    let home = walkthrough.home().canonicalize().unwrap();
    assert_eq!(outcome.last_line(), json!({"format": 1, "stopped_after": 3, "home": home}));

    let again = walkthrough.run_at_home(&["--json", "--until", "3"]).succeeded();
    assert_eq!(
        again.lines(),
        [json!({"format": 1, "stopped_after": 3, "home": home, "finished_before": true})]
    );
}

#[test]
fn notes_do_not_appear_between_the_lines() {
    let walkthrough = Walkthrough::after_step(3);
    let outcome = walkthrough.run_at_home(&["--json"]);
    assert_eq!(outcome.code, Some(0));
    assert_eq!(actions(&outcome), ["20", "21", "22", "23", "24"]);
    assert_eq!(outcome.stderr, "Step 2 was done before.\nStep 3 was done before.\n");
}
