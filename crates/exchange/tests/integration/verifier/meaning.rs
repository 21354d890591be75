//! What is accepted is what was meant, and what was meant is accepted.

use std::collections::BTreeSet;

use super::*;
use crate::credit_card::*;
use async_trait::async_trait;
use exchange::{
    message::{Form, Spelling},
    schema::{ObjectError, Schemas},
    signature::Signed,
};
use serde_json::json;

const MAIL_TOO: &str = "did:work:Tn1XD2QPskjDCztVGuJC2w";

/// Returns a request with one criterion, that for an email address, altered.
async fn asking(alter: impl FnOnce(&mut Value)) -> Received<ProofRequest> {
    let mut asked = unsigned_request();
    let mut criterion = asked["proofRequest"]["criteria"][0].clone();
    alter(&mut criterion);
    asked["proofRequest"]["criteria"] = json!([criterion]);
    signed_request(asked).await
}

async fn answered(request: &Received<ProofRequest>, credentials: Vec<Value>) -> Value {
    let mut response = json!({
        "id": "672841fc-10a6-4c13-b3e0-349da08ae9f3",
        "proofRequestId": request.message().id,
        "FulfilledCriteria": [answer(request, 0, credentials)],
    });
    sign(&mut response).await;
    response
}

async fn cautions(
    verifier: &ExchangeVerifier,
    request: &Received<ProofRequest>,
    response: &Value,
) -> Vec<String> {
    let verdict = verifier.explain(request, &bytes(response), now()).await;
    assert!(verdict.verified(), "{verdict}");
    verdict.cautions().map(|(_, one)| one.name.to_owned()).collect()
}

#[tokio::test]
async fn two_issuers_may_use_one_credential_id() {
    let request = asking(|criterion| {
        criterion["min"] = json!(2);
        criterion["max"] = json!(2);
    })
    .await;
    let values = [("emailAddress", "noreply@example.com")];
    let mut credentials = Vec::new();
    for issuer in [MAIL, MAIL_TOO] {
        credentials.push(of_schema(issuer, OTHER_ID, MAIL_SCHEMA, &values).await);
    }
    verified(&request, &answered(&request, credentials).await).await;
}

#[tokio::test]
async fn one_uuid_in_two_spellings_is_one_credential() {
    let request = asking(|criterion| {
        criterion["min"] = json!(2);
        criterion["max"] = json!(2);
    })
    .await;
    let values = [("emailAddress", "noreply@example.com")];
    for other in [OTHER_ID.to_uppercase(), format!("urn:uuid:{OTHER_ID}")] {
        let mut credentials = Vec::new();
        for id in [OTHER_ID, &other] {
            credentials.push(of_schema(MAIL, id, MAIL_SCHEMA, &values).await);
        }
        let response = answered(&request, credentials).await;
        let verdict =
            ExchangeVerifier::new(resolver()).explain(&request, &bytes(&response), now()).await;
        assert_eq!(
            verdict.failed().map(|report| report.check).collect::<Vec<_>>(),
            [ExchangeCheck::Count, ExchangeCheck::DistinctCredentials]
        );
    }
}

#[tokio::test]
async fn a_repeated_criterion_may_name_what_is_meant_anyway() {
    let request = asking(|criterion| {
        let criterion = criterion.as_object_mut().unwrap();
        criterion.remove("min");
        criterion["max"] = json!(1e3);
    })
    .await;
    let mut response = answered(&request, vec![email().await]).await;
    for min in [json!(1), json!(1.0), json!(1e0)] {
        response["FulfilledCriteria"][0]["Criterion"]["min"] = min;
        response["FulfilledCriteria"][0]["Criterion"]["max"] = json!(1000.0);
        sign_response(&mut response).await;
        verified(&request, &response).await;
    }
}

#[tokio::test]
async fn an_empty_response_answers_optional_criteria() {
    let request = asking(|criterion| criterion["min"] = json!(0)).await;
    let mut response = answered(&request, Vec::new()).await;
    response["FulfilledCriteria"] = json!([]);
    sign_response(&mut response).await;
    verified(&request, &response).await;
}

#[tokio::test]
async fn a_response_that_names_no_verifier_is_cautioned_or_refused() {
    let request = request().await;
    let mut response = response(&request).await;
    let verifier = ExchangeVerifier::new(resolver());
    assert_eq!(cautions(&verifier, &request, &response).await, ["not-bound-to-verifier"]);
    let mut strict = verifier.clone();
    strict.policy.require_audience = true;
    let verdict = strict.explain(&request, &bytes(&response), now()).await;
    assert_eq!(place(&only(&verdict, ExchangeCheck::AnswersRequest)), "/verifier");
    response["verifier"] = VERIFIER.into();
    sign_response(&mut response).await;
    assert!(cautions(&strict, &request, &response).await.is_empty());
}

#[tokio::test]
async fn an_expired_signature_is_refused() {
    let request = request().await;
    let mut response = response(&request).await;
    response["proof"][0]["expires"] = ANSWERED.into();
    let failures = refused(&request, &response, ExchangeCheck::Dates).await;
    assert_eq!(place(&failures), "/proof/0/expires");
}

