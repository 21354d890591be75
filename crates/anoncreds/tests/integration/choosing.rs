//! A choice of credentials for a request, and the preview of what it discloses.

use indy::anoncreds::{
    ProofRequest, RequestedCredentials, prover_choose_credentials, prover_preview_disclosure,
};
use serde_json::json;

use crate::{
    play::{Play, request, tutorial_choice, tutorial_request},
    scene::{ALEX, MASTER, Scene},
};

async fn choose(
    play: &Play,
    request: &ProofRequest,
) -> (RequestedCredentials, Vec<(String, String)>) {
    prover_choose_credentials(&play.scene.prover, request)
        .await
        .unwrap()
}

#[tokio::test]
async fn the_tutorial_s_choice_is_made_and_can_be_proved() {
    let play = Play::set().await;
    let (choice, unanswered) = choose(&play, &tutorial_request()).await;
    assert_eq!(choice, tutorial_choice());
    assert_eq!(unanswered, []);
    let proof = play.prove(&tutorial_request(), &choice).await.unwrap();
    assert!(play.verify(&tutorial_request(), &proof).await.unwrap());
}

#[tokio::test]
async fn one_credential_answers_as_much_as_it_can() {
    let scene = Scene::set().await;
    let (gvt, degree) = (scene.gvt().await, scene.degree().await);
    // found first for `name`, and too young
    let young = [
        ("sex", "male"),
        ("name", "Bo"),
        ("height", "120"),
        ("age", "9"),
    ];
    scene.hold(&gvt, "young", &young).await;
    scene.hold(&gvt, "alex", &ALEX).await;
    scene.hold(&degree, "master", &MASTER).await;
    let request = request(
        json!({"given": {"name": "name"}, "title": {"name": "degree"}}),
        json!({"adult": {"name": "age", "p_type": ">=", "p_value": 18}}),
    );
    let (choice, unanswered) = prover_choose_credentials(&scene.prover, &request)
        .await
        .unwrap();
    let expected = RequestedCredentials::default()
        .reveal("given", "alex")
        .reveal("title", "master")
        .prove("adult", "alex");
    assert_eq!((choice, unanswered), (expected, vec![]));
}

#[tokio::test]
async fn what_cannot_be_answered_comes_with_its_reason() {
    let play = Play::set().await;
    let request = request(
        json!({"phone": {"name": "phone"}, "given": {"name": "name"}}),
        json!({"older": {"name": "age", "p_type": ">=", "p_value": 30}}),
    );
    let (choice, unanswered) = choose(&play, &request).await;
    assert_eq!(
        choice,
        RequestedCredentials::default().reveal("given", "alex")
    );
    let [(older, too_young), (phone, no_attribute)] = {
        let mut unanswered = unanswered;
        unanswered.sort();
        <[_; 2]>::try_from(unanswered).unwrap()
    };
    assert_eq!((older.as_str(), phone.as_str()), ("older", "phone"));
    assert!(too_young.contains("too small by 2"), "{too_young}");
    assert!(
        no_attribute.contains("no attribute \"phone\""),
        "{no_attribute}"
    );
    assert!(no_attribute.ends_with("you may answer in your own words"));
}

#[tokio::test]
async fn an_attribute_is_not_both_shown_and_compared() {
    let play = Play::set().await;
    let request = request(
        json!({"shown": {"name": "age"}}),
        json!({"adult": {"name": "age", "p_type": ">=", "p_value": 18}}),
    );
    let (choice, unanswered) = choose(&play, &request).await;
    assert_eq!(
        choice,
        RequestedCredentials::default().reveal("shown", "alex")
    );
    assert_eq!(unanswered[0].0, "adult");
    assert!(unanswered[0].1.contains("needs no proof"));
}

#[tokio::test]
async fn a_second_credential_proves_what_the_first_one_shows() {
    let scene = Scene::set().await;
    let gvt = scene.gvt().await;
    scene.hold(&gvt, "alex", &ALEX).await;
    scene.hold(&gvt, "alex again", &ALEX).await;
    let request = request(
        json!({"shown": {"name": "age"}}),
        json!({"adult": {"name": "age", "p_type": ">=", "p_value": 18}}),
    );
    let (choice, unanswered) = prover_choose_credentials(&scene.prover, &request)
        .await
        .unwrap();
    let expected = RequestedCredentials::default()
        .reveal("shown", "alex")
        .prove("adult", "alex again");
    assert_eq!((choice, unanswered), (expected, vec![]));
}

#[tokio::test]
async fn a_preview_shows_what_is_revealed_proved_and_hidden() {
    let play = Play::set().await;
    let preview = |choice: Option<RequestedCredentials>| {
        let wallet = &play.scene.prover;
        async move {
            prover_preview_disclosure(wallet, &tutorial_request(), choice.as_ref())
                .await
                .unwrap()
        }
    };
    let shown = preview(None).await;
    assert_eq!(shown, preview(Some(tutorial_choice())).await);
    let [credential] = shown.credentials.as_slice() else {
        panic!("{shown:?}")
    };
    assert_eq!(credential.credential, "alex");
    assert_eq!(credential.revealed[0].raw, "Alex");
    assert_eq!(credential.proved[0].p_value, 18);
    assert_eq!(credential.hidden, ["age", "height", "sex"]);
    assert!(!shown.to_string().contains("28"));

    let left_open = preview(Some(RequestedCredentials::default())).await;
    assert_eq!(left_open.unanswered.len(), 2);
}
