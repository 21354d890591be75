//! The response, and its verdict.

use std::collections::{BTreeMap, BTreeSet};

use exchange::{
    error::ExchangeError,
    holder::{CriterionAnswer, OptionalAttributes, PreparedResponse, ShownCredential, choose},
    key::Signer,
    message::{ProofRequest, ProofResponse, Received},
    signature::Contexts,
    verifier::ExchangeVerifier,
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    matching::found,
    wallets::{self, TestWallet},
};
use crate::credit_card::{
    HOLDER, VERIFIER, bytes, key, now, request, resolver, signed_request, time, unsigned_request,
};

/// Returns the holder's response with ids and nonces 1, 2, 3, ...
pub async fn responded(
    wallet: &TestWallet,
    request: &Received<ProofRequest>,
    answers: &[CriterionAnswer],
    signer: &dyn Signer,
) -> Result<Received<ProofResponse>, ExchangeError> {
    let prepared = PreparedResponse::new(wallet, request, answers, signer, now()).await?;
    prepared.sign(now(), &mut (1..).map(Uuid::from_u128), &Contexts::new()).await
}

async fn chosen(
    wallet: &TestWallet,
    request: &Received<ProofRequest>,
    told: &OptionalAttributes,
) -> Vec<CriterionAnswer> {
    let found = found(wallet, request).await;
    choose(request.message(), &found, BTreeMap::new(), told).unwrap()
}

async fn automatic(
    wallet: &TestWallet,
    request: &Received<ProofRequest>,
) -> Result<Received<ProofResponse>, ExchangeError> {
    let answers = chosen(wallet, request, &OptionalAttributes::new()).await;
    responded(wallet, request, &answers, &key(HOLDER, "key-1")).await
}

async fn verified(request: &Received<ProofRequest>, response: &Received<ProofResponse>) {
    let verifier = ExchangeVerifier::new(resolver());
    let verdict = verifier.explain(request, &bytes(response.document()), now()).await;
    assert!(verdict.verified(), "{verdict}");
}

/// Returns the credit-card application, which accepts this.
async fn accepting(accept: Value) -> Received<ProofRequest> {
    let mut request = unsigned_request();
    request["proofRequest"]["accept"] = accept;
    signed_request(request).await
}

#[tokio::test]
async fn the_credit_card_application_is_answered_and_verified() {
    let wallet = wallets::full().await;
    let request = request().await;
    let response = automatic(&wallet, &request).await.unwrap();
    verified(&request, &response).await;
    let counts: Vec<usize> = response
        .message()
        .fulfilled
        .iter()
        .map(|fulfilled| fulfilled.presentations.len())
        .collect();
    assert_eq!(counts, [1, 1, 1, 6]);
    assert_eq!(response.document()["verifier"], VERIFIER);
    assert_eq!(response.document()["id"], "00000000-0000-0000-0000-000000000001");
}

#[tokio::test]
async fn an_optional_attribute_is_shown_only_by_choice() {
    let wallet = wallets::full().await;
    let request = request().await;
    let shown = |response: &Received<ProofResponse>| {
        let credential = &response.message().fulfilled[2].presentations[0].credentials[0];
        credential.attributes.iter().map(|a| a.key.clone()).collect::<BTreeSet<_>>()
    };
    let required = ["city", "country", "postalCode", "street1"].map(str::to_owned);
    let response = automatic(&wallet, &request).await.unwrap();
    assert_eq!(shown(&response), required.clone().into());

    let told = OptionalAttributes::from([(2, BTreeSet::from(["street2".to_owned()]))]);
    let answers = chosen(&wallet, &request, &told).await;
    let response = responded(&wallet, &request, &answers, &key(HOLDER, "key-1")).await.unwrap();
    assert!(shown(&response).contains("street2"));
    verified(&request, &response).await;
}

#[tokio::test]
async fn the_same_moment_and_ids_give_the_same_response() {
    let wallet = wallets::full().await;
    let request = request().await;
    let one = automatic(&wallet, &request).await.unwrap();
    let other = automatic(&wallet, &request).await.unwrap();
    assert_eq!(one.document(), other.document());
}

#[tokio::test]
async fn the_first_form_that_the_holder_can_do_is_taken() {
    let wallet = wallets::full().await;
    for (accept, expected) in [
        (json!(["json/Ed25519VerificationKey2018"]), "Ed25519VerificationKey2018"),
        (
            json!(["json/JcsEd25519Signature2020", "json/Ed25519VerificationKey2018"]),
            "JcsEd25519Signature2020",
        ),
        (
            json!(["json/RsaSignature2018", "json/Unknown2030", "json/Ed25519VerificationKey2018"]),
            "Ed25519VerificationKey2018",
        ),
        (
            // the ids of the credentials are not URIs
            json!(["json-ld/Ed25519Signature2018", "json/Ed25519VerificationKey2018"]),
            "Ed25519VerificationKey2018",
        ),
    ] {
        let request = accepting(accept).await;
        let response = automatic(&wallet, &request).await.unwrap();
        assert_eq!(response.message().proof[0].kind, expected);
        verified(&request, &response).await;
    }
}

#[tokio::test]
async fn a_request_that_accepts_no_possible_format_says_why_for_each() {
    let wallet = wallets::full().await;
    // attributes are signed as the second says, but a message is never
    let accept = json!(["json/RsaSignature2018", "json-ld/Ed25519VerificationKey2018"]);
    let request = accepting(accept).await;
    let error = automatic(&wallet, &request).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "the request accepts json/RsaSignature2018 (it signs linked data, which are json-ld), \
         json-ld/Ed25519VerificationKey2018 (it signs JSON, and no linked data), and this holder can answer in \
         json/Ed25519VerificationKey2018, json/JcsEd25519Signature2020, json/eddsa-jcs-2022; ask the verifier to accept what this holder can do, or answer with another key"
    );
}

