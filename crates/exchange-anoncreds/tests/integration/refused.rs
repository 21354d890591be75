//! Criteria that are not answered, and answers that are not accepted.

use anoncreds::RequestedCredentials;
use exchange::message::{Mode, Received};
use serde_json::{Value, json};

use crate::parties::{
    ACME, GOVERNMENT, Key, Parties, adult, document, holder, is_clean, request, shape, two_payslips,
};

#[tokio::test]
async fn a_name_and_an_age_of_two_people_are_refused() {
    let mut parties = Parties::new().await;
    let identities = parties.identities().await;
    parties.hold_identity(&identities, "Young", "17").await;
    parties.hold_identity(&identities, "Alex", "28").await;
    let request = request(&[adult()]);
    let choice = RequestedCredentials::default()
        .reveal("credential_1", "Young")
        .prove("credential_1_predicate_1", "Alex");
    let answer = parties.answer_by_choice(&request, &shape(1, &["name"]), &choice).await;
    let findings = parties.check(&request, &answer).await;
    let misplaced = &findings.verified[0];
    assert_eq!(
        misplaced.referent.as_deref(),
        Some("/requested_proof/predicates/credential_1_predicate_1")
    );
    assert!(misplaced.got.ends_with("of another credential"), "{misplaced:?}");
}

#[tokio::test]
async fn predicates_answered_from_two_credentials_are_refused() {
    let mut parties = Parties::new().await;
    let identities = parties.identities().await;
    parties.hold_identity(&identities, "Young", "17").await;
    parties.hold_identity(&identities, "Alex", "28").await;
    let mut criterion = adult();
    criterion["properties"] = json!([]);
    criterion["predicates"] = json!([
        {"name": "age", "p_type": ">=", "p_value": 18},
        {"name": "height", "p_type": "<", "p_value": 200},
    ]);
    let request = request(&[criterion]);
    let choice = RequestedCredentials::default()
        .prove("credential_1_predicate_1", "Alex")
        .prove("credential_1_predicate_2", "Young");
    let answer = parties.answer_by_choice(&request, &shape(1, &[]), &choice).await;
    let findings = parties.check(&request, &answer).await;
    assert!(findings.verified[0].got.ends_with("of another credential"), "{findings:?}");
}

#[tokio::test]
async fn an_answer_is_bound_to_request_criterion_and_holder() {
    let mut parties = Parties::new().await;
    let identities = parties.identities().await;
    parties.hold_identity(&identities, "Alex", "28").await;
    let mut again = adult();
    again["description"] = json!("Once more");
    let criteria = [adult(), again];
    let asked = request(&criteria);
    let answer = parties.answer(&asked).await.unwrap();
    assert!(is_clean(&parties.check(&asked, &answer).await));

    let other_holder = "did:sov:WgWxqztrNooG92RXvxSTWv".parse().unwrap();
    let mut other = document(&criteria);
    other["id"] = json!("0b8b8a5e-6a3d-4c0f-9a53-3b6c9f0d6b8e");
    let other = Received::of(other, Mode::Usual).unwrap();
    for (request, criterion, holder) in
        [(&asked, 0, &other_holder), (&asked, 1, &holder()), (&other, 0, &holder())]
    {
        let findings = parties.check_as(request, criterion, holder, &answer).await;
        let failed = &findings.verified[0].expected;
        assert!(failed.starts_with("mathematics"), "{findings:?}");
    }
}

#[tokio::test]
async fn a_wallet_without_an_answer_says_why() {
    let mut parties = Parties::new().await;
    let identities = parties.identities().await;
    let request = request(&[adult()]);
    let empty = parties.answer(&request).await.unwrap_err().to_string();
    assert!(empty.ends_with("the wallet holds no credential at all"), "{empty}");

    parties.hold_identity(&identities, "Young", "17").await;
    let young = parties.answer(&request).await.unwrap_err();
    assert!(young.to_string().starts_with("no credential answers "), "{young}");
    assert!(young.to_string().contains("age"), "{young}");
}

#[tokio::test]
async fn too_few_credentials_are_counted() {
    let mut parties = Parties::new().await;
    let acme = parties.payslips(ACME, Key::First).await;
    parties.hold_payslip(&acme, &["january"], "2026-01", "3000").await;
    let refused = parties.answer(&request(&[two_payslips()])).await.unwrap_err();
    assert_eq!(
        refused.to_string(),
        "/proofRequest/criteria/0 asks for 2 credentials, and the wallet has 1 that answer"
    );
}