#[tokio::test]
async fn valid_until_ends_the_validity_of_a_credential() {
    let request = asking(|_| ()).await;
    let mut mail = metadata(MAIL, OTHER_ID);
    mail["schemaId"] = MAIL_SCHEMA.into();
    mail["validUntil"] = ASKED.into();
    let values = [("emailAddress", "noreply@example.com")];
    let response = answered(&request, vec![issued(mail.clone(), HOLDER, &values).await]).await;
    let failures = refused(&request, &response, ExchangeCheck::Dates).await;
    assert!(place(&failures).ends_with("/validUntil"), "{failures:?}");

    let request = asking(|criterion| criterion["allowExpired"] = json!(true)).await;
    let response = answered(&request, vec![issued(mail, HOLDER, &values).await]).await;
    verified(&request, &response).await;
}

/// Returns a licence in the form of Verifiable Credentials, with one signature.
async fn whole_licence(subject: Value) -> Value {
    let mut licence = json!({
        "@context": ["https://www.w3.org/2018/credentials/v1", "https://stateagency.gov"],
        "type": ["VerifiableCredential", "DrivingLicenceCredential"],
        "id": "https://stateagency.gov/licences/4711",
        "issuer": {"id": LICENCES, "name": "The state agency"},
        "validFrom": ISSUED,
        "credentialSubject": subject,
    });
    let proof = proof_by(Signed::Credential(&licence), &key(LICENCES, "key-1"), ISSUED).await;
    licence["proof"] = proof;
    licence
}

fn alice() -> Value {
    json!({"id": HOLDER, "FirstName": "Alice", "LastName": "Garcia", "Date Of Birth": "1990-05-17"})
}

async fn with_licence(request: &Received<ProofRequest>, licence: Value) -> Value {
    let mut response = unsigned_response(request).await;
    response["FulfilledCriteria"][1] = answer(request, 1, vec![licence]);
    sign(&mut response).await;
    response
}

#[tokio::test]
async fn a_plain_verifiable_credential_answers_a_criterion() {
    let request = request().await;
    let licence = whole_licence(alice()).await;
    verified(&request, &with_licence(&request, licence.clone()).await).await;

    let mut altered = licence.clone();
    altered["credentialSubject"]["Date Of Birth"] = "1970-05-17".into();
    let response = with_licence(&request, altered).await;
    let failures = refused(&request, &response, ExchangeCheck::AttributeSignatures).await;
    assert!(place(&failures).ends_with("/verifiableCredential/0/proof"), "{failures:?}");

    let mut of_another = alice();
    of_another["id"] = OTHER_ISSUER.into();
    let response = with_licence(&request, whole_licence(of_another).await).await;
    let verdict = verifier().0.explain(&request, &bytes(&response), now()).await;
    assert_eq!(verdict.outcome(ExchangeCheck::Subject), Outcome::Failed, "{verdict}");
}

#[tokio::test]
async fn a_credential_with_one_signature_is_not_shown_in_part() {
    let request = request().await;
    let mut subject = alice();
    subject["points"] = json!({"red": 3});
    let licence = whole_licence(subject).await;
    let response = with_licence(&request, licence.clone()).await;
    let failures = refused(&request, &response, ExchangeCheck::Attributes).await;
    assert!(failures[0].remedy.contains("it cannot be shown in part"), "{failures:?}");

    let mut asked = unsigned_request();
    asked["proofRequest"]["criteria"][1]["properties"] = json!([]);
    let request = signed_request(asked).await;
    verified(&request, &with_licence(&request, licence).await).await;
}

/// The schema of the e-mail address, with these attributes.
struct MailSchema(&'static [&'static str]);

#[async_trait]
impl Schemas for MailSchema {
    async fn attributes(&self, id: &str) -> Result<Option<BTreeSet<String>>, ObjectError> {
        let names = self.0.iter().map(|name| (*name).to_owned()).collect();
        Ok((id == MAIL_SCHEMA).then_some(names))
    }
}

#[tokio::test]
async fn all_data_of_a_schema_can_be_asked_for() {
    let request = asking(|criterion| {
        criterion.as_object_mut().unwrap().remove("properties");
    })
    .await;
    let response = answered(&request, vec![email().await]).await;
    let mut verifier = ExchangeVerifier::new(resolver());
    let found = cautions(&verifier, &request, &response).await;
    assert_eq!(found, ["not-bound-to-verifier", "schema-not-resolved"]);

    verifier.schemas = Some(Arc::new(MailSchema(&["emailAddress"])));
    let found = cautions(&verifier, &request, &response).await;
    assert_eq!(found, ["not-bound-to-verifier"]);

    verifier.schemas = Some(Arc::new(MailSchema(&[])));
    let found = cautions(&verifier, &request, &response).await;
    assert_eq!(found, ["not-bound-to-verifier", "schema-not-resolved"]);

    verifier.schemas = Some(Arc::new(MailSchema(&["emailAddress", "phone"])));
    let verdict = verifier.explain(&request, &bytes(&response), now()).await;
    let failures = only(&verdict, ExchangeCheck::Attributes);
    assert_eq!(failures[0].expected, "the attribute \"phone\"");
}

