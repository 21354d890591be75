//! Searching for credentials that can answer a proof request.

use std::collections::BTreeMap;

use anoncreds::{
    AnoncredsError, Candidate, ProofRequest, prover_close_credentials_search_for_proof_req,
    prover_delete_credential, prover_fetch_credentials_for_proof_req,
    prover_get_credentials_for_proof_req, prover_search_credentials_for_proof_req,
};
use proofs::Restriction;
use serde_json::{Value, json};

use test_support::credentials::Parties;

use crate::classes::{ALEX, GOVERNMENT, MASTER, UNIVERSITY, define_degree, define_gvt};

/// A wallet with Alex (28) and Bea (17) of the government, and Alex Ho's degree.
async fn wallet() -> Parties {
    let parties = Parties::new().await;
    let (gvt, degree) = (define_gvt(&parties).await, define_degree(&parties).await);
    parties.hold(&gvt, &["alex"], &ALEX).await;
    let bea = [("sex", "female"), ("name", "Bea"), ("height", "160"), ("age", "17")];
    parties.hold(&gvt, &["bea"], &bea).await;
    parties.hold(&degree, &["master"], &MASTER).await;
    parties
}

fn request(attributes: Value, predicates: Value) -> ProofRequest {
    ProofRequest::from_value(&json!({
        "nonce": "1", "name": "a request", "version": "1.0",
        "requested_attributes": attributes, "requested_predicates": predicates,
    }))
    .unwrap()
}

fn ids(candidates: &[Candidate]) -> Vec<&str> {
    candidates.iter().map(|candidate| candidate.cred_info.referent.as_str()).collect()
}

/// The ids of all candidates for one requested attribute.
async fn candidates_for(parties: &Parties, attribute: Value) -> Vec<String> {
    let request = request(json!({ "r": attribute }), json!({}));
    let found = prover_get_credentials_for_proof_req(&parties.prover, &request).await.unwrap();
    ids(&found.attrs["r"]).into_iter().map(str::to_owned).collect()
}

#[tokio::test]
async fn a_restriction_selects_by_every_operator() {
    let parties = wallet().await;
    let both = json!({"$or": [{"attr::name::value": "Bea"}, {"attr::degree::value": "MSc"}]});
    for (name, restrictions, expected) in [
        ("name", Value::Null, vec!["alex", "bea"]),
        ("name", json!({}), vec!["alex", "bea"]),
        ("name", json!([]), vec!["alex", "bea"]),
        ("name", json!({"attr::name::value": "Alex"}), vec!["alex"]),
        (
            "name",
            json!([{"attr::name::value": "Alex"}, {"attr::age::value": "17"}]),
            vec!["alex", "bea"],
        ),
        ("name", json!({"attr::name::value": "Alex", "attr::age::value": "17"}), vec![]),
        ("name", json!({"$not": {"attr::name::value": "Alex"}}), vec!["bea"]),
        ("name", json!({"attr::name::value": {"$neq": "Alex"}}), vec!["bea"]),
        ("name", json!({"attr::name::value": {"$in": ["Bea", "Cem"]}}), vec!["bea"]),
        ("name", json!({"$and": [{"issuer_did": GOVERNMENT}, both]}), vec!["bea"]),
        ("name", json!({"issuer_did": UNIVERSITY}), vec![]),
        ("degree", json!({"schema_name": "degree", "schema_version": "1.0"}), vec!["master"]),
        ("degree", json!({"rev_reg_id": "None"}), vec!["master"]),
        ("degree", json!({"schema_issuer_did": UNIVERSITY}), vec!["master"]),
    ] {
        let attribute = json!({"name": name, "restrictions": restrictions});
        assert_eq!(candidates_for(&parties, attribute).await, expected, "{restrictions}");
    }
}

#[tokio::test]
async fn attribute_names_compare_without_spaces_and_case() {
    let parties = wallet().await;
    for name in ["First Name", "firstname", "FIRST  NAME"] {
        let attribute =
            json!({"name": name, "restrictions": {format!("attr::{name}::value"): "Alex"}});
        assert_eq!(candidates_for(&parties, attribute).await, ["master"]);
    }
}

#[tokio::test]
async fn a_group_is_answered_by_one_credential_with_all_its_names() {
    let parties = wallet().await;
    assert_eq!(candidates_for(&parties, json!({"names": ["name", "age"]})).await, ["alex", "bea"]);
    assert!(candidates_for(&parties, json!({"names": ["name", "degree"]})).await.is_empty());
}

#[tokio::test]
async fn a_version_1_request_also_matches_qualified_identifiers() {
    let parties = wallet().await;
    let attribute =
        json!({"name": "degree", "restrictions": {"issuer_did": format!("did:sov:{UNIVERSITY}")}});
    assert_eq!(candidates_for(&parties, attribute.clone()).await, ["master"]);

    let mut literal = request(json!({ "r": attribute }), json!({}));
    literal.ver = proofs::RequestVersion::V2;
    let found = prover_get_credentials_for_proof_req(&parties.prover, &literal).await.unwrap();
    assert!(found.attrs["r"].is_empty());
}