#[tokio::test]
async fn a_credential_of_an_issuer_that_is_not_named_is_refused() {
    let mut parties = Parties::new().await;
    let identities = parties.identities().await;
    parties.hold_identity(&identities, "Alex", "28").await;
    let answer = parties.answer(&request(&[adult()])).await.unwrap();
    let mut criterion = adult();
    criterion["issuers"]["dids"] = json!([format!("did:sov:{ACME}")]);
    let findings = parties.check(&request(&[criterion]), &answer).await;
    assert_eq!(
        findings.verified[0].expected,
        "a credential from an issuer that the criterion names"
    );
}

#[tokio::test]
async fn an_answer_with_other_attributes_is_refused_at_that_check() {
    let mut parties = Parties::new().await;
    let identities = parties.identities().await;
    parties.hold_identity(&identities, "Alex", "28").await;
    let answer = parties.answer(&request(&[adult()])).await.unwrap();
    for properties in [
        json!([{"name": "name", "required": true}, {"name": "sex", "required": true}]),
        json!([{"name": "sex", "required": false}]),
    ] {
        let mut criterion = adult();
        criterion["properties"] = properties;
        let findings = parties.check(&request(&[criterion]), &answer).await;
        assert_eq!(findings.attributes.len(), 1, "{findings:?}");
    }
}

#[tokio::test]
async fn json_that_is_not_a_presentation_is_refused() {
    let parties = Parties::new().await;
    let request = request(&[adult()]);
    let many: Value = (0..1_000).map(|number| json!({"schema_id": number})).collect();
    for presentation in [
        json!(null),
        json!("presentation"),
        json!([]),
        json!({}),
        json!({"requested_proof": {"predicates": {"credential_4000000000_predicate_1": {}}}}),
        json!({"requested_proof": {"predicates": {"credential_1_predicate_1": {"sub_proof_index": 7}}}}),
        json!({
            "requested_proof": {"revealed_attr_groups":
                {"credential_1": {"sub_proof_index": 18_446_744_073_709_551_615_u64, "values": {"name": {}}}}},
            "identifiers": many,
        }),
        json!({
            "requested_proof": {"revealed_attr_groups":
                {"credential_1": {"sub_proof_index": 0, "values": {"name": {"raw": "a", "encoded": "1"}}}}},
            "identifiers": [{"schema_id": "x", "cred_def_id": "y"}],
            "proof": {},
        }),
    ] {
        let findings = parties.check(&request, &presentation).await;
        assert!(!is_clean(&findings), "{presentation}");
    }
}

#[tokio::test]
async fn criteria_that_anoncreds_cannot_ask_are_errors_that_say_where() {
    let parties = Parties::new().await;
    let without = |member: &str, value: Value| {
        let mut criterion = adult();
        criterion[member] = value;
        criterion
    };
    let mut linked = without("context", json!("https://schema.org"));
    linked["type"] = json!("Person");
    linked.as_object_mut().unwrap().remove("schema");
    let both = json!([{"name": "Age", "required": true}]);
    let twice = json!([{"name": "name", "required": true}, {"name": "N ame", "required": false}]);
    let no_such = json!([{"name": "age", "p_type": "==", "p_value": 18}]);
    for (criterion, place) in [
        (linked, "/proofRequest/criteria/0 asks for linked data"),
        (without("schema", json!("did:schema:e73fe4")), "/proofRequest/criteria/0/schema"),
        (
            without("issuers", json!({"dids": ["did:work:WrgHL2icHVN8vwZtY9YmjY"]})),
            "/proofRequest/criteria/0/issuers/dids",
        ),
        (without("properties", both), "/proofRequest/criteria/0/predicates/0"),
        (without("properties", twice), "/proofRequest/criteria/0/properties/1"),
    ] {
        let refused = parties.answer(&request(&[criterion])).await.unwrap_err();
        assert!(refused.to_string().starts_with(place), "{refused}");
    }
    // the rules of messages refuse some of these before
    for (member, value) in [("predicates", no_such), ("min", json!(21))] {
        let mut criterion = without(member, value);
        criterion["max"] = json!(50);
        if let Ok(request) = Received::of(document(&[criterion]), Mode::Usual) {
            parties.answer(&request).await.unwrap_err();
        }
    }
    let refused = parties.answer_with(&request(&[adult()]), &["name"]).await.unwrap_err();
    assert!(refused.to_string().contains("as an optional attribute"), "{refused}");
}

#[tokio::test]
async fn a_short_criterion_that_makes_a_long_request_is_refused() {
    let parties = Parties::new().await;
    let issuers: Vec<String> =
        (0..900).map(|number| format!("did:sov:{GOVERNMENT}{number}")).collect();
    let mut criterion = two_payslips();
    criterion["issuers"] = json!({"dids": issuers});
    criterion["min"] = json!(20);
    criterion["max"] = json!(20);
    let refused = parties.answer(&request(&[criterion])).await.unwrap_err();
    assert!(refused.to_string().contains("would make an AnonCreds request with"), "{refused}");
}
