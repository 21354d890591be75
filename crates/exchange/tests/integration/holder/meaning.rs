//! All data, credentials with one signature, and what the holder states itself.

use std::collections::BTreeMap;

use exchange::{
    holder::{CriterionAnswer, OptionalAttributes, SignatureCheck, choose, get, store},
    message::{Form, ProofRequest, ProofResponse, Received},
    signature::{Contexts, Signed},
    verifier::ExchangeVerifier,
};
use serde_json::{Value, json};

use super::{
    credential,
    matching::found,
    responding::responded,
    store_verified,
    wallets::{self, TestWallet},
};
use crate::credit_card::{
    HOLDER, ISSUED, LICENCES, MAIL, MAIL_SCHEMA, TestResolver, bytes, email, key, licence, now,
    of_schema, proof_by, resolver, signed_request, unsigned_request,
};

/// Returns a request with one criterion, altered.
async fn asking(number: usize, alter: impl FnOnce(&mut Value)) -> Received<ProofRequest> {
    let mut request = unsigned_request();
    let mut criterion = request["proofRequest"]["criteria"][number].clone();
    alter(&mut criterion);
    request["proofRequest"]["criteria"] = json!([criterion]);
    signed_request(request).await
}

async fn automatic(
    wallet: &TestWallet,
    request: &Received<ProofRequest>,
) -> Received<ProofResponse> {
    let found = found(wallet, request).await;
    let none = OptionalAttributes::new();
    let answers = choose(request.message(), &found, BTreeMap::new(), &none).unwrap();
    responded(wallet, request, &answers, &key(HOLDER, "key-1")).await.unwrap()
}

/// Verifies a response, and returns the cautions.
async fn cautions(
    request: &Received<ProofRequest>,
    response: &Received<ProofResponse>,
) -> Vec<String> {
    let verifier = ExchangeVerifier::new(resolver());
    let verdict = verifier.explain(request, &bytes(response.document()), now()).await;
    assert!(verdict.verified(), "{verdict}");
    verdict.cautions().map(|(_, one)| one.name.to_owned()).collect()
}

#[tokio::test]
async fn all_attributes_are_shown_where_all_are_asked_for() {
    let wallet = wallets::full().await;
    let request = asking(2, |criterion| criterion["properties"] = json!([])).await;
    let found = found(&wallet, &request).await;
    assert_eq!(found[0].candidates[0].required.len(), 5);
    let response = automatic(&wallet, &request).await;
    let shown = &response.message().fulfilled[0].presentations[0].credentials[0].attributes;
    assert_eq!(shown.len(), 5);
    assert_eq!(cautions(&request, &response).await, ["schema-not-resolved"]);
}

async fn whole_licence(extra: &[(&str, Value)]) -> Value {
    let mut licence = json!({
        "@context": ["https://www.w3.org/2018/credentials/v1", "https://stateagency.gov"],
        "type": ["VerifiableCredential", "DrivingLicenceCredential"],
        "id": "https://stateagency.gov/licences/4711",
        "issuer": LICENCES,
        "issuanceDate": ISSUED,
        "credentialSubject": {
            "id": HOLDER, "FirstName": "Alice", "LastName": "Garcia", "Date Of Birth": "1990-05-17",
        },
    });
    for (name, value) in extra {
        licence["credentialSubject"][*name] = value.clone();
    }
    let proof = proof_by(Signed::Credential(&licence), &key(LICENCES, "key-1"), ISSUED).await;
    licence["proof"] = proof;
    licence
}

#[tokio::test]
async fn a_credential_with_one_signature_is_kept_found_and_shown_whole() {
    let wallet = wallets::empty().await;
    let licence = whole_licence(&[]).await;
    let kept = credential(licence.clone());
    let contexts = Contexts::new();
    let with = SignatureCheck { resolver: &TestResolver, contexts: &contexts, now: now() };
    let stored = store_verified(&wallet, &kept, with).await;
    assert!(stored.unwrap());
    let request = asking(1, |_| ()).await;
    let response = automatic(&wallet, &request).await;
    let shown = "/FulfilledCriteria/0/Presentations/0/verifiableCredential/0";
    assert_eq!(response.part(shown), &licence);
    assert!(cautions(&request, &response).await.is_empty());

    let mut forged = licence;
    forged["credentialSubject"]["FirstName"] = "Mallory".into();
    let refused = store_verified(&wallet, &credential(forged), with).await;
    let reason = refused.unwrap_err().to_string();
    assert!(reason.starts_with("the signature of the credential is refused"), "{reason}");
}

#[tokio::test]
async fn a_credential_with_one_signature_is_not_found_for_a_part() {
    let wallet = wallets::with([whole_licence(&[("points", json!(3))]).await]).await;
    let request = asking(1, |_| ()).await;
    let found = found(&wallet, &request).await;
    let unmatched = found[0].unmatched.clone().unwrap();
    let [reason] = &unmatched[..] else { panic!("{unmatched:?}") };
    assert!(reason.contains("cannot be shown without \"points\""), "{reason}");
}

