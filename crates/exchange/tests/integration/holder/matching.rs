//! The credentials that answer each criterion.

use exchange::{
    did::Did,
    holder::{Candidate, CriterionMatches, search},
    message::{Mode, ProofRequest, Received},
};
use serde_json::{Value, json};

use super::{
    remove,
    wallets::{self, TestWallet},
};
use crate::credit_card::{
    EMPLOYER, HOLDER, MAIL, MAIL_SCHEMA, OTHER_ISSUER, PAYSLIP_SCHEMA, email, issued, licence,
    metadata, now, of_schema, payslip, payslips, request, unsigned_request,
};

/// Returns the credit-card application, altered.
pub fn altered(alter: impl FnOnce(&mut Value)) -> Received<ProofRequest> {
    let mut document = unsigned_request();
    alter(&mut document["proofRequest"]);
    document["proof"] = json!({
        "created": "2019-08-25T09:00:00Z", "creator": "key-1", "nonce": "n",
        "signatureValue": "2", "type": "Ed25519VerificationKey2018",
    });
    Received::of(document, Mode::Usual).unwrap()
}

/// Returns what the wallet has for the holder.
pub async fn found<'w>(
    wallet: &'w TestWallet,
    request: &Received<ProofRequest>,
) -> Vec<CriterionMatches<'w>> {
    let holder: Did = HOLDER.parse().unwrap();
    search(wallet, request.message(), Some(&holder), now()).await.unwrap()
}

pub fn ids(candidates: &[Candidate]) -> Vec<&str> {
    let candidates = candidates.iter();
    candidates.map(|candidate| &*candidate.credential_id).collect()
}

#[tokio::test]
async fn each_criterion_finds_its_own_credentials() {
    let wallet = wallets::full().await;
    let found = found(&wallet, &request().await).await;
    let counts: Vec<usize> = found.iter().map(|found| found.candidates.len()).collect();
    assert_eq!(counts, [1, 1, 1, 6]);
    assert!(found.iter().all(|found| found.unmatched.is_none()));
    assert_eq!(found[3].fitting, 6);
    let address = &found[2].candidates[0];
    assert_eq!(address.required.len(), 4);
    assert_eq!(address.optional["street2"], "May Lane");
    let licence = &found[1].candidates[0];
    assert_eq!(licence.required["Date Of Birth"], "1990-05-17");
    assert_eq!(licence.expiration_date.as_deref(), Some("2029-08-23T00:00:00Z"));
}

#[tokio::test]
async fn a_removed_credential_is_not_found() {
    let wallet = wallets::full().await;
    remove(&wallet, email().await["id"].as_str().unwrap()).await;
    let found = found(&wallet, &request().await).await;
    assert!(found[0].candidates.is_empty());
}

#[tokio::test]
async fn any_of_the_issuers_will_do_and_no_other() {
    let mut credentials = Vec::new();
    for (number, issuer) in [MAIL, OTHER_ISSUER, EMPLOYER].into_iter().enumerate() {
        let id = format!("urn:uuid:{number}");
        credentials.push(of_schema(issuer, &id, MAIL_SCHEMA, &[("emailAddress", "a@b.c")]).await);
    }
    let wallet = wallets::with(credentials).await;
    let request = altered(|asked| {
        asked["criteria"][0]["issuers"]["dids"] = json!([EMPLOYER, MAIL]);
    });
    let found = found(&wallet, &request).await;
    assert_eq!(ids(&found[0].candidates), ["urn:uuid:2", "urn:uuid:0"]);
}

#[tokio::test]
async fn an_issuer_among_very_many_is_found() {
    let wallet = wallets::with([email().await]).await;
    let request = altered(|asked| {
        let mut dids: Vec<String> =
            (0..60).map(|number| format!("did:work:other{number}")).collect();
        dids.push(MAIL.to_owned());
        asked["criteria"][0]["issuers"]["dids"] = json!(dids);
    });
    assert_eq!(found(&wallet, &request).await[0].candidates.len(), 1);
}

#[tokio::test]
async fn linked_data_is_found_by_context_and_type_together() {
    let wallet = wallets::with([licence().await]).await;
    for (context, kind, expected) in [
        ("https://stateagency.gov", "DrivingLicenceCredential", 1),
        ("https://stateagency.gov", "FishingLicenceCredential", 0),
        ("https://example.com", "DrivingLicenceCredential", 0),
        ("https://www.w3.org/2018/credentials/v1", "DrivingLicenceCredential", 0),
    ] {
        let request = altered(|asked| {
            asked["criteria"][1]["context"] = json!(context);
            asked["criteria"][1]["type"] = json!(kind);
        });
        let found = found(&wallet, &request).await;
        assert_eq!(found[1].candidates.len(), expected, "{context} {kind}");
    }
}

#[tokio::test]
async fn all_required_attributes_must_be_in_one_credential() {
    let partial = of_schema(
        EMPLOYER,
        "urn:uuid:1",
        PAYSLIP_SCHEMA,
        &[("currency", "EUR"), ("grossPay", "1"), ("extra", "x")],
    );
    let wallet = wallets::with([partial.await, payslip(1).await]).await;
    let found = found(&wallet, &request().await).await;
    let whole = payslip(1).await;
    assert_eq!(ids(&found[3].candidates), [whole["id"].as_str().unwrap()]);
    assert_eq!(found[3].fitting, 1);
}