#[tokio::test]
async fn a_predicate_selects_by_the_encoded_value() {
    let parties = wallet().await;
    for (p_type, p_value, expected) in [
        (">=", 28, vec!["alex"]),
        (">", 28, vec![]),
        ("<=", 17, vec!["bea"]),
        ("<", 29, vec!["alex", "bea"]),
    ] {
        let predicate = json!({"name": "age", "p_type": p_type, "p_value": p_value});
        let request = request(json!({}), json!({ "r": predicate }));
        let found = prover_get_credentials_for_proof_req(&parties.prover, &request).await.unwrap();
        assert_eq!(ids(&found.predicates["r"]), expected, "{p_type} {p_value}");
    }
}

#[tokio::test]
async fn a_predicate_on_text_has_no_candidate() {
    let parties = wallet().await;
    let predicate = json!({"name": "name", "p_type": ">=", "p_value": 0});
    let request = request(json!({}), json!({ "r": predicate }));
    let found = prover_get_credentials_for_proof_req(&parties.prover, &request).await.unwrap();
    assert!(found.predicates["r"].is_empty());
}

#[tokio::test]
async fn an_extra_query_narrows_its_referent_only() {
    let parties = wallet().await;
    let request = request(json!({"a": {"name": "name"}, "b": {"name": "name"}}), json!({}));
    let only_bea = Restriction::parse(&json!({"attr::NAME::value": "Bea"})).unwrap().unwrap();
    let extra = BTreeMap::from([("a".to_owned(), only_bea)]);
    let mut search =
        prover_search_credentials_for_proof_req(&parties.prover, &request, Some(&extra))
            .await
            .unwrap();
    for (referent, expected) in [("a", vec!["bea"]), ("b", vec!["alex", "bea"])] {
        let found = prover_fetch_credentials_for_proof_req(&mut search, referent, 9).await.unwrap();
        assert_eq!(ids(&found), expected);
    }
}

#[tokio::test]
async fn a_candidate_has_the_interval_of_its_referent() {
    let parties = wallet().await;
    let mut request = request(
        json!({"a": {"name": "name", "non_revoked": {"from": 1, "to": 2}}, "b": {"name": "name"}}),
        json!({}),
    );
    request.non_revoked = Some(proofs::Interval { from: None, to: Some(9) });
    let found = prover_get_credentials_for_proof_req(&parties.prover, &request).await.unwrap();
    let interval =
        |referent: &str| serde_json::to_value(found.attrs[referent][0].interval).unwrap();
    assert_eq!(interval("a"), json!({"from": 1, "to": 2}));
    assert_eq!(interval("b"), json!({"to": 9}));
}

#[tokio::test]
async fn fetching_continues_where_it_stopped_with_at_most_the_count() {
    let parties = Parties::new().await;
    let gvt = define_gvt(&parties).await;
    let mut expected = Vec::new();
    for number in 0..5 {
        let id = format!("alex {number}");
        parties.hold(&gvt, &[&id], &ALEX).await;
        expected.push(id);
    }
    let request = request(json!({"r": {"name": "name"}}), json!({}));
    let mut search =
        prover_search_credentials_for_proof_req(&parties.prover, &request, None).await.unwrap();
    let mut fetched = Vec::new();
    for (count, given) in [(0, 0), (1, 1), (2, 2), (2, 2), (2, 0)] {
        let page = prover_fetch_credentials_for_proof_req(&mut search, "r", count).await.unwrap();
        assert_eq!(page.len(), given);
        fetched.extend(page.into_iter().map(|candidate| candidate.cred_info.referent));
    }
    assert_eq!(fetched, expected);
    prover_close_credentials_search_for_proof_req(search);
}

#[tokio::test]
async fn a_search_continues_after_a_candidate_is_deleted() {
    let parties = wallet().await;
    let request = request(json!({"r": {"name": "name"}}), json!({}));
    let mut search =
        prover_search_credentials_for_proof_req(&parties.prover, &request, None).await.unwrap();
    let first = prover_fetch_credentials_for_proof_req(&mut search, "r", 1).await.unwrap();
    assert_eq!(ids(&first), ["alex"]);
    prover_delete_credential(&parties.prover, "alex").await.unwrap();
    let second = prover_fetch_credentials_for_proof_req(&mut search, "r", 1).await.unwrap();
    assert_eq!(ids(&second), ["bea"]);
}

#[tokio::test]
async fn an_unknown_referent_is_refused_with_the_known_ones() {
    let parties = wallet().await;
    let request = request(json!({"r": {"name": "name"}}), json!({}));
    let mut search =
        prover_search_credentials_for_proof_req(&parties.prover, &request, None).await.unwrap();
    let error = prover_fetch_credentials_for_proof_req(&mut search, "q", 1).await.unwrap_err();
    assert_eq!(error.to_string(), "the proof request has no referent `q`; it has: r");

    let extra = BTreeMap::from([("q".to_owned(), Restriction::And(Vec::new()))]);
    let refused =
        prover_search_credentials_for_proof_req(&parties.prover, &request, Some(&extra)).await;
    assert!(matches!(refused, Err(AnoncredsError::UnknownReferent { .. })));
}

#[tokio::test]
async fn a_referent_of_an_attribute_and_a_predicate_is_refused() {
    let parties = wallet().await;
    let request = request(
        json!({"r": {"name": "name"}}),
        json!({"r": {"name": "age", "p_type": ">=", "p_value": 18}}),
    );
    let refused = prover_get_credentials_for_proof_req(&parties.prover, &request).await;
    let error = refused.unwrap_err().to_string();
    assert!(error.contains("referent `r`") && error.contains("another name"), "{error}");
}
