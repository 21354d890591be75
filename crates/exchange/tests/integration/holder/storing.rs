//! Credentials in the wallet.

use std::io::Cursor;

use exchange::{
    error::ExchangeError,
    holder::{ImportReport, SignatureCheck, get, import, store},
    signature::Contexts,
};
use serde_json::{Value, json};

use super::{
    credential, remove, store_verified,
    wallets::{self, TestWallet},
};
use crate::credit_card::{
    EMPLOYER, HOLDER, MAIL, MAIL_SCHEMA, TestResolver, UNKNOWN, email, licence, metadata, now,
    of_schema, payslip, payslips,
};

async fn verified(wallet: &TestWallet, document: Value) -> Result<bool, ExchangeError> {
    let contexts = Contexts::new();
    let with = SignatureCheck { resolver: &TestResolver, contexts: &contexts, now: now() };
    store_verified(wallet, &credential(document), with).await
}

#[tokio::test]
async fn a_stored_credential_is_read_back_as_it_was_issued() {
    let wallet = wallets::empty().await;
    let licence = licence().await;
    assert!(verified(&wallet, licence.clone()).await.unwrap());
    let id = licence["id"].as_str().unwrap();
    let held = get(&wallet, id).await.unwrap().unwrap();
    assert_eq!(held.document(), &licence);
    remove(&wallet, id).await;
    assert!(get(&wallet, id).await.unwrap().is_none());
}

#[tokio::test]
async fn the_same_credential_is_stored_once() {
    let wallet = wallets::empty().await;
    let email = credential(email().await);
    assert!(store(&wallet, &email).await.unwrap());
    assert!(!store(&wallet, &email).await.unwrap());
}

#[tokio::test]
async fn another_credential_under_a_taken_id_is_refused() {
    let first = email().await;
    let id = first["id"].as_str().unwrap();
    let wallet = wallets::with([first.clone()]).await;
    let other = of_schema(MAIL, id, MAIL_SCHEMA, &[("emailAddress", "else@example.com")]).await;
    let error = store(&wallet, &credential(other)).await.unwrap_err();
    let expected = format!("holds another credential of this issuer under the id {id:?}");
    assert!(error.to_string().contains(&expected), "{error}");
    assert_eq!(get(&wallet, id).await.unwrap().unwrap().document(), &first);
}

#[tokio::test]
async fn an_altered_value_is_not_stored() {
    let wallet = wallets::empty().await;
    let mut altered = payslip(1).await;
    altered["credentialSubjects"][1]["value"] = json!("50000");
    let id = altered["id"].as_str().unwrap().to_owned();
    let error = verified(&wallet, altered).await.unwrap_err().to_string();
    let expected = "the signature of the attribute \"grossPay\" is refused: ";
    assert!(error.starts_with(expected), "{error}");
    assert!(get(&wallet, &id).await.unwrap().is_none());
}

#[tokio::test]
async fn an_attribute_of_another_credential_is_not_stored() {
    let wallet = wallets::empty().await;
    let mut mixed = payslip(1).await;
    mixed["credentialSubjects"][3] = payslip(2).await["credentialSubjects"][3].clone();
    let error = verified(&wallet, mixed).await.unwrap_err().to_string();
    let expected = "the signature of the attribute \"payPeriodStart\" is refused: ";
    assert!(error.starts_with(expected), "{error}");
}

#[tokio::test]
async fn a_signature_of_another_did_than_the_issuer_is_refused() {
    let wallet = wallets::empty().await;
    let mut foreign = email().await;
    foreign["issuerDid"] = json!(EMPLOYER);
    let error = verified(&wallet, foreign).await.unwrap_err().to_string();
    let expected = format!(
        "the attribute \"emailAddress\" must be signed with a key that {EMPLOYER} may use, and \"{MAIL}#key-1\" is "
    );
    assert!(error.starts_with(&expected), "{error}");
}

