//! The automatic choice.

use std::collections::{BTreeMap, BTreeSet};

use exchange::holder::{CriterionAnswer, OptionalAttributes, ShownCredential, choose};
use serde_json::{Value, json};

use super::{
    matching::{altered, found},
    wallets,
};
use crate::credit_card::{HOLDER, MAIL, MAIL_SCHEMA, issued, metadata, payslips, request};

async fn mail(id: &str, issued_at: &str, expires: Option<&str>) -> Value {
    let mut mail = metadata(MAIL, id);
    mail["schemaId"] = json!(MAIL_SCHEMA);
    mail["issuanceDate"] = json!(issued_at);
    if let Some(expires) = expires {
        mail["expirationDate"] = json!(expires);
    }
    issued(mail, HOLDER, &[("emailAddress", "a@b.c")]).await
}

fn signed(answer: &CriterionAnswer) -> &[ShownCredential] {
    match answer {
        CriterionAnswer::Signed(shown) => shown,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn the_choice_has_as_many_credentials_as_needed() {
    let wallet = wallets::full().await;
    let request = request().await;
    let found = found(&wallet, &request).await;
    let plain =
        choose(request.message(), &found, BTreeMap::new(), &OptionalAttributes::new()).unwrap();
    let counts: Vec<usize> = plain.iter().map(|answer| signed(answer).len()).collect();
    assert_eq!(counts, [1, 1, 1, 6]);
    assert!(plain.iter().flat_map(signed).all(|shown| shown.optional.is_empty()));

    let street2 = BTreeSet::from(["street2".to_owned()]);
    let told = OptionalAttributes::from([(2, street2.clone()), (0, street2.clone())]);
    let told = choose(request.message(), &found, BTreeMap::new(), &told).unwrap();
    assert_eq!(signed(&told[2])[0].optional, street2);
    assert!(signed(&told[0])[0].optional.is_empty());
}

#[tokio::test]
async fn the_order_is_newest_then_longest_valid_then_least_id() {
    let order = [
        ("urn:uuid:4", "2019-08-03T00:00:00Z", Some("2020-01-01T00:00:00Z")),
        ("urn:uuid:1", "2019-08-02T00:00:00Z", None),
        ("urn:uuid:7", "2019-08-02T00:00:00Z", Some("2021-01-01T00:00:00Z")),
        ("urn:uuid:2", "2019-08-02T00:00:00Z", Some("2020-01-01T00:00:00Z")),
        // the same moment in another zone
        ("urn:uuid:3", "2019-08-02T02:00:00+02:00", Some("2020-01-01T00:00:00Z")),
        ("urn:uuid:0", "2019-08-01T00:00:00Z", None),
    ];
    let mut credentials = Vec::new();
    for (id, issued_at, expires) in order {
        credentials.push(mail(id, issued_at, expires).await);
    }
    credentials.reverse();
    let wallet = wallets::with(credentials).await;
    let request = altered(|asked| {
        asked["criteria"] = json!([asked["criteria"][0]]);
        asked["criteria"][0]["min"] = json!(6);
        asked["criteria"][0]["max"] = json!(6);
    });
    let found = found(&wallet, &request).await;
    let chosen =
        choose(request.message(), &found, BTreeMap::new(), &OptionalAttributes::new()).unwrap();
    let chosen: Vec<&str> = signed(&chosen[0]).iter().map(|shown| &*shown.credential_id).collect();
    assert_eq!(chosen, order.map(|(id, ..)| id));
}

#[tokio::test]
async fn a_credential_that_answers_another_criterion_comes_last() {
    let newer = mail("urn:uuid:2", "2019-08-02T00:00:00Z", None).await;
    let older = mail("urn:uuid:1", "2019-08-01T00:00:00Z", None).await;
    let request = altered(|asked| {
        let mail = asked["criteria"][0].clone();
        asked["criteria"] = json!([mail, mail]);
        asked["criteria"][1]["description"] = json!("A second one");
    });
    let wallet = wallets::with([newer.clone(), older]).await;
    let both = found(&wallet, &request).await;
    let chosen =
        choose(request.message(), &both, BTreeMap::new(), &OptionalAttributes::new()).unwrap();
    assert_eq!(signed(&chosen[0])[0].credential_id, "urn:uuid:2");
    assert_eq!(signed(&chosen[1])[0].credential_id, "urn:uuid:1");

    let wallet = wallets::with([newer]).await;
    let one = found(&wallet, &request).await;
    let chosen =
        choose(request.message(), &one, BTreeMap::new(), &OptionalAttributes::new()).unwrap();
    assert_eq!(chosen[0], chosen[1]);
}

#[tokio::test]
async fn given_answers_stay_and_optional_criteria_get_none() {
    let wallet = wallets::full().await;
    let request = altered(|asked| asked["criteria"][2]["min"] = json!(0));
    let found = found(&wallet, &request).await;
    let proof = CriterionAnswer::ZeroKnowledge(json!({"proof": {}}));
    let given = BTreeMap::from([(1, proof.clone())]);
    let chosen = choose(request.message(), &found, given, &OptionalAttributes::new()).unwrap();
    assert_eq!(chosen[1], proof);
    assert_eq!(chosen[2], CriterionAnswer::Nothing);
}

#[tokio::test]
async fn too_few_candidates_are_reported_with_their_reasons() {
    let wallet = wallets::with(payslips(1..=4).await).await;
    let request = altered(|asked| asked["criteria"] = json!([asked["criteria"][3]]));
    let found = found(&wallet, &request).await;
    let error =
        choose(request.message(), &found, BTreeMap::new(), &OptionalAttributes::new()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the criterion \"6 Months of payslips\" needs 6 credentials, and 4 were found. \
         4 credentials are found, and 6 different ones are needed."
    );
    let error =
        choose(request.message(), &[], BTreeMap::new(), &OptionalAttributes::new()).unwrap_err();
    assert!(error.to_string().contains("was not searched for"), "{error}");
}
