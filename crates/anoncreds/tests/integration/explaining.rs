//! Explaining a search, and the class directory.

use anoncreds::{
    ProofRequest, prover_count_credentials_for_proof_req, prover_delete_credential,
    prover_explain_search, prover_fetch_credentials_for_proof_req,
    prover_get_credentials_for_proof_req, prover_search_credentials_for_proof_req,
    rebuild_class_directory,
};
use serde_json::{Value, json};

use test_support::credentials::Parties;

use crate::classes::{ALEX, GOVERNMENT, MASTER, UNIVERSITY, define_degree, define_gvt};

async fn wallet() -> Parties {
    let parties = Parties::new().await;
    let (gvt, degree) = (define_gvt(&parties).await, define_degree(&parties).await);
    parties.hold(&gvt, &["alex"], &ALEX).await;
    parties.hold(&degree, &["master"], &MASTER).await;
    parties
}

fn request(attribute: Value) -> ProofRequest {
    ProofRequest::from_value(&json!({
        "nonce": "1", "name": "n", "version": "1.0", "requested_attributes": {"r": attribute},
        "requested_predicates": {"p": {"name": "age", "p_type": ">=", "p_value": 30}},
    }))
    .unwrap()
}

/// The explanation of a referent, as JSON.
async fn explained(parties: &Parties, attribute: Value, referent: &str) -> Value {
    let explanation = prover_explain_search(&parties.prover, &request(attribute)).await;
    serde_json::to_value(&explanation.unwrap().referents[referent]).unwrap()
}

#[tokio::test]
async fn a_class_is_excluded_by_the_clause_that_it_does_not_satisfy() {
    let parties = wallet().await;
    for (attribute, gvt, degree) in [
        (
            json!({"name": "name", "restrictions": {"issuer_did": UNIVERSITY}}),
            "another-issuer",
            "attribute-missing",
        ),
        (
            json!({"name": "degree", "restrictions": {"schema_name": "gvt"}}),
            "attribute-missing",
            "another-schema",
        ),
    ] {
        let said = explained(&parties, attribute, "r").await;
        assert_eq!(said["candidates"], 0);
        assert_eq!(said["classes"][0]["excluded"]["reason"], gvt, "{said}");
        assert_eq!(said["classes"][1]["excluded"]["reason"], degree, "{said}");
        assert_eq!(said["classes"][0]["credentials"], json!([]));
    }
}

#[tokio::test]
async fn a_missing_attribute_is_explained_with_a_similar_one() {
    let parties = wallet().await;
    let said = explained(&parties, json!({"name": "first_nmae"}), "r").await;
    assert_eq!(said["classes"][1]["excluded"]["did_you_mean"], "firstname", "{said}");
}

#[tokio::test]
async fn a_credential_is_excluded_by_a_value_or_a_false_predicate() {
    let parties = wallet().await;
    let restricted = json!({"name": "name", "restrictions": {"attr::name::value": "Bea"}});
    let said = explained(&parties, restricted.clone(), "r").await;
    let excluded = &said["classes"][0]["credentials"][0]["excluded"];
    assert_eq!((&excluded["reason"], &excluded["got"]), (&json!("value-differs"), &json!("Alex")));

    let said = explained(&parties, restricted, "p").await;
    let excluded = &said["classes"][0]["credentials"][0]["excluded"];
    assert_eq!((&excluded["reason"], &excluded["by"]), (&json!("predicate-false"), &json!(2)));
}

#[tokio::test]
async fn a_candidate_is_explained_as_a_candidate() {
    let parties = wallet().await;
    let said = explained(&parties, json!({"name": "name"}), "r").await;
    assert_eq!((&said["candidates"], &said["more"]), (&json!(1), &json!(false)));
    assert_eq!(said["classes"][0]["credentials"], json!([{"id": "alex", "excluded": null}]));
}

#[tokio::test]
async fn counting_stops_at_its_limit_and_does_not_advance_a_search() {
    let parties = Parties::new().await;
    let gvt = define_gvt(&parties).await;
    for number in 0..3 {
        parties.hold(&gvt, &[&number.to_string()], &ALEX).await;
    }
    let request = request(json!({"name": "name"}));
    let mut search =
        prover_search_credentials_for_proof_req(&parties.prover, &request, None).await.unwrap();
    for (at_most, counted) in [(0, 0), (2, 2), (9, 3)] {
        let count = prover_count_credentials_for_proof_req(&search, "r", at_most).await;
        assert_eq!(count.unwrap(), counted);
    }
    let all = prover_fetch_credentials_for_proof_req(&mut search, "r", 9).await.unwrap();
    assert_eq!(all.len(), 3);
}

#[tokio::test]
async fn a_rebuilt_class_directory_has_the_same_classes() {
    let parties = wallet().await;
    assert_eq!(rebuild_class_directory(&parties.prover).await.unwrap(), 2);
    let request = request(json!({"name": "name", "restrictions": {"issuer_did": GOVERNMENT}}));
    let found = prover_get_credentials_for_proof_req(&parties.prover, &request).await;
    assert_eq!(found.unwrap().attrs["r"].len(), 1);

    prover_delete_credential(&parties.prover, "alex").await.unwrap();
    assert_eq!(rebuild_class_directory(&parties.prover).await.unwrap(), 1);
}