#[tokio::test]
async fn the_credential_of_an_unknown_issuer_is_refused() {
    let wallet = wallets::empty().await;
    let unknown = of_schema(UNKNOWN, "urn:uuid:1", MAIL_SCHEMA, &[("emailAddress", "a@b.c")]).await;
    let error = verified(&wallet, unknown).await.unwrap_err();
    let expected = format!("the credential's issuer cannot be looked up: {UNKNOWN} is not known;");
    assert!(error.to_string().starts_with(&expected), "{error}");
}

#[tokio::test]
async fn a_credential_about_two_is_refused() {
    let wallet = wallets::empty().await;
    let mut two = payslip(1).await;
    two["credentialSubjects"][2]["id"] = json!(EMPLOYER);
    let error = store(&wallet, &credential(two)).await.unwrap_err();
    let expected = format!("is about {HOLDER} and {EMPLOYER};");
    assert!(error.to_string().contains(&expected), "{error}");
}

#[tokio::test]
async fn a_credential_of_very_many_kinds_is_refused() {
    let wallet = wallets::empty().await;
    let mut many = licence().await;
    let contexts = (0..9).map(|number| format!("https://example.com/{number}"));
    let types = (0..9).map(|number| format!("Type{number}"));
    many["@context"].as_array_mut().unwrap().extend(contexts.map(Value::from));
    many["type"].as_array_mut().unwrap().extend(types.map(Value::from));
    let error = store(&wallet, &credential(many)).await.unwrap_err();
    assert!(error.to_string().contains("is of 100 kinds, and at most 64 are stored"), "{error}");
}

/// JSON Lines.
fn lines(documents: &[Value]) -> Cursor<Vec<u8>> {
    let lines: Vec<String> = documents.iter().map(Value::to_string).collect();
    Cursor::new(lines.join("\n").into_bytes())
}

#[tokio::test]
async fn an_import_stores_every_line_once_however_often_it_runs() {
    let wallet = wallets::empty().await;
    let payslips = payslips(1..=6).await;
    let contexts = Contexts::new();
    let checked =
        || Some(SignatureCheck { resolver: &TestResolver, contexts: &contexts, now: now() });
    let first = import(&wallet, lines(&payslips[..4]), checked(), |_| ()).await.unwrap();
    let all = import(&wallet, lines(&payslips), checked(), |_| ()).await.unwrap();
    let report = |lines, added, held_already| ImportReport { lines, added, held_already };
    assert_eq!((first, all), (report(4, 4, 0), report(6, 2, 4)));
    for payslip in payslips {
        assert!(get(&wallet, payslip["id"].as_str().unwrap()).await.unwrap().is_some());
    }
}

#[tokio::test]
async fn an_import_stops_at_a_line_that_does_not_verify() {
    let wallet = wallets::empty().await;
    let mut payslips = payslips(1..=3).await;
    payslips[2]["credentialSubjects"][1]["value"] = json!("1");
    let contexts = Contexts::new();
    let with = SignatureCheck { resolver: &TestResolver, contexts: &contexts, now: now() };
    let error = import(&wallet, lines(&payslips), Some(with), |_| ()).await.unwrap_err();
    assert!(error.to_string().starts_with("line 3: "), "{error}");
    let kept = get(&wallet, payslips[1]["id"].as_str().unwrap()).await.unwrap();
    assert!(kept.is_some());
}

#[tokio::test]
async fn an_import_names_the_line_that_cannot_be_stored() {
    let wallet = wallets::empty().await;
    let text = format!("\n{}\n{{\"id\": 1}}\n", email().await);
    let error = import(&wallet, Cursor::new(text), None, |_| ()).await.unwrap_err();
    assert!(error.to_string().starts_with("line 3 is not a credential:"), "{error}");

    let id = email().await["id"].as_str().unwrap().to_owned();
    let mut other = metadata(MAIL, &id);
    other["schemaId"] = json!(MAIL_SCHEMA);
    other["credentialSubjects"] = payslip(1).await["credentialSubjects"].clone();
    let error = import(&wallet, lines(&[payslip(2).await, other]), None, |_| ()).await.unwrap_err();
    let expected =
        format!("line 2: the wallet holds another credential of this issuer under the id {id:?}");
    assert!(error.to_string().starts_with(&expected), "{error}");
}
