//! `in-time`, `answers-request`, `answered-once`, `criteria-answered`, `accepted-types`, `dates`.

use super::*;
use crate::credit_card::*;
use exchange::message::{Form, Spelling};
use serde_json::json;

#[tokio::test]
async fn a_request_is_answered_until_the_second_in_which_it_expires() {
    let request = request().await;
    let response = bytes(&response(&request).await);
    let (verifier, _) = verifier();
    let late = time(EXPIRES) + chrono::Duration::seconds(1);
    let verdict = verifier.explain(&request, &response, late).await;
    let failures = only(&verdict, ExchangeCheck::InTime);
    assert_eq!(place(&failures), "/proofRequest/expires");
    let verdict = verifier.explain(&request, &response, time(EXPIRES)).await;
    assert!(verdict.verified(), "{verdict}");
}

#[tokio::test]
async fn a_response_to_another_request_is_refused() {
    let request = request().await;
    let mut response = unsigned_response(&request).await;
    response["proofRequestId"] = "752e4391-2111-4ab6-b174-67fd88d51e9f".into();
    sign(&mut response).await;
    let failures = refused(&request, &response, ExchangeCheck::AnswersRequest).await;
    assert_eq!(place(&failures), "/proofRequestId");
}

#[tokio::test]
async fn a_response_that_names_its_verifier_is_refused_by_any_other() {
    let request = request().await;
    let mut response = unsigned_response(&request).await;
    response["verifier"] = VERIFIER.into();
    sign(&mut response).await;
    verified(&request, &response).await;
    response["verifier"] = OTHER_ISSUER.into();
    sign(&mut response).await;
    let failures = refused(&request, &response, ExchangeCheck::AnswersRequest).await;
    assert_eq!(place(&failures), "/verifier");
}

#[tokio::test]
async fn a_criterion_that_is_left_out_is_missed() {
    let request = request().await;
    let mut response = unsigned_response(&request).await;
    response["FulfilledCriteria"].as_array_mut().unwrap().remove(2);
    sign(&mut response).await;
    let failures = refused(&request, &response, ExchangeCheck::CriteriaAnswered).await;
    assert_eq!(place(&failures), "/proofRequest/criteria/2");
}

#[tokio::test]
async fn a_criterion_that_is_optional_may_be_left_out() {
    let mut asked = unsigned_request();
    asked["proofRequest"]["criteria"][2]["min"] = 0.into();
    let request = signed_request(asked).await;
    let mut response = unsigned_response(&request).await;
    verified(&request, &{
        let mut whole = response.clone();
        sign(&mut whole).await;
        whole
    })
    .await;
    response["FulfilledCriteria"].as_array_mut().unwrap().remove(2);
    sign(&mut response).await;
    verified(&request, &response).await;
}

#[tokio::test]
async fn an_unknown_criterion_or_a_second_answer_is_refused() {
    let request = request().await;
    let unsigned = unsigned_response(&request).await;
    let mut twice = unsigned.clone();
    let mut first = twice["FulfilledCriteria"][0].clone();
    first["Presentations"][0]["id"] = "b9cd5414-7c36-4c59-91f3-11a8bbca9999".into();
    twice["FulfilledCriteria"].as_array_mut().unwrap().push(first);
    sign(&mut twice).await;
    let failures = refused(&request, &twice, ExchangeCheck::CriteriaAnswered).await;
    assert_eq!(place(&failures), "/FulfilledCriteria/4/Criterion");

    let mut unasked = unsigned.clone();
    let mut other = answer(&request, 0, vec![email().await]);
    other["Criterion"]["description"] = "Something else".into();
    other["Presentations"][0]["id"] = "b9cd5414-7c36-4c59-91f3-11a8bbca9999".into();
    unasked["FulfilledCriteria"].as_array_mut().unwrap().push(other);
    sign(&mut unasked).await;
    let failures = refused(&request, &unasked, ExchangeCheck::CriteriaAnswered).await;
    assert_eq!(place(&failures), "/FulfilledCriteria/4/Criterion");
}

#[tokio::test]
async fn a_criterion_that_was_made_easier_is_refused() {
    let request = request().await;
    let mut response = unsigned_response(&request).await;
    response["FulfilledCriteria"][3]["Criterion"]["min"] = 1.into();
    sign(&mut response).await;
    let failures = refused(&request, &response, ExchangeCheck::CriteriaAnswered).await;
    assert_eq!(failures.len(), 2, "one that was not asked, one not answered: {failures:?}");
}

