//! Answers by hand, each with one error.

use std::collections::BTreeSet;

use exchange::{
    holder::{CriterionAnswer, ShownCredential},
    message::{ProofRequest, Received},
};
use serde_json::{Value, json};

use super::{
    matching::altered,
    responding::responded,
    wallets::{self, TestWallet},
};
use crate::credit_card::{
    HOLDER, MAIL, MAIL_SCHEMA, OTHER_ISSUER, PAYSLIP_SCHEMA, email, issued, key, licence, metadata,
    of_schema,
};

const ID: &str = "urn:uuid:1";

fn by_hand(ids: &[&str], optional: &[&str]) -> CriterionAnswer {
    let optional: BTreeSet<String> = optional.iter().map(|name| (*name).to_owned()).collect();
    let shown = ids
        .iter()
        .map(|id| ShownCredential { credential_id: (*id).to_owned(), optional: optional.clone() });
    CriterionAnswer::Signed(shown.collect())
}

/// Returns a request for the email address alone, altered.
fn asking(alter: impl FnOnce(&mut Value)) -> Received<ProofRequest> {
    altered(|asked| {
        let properties = json!([
            {"name": "emailAddress", "required": true},
            {"name": "alias", "required": false},
        ]);
        asked["criteria"] = json!([asked["criteria"][0]]);
        asked["criteria"][0]["properties"] = properties;
        alter(asked);
    })
}

/// Returns what is wrong with an answer to the only criterion.
async fn problem(
    wallet: &TestWallet,
    request: &Received<ProofRequest>,
    answer: CriterionAnswer,
) -> String {
    let refused = responded(wallet, request, &[answer], &key(HOLDER, "key-1")).await.unwrap_err();
    let criterion = format!("the criterion {:?}: ", request.message().body.criteria[0].description);
    refused.to_string().strip_prefix(&criterion).expect("the criterion is named").to_owned()
}

fn says(problem: &str, part: &str) {
    assert!(problem.contains(part), "{problem}");
}

async fn mail(alter: impl FnOnce(&mut Value)) -> Value {
    let mut mail = metadata(MAIL, ID);
    mail["schemaId"] = json!(MAIL_SCHEMA);
    alter(&mut mail);
    issued(mail, HOLDER, &[("emailAddress", "a@b.c")]).await
}

/// Returns what is wrong with showing this credential.
async fn with(credential: Value) -> String {
    let wallet = wallets::with([credential]).await;
    problem(&wallet, &asking(|_| ()), by_hand(&[ID], &[])).await
}

#[tokio::test]
async fn right_answers_are_accepted() {
    let wallet = wallets::with([mail(|_| ()).await]).await;
    let answers = [by_hand(&[ID], &[])];
    responded(&wallet, &asking(|_| ()), &answers, &key(HOLDER, "key-1")).await.unwrap();
}

#[tokio::test]
async fn another_schema_or_issuer_is_named() {
    let other = of_schema(MAIL, ID, PAYSLIP_SCHEMA, &[("emailAddress", "a@b.c")]).await;
    says(&with(other).await, &format!("found one of the schema {PAYSLIP_SCHEMA:?};"));
    let other = of_schema(OTHER_ISSUER, ID, MAIL_SCHEMA, &[("emailAddress", "a@b.c")]).await;
    says(&with(other).await, &format!("found {OTHER_ISSUER};"));
}

#[tokio::test]
async fn another_type_is_named() {
    let wallet = wallets::with([licence().await]).await;
    let request = altered(|asked| {
        asked["criteria"] = json!([asked["criteria"][1]]);
        asked["criteria"][0]["type"] = json!("FishingLicenceCredential");
    });
    let id = "https://stateagency.gov/licences/4711";
    let problem = problem(&wallet, &request, by_hand(&[id], &[])).await;
    says(&problem, "and the type \"FishingLicenceCredential\";");
}

#[tokio::test]
async fn a_missing_attribute_is_named() {
    let other = of_schema(MAIL, ID, MAIL_SCHEMA, &[("alias", "a")]).await;
    let problem = with(other).await;
    assert_eq!(
        problem.to_string(),
        "the credential \"urn:uuid:1\" does not answer it: expected the attribute \"emailAddress\"; \
         found a credential that does not show it; show all attributes that the criterion requires, from one credential"
    );
}

