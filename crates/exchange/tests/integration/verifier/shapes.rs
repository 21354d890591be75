//! `size`, `request-shape`, `response-shape`.

use super::*;
use exchange::{message::MAX_BYTES, verifier::MAX_WORK};
use serde_json::json;

async fn refused_text(response: &[u8], check: ExchangeCheck) -> Vec<Failure> {
    let request = request().await;
    let (verifier, answers) = verifier();
    let verdict = verifier.explain(&request, response, now()).await;
    assert_eq!(answers.contains(&request.message().id), Ok(false));
    only(&verdict, check)
}

#[tokio::test]
async fn a_response_of_more_than_a_mebibyte_is_refused() {
    let long = vec![b' '; MAX_BYTES + 1];
    let failures = refused_text(&long, ExchangeCheck::Size).await;
    assert!(failures[0].got.contains("1048577 bytes"), "{failures:?}");
}

#[tokio::test]
async fn malformed_or_ambiguous_json_is_refused() {
    let twice = br#"{"id": "a", "id": "b"}"#;
    let deep = "[".repeat(100_000);
    for text in [&b"not json"[..], b"", b"\xff", twice, deep.as_bytes()] {
        refused_text(text, ExchangeCheck::Size).await;
    }
}

#[tokio::test]
async fn a_response_of_another_shape_is_refused_with_a_pointer() {
    for text in ["{}", "[]", "null", "17"] {
        refused_text(text.as_bytes(), ExchangeCheck::ResponseShape).await;
    }
    let request = request().await;
    let mut response = response(&request).await;
    response["FulfilledCriteria"][0]["Presentations"][0]["id"] = json!(17);
    refused(&request, &response, ExchangeCheck::ResponseShape).await;
}

#[tokio::test]
async fn a_request_of_another_shape_is_refused() {
    let request = request().await;
    let response = bytes(&response(&request).await);
    let (verifier, _) = verifier();
    let mut broken = request.document().clone();
    broken.as_object_mut().unwrap().remove("proofRequest");
    let verdict = verifier.explain_texts(&bytes(&broken), &response, now()).await;
    only(&verdict, ExchangeCheck::RequestShape);
    let verdict = verifier.explain_texts(b"?", &response, now()).await;
    only(&verdict, ExchangeCheck::Size);
    let whole = bytes(request.document());
    let verdict = verifier.explain_texts(&whole, &response, now()).await;
    assert!(verdict.verified(), "{verdict}");
}

#[tokio::test]
async fn a_response_that_causes_too_much_work_is_refused() {
    let request = request().await;
    let mut response = response(&request).await;
    let credential = "/FulfilledCriteria/0/Presentations/0/verifiableCredential/0";
    let credential = response.pointer_mut(credential).unwrap();
    credential["note"] = "x".repeat(16_000).into();
    let entry = credential["credentialSubjects"][0].clone();
    let entries = (0..96).map(|number| {
        let mut entry = entry.clone();
        entry["key"] = format!("attribute {number}").into();
        entry["proof"] = vec![entry["proof"][0].clone(); 10].into();
        entry
    });
    credential["credentialSubjects"] = entries.collect();
    let failures = refused(&request, &response, ExchangeCheck::Size).await;
    assert!(failures[0].expected.contains(&format!("{MAX_WORK} bytes")), "{failures:?}");
}

#[tokio::test]
async fn a_signature_over_json_ld_counts_more() {
    let request = request().await;
    let mut response = response(&request).await;
    let linked = json!({
        "type": "Ed25519Signature2018",
        "created": credit_card::ANSWERED,
        "proofPurpose": "assertionMethod",
        "verificationMethod": format!("{}#key-1", credit_card::HOLDER),
        "jws": "e30..AAAA",
    });
    response["note"] = "x".repeat(MAX_WORK / 160 / 4).into();
    response["proof"] = vec![linked; 4].into();
    refused(&request, &response, ExchangeCheck::Size).await;
}
