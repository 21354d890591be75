//! `request-signature`, `response-signature`, `presentation-signatures`, `attribute-signatures`.

use super::*;
use crate::credit_card::*;
use exchange::signature::{CREDENTIALS_CONTEXT, EXCHANGE_CONTEXT, Signed};
use serde_json::json;

const PRESENTATION: &str = "/FulfilledCriteria/0/Presentations/0";
const CREDENTIAL: &str = "/FulfilledCriteria/0/Presentations/0/verifiableCredential/0";

#[tokio::test]
async fn a_request_signed_by_another_did_is_refused() {
    let mut document = unsigned_request();
    document["proof"] =
        proof_by(Signed::Message(&document), &key(OTHER_ISSUER, "key-1"), ASKED).await;
    let request = Received::of(document.clone(), Default::default()).unwrap();
    let answer = response(&request).await;
    let failures = refused(&request, &answer, ExchangeCheck::RequestSignature).await;
    assert!(failures[0].got.contains(OTHER_ISSUER), "{failures:?}");

    // its proof names the verifier
    document["proof"]["creator"] = format!("{VERIFIER}#key-1").into();
    let request = Received::of(document, Default::default()).unwrap();
    let failures = refused(&request, &answer, ExchangeCheck::RequestSignature).await;
    assert!(failures[0].got.contains("does not verify"), "{failures:?}");
}

#[tokio::test]
async fn a_key_without_a_did_is_one_of_the_expected_signer() {
    let mut document = request().await.document().clone();
    document["proof"]["creator"] = "key-1".into();
    let request = Received::of(document, Default::default()).unwrap();
    let mut answer = unsigned_response(&request).await;
    sign_presentations(&mut answer).await;
    for presentation in answer["FulfilledCriteria"][3]["Presentations"].as_array_mut().unwrap() {
        presentation["proof"][0]["creator"] = "key-1".into();
    }
    sign_response(&mut answer).await;
    verified(&request, &answer).await;
    // but the response's signer is not known beforehand
    answer["proof"][0]["creator"] = "key-1".into();
    let (verifier, _) = verifier();
    let verdict = verifier.explain(&request, &bytes(&answer), now()).await;
    assert_eq!(verdict.outcome(ExchangeCheck::ResponseSignature), Outcome::Failed, "{verdict}");
}

#[tokio::test]
async fn a_response_that_was_altered_or_signed_by_another_is_refused() {
    let request = request().await;
    let mut altered = response(&request).await;
    altered["id"] = "00000000-10a6-4c13-b3e0-349da08ae9f3".into();
    let failures = refused(&request, &altered, ExchangeCheck::ResponseSignature).await;
    assert_eq!(place(&failures), "/proof/0");

    let mut forged = response(&request).await;
    let mut proof = proof_by(Signed::Message(&forged), &key(OTHER_ISSUER, "key-1"), ANSWERED).await;
    proof["creator"] = format!("{HOLDER}#key-1").into();
    forged["proof"] = json!([proof]);
    refused(&request, &forged, ExchangeCheck::ResponseSignature).await;
}

#[tokio::test]
async fn every_signature_of_a_response_must_be_the_holders() {
    let request = request().await;
    let mut response = response(&request).await;
    let other = proof_by(Signed::Message(&response), &key(HOLDER, "key-2"), ANSWERED).await;
    response["proof"].as_array_mut().unwrap().push(other);
    verified(&request, &response).await;
    let other = proof_by(Signed::Message(&response), &key(OTHER_ISSUER, "key-1"), ANSWERED).await;
    response["proof"].as_array_mut().unwrap().push(other);
    let failures = refused(&request, &response, ExchangeCheck::ResponseSignature).await;
    assert_eq!(place(&failures), "/proof/2");
}

#[tokio::test]
async fn a_stranger_cannot_answer_with_the_holders_credentials() {
    let request = request().await;
    let mut response = unsigned_response(&request).await;
    sign_presentations(&mut response).await;
    let proof = proof_by(Signed::Message(&response), &key(OTHER_ISSUER, "key-1"), ANSWERED).await;
    response["proof"] = json!([proof]);
    let failures = refused(&request, &response, ExchangeCheck::Subject).await;
    assert!(failures[0].expected.contains(OTHER_ISSUER), "{failures:?}");
}

