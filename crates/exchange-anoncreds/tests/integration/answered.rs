//! Criteria that are answered and verified.

use serde_json::json;

use crate::parties::{ACME, GLOBEX, Key, Parties, adult, holder, is_clean, request, two_payslips};

#[tokio::test]
async fn a_name_is_shown_and_an_age_of_at_least_18_is_proved() {
    let mut parties = Parties::new().await;
    let identities = parties.identities().await;
    parties.hold_identity(&identities, "Alex", "28").await;
    let request = request(&[adult()]);
    let answer = parties.answer(&request).await.unwrap();

    let findings = parties.check(&request, &answer).await;
    assert!(is_clean(&findings), "{findings:?}");
    assert_eq!(findings.credentials, 1);
    let shown = &answer["requested_proof"];
    assert_eq!(
        shown["revealed_attr_groups"]["credential_1"]["values"],
        json!({"name": {"raw": "Alex", "encoded": proofs::encoding::encode("Alex")}})
    );
    let proved = &answer["proof"]["proofs"][0]["primary_proof"]["ge_proofs"][0]["predicate"];
    assert_eq!(*proved, json!({"attr_name": "age", "p_type": "GE", "value": 18}));
    assert!(!answer.to_string().contains("\"28\""));
}

#[tokio::test]
async fn an_optional_attribute_is_shown_only_when_the_holder_says_so() {
    let mut parties = Parties::new().await;
    let identities = parties.identities().await;
    parties.hold_identity(&identities, "Alex", "28").await;
    let request = request(&[adult()]);
    let answer = parties.answer_with(&request, &["height"]).await.unwrap();
    let findings = parties.check(&request, &answer).await;
    assert!(is_clean(&findings), "{findings:?}");
    let values = &answer["requested_proof"]["revealed_attr_groups"]["credential_1"]["values"];
    assert_eq!(values["height"]["raw"], "175");

    let other = parties.answer_with(&request, &["sex"]).await.unwrap_err();
    assert_eq!(
        other.to_string(),
        "/proofRequest/criteria/0 does not ask for \"sex\" as an optional attribute; choose among those that \
         it has"
    );
}

#[tokio::test]
async fn two_payslips_of_different_months_answer_as_two() {
    let mut parties = Parties::new().await;
    let acme = parties.payslips(ACME, Key::First).await;
    parties.hold_payslip(&acme, &["january"], "2026-01", "3000").await;
    parties.hold_payslip(&acme, &["february"], "2026-02", "3000").await;
    let request = request(&[two_payslips()]);
    let answer = parties.answer(&request).await.unwrap();
    let findings = parties.check(&request, &answer).await;
    assert!(is_clean(&findings), "{findings:?}");
    assert_eq!(findings.credentials, 2);
}

#[tokio::test]
async fn a_payslip_that_shows_the_same_as_another_is_skipped() {
    let mut parties = Parties::new().await;
    let acme = parties.payslips(ACME, Key::First).await;
    parties.hold_payslip(&acme, &["january", "copy"], "2026-01", "3000").await;
    parties.hold_payslip(&acme, &["february"], "2026-02", "3000").await;
    let request = request(&[two_payslips()]);
    let answer = parties.answer(&request).await.unwrap();
    let groups = &answer["requested_proof"]["revealed_attr_groups"];
    assert_eq!(
        [1, 2].map(|number| {
            groups[format!("credential_{number}")]["values"]["month"]["raw"].clone()
        }),
        [json!("2026-01"), json!("2026-02")]
    );
    assert!(is_clean(&parties.check(&request, &answer).await));
}

#[tokio::test]
async fn payslips_from_employers_with_different_keys_count_as_two() {
    let mut parties = Parties::new().await;
    let acme = parties.payslips(ACME, Key::First).await;
    let globex = parties.payslips(GLOBEX, Key::Second).await;
    parties.hold_payslip(&acme, &["acme"], "2026-01", "3000").await;
    parties.hold_payslip(&globex, &["globex"], "2026-01", "3000").await;
    let request = request(&[two_payslips()]);
    let answer = parties.answer(&request).await.unwrap();
    let findings = parties.check(&request, &answer).await;
    assert!(is_clean(&findings), "{findings:?}");
}

