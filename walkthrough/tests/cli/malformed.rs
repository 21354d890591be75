//! Numbers that are none, at every entrance: no panic, and nothing of the number on the terminal.

use std::fs;

use serde_json::{Map, Value, json};
use test_support::{
    keys,
    malformed::{PLANTED, variants},
    program::Finished,
};

use crate::walkthrough::Walkthrough;

const CASE: &str = include_str!("../../../crates/proofs/tests/fixtures/cases/one-credential.json");
const CREDENTIAL: &str = include_str!("../../../crates/test-support/fixtures/credential.json");
const EQ_PROOF: &str = "/proof/proofs/0/primary_proof/eq_proof";

/// Asserts that a run refused its input, with one of these exit codes, and shows nothing of the
/// number. (A panic fails any run.)
#[track_caller]
fn refuses(what: &str, outcome: &Finished, codes: &[i32]) {
    assert!(outcome.code.is_some_and(|code| codes.contains(&code)), "{what}: {outcome:?}");
    let shown = format!("{}{}", outcome.stdout, outcome.stderr);
    assert!(!shown.contains(PLANTED), "{what}: {shown}");
}

#[test]
fn a_prepared_key_with_a_malformed_number_is_refused() {
    let walkthrough = Walkthrough::new();
    let key: Value = serde_json::from_str(keys::GVT).unwrap();
    for pointer in ["/private/value/p_key/p", "/public/primary/n", "/key_correctness_proof/c"] {
        for (what, text) in variants(&key, pointer) {
            fs::write(walkthrough.path("key.json"), text).unwrap();
            let mut program = walkthrough.program_without_key();
            program.args(["--prepared-key", "key.json"]);
            let outcome = Finished::of(program);
            refuses(&what, &outcome, &[2]);
            assert!(outcome.stderr.contains(pointer), "{what}: {}", outcome.stderr);
        }
    }
}

#[test]
fn a_hand_over_with_a_malformed_number_is_refused() {
    let walkthrough = Walkthrough::after_step(4);
    let sound = walkthrough.state(4);
    for pointer in [
        format!("/data/presentation{EQ_PROOF}/v"),
        format!("/data/presentation{EQ_PROOF}/revealed_attrs/name"),
        "/data/presentation/proof/aggregated_proof/c_hash".to_owned(),
    ] {
        for (what, text) in variants(&sound, &pointer) {
            fs::write(walkthrough.state_path(4), text).unwrap();
            let outcome = walkthrough.run_at_home(&["step", "5"]);
            refuses(&what, &outcome, &[2]);
            assert!(outcome.stderr.contains("not what step 4 writes"), "{what}: {outcome:?}");
        }
    }
    let sound = walkthrough.state(3);
    for (what, text) in variants(&sound, "/data/proof_request/nonce") {
        if !what.starts_with("a leading zero") {
            fs::write(walkthrough.state_path(3), text).unwrap();
            let outcome = walkthrough.run_at_home(&["step", "4"]);
            refuses(&what, &outcome, &[2]);
            assert!(outcome.stderr.contains("not what step 3 writes"), "{what}: {outcome:?}");
        }
    }
    let sound = walkthrough.state(2);
    // identifiers are any text, but each is there once
    let (what, twice) = variants(&sound, "/data/cred_def_id").pop().unwrap();
    fs::write(walkthrough.state_path(2), twice).unwrap();
    refuses(&what, &walkthrough.run_at_home(&["step", "3"]), &[2]);
}

#[test]
fn a_credential_with_a_malformed_number_is_not_imported() {
    let walkthrough = Walkthrough::new();
    let credential: Value = serde_json::from_str(CREDENTIAL).unwrap();
    for pointer in [
        "/signature/p_credential/a",
        "/signature/p_credential/v",
        "/signature_correctness_proof/se",
        "/values/age/encoded",
    ] {
        for (what, text) in variants(&credential, pointer) {
            fs::write(walkthrough.path("import.jsonl"), text).unwrap();
            let outcome = walkthrough.run_at_home(&["wallet", "import", "import.jsonl"]);
            refuses(&what, &outcome, &[2]);
            for words in ["line 1", pointer] {
                assert!(outcome.stderr.contains(words), "{what}: {}", outcome.stderr);
            }
        }
    }
}