#[tokio::test]
async fn an_unsigned_message_is_refused() {
    let request = request().await;
    for (pointer, check) in [
        ("", ExchangeCheck::ResponseSignature),
        (PRESENTATION, ExchangeCheck::PresentationSignatures),
        (&*format!("{CREDENTIAL}/credentialSubjects/0"), ExchangeCheck::AttributeSignatures),
    ] {
        let mut response = unsigned_response(&request).await;
        let unsigned = |response: &mut Value| {
            response.pointer_mut(pointer).unwrap()["proof"] = json!([]);
        };
        if pointer.contains("credentialSubjects") {
            unsigned(&mut response);
        }
        sign_presentations(&mut response).await;
        if pointer == PRESENTATION {
            unsigned(&mut response);
        }
        sign_response(&mut response).await;
        if pointer.is_empty() {
            unsigned(&mut response);
        }
        let (verifier, answers) = verifier();
        let verdict = verifier.explain(&request, &bytes(&response), now()).await;
        assert!(!verdict.verified());
        assert_eq!(answers.contains(REQUEST_ID), Ok(false));
        // without a signature of the response there is no holder, so that other checks fail too
        let named = [check, ExchangeCheck::ResponseShape];
        assert!(verdict.failed().any(|report| named.contains(&report.check)), "{verdict}");
    }
}

#[tokio::test]
async fn a_presentation_signed_by_another_did_is_refused() {
    let request = request().await;
    let mut response = unsigned_response(&request).await;
    sign_presentations(&mut response).await;
    let presentation = response.pointer_mut(PRESENTATION).unwrap();
    let proof =
        proof_by(Signed::Message(presentation), &key(OTHER_ISSUER, "key-1"), ANSWERED).await;
    presentation["proof"] = json!([proof]);
    sign_response(&mut response).await;
    let failures = refused(&request, &response, ExchangeCheck::PresentationSignatures).await;
    assert_eq!(place(&failures), format!("{PRESENTATION}/proof/0"));
}

#[tokio::test]
async fn a_changed_value_or_a_lifted_attribute_is_refused() {
    let request = request().await;
    let mut richer = unsigned_response(&request).await;
    let payslip = "/FulfilledCriteria/3/Presentations/2/verifiableCredential/0";
    richer.pointer_mut(payslip).unwrap()["credentialSubjects"][1]["value"] = "9000".into();
    sign(&mut richer).await;
    let failures = refused(&request, &richer, ExchangeCheck::AttributeSignatures).await;
    assert_eq!(place(&failures), format!("{payslip}/credentialSubjects/1/proof/0"));

    let mut lifted = unsigned_response(&request).await;
    let other = "/FulfilledCriteria/3/Presentations/3/verifiableCredential/0";
    let entry = lifted.pointer(other).unwrap()["credentialSubjects"][1].clone();
    lifted.pointer_mut(payslip).unwrap()["credentialSubjects"][1] = entry;
    sign(&mut lifted).await;
    refused(&request, &lifted, ExchangeCheck::AttributeSignatures).await;
}

#[tokio::test]
async fn an_attribute_that_another_than_the_issuer_signed_is_refused() {
    let request = request().await;
    for signer in [HOLDER, OTHER_ISSUER, POST] {
        let mut response = unsigned_response(&request).await;
        let credential = response.pointer_mut(CREDENTIAL).unwrap();
        let claim = Signed::Claim(credential, 0);
        let proof = proof_by(claim, &key(signer, "key-1"), ISSUED).await;
        credential["credentialSubjects"][0]["proof"] = json!([proof]);
        sign(&mut response).await;
        let failures = refused(&request, &response, ExchangeCheck::AttributeSignatures).await;
        assert!(failures[0].got.contains(signer), "{failures:?}");
    }
}

#[tokio::test]
async fn an_unsigned_credential_without_attributes_does_not_count() {
    // with no required attribute there is none to be missed
    let mut asked = unsigned_request();
    asked["proofRequest"]["criteria"][0]["properties"][0]["required"] = false.into();
    let request = signed_request(asked).await;
    let mut response = unsigned_response(&request).await;
    response.pointer_mut(CREDENTIAL).unwrap()["credentialSubjects"] = json!([]);
    sign(&mut response).await;
    let (verifier, _) = verifier();
    let verdict = verifier.explain(&request, &bytes(&response), now()).await;
    let failed: Vec<_> = verdict.failed().map(|report| report.check).collect();
    let named = [ExchangeCheck::AttributeSignatures, ExchangeCheck::ResponseShape];
    assert!(failed.len() == 1 && named.contains(&failed[0]), "{verdict}");
}

#[tokio::test]
async fn a_signature_of_an_unknown_type_is_refused_by_its_name() {
    let request = request().await;
    let mut response = response(&request).await;
    response["proof"][0]["type"] = "BbsBlsSignature2020".into();
    let failures = refused(&request, &response, ExchangeCheck::ResponseSignature).await;
    assert!(failures[0].got.contains("BbsBlsSignature2020"), "{failures:?}");
}

