//! `issuers`, `schema-or-type`, `attributes`, `subject`, `count`, `distinct-credentials`.

use super::*;
use crate::credit_card::*;
use serde_json::json;

/// Returns the response with other credentials for the criterion with this index, all else in
/// order.
async fn with(request: &Received<ProofRequest>, index: usize, credentials: Vec<Value>) -> Value {
    let mut response = unsigned_response(request).await;
    response["FulfilledCriteria"][index] = answer(request, index, credentials);
    sign(&mut response).await;
    response
}

#[tokio::test]
async fn a_credential_of_another_issuer_is_refused() {
    let request = request().await;
    let values = [("emailAddress", "noreply@example.com")];
    // the criterion for addresses trusts the post
    for issuer in [OTHER_ISSUER, POST] {
        let credential = of_schema(issuer, OTHER_ID, MAIL_SCHEMA, &values).await;
        let response = with(&request, 0, vec![credential]).await;
        let failures = refused(&request, &response, ExchangeCheck::Issuers).await;
        let expected = "/FulfilledCriteria/0/Presentations/0/verifiableCredential/0/issuerDid";
        assert_eq!(place(&failures), expected);
    }
}

#[tokio::test]
async fn a_credential_of_another_schema_is_refused() {
    let request = request().await;
    let values = [("emailAddress", "noreply@example.com")];
    let credential = of_schema(MAIL, OTHER_ID, PAYSLIP_SCHEMA, &values).await;
    let response = with(&request, 0, vec![credential]).await;
    let failures = refused(&request, &response, ExchangeCheck::SchemaOrType).await;
    let expected = "/FulfilledCriteria/0/Presentations/0/verifiableCredential/0/schemaId";
    assert_eq!(place(&failures), expected);
}

#[tokio::test]
async fn a_credential_of_another_context_or_type_is_refused() {
    let request = request().await;
    let values = [("FirstName", "Alice"), ("LastName", "Garcia"), ("Date Of Birth", "1990-05-17")];
    for (member, value) in [
        ("@context", json!(["https://www.w3.org/2018/credentials/v1", "https://other.gov"])),
        ("type", json!(["VerifiableCredential", "FishingLicenceCredential"])),
    ] {
        let mut metadata = licence().await;
        metadata[member] = value;
        let credential = issued(metadata, HOLDER, &values).await;
        let response = with(&request, 1, vec![credential]).await;
        let failures = refused(&request, &response, ExchangeCheck::SchemaOrType).await;
        assert_eq!(place(&failures), "/FulfilledCriteria/1/Presentations/0/verifiableCredential/0");
    }
}

#[tokio::test]
async fn a_credential_signed_as_linked_data_has_no_context_but_the_criterions() {
    let request = request().await;
    let (verifier, _) = verifier();
    let foreign = ["https://state.example/fishing/v1"];
    for (kind, further, fits) in [
        ("Ed25519Signature2018", &[][..], true),
        ("Ed25519Signature2018", &foreign, false),
        ("RsaSignature2018", &foreign, false),
        // its signature covers the contexts
        ("eddsa-jcs-2022", &foreign, true),
    ] {
        let known = ["https://www.w3.org/2018/credentials/v1", "https://stateagency.gov"];
        let contexts = [&known[..], further].concat();
        let mut credential = json!({
            "@context": contexts,
            "type": ["VerifiableCredential", "DrivingLicenceCredential"],
            "id": "https://stateagency.gov/licences/4711",
            "issuer": LICENCES,
            "issuanceDate": ISSUED,
            "credentialSubject": {
                "id": HOLDER, "FirstName": "A", "LastName": "G", "Date Of Birth": "1990-05-17",
            },
            "proof": {
                "type": kind, "created": ISSUED, "proofPurpose": "assertionMethod",
                "verificationMethod": format!("{LICENCES}#key-1"), "jws": "e30..e30",
            },
        });
        if kind == "eddsa-jcs-2022" {
            let proof = credential["proof"].as_object_mut().unwrap();
            proof.remove("jws");
            proof.insert("type".to_owned(), "DataIntegrityProof".into());
            proof.insert("cryptosuite".to_owned(), kind.into());
            proof.insert("proofValue".to_owned(), "z1".into());
        }
        let response = bytes(&with(&request, 1, vec![credential]).await);
        let verdict = verifier.explain(&request, &response, now()).await;
        let failed: Vec<_> = verdict.failed().map(|report| report.check).collect();
        let is_refused = failed.contains(&ExchangeCheck::SchemaOrType);
        assert_eq!(!is_refused, fits, "{kind} {further:?}: {verdict}");
        assert!(!failed.contains(&ExchangeCheck::ResponseShape), "{verdict}");
    }
}

#[tokio::test]
async fn only_optional_attributes_may_be_left_out() {
    let request = request().await;
    let schema = ADDRESS_SCHEMA;
    let without_street2 = of_schema(POST, OTHER_ID, schema, &ADDRESS[..4]).await;
    verified(&request, &with(&request, 2, vec![without_street2]).await).await;

    let without_city = of_schema(POST, OTHER_ID, schema, &ADDRESS[1..]).await;
    let response = with(&request, 2, vec![without_city]).await;
    let failures = refused(&request, &response, ExchangeCheck::Attributes).await;
    assert_eq!(failures[0].expected, "the attribute \"city\"");
}