#[test]
fn a_case_with_a_malformed_number_is_rejected() {
    let walkthrough = Walkthrough::new();
    let case: Value = serde_json::from_str(CASE).unwrap();
    let id = case["cred_defs"].as_object().unwrap().keys().next().unwrap().replace('/', "~1");
    for pointer in [
        format!("/presentation{EQ_PROOF}/v"),
        format!("/presentation{EQ_PROOF}/m/height"),
        format!("/cred_defs/{id}/value/primary/n"),
        format!("/cred_defs/{id}/value/primary/z"),
    ] {
        for (what, text) in variants(&case, &pointer) {
            fs::write(walkthrough.path("case.json"), &text).unwrap();
            let outcome = walkthrough.run(&["verify", "case.json", "--json"]);
            refuses(&what, &outcome, &[1, 2]);
            let verdict = outcome.last_line();
            assert_eq!(verdict["verdict"], "rejected", "{what}");
            assert_eq!(verdict["id"], case["id"], "{what}: the case keeps its name");
        }
    }
}

#[test]
fn a_request_with_a_malformed_number_is_refused_by_all() {
    let walkthrough = Walkthrough::after_step(2);
    let request = json!({
        "nonce": "1", "name": "n", "version": "1.0",
        "requested_attributes": {"who": {"name": "name"}},
    });
    for (what, text) in variants(&request, "/nonce") {
        if what.starts_with("a leading zero") {
            // allowed, and reported by lint and verify
            continue;
        }
        fs::write(walkthrough.path("request.json"), text).unwrap();
        for command in ["search", "disclose"] {
            let outcome = walkthrough.run_at_home(&[command, "request.json"]);
            outcome.failed(2, &["/nonce"]);
        }
        let outcome = walkthrough.run(&["lint", "request.json"]);
        assert_eq!(outcome.code, Some(1), "{what}: {outcome:?}");
    }
}

/// Returns a request that is larger than any reader takes, for each limit.
fn oversized_requests() -> Vec<(&'static str, Value)> {
    let members = |count: usize, value: &Value| -> Map<String, Value> {
        (0..count).map(|number| (format!("r{number}"), value.clone())).collect()
    };
    let request = |attributes: Value, predicates: Value| {
        json!({
            "nonce": "822341096514423177893041", "name": "n", "version": "1.0",
            "requested_attributes": attributes, "requested_predicates": predicates,
        })
    };
    let attribute = json!({"name": "name"});
    let predicate = json!({"name": "age", "p_type": ">=", "p_value": 18});
    let restricted = |count: usize| {
        let parts = vec![json!({"schema_name": "x"}); count];
        json!({"r": {"name": "name", "restrictions": {"$not": {"$or": parts}}}})
    };
    vec![
        (
            "at most 256 requested attributes and predicates",
            request(members(2_000, &attribute).into(), json!({})),
        ),
        ("at most 64 requested predicates", request(json!({}), members(500, &predicate).into())),
        ("at most 4096 names, operators and values", request(restricted(6_000), json!({}))),
        ("at most 256 KiB of JSON", request(restricted(25_000), json!({}))),
    ]
}

#[test]
fn a_request_beyond_the_limits_is_refused_by_all_in_the_same_words() {
    let walkthrough = Walkthrough::after_step(2);
    for (words, request) in oversized_requests() {
        fs::write(walkthrough.path("request.json"), request.to_string()).unwrap();
        for command in [&["search"][..], &["search", "--explain"], &["disclose"]] {
            let outcome = walkthrough.run_at_home(&[command, &["request.json"]].concat());
            outcome.failed(2, &[words]);
        }
        let outcome = walkthrough.run(&["lint", "request.json"]);
        assert_eq!(outcome.code, Some(1), "{words}: {}", outcome.stderr);
        assert!(outcome.stdout.contains(words), "{words}: {}", outcome.stdout);
    }
}

#[test]
fn a_request_at_the_limits_is_answered() {
    let walkthrough = Walkthrough::after_step(2);
    let attribute = json!({"name": "name", "restrictions": {"schema_name": "gvt"}});
    let predicate = json!({"name": "age", "p_type": ">=", "p_value": 18});
    let request = json!({
        "nonce": "822341096514423177893041", "name": "n", "version": "1.0",
        "requested_attributes":
            (0..192).map(|n| (format!("a{n}"), attribute.clone())).collect::<Map<_, _>>(),
        "requested_predicates":
            (0..64).map(|n| (format!("p{n}"), predicate.clone())).collect::<Map<_, _>>(),
    });
    fs::write(walkthrough.path("request.json"), request.to_string()).unwrap();
    let found = walkthrough.run_at_home(&["search", "request.json", "--json"]).succeeded();
    // a line for each referent, and the end
    assert_eq!(found.lines().len(), 256 + 1);
    walkthrough.run_at_home(&["disclose", "request.json"]).succeeded();
}