#[tokio::test]
async fn an_unresolved_did_and_a_missing_key_are_named() {
    let mut asked = unsigned_request();
    asked["proofRequest"]["criteria"][0]["issuers"]["dids"] = json!([UNKNOWN]);
    let request = signed_request(asked).await;
    let mut response = unsigned_response(&request).await;
    let values = [("emailAddress", "noreply@example.com")];
    let credential = of_schema(UNKNOWN, OTHER_ID, MAIL_SCHEMA, &values).await;
    response["FulfilledCriteria"][0] = answer(&request, 0, vec![credential]);
    sign(&mut response).await;
    let failures = refused(&request, &response, ExchangeCheck::AttributeSignatures).await;
    assert_eq!(failures[0].got, format!("{UNKNOWN} is not known"));
    assert_eq!(failures[0].remedy, "add its document to the registry");

    let request = credit_card::request().await;
    let mut response = credit_card::response(&request).await;
    response["proof"][0]["creator"] = format!("{HOLDER}#key-9").into();
    let failures = refused(&request, &response, ExchangeCheck::ResponseSignature).await;
    assert!(failures[0].expected.contains("#key-9"), "{failures:?}");
}

#[tokio::test]
async fn no_more_dids_are_resolved_than_a_response_needs() {
    let issuers: Vec<String> = (0..80).map(|n| format!("did:work:issuer{n}")).collect();
    let mut asked = unsigned_request();
    asked["proofRequest"]["criteria"][0]["issuers"]["dids"] = json!(issuers);
    asked["proofRequest"]["criteria"][0]["max"] = 80.into();
    let request = signed_request(asked).await;
    let mut response = unsigned_response(&request).await;
    let mut credentials = Vec::new();
    for issuer in &issuers {
        let values = [("emailAddress", "noreply@example.com")];
        credentials.push(of_schema(issuer, issuer, MAIL_SCHEMA, &values).await);
    }
    response["FulfilledCriteria"][0] = answer(&request, 0, credentials);
    sign(&mut response).await;
    let (verifier, _) = verifier();
    let verdict = verifier.explain(&request, &bytes(&response), now()).await;
    assert!(!verdict.verified());
    assert!(verdict.to_string().contains("at most 64"), "{verdict}");
}

/// Returns the answer with presentations that were altered after they were signed.
async fn forged(request: &Received<ProofRequest>) -> Value {
    let mut response = unsigned_response(request).await;
    sign_presentations(&mut response).await;
    for presentation in response["FulfilledCriteria"][3]["Presentations"].as_array_mut().unwrap() {
        presentation["id"] = json!(presentation["id"].as_str().unwrap().replace("b9cd", "c9cd"));
    }
    sign_response(&mut response).await;
    response["id"] = json!("00000000-10a6-4c13-b3e0-349da08ae9f3");
    response
}

#[tokio::test]
async fn a_check_of_signatures_ends_after_three_failures() {
    let request = request().await;
    let response = forged(&request).await;
    let (verifier, _) = verifier();
    let verdict = verifier.explain(&request, &bytes(&response), now()).await;
    let outcome = |check| verdict.outcome(check);
    assert_eq!(outcome(ExchangeCheck::ResponseSignature), Outcome::Failed, "{verdict}");
    assert_eq!(outcome(ExchangeCheck::PresentationSignatures), Outcome::Failed, "{verdict}");
    // the issuers' signatures are not the forger's
    assert_eq!(outcome(ExchangeCheck::AttributeSignatures), Outcome::Passed, "{verdict}");
    // six presentations are forged
    let said = "3 that do not; 3 more were not verified";
    assert!(verdict.to_string().contains(said), "{verdict}");
}

/// Makes a part of a message linked data, with a signature that no key has made.
fn forge_linked(part: &mut Value, signer: &str, created: &str) {
    const HEADER: &str = "eyJhbGciOiJFZERTQSIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il19";
    if let Some(contexts) = part["@context"].as_array_mut() {
        contexts.push(EXCHANGE_CONTEXT.into());
    }
    if let Some(id) = part["id"].as_str().filter(|id| !id.contains(':')) {
        part["id"] = format!("urn:uuid:{id}").into();
    }
    part["proof"] = json!([{
        "type": "Ed25519Signature2018", "created": created, "proofPurpose": "assertionMethod",
        "verificationMethod": format!("{signer}#key-1"), "jws": format!("{HEADER}..{}", "Ag".repeat(43)),
    }]);
}