#[tokio::test]
async fn credentials_about_others_are_found_only_without_a_holder() {
    let mut other = metadata(MAIL, "urn:uuid:1");
    other["schemaId"] = json!(MAIL_SCHEMA);
    let other = issued(other, OTHER_ISSUER, &[("emailAddress", "a@b.c")]).await;
    let wallet = wallets::with([other]).await;
    let request = request().await;
    assert!(found(&wallet, &request).await[0].candidates.is_empty());
    let anybody = search(&wallet, request.message(), None, now()).await.unwrap();
    assert_eq!(anybody[0].candidates[0].subject, OTHER_ISSUER);
}

#[tokio::test]
async fn credentials_of_other_proof_types_are_not_found() {
    let wallet = wallets::full().await;
    let request = altered(|asked| asked["accept"] = json!(["json/JcsEd25519Signature2020"]));
    let found = found(&wallet, &request).await;
    assert!(found.iter().all(|found| found.candidates.is_empty()));
    let request = altered(|asked| {
        asked["accept"] =
            json!(["json/JcsEd25519Signature2020", "json-ld/Ed25519VerificationKey2018"]);
    });
    assert_eq!(self::found(&wallet, &request).await[3].candidates.len(), 6);
}

#[tokio::test]
async fn further_pages_follow_the_first_until_the_search_has_ended() {
    let mut credentials = Vec::new();
    for number in 0..50 {
        // two shapes, of which the second has an attribute more
        let attributes = [("emailAddress", "a@b.c"), ("alias", "a")];
        let attributes = &attributes[..1 + number % 2];
        let id = format!("urn:uuid:{number:02}");
        credentials.push(of_schema(MAIL, &id, MAIL_SCHEMA, attributes).await);
    }
    let wallet = wallets::with(credentials).await;
    let mut found = found(&wallet, &request().await).await;
    let first = &mut found[0];
    assert_eq!((first.candidates.len(), first.fitting), (20, 50));
    let mut all = first.candidates.clone();
    while !first.search.has_ended() {
        all.extend(first.search.fetch(7).await.unwrap());
    }
    let mut all = ids(&all);
    all.sort_unstable();
    all.dedup();
    assert_eq!(all.len(), 50);
    assert!(first.search.fetch(7).await.unwrap().is_empty());
}

#[tokio::test]
async fn candidates_behind_many_that_have_expired_are_found() {
    let mut credentials = Vec::new();
    for number in 0..40 {
        let mut old = metadata(MAIL, &format!("urn:uuid:{number}"));
        old["schemaId"] = json!(MAIL_SCHEMA);
        old["expirationDate"] = json!("2019-08-24T00:00:00Z");
        credentials.push(issued(old, HOLDER, &[("emailAddress", "old@example.com")]).await);
    }
    credentials.push(email().await);
    let wallet = wallets::with(credentials).await;
    let found = found(&wallet, &request().await).await;
    assert_eq!(found[0].candidates.len(), 1);
    assert_eq!(found[0].candidates[0].required["emailAddress"], "noreply@example.com");
    assert_eq!(found[0].fitting, 41);
}

#[tokio::test]
async fn a_min_above_a_page_is_searched_for_at_once() {
    let mut credentials = Vec::new();
    for number in 0..30 {
        let id = format!("urn:uuid:{number}");
        credentials.push(of_schema(MAIL, &id, MAIL_SCHEMA, &[("emailAddress", "a@b.c")]).await);
    }
    let wallet = wallets::with(credentials).await;
    let request = altered(|asked| {
        asked["criteria"][0]["min"] = json!(25);
        asked["criteria"][0]["max"] = json!(25);
    });
    let found = found(&wallet, &request).await;
    assert_eq!(found[0].candidates.len(), 25);
    assert!(found[0].unmatched.is_none());
}

#[tokio::test]
async fn the_least_number_of_payslips_counts_distinct_credentials() {
    let mut twice = payslips(1..=5).await;
    twice.push(payslip(5).await);
    let wallet = wallets::empty().await;
    for (number, document) in twice.into_iter().enumerate() {
        let kept = exchange::holder::store(&wallet, &super::credential(document)).await;
        // the second credential under this id has other nonces
        assert_eq!(kept.is_ok(), number < 5);
    }
    let found = found(&wallet, &request().await).await;
    let expected = "5 credentials are found, and 6 different ones are needed.";
    assert_eq!(found[3].unmatched.as_ref().unwrap(), &[expected]);
}

#[tokio::test]
async fn credentials_that_never_expire_come_first() {
    let mut credentials = Vec::new();
    let expiries = [
        Some("2019-07-31T00:00:00Z"),
        Some("2020-02-01T00:00:00Z"),
        None,
        Some("2021-01-01T00:00:00Z"),
        Some("2019-08-25T09:11:00Z"),
    ];
    for (number, expires) in expiries.into_iter().enumerate() {
        let mut mail = metadata(MAIL, &format!("urn:uuid:{number}"));
        mail["schemaId"] = json!(MAIL_SCHEMA);
        mail["issuanceDate"] = json!("2019-06-01T00:00:00Z");
        if let Some(expires) = expires {
            mail["expirationDate"] = json!(expires);
        }
        credentials.push(issued(mail, HOLDER, &[("emailAddress", "a@b.c")]).await);
    }
    let wallet = wallets::with(credentials).await;
    let found = found(&wallet, &request().await).await;
    let expected = ["urn:uuid:2", "urn:uuid:3", "urn:uuid:1", "urn:uuid:4"];
    assert_eq!(ids(&found[0].candidates), expected);
    assert_eq!(found[0].fitting, 4);
}
