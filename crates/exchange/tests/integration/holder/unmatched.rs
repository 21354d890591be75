//! The reasons why there are too few credentials.

use exchange::message::{ProofRequest, Received};
use serde_json::{Value, json};

use super::{
    matching::{altered, found},
    wallets::{self, TestWallet},
};
use crate::credit_card::{
    EMPLOYER, HOLDER, LICENCES, MAIL, MAIL_SCHEMA, OTHER_ISSUER, PAYSLIP_SCHEMA, issued, metadata,
    of_schema, payslips, request,
};

async fn unmatched(
    wallet: &TestWallet,
    request: &Received<ProofRequest>,
    number: usize,
) -> Vec<String> {
    let found = found(wallet, request).await;
    found[number].unmatched.clone().unwrap()
}

async fn mail(issuer: &str, number: u32, alter: impl FnOnce(&mut Value)) -> Value {
    let mut mail = metadata(issuer, &format!("urn:uuid:{number}"));
    mail["schemaId"] = json!(MAIL_SCHEMA);
    alter(&mut mail);
    issued(mail, HOLDER, &[("emailAddress", "a@b.c")]).await
}

#[tokio::test]
async fn an_empty_wallet_holds_none() {
    let wallet = wallets::empty().await;
    let unmatched = unmatched(&wallet, &request().await, 0).await;
    let expected = format!(
        "The wallet holds no credential with signed attributes of the schema {MAIL_SCHEMA}, and none of an accepted issuer."
    );
    assert_eq!(unmatched, [expected]);
}

#[tokio::test]
async fn issuers_that_are_not_accepted_are_counted() {
    let wallet =
        wallets::with([mail(OTHER_ISSUER, 1, |_| ()).await, mail(LICENCES, 2, |_| ()).await]).await;
    let unmatched = unmatched(&wallet, &request().await, 0).await;
    let expected = format!(
        "2 credentials are of the schema {MAIL_SCHEMA} from an issuer that is not accepted."
    );
    assert_eq!(unmatched, [expected]);
}

#[tokio::test]
async fn other_schemas_of_accepted_issuers_are_counted() {
    let other = of_schema(MAIL, "urn:uuid:1", PAYSLIP_SCHEMA, &[("emailAddress", "a@b.c")]).await;
    let wallet = wallets::with([other]).await;
    let unmatched = unmatched(&wallet, &request().await, 0).await;
    let expected =
        format!("1 credential is from an accepted issuer, but not of the schema {MAIL_SCHEMA}.");
    assert_eq!(unmatched, [expected]);
}

#[tokio::test]
async fn many_accepted_issuers_are_compared_with_the_wallet_s() {
    let other = of_schema(MAIL, "urn:uuid:1", PAYSLIP_SCHEMA, &[("emailAddress", "a@b.c")]).await;
    let wallet = wallets::with([other]).await;
    let request = altered(|asked| {
        let dids = (0..60).map(|number| format!("did:work:other{number}"));
        let dids: Vec<String> = dids.chain([MAIL.to_owned()]).collect();
        asked["criteria"][0]["issuers"]["dids"] = json!(dids);
    });
    let unmatched = unmatched(&wallet, &request, 0).await;
    let [reason] = &unmatched[..] else { panic!("{unmatched:?}") };
    assert!(reason.starts_with("1 credential is from an accepted issuer"), "{reason}");
}

#[tokio::test]
async fn an_attribute_that_is_missing_is_named() {
    let attributes = [("currency", "EUR"), ("payPeriodEnd", "x"), ("payPeriodStart", "y")];
    let without = of_schema(EMPLOYER, "urn:uuid:1", PAYSLIP_SCHEMA, &attributes).await;
    let elsewhere = of_schema(EMPLOYER, "urn:uuid:2", MAIL_SCHEMA, &[("grossPay", "1")]).await;
    let wallet = wallets::with([without, elsewhere]).await;
    let unmatched = unmatched(&wallet, &request().await, 3).await;
    let expected = "1 credential is without the required attribute \"grossPay\"; in the whole wallet 1 has it.";
    assert_eq!(unmatched, [expected]);
}

#[tokio::test]
async fn expired_and_not_yet_valid_credentials_are_counted() {
    let wallet = wallets::with([
        mail(MAIL, 1, |mail| mail["expirationDate"] = json!("2019-08-24T00:00:00Z")).await,
        mail(MAIL, 2, |mail| mail["issuanceDate"] = json!("2019-09-01T00:00:00Z")).await,
        mail(MAIL, 3, |mail| mail["issuanceDate"] = json!("2019-09-02T00:00:00Z")).await,
        // in the month before
        mail(MAIL, 4, |mail| {
            mail["issuanceDate"] = json!("2019-06-01T00:00:00Z");
            mail["expirationDate"] = json!("2019-07-31T23:59:59Z");
        })
        .await,
    ])
    .await;
    let unmatched = unmatched(&wallet, &request().await, 0).await;
    let expected = ["2 credentials are expired.", "2 credentials are not valid yet."];
    assert_eq!(unmatched, expected);
}

#[tokio::test]
async fn too_few_different_credentials_are_counted() {
    let wallet = wallets::with(payslips(1..=4).await).await;
    let unmatched = unmatched(&wallet, &request().await, 3).await;
    assert_eq!(unmatched, ["4 credentials are found, and 6 different ones are needed."]);
}

#[tokio::test]
async fn credentials_about_others_are_counted() {
    let mut other = metadata(MAIL, "urn:uuid:1");
    other["schemaId"] = json!(MAIL_SCHEMA);
    let wallet =
        wallets::with([issued(other, OTHER_ISSUER, &[("emailAddress", "a@b.c")]).await]).await;
    let unmatched = unmatched(&wallet, &request().await, 0).await;
    assert_eq!(unmatched, ["1 credential is about another DID than the holder's."]);
}

#[tokio::test]
async fn proof_types_that_are_not_accepted_are_named() {
    let wallet = wallets::with([mail(MAIL, 1, |_| ()).await]).await;
    let request = altered(|asked| asked["accept"] = json!(["json/JcsEd25519Signature2020"]));
    let unmatched = unmatched(&wallet, &request, 0).await;
    let expected = "1 credential is signed as Ed25519VerificationKey2018, and the request accepts json/JcsEd25519Signature2020.";
    assert_eq!(unmatched, [expected]);
}

#[tokio::test]
async fn predicates_are_said_to_need_zero_knowledge() {
    let wallet = wallets::full().await;
    let request = altered(|asked| {
        asked["criteria"][1]["predicates"] =
            json!([{"name": "age", "p_type": ">=", "p_value": 18}]);
    });
    let found = found(&wallet, &request).await;
    assert!(found[1].candidates.is_empty());
    assert_eq!(found[1].fitting, 0);
    let [reason] = &found[1].unmatched.as_ref().unwrap()[..] else { panic!() };
    assert!(reason.starts_with("The predicates of age need an answer in zero knowledge"));
}

#[tokio::test]
async fn a_criterion_that_needs_none_is_never_short() {
    let wallet = wallets::empty().await;
    let request = altered(|asked| asked["criteria"][0]["min"] = json!(0));
    assert!(found(&wallet, &request).await[0].unmatched.is_none());
}