/// Returns the verdict on a forged message of linked data with so many payslips, and its length.
async fn forged_linked(count: u32) -> (Verdict<ExchangeCheck>, usize) {
    let mut asked = unsigned_request();
    asked["proofRequest"]["criteria"][3]["max"] = count.into();
    let request = signed_request(asked).await;
    let mut response = unsigned_response(&request).await;
    response["FulfilledCriteria"][3] = answer(&request, 3, payslips(1..=count).await);
    response["@context"] = json!([CREDENTIALS_CONTEXT]);
    response["type"] = json!(["ProofResponse"]);
    forge_linked(&mut response, HOLDER, ANSWERED);
    let answers = response["FulfilledCriteria"].as_array_mut().unwrap().iter_mut();
    for presentation in answers.flat_map(|one| one["Presentations"].as_array_mut().unwrap()) {
        forge_linked(presentation, HOLDER, ANSWERED);
        let credential = &mut presentation["verifiableCredential"][0];
        let issuer = credential["issuerDid"].as_str().unwrap().to_owned();
        forge_linked(credential, &issuer, ISSUED);
        let proof = credential.as_object_mut().unwrap().remove("proof").unwrap();
        for entry in credential["credentialSubjects"].as_array_mut().unwrap() {
            entry["proof"] = proof.clone();
        }
    }
    let (mut verifier, _) = verifier();
    let licence = json!({"@context": {
        "DrivingLicenceCredential": "https://stateagency.gov/#DrivingLicenceCredential",
    }});
    verifier.verifier.contexts.add("https://stateagency.gov", licence);
    let forged = bytes(&response);
    (verifier.explain(&request, &forged, now()).await, forged.len())
}

#[tokio::test]
async fn a_forged_message_of_linked_data_causes_little_work() {
    let (verdict, length) = forged_linked(14).await;
    assert!((44_000..50_000).contains(&length), "{length}");
    let failures = only(&verdict, ExchangeCheck::Size);
    assert!(failures[0].expected.contains("no more work"), "no signature is verified: {verdict}");

    let (verdict, length) = forged_linked(12).await;
    assert!(length > 38_000, "{length}");
    // of 73 signatures, one of the response and three of each other check are verified
    for (check, verified, left) in [
        (ExchangeCheck::ResponseSignature, 1, None),
        (ExchangeCheck::PresentationSignatures, 3, Some(12)),
        (ExchangeCheck::AttributeSignatures, 3, Some(54)),
    ] {
        let report = verdict.reports.iter().find(|report| report.check == check).unwrap();
        let (others, wrong): (Vec<_>, Vec<_>) =
            report.failures.iter().partition(|one| one.got.contains("more were not verified"));
        assert_eq!(wrong.len(), verified, "{verdict}");
        let said = left.map(|left| format!("3 that do not; {left} more were not verified"));
        assert_eq!(others.iter().map(|one| &one.got).collect::<Vec<_>>(), Vec::from_iter(&said));
    }
    let others = [ExchangeCheck::ZeroKnowledge, ExchangeCheck::AnsweredOnce];
    let failed = verdict.failed().filter(|report| !others.contains(&report.check));
    assert_eq!(failed.count(), 3, "{verdict}");
}

/// Resolves the DIDs of the credit-card application, and changes the documents.
struct Changed(fn(&mut exchange::did::DidDocument));

#[async_trait::async_trait]
impl exchange::did::Resolver for Changed {
    async fn resolve(
        &self,
        did: &exchange::did::Did,
    ) -> Result<exchange::did::DidDocument, exchange::did::ResolveError> {
        let mut document = TestResolver.resolve(did).await?;
        (self.0)(&mut document);
        Ok(document)
    }
}

#[tokio::test]
async fn a_key_that_may_not_be_used_is_refused_by_name() {
    use exchange::did::{DidDocument, Purpose};
    let request = request().await;
    let answer = response(&request).await;
    let revoked = |document: &mut DidDocument| {
        document.methods[0].revoked = Some("2019-08-01T00:00:00Z".to_owned());
    };
    let authenticating = |document: &mut DidDocument| {
        document.methods[0].purposes = vec![Purpose::Authentication];
    };
    let deactivated = |document: &mut DidDocument| document.deactivated = true;
    type Change = fn(&mut DidDocument);
    let cases: [(Change, ExchangeCheck, &str); 3] = [
        (revoked, ExchangeCheck::ResponseSignature, "revoked at \"2019-08-01T00:00:00Z\""),
        (authenticating, ExchangeCheck::AttributeSignatures, "does not list under assertionMethod"),
        (deactivated, ExchangeCheck::RequestSignature, "deactivated"),
    ];
    for (change, check, reason) in cases {
        let verifier = ExchangeVerifier::new(Arc::new(Changed(change)));
        let verdict = verifier.explain(&request, &bytes(&answer), now()).await;
        assert_eq!(verdict.outcome(check), Outcome::Failed, "{verdict}");
        assert!(verdict.to_string().contains(reason), "{verdict}");
    }
}