#[tokio::test]
async fn a_criterion_may_have_either_spelling_and_any_position() {
    let request = request().await;
    let mut response = unsigned_response(&request).await;
    let answers = response["FulfilledCriteria"].as_array_mut().unwrap();
    for (index, answer) in answers.iter_mut().enumerate() {
        answer["Criterion"] =
            request.message().body.criteria[index].written(Spelling::Request, Form::default());
    }
    answers.reverse();
    sign(&mut response).await;
    verified(&request, &response).await;
}

#[tokio::test]
async fn a_proof_type_that_the_request_does_not_accept_is_refused() {
    let kind = "Ed25519VerificationKey2018";
    for (accept, expected) in [
        (json!(["json/Ed25519VerificationKey2018"]), None),
        (json!(["json-ld/RsaSignature2018", "json/Ed25519VerificationKey2018"]), None),
        // the holder's signatures are in the other syntax; the issuers' are the same in both
        (json!(["json-ld/Ed25519VerificationKey2018"]), Some("json/Ed25519VerificationKey2018")),
        (json!(["json/JcsEd25519Signature2020"]), Some(kind)),
        (json!(["json/CLSignature2019"]), Some(kind)),
    ] {
        let mut asked = unsigned_request();
        asked["proofRequest"]["accept"] = accept.clone();
        let request = signed_request(asked).await;
        let response = response(&request).await;
        match expected {
            None => verified(&request, &response).await,
            Some(expected) => {
                let failures = refused(&request, &response, ExchangeCheck::AcceptedTypes).await;
                assert!(
                    failures.iter().any(|failure| failure.got == expected),
                    "{accept}: {failures:?}"
                );
            }
        }
    }
}

/// A change to a response before it is signed.
type Change = (&'static str, &'static str);

#[tokio::test]
async fn dates_in_the_future_or_out_of_order_are_refused() {
    let future = "2019-08-25T09:17:00Z";
    let credential = "/FulfilledCriteria/1/Presentations/0/verifiableCredential/0";
    let presentation = "/FulfilledCriteria/1/Presentations/0";
    let changes: [Change; 7] = [
        ("created", future),
        ("created", "2019-08-25T08:54:59Z"),
        ("verifiableCredential/0/issuanceDate", future),
        ("verifiableCredential/0/expirationDate", "2019-08-25T09:10:59Z"),
        ("verifiableCredential/0/credentialSubjects/0/proof/0/created", future),
        ("proof/0/created", future),
        ("", future),
    ];
    let request = request().await;
    for (place_of, date) in changes {
        let mut response = unsigned_response(&request).await;
        if place_of.starts_with("verifiableCredential") {
            let member = place_of.rsplit('/').next().unwrap();
            if member == "created" {
                let pointer = format!("{presentation}/{place_of}");
                *response.pointer_mut(&pointer).unwrap() = date.into();
            } else {
                let mut metadata = response.pointer(credential).unwrap().clone();
                metadata[member] = date.into();
                let values =
                    [("FirstName", "A"), ("LastName", "G"), ("Date Of Birth", "1990-05-17")];
                *response.pointer_mut(credential).unwrap() =
                    issued(metadata, HOLDER, &values).await;
            }
        } else if place_of == "created" {
            response.pointer_mut(presentation).unwrap()["created"] = date.into();
        }
        sign(&mut response).await;
        let expected = match place_of {
            "" => {
                response["proof"][0]["created"] = date.into();
                "/proof/0/created".to_owned()
            }
            "proof/0/created" => {
                let pointer = format!("{presentation}/{place_of}");
                *response.pointer_mut(&pointer).unwrap() = date.into();
                sign_response(&mut response).await;
                pointer
            }
            place_of => format!("{presentation}/{place_of}"),
        };
        let failures = refused(&request, &response, ExchangeCheck::Dates).await;
        let expected = match expected.strip_suffix("/created") {
            Some(proof) if proof.ends_with("proof/0") => proof.to_owned(),
            _ => expected,
        };
        assert_eq!(place(&failures), expected, "{place_of} {date}");
    }
}

#[tokio::test]
async fn clocks_may_differ_by_the_skew_and_no_more() {
    let request = request().await;
    let response = bytes(&response(&request).await);
    let (verifier, _) = verifier();
    let early = time(ANSWERED) - chrono::Duration::minutes(5);
    let too_early = early - chrono::Duration::seconds(1);
    let verdict = verifier.explain(&request, &response, too_early).await;
    only(&verdict, ExchangeCheck::Dates);
    let verdict = verifier.explain(&request, &response, early).await;
    assert!(verdict.verified(), "{verdict}");
}
