//! The presentations of the known answers: both engines verify them.

use anoncreds::{Case, Decision, Policy, Verifier};
use serde_json::{Map, Value, json};
use vectors::Kind;

use crate::corpus::corpus;

#[test]
fn presentations_of_known_answers_verify() {
    let corpus = corpus();
    let verifier = Verifier::new(Policy::default());
    let tests = corpus.tests().filter(|placed| placed.group.kind == Kind::ProveKnownAnswer);
    let mut count = 0;
    for placed in tests {
        let [mut schemas, mut cred_defs] = [Map::new(), Map::new()];
        for issuer in placed.test.input["issuers"].as_array().unwrap() {
            let id = |object: &Value| object["id"].as_str().unwrap().to_owned();
            schemas.insert(id(&issuer["schema"]), issuer["schema"].clone());
            let definition = &issuer["credential_definition"];
            cred_defs.insert(id(definition), definition.clone());
        }
        let output = placed.test.output.as_ref().unwrap();
        let case = json!({
            "presentation_request": placed.test.input["request"],
            "presentation": output["presentation"],
            "schemas": schemas,
            "cred_defs": cred_defs,
        });
        let explained = verifier.explain_blocking(&Case::from_json(&case.to_string()).unwrap());
        let reason = explained.reason();
        assert_eq!(explained.decision(), Decision::Verified, "{}: {reason:?}", placed.test.id);
        count += 1;
    }
    assert!(count >= 8, "{count} known answers");
}