#[tokio::test]
async fn wrong_dates_are_named() {
    let old = mail(|mail| mail["expirationDate"] = json!("2019-08-25T09:10:59Z")).await;
    says(&with(old).await, "expected a credential that has not expired;");
    let early = mail(|mail| mail["issuanceDate"] = json!("2019-08-25T09:11:01Z")).await;
    says(&with(early).await, "found 2019-08-25T09:11:01Z;");
}

#[tokio::test]
async fn a_credential_about_another_did_is_named() {
    let mut other = metadata(MAIL, ID);
    other["schemaId"] = json!(MAIL_SCHEMA);
    let other = issued(other, OTHER_ISSUER, &[("emailAddress", "a@b.c")]).await;
    says(&with(other).await, &format!("found one of {OTHER_ISSUER};"));
}

#[tokio::test]
async fn an_unknown_or_repeated_credential_is_refused() {
    let wallet = wallets::with([mail(|_| ()).await]).await;
    let request = asking(|asked| asked["criteria"][0]["max"] = json!(2));
    let missing = problem(&wallet, &request, by_hand(&["urn:uuid:9"], &[])).await;
    says(&missing, "the wallet holds no credential \"urn:uuid:9\"");
    let twice = problem(&wallet, &request, by_hand(&[ID, ID], &[])).await;
    says(&twice, "is named twice");
}

#[tokio::test]
async fn too_few_and_too_many_are_refused() {
    let wallet = wallets::with([mail(|_| ()).await, email().await]).await;
    let request = asking(|_| ());
    let email = email().await;
    let both = [ID, email["id"].as_str().unwrap()];
    let many = problem(&wallet, &request, by_hand(&both, &[])).await;
    let expected = "2 credentials were given, and it asks for 1";
    assert_eq!(many.to_string(), expected);
    for none in [by_hand(&[], &[]), CriterionAnswer::Nothing] {
        let few = problem(&wallet, &request, none).await;
        says(&few, "0 credentials were given");
    }
}

#[tokio::test]
async fn only_requested_optional_attributes_are_shown() {
    let wallet = wallets::with([mail(|_| ()).await]).await;
    let request = asking(|_| ());
    let unasked = problem(&wallet, &request, by_hand(&[ID], &["phone"])).await;
    says(&unasked, "is not among its optional attributes");
    let unheld = problem(&wallet, &request, by_hand(&[ID], &["alias"])).await;
    says(&unheld, "has no attribute \"alias\"");
}

#[tokio::test]
async fn a_credential_of_which_nothing_would_be_shown_is_refused() {
    let wallet = wallets::with([mail(|_| ()).await]).await;
    let request = asking(|asked| {
        asked["criteria"][0]["properties"] = json!([{"name": "emailAddress", "required": false}]);
    });
    let nothing = problem(&wallet, &request, by_hand(&[ID], &[])).await;
    says(&nothing, "nothing of the credential");
}

#[tokio::test]
async fn a_proof_type_that_is_not_accepted_is_named() {
    let wallet = wallets::with([mail(|_| ()).await]).await;
    let request = asking(|asked| asked["accept"] = json!(["json/JcsEd25519Signature2020"]));
    let problem = problem(&wallet, &request, by_hand(&[ID], &[])).await;
    says(&problem, "which the request does not accept");
}

#[tokio::test]
async fn zero_knowledge_answers_predicates_where_it_is_accepted() {
    let wallet = wallets::with([mail(|_| ()).await]).await;
    let predicates = asking(|asked| {
        asked["criteria"][0]["predicates"] =
            json!([{"name": "age", "p_type": ">=", "p_value": 18}]);
    });
    let signed = problem(&wallet, &predicates, by_hand(&[ID], &[])).await;
    says(&signed, "it has predicates");
    let no_object =
        problem(&wallet, &predicates, CriterionAnswer::ZeroKnowledge(json!("proof"))).await;
    says(&no_object, "is not a JSON object");
    let plain = asking(|asked| asked["accept"] = json!(["json/Ed25519VerificationKey2018"]));
    let refused = problem(&wallet, &plain, CriterionAnswer::ZeroKnowledge(json!({}))).await;
    says(&refused, "does not accept CLSignature2019");
}

#[tokio::test]
async fn there_is_one_answer_per_criterion() {
    let wallet = wallets::empty().await;
    let refused = responded(&wallet, &asking(|_| ()), &[], &key(HOLDER, "key-1")).await;
    let expected =
        "the request has 1 criteria, and 0 answers were given; give one for each, in order";
    assert_eq!(refused.unwrap_err().to_string(), expected);
}