#[tokio::test]
async fn an_attribute_that_the_schema_lacks_is_cautioned() {
    let request = asking(|_| ()).await;
    let mut verifier = ExchangeVerifier::new(resolver());
    let names = |verdict: &Verdict<ExchangeCheck>| -> Vec<&str> {
        verdict.cautions().map(|(_, one)| one.name).collect()
    };
    let verdict = verifier.check_request(&request, now()).await;
    assert!(names(&verdict).is_empty(), "{verdict}");
    verifier.schemas = Some(Arc::new(MailSchema(&["phone"])));
    let verdict = verifier.check_request(&request, now()).await;
    assert_eq!(names(&verdict), ["attribute-not-in-schema"], "{verdict}");
}

#[tokio::test]
async fn what_the_holder_states_itself_is_never_an_issuers_statement() {
    let values = [("emailAddress", "noreply@example.com")];
    let own = of_schema(HOLDER, OTHER_ID, MAIL_SCHEMA, &values).await;
    let request = asking(|_| ()).await;
    let response = answered(&request, vec![own.clone()]).await;
    refused(&request, &response, ExchangeCheck::Issuers).await;
    for word in ["SELF", "did:self"] {
        let request = asking(|criterion| criterion["issuers"]["dids"] = json!([MAIL, word])).await;
        let response = answered(&request, vec![own.clone()]).await;
        let verifier = ExchangeVerifier::new(resolver());
        let found = cautions(&verifier, &request, &response).await;
        assert_eq!(found, ["not-bound-to-verifier", "self-attested"]);
    }
    let request = asking(|criterion| {
        criterion["issuers"]["dids"] = json!(["SELF"]);
        criterion["min"] = json!(2);
        criterion["max"] = json!(2);
    })
    .await;
    let id = "5f2e5f0c-5c0f-4c3e-8a53-6f1a2b7c9d10";
    let two = vec![own, of_schema(HOLDER, id, MAIL_SCHEMA, &values).await];
    let response = answered(&request, two.clone()).await;
    refused(&request, &response, ExchangeCheck::Count).await;
    // they are no more than one, and yet no fewer than two
    let request = asking(|criterion| criterion["issuers"]["dids"] = json!(["SELF"])).await;
    assert_eq!(request.message().body.criteria[0].max, Some(1));
    let failures = refused(&request, &answered(&request, two).await, ExchangeCheck::Count).await;
    assert_eq!(failures[0].got, "2");
}

#[tokio::test]
async fn the_revision_of_december_is_answered_in_its_own_names() {
    let mut asked = unsigned_request();
    let mut body = asked["proofRequest"].take();
    for criterion in body["criteria"].as_array_mut().unwrap() {
        let criterion = criterion.as_object_mut().unwrap();
        for (old, new) in [("context", "@context"), ("type", "@type")] {
            if let Some(value) = criterion.remove(old) {
                criterion.insert(new.to_owned(), value);
            }
        }
    }
    let asked = json!({
        "id": asked["id"], "@type": ["PresentationRequest"], "presentationRequest": body,
    });
    let request = signed_request(asked).await;
    assert_eq!((request.message().form, &request.message().proof_url), (Form::December2019, &None));
    let august = credit_card::request().await;
    let criteria = request.message().body.criteria.iter().zip(&august.message().body.criteria);
    assert!(criteria.into_iter().all(|(one, other)| one.asks_the_same_as(other)));

    let mut response = unsigned_response(&request).await;
    let answered = response.as_object_mut().unwrap().remove("proofRequestId").unwrap();
    response["presentationRequestId"] = answered;
    for (index, criterion) in request.message().body.criteria.iter().enumerate() {
        let answer = &mut response["FulfilledCriteria"][index];
        answer["Criterion"] = criterion.written(Spelling::Response, Form::December2019);
        for presentation in answer["Presentations"].as_array_mut().unwrap() {
            let members = presentation.as_object_mut().unwrap();
            let types = members.remove("type").unwrap();
            members.insert("@type".to_owned(), types);
        }
    }
    sign(&mut response).await;
    verified(&request, &response).await;
    response["presentationRequestId"] = OTHER_ID.into();
    sign_response(&mut response).await;
    let failures = refused(&request, &response, ExchangeCheck::AnswersRequest).await;
    assert_eq!(place(&failures), "/presentationRequestId");

    // the names of another form than the request's
    let mut response = unsigned_response(&request).await;
    sign(&mut response).await;
    let failures = refused(&request, &response, ExchangeCheck::AnswersRequest).await;
    assert_eq!(place(&failures), "/proofRequestId");
    assert_eq!(failures[0].expected, "a response with the names of its request, 2019-12");
}