#[tokio::test]
async fn a_criterion_that_needs_none_is_answered_with_nothing() {
    let wallet = wallets::full().await;
    let mut request = unsigned_request();
    request["proofRequest"]["criteria"][0]["min"] = json!(0);
    let request = signed_request(request).await;
    let response = automatic(&wallet, &request).await.unwrap();
    assert!(response.message().fulfilled[0].presentations.is_empty());
    verified(&request, &response).await;
}

#[tokio::test]
async fn a_proof_in_zero_knowledge_stands_beside_signed_attributes() {
    let wallet = wallets::full().await;
    let accept = json!(["json/Ed25519VerificationKey2018", "json-ld/CLSignature2019"]);
    let request = accepting(accept).await;
    let mut answers = chosen(&wallet, &request, &OptionalAttributes::new()).await;
    let proof = json!({"proof": {"proofs": []}, "identifiers": []});
    answers[1] = CriterionAnswer::ZeroKnowledge(proof.clone());
    let response = responded(&wallet, &request, &answers, &key(HOLDER, "key-1")).await.unwrap();
    let presentation = &response.message().fulfilled[1].presentations[0];
    assert!(presentation.is_cl() && presentation.credentials.is_empty());
    assert_eq!(response.part("/FulfilledCriteria/1/Presentations/0/presentation"), &proof);
    assert_eq!(presentation.proof.len(), 1);
}

#[tokio::test]
async fn messages_are_signed_where_only_zero_knowledge_is_accepted() {
    let wallet = wallets::empty().await;
    let mut request = unsigned_request();
    request["proofRequest"]["accept"] = json!(["json/CLSignature2019"]);
    let first = request["proofRequest"]["criteria"][0].clone();
    request["proofRequest"]["criteria"] = json!([first]);
    let request = signed_request(request).await;
    let answers = [CriterionAnswer::ZeroKnowledge(json!({}))];
    let response = responded(&wallet, &request, &answers, &key(HOLDER, "key-1")).await.unwrap();
    assert_eq!(response.message().proof[0].kind, "Ed25519VerificationKey2018");
}

#[tokio::test]
async fn an_expired_request_is_not_answered() {
    let wallet = wallets::full().await;
    let mut request = unsigned_request();
    request["proofRequest"]["expires"] = json!("2019-08-25T09:10:59Z");
    let request = signed_request(request).await;
    let error = automatic(&wallet, &request).await.unwrap_err();
    assert!(error.to_string().contains("could be answered until 2019-08-25T09:10:59Z"), "{error}");
    assert!(now() > time("2019-08-25T09:10:59Z"));
}

#[tokio::test]
async fn what_expires_before_it_is_signed_is_not_signed() {
    let mut brief = crate::credit_card::metadata(crate::credit_card::MAIL, "urn:uuid:1");
    brief["schemaId"] = json!(crate::credit_card::MAIL_SCHEMA);
    brief["expirationDate"] = json!("2019-08-25T09:30:00Z");
    let brief = crate::credit_card::issued(brief, HOLDER, &[("emailAddress", "a@b.c")]).await;
    let wallet = wallets::with([brief]).await;
    let mut request = unsigned_request();
    let first = request["proofRequest"]["criteria"][0].clone();
    request["proofRequest"]["criteria"] = json!([first]);
    let request = signed_request(request).await;
    let answers = chosen(&wallet, &request, &OptionalAttributes::new()).await;
    let signer = key(HOLDER, "key-1");
    let signed_at = async |moment: &str| {
        let prepared = PreparedResponse::new(&wallet, &request, &answers, &signer, now());
        let mut ids = (1..).map(Uuid::from_u128);
        let signed = prepared.await.unwrap().sign(time(moment), &mut ids, &Contexts::new()).await;
        signed.map_err(|error| error.to_string())
    };
    assert!(signed_at("2019-08-25T09:29:00Z").await.is_ok());
    let credential = signed_at("2019-08-25T09:31:00Z").await.unwrap_err();
    assert!(credential.contains("found one that expired at 2019-08-25T09:30:00Z"), "{credential}");
    let request = signed_at("2019-08-25T10:00:01Z").await.unwrap_err();
    assert!(request.contains("could be answered until 2019-08-25T10:00:00Z"), "{request}");
}

#[tokio::test]
async fn a_response_too_long_for_any_verifier_is_not_made() {
    let mut credentials = Vec::new();
    let long = "x".repeat(100_000);
    for number in 0..12 {
        credentials.push(
            crate::credit_card::of_schema(
                crate::credit_card::MAIL,
                &format!("urn:uuid:{number}"),
                crate::credit_card::MAIL_SCHEMA,
                &[("emailAddress", &long)],
            )
            .await,
        );
    }
    let wallet = wallets::with(credentials).await;
    let mut request = unsigned_request();
    let mut first = request["proofRequest"]["criteria"][0].clone();
    first["max"] = json!(12);
    request["proofRequest"]["criteria"] = json!([first]);
    let request = signed_request(request).await;
    let shown = (0..12).map(|number| ShownCredential {
        credential_id: format!("urn:uuid:{number}"),
        optional: BTreeSet::new(),
    });
    let answers = [CriterionAnswer::Signed(shown.collect())];
    let error = responded(&wallet, &request, &answers, &key(HOLDER, "key-1")).await.unwrap_err();
    assert!(error.to_string().starts_with("the response would have 12"), "{error}");
}