#[tokio::test]
async fn an_attribute_that_was_not_asked_for_is_refused() {
    let request = request().await;
    let values = [("emailAddress", "noreply@example.com"), ("phone", "555 0123")];
    let credential = of_schema(MAIL, OTHER_ID, MAIL_SCHEMA, &values).await;
    let response = with(&request, 0, vec![credential]).await;
    let failures = refused(&request, &response, ExchangeCheck::Attributes).await;
    let expected =
        "/FulfilledCriteria/0/Presentations/0/verifiableCredential/0/credentialSubjects/1";
    assert_eq!(place(&failures), expected);
}

#[tokio::test]
async fn an_attribute_with_two_values_is_refused() {
    let request = request().await;
    let values = [("emailAddress", "one@example.com"), ("emailAddress", "two@example.com")];
    let credential = of_schema(MAIL, OTHER_ID, MAIL_SCHEMA, &values).await;
    let response = bytes(&with(&request, 0, vec![credential]).await);
    let (verifier, _) = verifier();
    let verdict = verifier.explain(&request, &response, now()).await;
    let failed: Vec<_> = verdict.failed().map(|report| report.check).collect();
    assert_eq!(failed, [ExchangeCheck::ResponseShape], "{verdict}");
}

#[tokio::test]
async fn required_attributes_cannot_be_gathered_from_two_credentials() {
    let request = request().await;
    let two = vec![
        of_schema(POST, OTHER_ID, ADDRESS_SCHEMA, &ADDRESS[..2]).await,
        of_schema(POST, OTHER_ID, ADDRESS_SCHEMA, &ADDRESS[2..]).await,
    ];
    let (verifier, _) = verifier();
    let response = bytes(&with(&request, 2, two).await);
    let verdict = verifier.explain(&request, &response, now()).await;
    assert_eq!(verdict.outcome(ExchangeCheck::Attributes), Outcome::Failed);
}

#[tokio::test]
async fn a_credential_about_another_did_is_refused() {
    let request = request().await;
    let mut metadata = metadata(MAIL, OTHER_ID);
    metadata["schemaId"] = MAIL_SCHEMA.into();
    let credential =
        issued(metadata, OTHER_ISSUER, &[("emailAddress", "noreply@example.com")]).await;
    let response = with(&request, 0, vec![credential]).await;
    let failures = refused(&request, &response, ExchangeCheck::Subject).await;
    let expected =
        "/FulfilledCriteria/0/Presentations/0/verifiableCredential/0/credentialSubjects/0/id";
    assert_eq!(place(&failures), expected);
}

#[tokio::test]
async fn fewer_or_more_payslips_than_asked_for_are_refused() {
    let request = request().await;
    for months in [1..=5, 1..=7] {
        let response = with(&request, 3, payslips(months.clone()).await).await;
        let failures = refused(&request, &response, ExchangeCheck::Count).await;
        assert_eq!(failures[0].expected, "6 different credentials");
        assert_eq!(failures[0].got, months.end().to_string());
    }
}

#[tokio::test]
async fn a_presentation_of_nothing_is_refused() {
    let request = request().await;
    let mut response = unsigned_response(&request).await;
    let presentations = response["FulfilledCriteria"][0]["Presentations"].as_array_mut();
    presentations.unwrap().push(presentation(9, Vec::new()));
    sign(&mut response).await;
    let (verifier, _) = verifier();
    let verdict = verifier.explain(&request, &bytes(&response), now()).await;
    let failed: Vec<_> = verdict.failed().map(|report| report.check).collect();
    assert_eq!(failed, [ExchangeCheck::ResponseShape], "{verdict}");
}

#[tokio::test]
async fn a_payslip_that_is_offered_twice_is_refused_and_counts_once() {
    let request = request().await;
    let mut seven = payslips(1..=6).await;
    seven.push(payslip(6).await);
    let response = with(&request, 3, seven).await;
    let failures = refused(&request, &response, ExchangeCheck::DistinctCredentials).await;
    let expected = "/FulfilledCriteria/3/Presentations/6/verifiableCredential/0/id";
    assert_eq!(place(&failures), expected);
    let lenient = lenient(ExchangeCheck::DistinctCredentials);
    let verdict = lenient.explain(&request, &bytes(&response), now()).await;
    assert!(verdict.verified(), "{verdict}");
    assert_eq!(verdict.relaxed().collect::<Vec<_>>(), [ExchangeCheck::DistinctCredentials]);

    let mut six = payslips(1..=5).await;
    six.push(payslip(5).await);
    let response = with(&request, 3, six).await;
    let verdict = lenient.explain(&request, &bytes(&response), now()).await;
    assert!(!verdict.verified());
    assert_eq!(verdict.outcome(ExchangeCheck::Count), Outcome::Failed, "five are not six");
}

#[tokio::test]
async fn one_credential_may_answer_two_criteria() {
    let mut asked = unsigned_request();
    let mut again = asked["proofRequest"]["criteria"][0].clone();
    again["description"] = "Where to send the card's statements".into();
    asked["proofRequest"]["criteria"].as_array_mut().unwrap().push(again);
    let request = signed_request(asked).await;
    let mut response = unsigned_response(&request).await;
    let second = answer(&request, 4, vec![email().await]);
    response["FulfilledCriteria"].as_array_mut().unwrap().push(second);
    sign(&mut response).await;
    verified(&request, &response).await;
}