#[tokio::test]
async fn a_holder_chooses_among_the_candidates_by_hand() {
    let mut parties = Parties::new().await;
    let acme = parties.payslips(ACME, Key::First).await;
    let identities = parties.identities().await;
    parties.hold_identity(&identities, "Alex", "28").await;
    for month in ["01", "02", "03", "04"] {
        let month = format!("2026-{month}");
        parties.hold_payslip(&acme, &[&month], &month, "3000").await;
    }
    let request = request(&[two_payslips()]);
    let candidates = parties.candidates(&request).await;
    assert_eq!(candidates, ["2026-01", "2026-02", "2026-03", "2026-04"]);

    let chosen = ["2026-04", "2026-02", "2026-03"];
    let answer = parties.answer_from(&request, &chosen).await.unwrap();
    let findings = parties.check(&request, &answer).await;
    assert!(is_clean(&findings), "{findings:?}");
    assert_eq!(findings.credentials, 3);

    for (chosen, reason) in [
        (&chosen[..1], "is answered by 2 to 3 credentials, not by 1"),
        (&["2026-04", "2026-04"], "nothing shows that more than 1 are distinct"),
        (&["2026-04", "Alex"], "does not satisfy"),
        (&["2026-04", "missing"], "no credential `missing`"),
    ] {
        let refused = parties.answer_from(&request, chosen).await.unwrap_err();
        assert!(refused.to_string().contains(reason), "{refused}");
    }
}

#[tokio::test]
async fn a_criterion_of_predicates_alone_shows_no_attribute() {
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
    let answer = parties.answer(&request).await.unwrap();
    let findings = parties.check(&request, &answer).await;
    assert!(is_clean(&findings), "{findings:?}");
    assert_eq!(findings.credentials, 1);
    assert!(answer["requested_proof"].get("revealed_attr_groups").is_none());
    assert_eq!(answer["identifiers"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn an_optional_criterion_is_answered_by_one_credential() {
    let mut parties = Parties::new().await;
    let identities = parties.identities().await;
    parties.hold_identity(&identities, "Alex", "28").await;
    let mut criterion = adult();
    criterion["min"] = json!(0);
    let request = request(&[criterion]);
    let answer = parties.answer(&request).await.unwrap();
    assert_eq!(parties.check(&request, &answer).await.credentials, 1);
}

/// A server answers and verifies on any of its threads.
#[tokio::test]
async fn answering_and_verifying_can_move_between_threads() {
    let mut parties = Parties::new().await;
    let identities = parties.identities().await;
    parties.hold_identity(&identities, "Alex", "28").await;
    let request = request(&[adult()]);
    let elsewhere = tokio::spawn(async move {
        let answer = parties.answer(&request).await.unwrap();
        parties.check(&request, &answer).await
    });
    assert!(is_clean(&elsewhere.await.unwrap()));
}

#[test]
fn a_nonce_depends_on_request_criterion_and_holder_only() {
    let document = crate::parties::document(&[adult(), two_payslips()]);
    let nonce = |document: &serde_json::Value, criterion, holder: &str| {
        exchange_anoncreds::nonce(document, criterion, &holder.parse().unwrap()).unwrap()
    };
    let this = nonce(&document, 0, holder().as_str());
    assert!(this.parse::<u128>().unwrap() > 0);
    assert_eq!(this, nonce(&document.clone(), 0, holder().as_str()));
    assert_ne!(this, nonce(&document, 1, holder().as_str()));
    assert_ne!(this, nonce(&document, 0, "did:sov:WgWxqztrNooG92RXvxSTWv"));
    for pointer in ["/id", "/proof/nonce", "/proofRequest/verifier"] {
        let mut other = document.clone();
        *other.pointer_mut(pointer).unwrap() = json!("other");
        assert_ne!(this, nonce(&other, 0, holder().as_str()), "{pointer}");
    }
}

/// Another implementation must derive the same number.
#[test]
fn a_nonce_is_the_same_in_every_version_of_this_program() {
    let holder = "did:sov:VsKV7grR1BUE29mG2Fm2kX".parse().unwrap();
    let nonce = exchange_anoncreds::nonce(&json!({"b": [1, 2.5], "a": "ü"}), 3, &holder);
    assert_eq!(nonce.unwrap(), "259999697137499081843770500362083877672");
}

#[tokio::test]
async fn a_criterion_without_attributes_asks_for_all_of_its_schema() {
    let mut parties = Parties::new().await;
    let identities = parties.identities().await;
    parties.hold_identity(&identities, "Alex", "28").await;
    let mut all = adult();
    all.as_object_mut().unwrap().remove("predicates");
    all.as_object_mut().unwrap().remove("properties");
    let asked = request(&[all]);
    let answer = parties.answer(&asked).await.unwrap();
    let findings = parties.check(&asked, &answer).await;
    assert!(is_clean(&findings), "{findings:?}");
    let values = &answer["requested_proof"]["revealed_attr_groups"]["credential_1"]["values"];
    let shown: Vec<&String> = values.as_object().unwrap().keys().collect();
    assert_eq!(shown, ["age", "height", "name", "sex"]);

    let mut part = adult();
    part.as_object_mut().unwrap().remove("predicates");
    let answer = parties.answer(&request(&[part])).await.unwrap();
    let findings = parties.check(&asked, &answer).await;
    assert_eq!(findings.attributes.len(), 1, "{findings:?}");
}