#[tokio::test]
async fn what_shows_less_is_chosen_before_what_is_newer() {
    let mut whole = whole_licence(&[]).await;
    whole["id"] = json!("https://stateagency.gov/licences/4712");
    whole["issuanceDate"] = json!("2019-08-24T00:00:00Z");
    let wallet = wallets::with([licence().await, whole]).await;
    let request = asking(1, |criterion| {
        criterion["properties"] = json!([
            {"name": "FirstName", "required": true},
            {"name": "LastName", "required": false},
            {"name": "Date Of Birth", "required": false},
        ]);
    })
    .await;
    let response = automatic(&wallet, &request).await;
    let shown = &response.message().fulfilled[0].presentations[0].credentials[0].attributes;
    assert_eq!(shown.iter().map(|one| &*one.key).collect::<Vec<_>>(), ["FirstName"]);
}

#[tokio::test]
async fn a_credential_whose_signature_has_expired_is_no_answer() {
    let mut licence = whole_licence(&[]).await;
    licence["proof"]["expires"] = json!("2019-08-24T00:00:00Z");
    let wallet = wallets::with([licence]).await;
    let found = found(&wallet, &asking(1, |_| ()).await).await;
    assert_eq!(found[0].unmatched.as_deref(), Some(&["1 credential is expired.".to_owned()][..]));
}

#[tokio::test]
async fn a_list_of_one_subject_is_that_subject() {
    let mut licence = whole_licence(&[]).await;
    licence.as_object_mut().unwrap().remove("proof");
    licence["credentialSubject"] = json!([licence["credentialSubject"]]);
    let proof = proof_by(Signed::Credential(&licence), &key(LICENCES, "key-1"), ISSUED).await;
    licence["proof"] = proof;
    let wallet = wallets::with([licence.clone()]).await;
    let request = asking(1, |_| ()).await;
    let response = automatic(&wallet, &request).await;
    assert!(cautions(&request, &response).await.is_empty());

    licence["credentialSubject"][0]["id"] = json!("did:work:another");
    let mut forged = response.document().clone();
    let shown = "/FulfilledCriteria/0/Presentations/0/verifiableCredential/0";
    *forged.pointer_mut(shown).unwrap() = licence;
    let verifier = ExchangeVerifier::new(resolver());
    let verdict = verifier.explain(&request, &bytes(&forged), now()).await;
    let at = format!("{shown}/credentialSubject/0/id");
    let failures = verdict.failed().flat_map(|report| &report.failures);
    let places: Vec<_> = failures.filter_map(|failure| failure.referent.as_deref()).collect();
    assert_eq!(places, [at], "{verdict}");
}

#[tokio::test]
async fn the_type_of_a_subject_comes_with_what_is_asked_for() {
    let wallet = wallets::with([whole_licence(&[("type", json!("Person"))]).await]).await;
    let request = asking(1, |_| ()).await;
    let response = automatic(&wallet, &request).await;
    assert!(cautions(&request, &response).await.is_empty());
}

#[tokio::test]
async fn the_holder_states_attributes_itself_where_it_may() {
    let wallet = wallets::empty().await;
    let stated: BTreeMap<String, String> =
        [("emailAddress".to_owned(), "alice@example.com".to_owned())].into();
    let answers = [CriterionAnswer::SelfAttested(stated.clone())];
    let holder = key(HOLDER, "key-1");
    let request = asking(0, |criterion| criterion["issuers"]["dids"] = json!([MAIL, "SELF"])).await;
    let response = responded(&wallet, &request, &answers, &holder).await.unwrap();
    assert_eq!(cautions(&request, &response).await, ["self-attested"]);

    let refused =
        responded(&wallet, &asking(0, |_| ()).await, &answers, &holder).await.unwrap_err();
    assert!(refused.to_string().contains(": it does not let the holder state"), "{refused}");
}

#[tokio::test]
async fn two_issuers_credentials_of_one_id_are_both_held() {
    let mail = email().await;
    let id = mail["id"].as_str().unwrap();
    let issuer = "did:work:Tn1XD2QPskjDCztVGuJC2w";
    let other = of_schema(issuer, id, MAIL_SCHEMA, &[("emailAddress", "a@b.c")]).await;
    let wallet = wallets::with([mail.clone(), other.clone()]).await;
    assert!(!store(&wallet, &credential(other.clone())).await.unwrap());
    assert_eq!(get(&wallet, id).await.unwrap().unwrap().document(), &mail);
    let second = format!("{id} of {issuer}");
    assert_eq!(get(&wallet, &second).await.unwrap().unwrap().document(), &other);

    let request = asking(0, |criterion| {
        criterion["min"] = json!(2);
        criterion["max"] = json!(2);
    })
    .await;
    let response = automatic(&wallet, &request).await;
    assert!(cautions(&request, &response).await.is_empty());
}

#[tokio::test]
async fn a_response_is_written_in_the_form_of_its_request() {
    let wallet = wallets::full().await;
    let mut request = unsigned_request();
    let mut body = request["proofRequest"].take();
    body["criteria"].as_array_mut().unwrap().remove(1);
    let request = json!({"id": request["id"], "presentationRequest": body});
    let request = signed_request(request).await;
    assert_eq!(request.message().form, Form::December2019);
    let response = automatic(&wallet, &request).await;
    assert_eq!(response.message().form, Form::December2019);
    assert_eq!(response.document()["presentationRequestId"], request.message().id);
    assert!(cautions(&request, &response).await.is_empty());
}
