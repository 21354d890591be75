//! Choosing credentials for a request, and previewing what they disclose.

use anoncreds::{
    ProofRequest, RequestedCredentials, prover_choose_credentials, prover_preview_disclosure,
};
use serde_json::json;
use test_support::credentials::Parties;

use crate::{
    classes::{ALEX, MASTER, define_degree, define_gvt},
    proof_test::{ProofTest, request, tutorial_choice, tutorial_request},
};

async fn choose(
    test: &ProofTest,
    request: &ProofRequest,
) -> (RequestedCredentials, Vec<(String, String)>) {
    prover_choose_credentials(&test.parties.prover, request).await.unwrap()
}

#[tokio::test]
async fn the_choice_for_the_tutorials_request_can_be_proved() {
    let test = ProofTest::new().await;
    let (choice, unanswered) = choose(&test, &tutorial_request()).await;
    assert_eq!(choice, tutorial_choice());
    assert_eq!(unanswered, []);
    let proof = test.prove(&tutorial_request(), &choice).await.unwrap();
    assert!(test.verify(&tutorial_request(), &proof).await.unwrap());
}

#[tokio::test]
async fn one_credential_answers_as_many_referents_as_it_can() {
    let parties = Parties::new().await;
    let (gvt, degree) = (define_gvt(&parties).await, define_degree(&parties).await);
    // found first for `name`, and too young
    let young = [("sex", "male"), ("name", "Bo"), ("height", "120"), ("age", "9")];
    parties.hold(&gvt, &["young"], &young).await;
    parties.hold(&gvt, &["alex"], &ALEX).await;
    parties.hold(&degree, &["master"], &MASTER).await;
    let request = request(
        json!({"given": {"name": "name"}, "title": {"name": "degree"}}),
        json!({"adult": {"name": "age", "p_type": ">=", "p_value": 18}}),
    );
    let (choice, unanswered) = prover_choose_credentials(&parties.prover, &request).await.unwrap();
    let expected = RequestedCredentials::default()
        .reveal("given", "alex")
        .reveal("title", "master")
        .prove("adult", "alex");
    assert_eq!((choice, unanswered), (expected, vec![]));
}

#[tokio::test]
async fn an_unanswered_referent_has_its_reason() {
    let test = ProofTest::new().await;
    let request = request(
        json!({"phone": {"name": "phone"}, "given": {"name": "name"}}),
        json!({"older": {"name": "age", "p_type": ">=", "p_value": 30}}),
    );
    let (choice, unanswered) = choose(&test, &request).await;
    assert_eq!(choice, RequestedCredentials::default().reveal("given", "alex"));
    let [(older, too_young), (phone, no_attribute)] = {
        let mut unanswered = unanswered;
        unanswered.sort();
        <[_; 2]>::try_from(unanswered).unwrap()
    };
    assert_eq!((older.as_str(), phone.as_str()), ("older", "phone"));
    assert!(too_young.contains("too small by 2"), "{too_young}");
    assert!(no_attribute.contains("no attribute \"phone\""), "{no_attribute}");
    assert!(no_attribute.ends_with("you may answer in your own words"));
}

#[tokio::test]
async fn an_attribute_is_not_both_revealed_and_proved() {
    let test = ProofTest::new().await;
    let request = request(
        json!({"shown": {"name": "age"}}),
        json!({"adult": {"name": "age", "p_type": ">=", "p_value": 18}}),
    );
    let (choice, unanswered) = choose(&test, &request).await;
    assert_eq!(choice, RequestedCredentials::default().reveal("shown", "alex"));
    assert_eq!(unanswered[0].0, "adult");
    assert!(unanswered[0].1.contains("needs no proof"));
}

#[tokio::test]
async fn a_second_credential_proves_what_the_first_one_reveals() {
    let parties = Parties::new().await;
    let gvt = define_gvt(&parties).await;
    parties.hold(&gvt, &["alex"], &ALEX).await;
    parties.hold(&gvt, &["alex again"], &ALEX).await;
    let request = request(
        json!({"shown": {"name": "age"}}),
        json!({"adult": {"name": "age", "p_type": ">=", "p_value": 18}}),
    );
    let (choice, unanswered) = prover_choose_credentials(&parties.prover, &request).await.unwrap();
    let expected =
        RequestedCredentials::default().reveal("shown", "alex").prove("adult", "alex again");
    assert_eq!((choice, unanswered), (expected, vec![]));
}

#[tokio::test]
async fn a_preview_shows_what_is_revealed_proved_and_hidden() {
    let test = ProofTest::new().await;
    let preview = |choice: Option<RequestedCredentials>| {
        let wallet = &test.parties.prover;
        async move {
            prover_preview_disclosure(wallet, &tutorial_request(), choice.as_ref()).await.unwrap()
        }
    };
    let shown = preview(None).await;
    assert_eq!(shown, preview(Some(tutorial_choice())).await);
    let [credential] = shown.credentials.as_slice() else { panic!("{shown:?}") };
    assert_eq!(credential.credential, "alex");
    assert_eq!(credential.revealed[0].raw, "Alex");
    assert_eq!(credential.proved[0].p_value, 18);
    assert_eq!(credential.hidden, ["age", "height", "sex"]);
    assert!(!shown.to_string().contains("28"));

    let left_open = preview(Some(RequestedCredentials::default())).await;
    assert_eq!(left_open.unanswered.len(), 2);
}
