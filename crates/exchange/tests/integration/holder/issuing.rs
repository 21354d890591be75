//! Issuing.
//!
//! The known answers were made by a program in another language, with other implementations of
//! Ed25519, canonical JSON and base58, from the specification of the signed bytes alone.

use exchange::{
    error::ExchangeError,
    holder::{SignatureCheck, check_signatures},
    issuer::{NewCredential, issue},
    key::MemorySigner,
    message::CredentialKind,
    signature::{Contexts, KeyMember, ProofType},
};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::credit_card::{
    EMPLOYER, HOLDER, LICENCES, PAYSLIP_SCHEMA, TestResolver, key, now, time,
};

/// Returns the ids 1, 2, 3, ...
fn ids() -> impl Iterator<Item = Uuid> + Send {
    (1..).map(Uuid::from_u128)
}

fn payslip() -> NewCredential {
    let attributes = [
        ("currency", "EUR"),
        ("grossPay", "5000"),
        ("payPeriodEnd", "2019-07-31T00:00:00Z"),
        ("payPeriodStart", "2019-07-01T00:00:00Z"),
    ];
    NewCredential {
        id: None,
        subject: HOLDER.parse().unwrap(),
        kind: CredentialKind::Schema(PAYSLIP_SCHEMA.to_owned()),
        issued: time("2019-08-23T14:28:03Z"),
        expires: None,
        attributes: named(&attributes),
        proof_type: ProofType::Ed25519VerificationKey2018,
        key_member: KeyMember::Creator,
    }
}

fn licence() -> NewCredential {
    let attributes =
        [("FirstName", "Zoë"), ("LastName", "Garcia"), ("Date Of Birth", "1990-05-17")];
    NewCredential {
        kind: CredentialKind::LinkedData {
            context: "https://stateagency.gov".to_owned(),
            kind: "DrivingLicenceCredential".to_owned(),
        },
        expires: Some(time("2029-08-23T00:00:00Z")),
        attributes: named(&attributes),
        proof_type: ProofType::JcsEd25519Signature2020,
        key_member: KeyMember::VerificationMethod,
        ..payslip()
    }
}

fn named(attributes: &[(&str, &str)]) -> Vec<(String, String)> {
    let attributes = attributes.iter();
    attributes.map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

async fn issued(order: &NewCredential, signer: &MemorySigner) -> Result<Value, ExchangeError> {
    let issued = issue(order, signer, &mut ids(), &Contexts::new()).await?;
    let contexts = Contexts::new();
    let with = SignatureCheck { resolver: &TestResolver, contexts: &contexts, now: now() };
    check_signatures(&issued, with).await.unwrap();
    Ok(issued.document().clone())
}

fn known(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

#[tokio::test]
async fn a_credential_of_a_schema_is_the_known_one_byte_for_byte() {
    let issued = issued(&payslip(), &key(EMPLOYER, "key-1")).await.unwrap();
    let known = known(include_str!("known-answers/payslip-Ed25519VerificationKey2018.json"));
    assert_eq!(issued, known);
}

#[tokio::test]
async fn a_credential_of_linked_data_is_the_known_one_byte_for_byte() {
    let issued = issued(&licence(), &key(LICENCES, "key-1")).await.unwrap();
    let known = known(include_str!("known-answers/driving-licence-JcsEd25519Signature2020.json"));
    assert_eq!(issued, known);
}

#[tokio::test]
async fn an_id_that_is_given_is_used() {
    let order =
        NewCredential { id: Some("https://example.com/payslips/7".to_owned()), ..payslip() };
    let issued = issued(&order, &key(EMPLOYER, "key-1")).await.unwrap();
    assert_eq!(issued["id"], "https://example.com/payslips/7");
}

#[tokio::test]
async fn every_attribute_has_a_nonce_of_its_own() {
    let issued = issued(&payslip(), &key(EMPLOYER, "key-1")).await.unwrap();
    let entries = issued["credentialSubjects"].as_array().unwrap();
    let nonces: Vec<&Value> = entries.iter().map(|e| &e["proof"][0]["nonce"]).collect();
    let expected: Vec<Value> = (2..=5u128).map(|n| json!(Uuid::from_u128(n).to_string())).collect();
    assert_eq!(nonces, expected.iter().collect::<Vec<_>>());
}

#[tokio::test]
async fn an_empty_or_contradictory_credential_is_not_issued() {
    let signer = key(EMPLOYER, "key-1");
    let nothing = NewCredential { attributes: Vec::new(), ..payslip() };
    let error = issued(&nothing, &signer).await.unwrap_err();
    assert!(error.to_string().starts_with("a credential without attributes"), "{error}");
    let twice =
        NewCredential { attributes: named(&[("grossPay", "1"), ("grossPay", "2")]), ..payslip() };
    assert!(matches!(issued(&twice, &signer).await, Err(ExchangeError::Message { .. })));
    let over = NewCredential { expires: Some(time("2019-08-23T14:28:02Z")), ..payslip() };
    assert!(matches!(issued(&over, &signer).await, Err(ExchangeError::Message { .. })));
}

#[tokio::test]
async fn a_key_without_a_did_issues_nothing() {
    let signer = MemorySigner::from_seed(&[7; 32], "key-1");
    let error = issued(&payslip(), &signer).await.unwrap_err();
    let expected = "the issuer's key \"key-1\" cannot be named in a credential: ";
    assert!(error.to_string().starts_with(expected), "{error}");
}

#[tokio::test]
async fn a_proof_type_that_the_key_cannot_make_names_the_attribute() {
    let order = NewCredential { proof_type: ProofType::RsaSignature2018, ..payslip() };
    let error = issued(&order, &key(EMPLOYER, "key-1")).await.unwrap_err();
    match error {
        ExchangeError::Signature { what, .. } => assert_eq!(what, "attribute \"currency\""),
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn without_further_ids_nothing_is_issued() {
    let mut ids = (1..=3).map(Uuid::from_u128);
    let signer = key(EMPLOYER, "key-1");
    let error = issue(&payslip(), &signer, &mut ids, &Contexts::new()).await.unwrap_err();
    assert!(error.to_string().contains("the list of ids is exhausted"), "{error}");
}
