//! The prover's calls around its credentials.

use indy::{
    anoncreds::{
        issuer_create_credential_offer, prover_create_credential_req, prover_create_master_secret,
        prover_delete_credential, prover_get_credential, prover_get_credentials,
        prover_store_credential,
    },
    error::AnoncredsError,
};
use proofs::Restriction;
use serde_json::json;

use crate::scene::{ALEX, GOVERNMENT, LINK_SECRET, MASTER, PROVER, Scene};

#[tokio::test]
async fn a_link_secret_is_kept_when_another_is_created_under_its_name() {
    let scene = Scene::set().await;
    let gvt = scene.gvt().await;
    let (credential, metadata) = scene.issue(&gvt, &ALEX).await;

    let error = prover_create_master_secret(&scene.prover, LINK_SECRET)
        .await
        .unwrap_err();
    assert_eq!(error.code(), "AnoncredsMasterSecretDuplicateName");

    // a credential for the first one is still good
    prover_store_credential(
        &scene.prover,
        None,
        &metadata,
        &credential,
        &gvt.cred_def,
        None,
    )
    .await
    .unwrap();
}

#[tokio::test]
async fn a_request_needs_a_link_secret_of_this_wallet() {
    let scene = Scene::set().await;
    let gvt = scene.gvt().await;
    let offer = issuer_create_credential_offer(&scene.issuer, &gvt.cred_def_id())
        .await
        .unwrap();
    let refused =
        prover_create_credential_req(&scene.prover, PROVER, &offer, &gvt.cred_def, "other").await;
    let error = refused.unwrap_err();
    assert_eq!(error.code(), "WalletItemNotFound");
    assert!(matches!(error, AnoncredsError::LinkSecretNotFound { name, .. } if name == "other"));
}

#[tokio::test]
async fn a_request_needs_the_credential_definition_that_is_offered() {
    let scene = Scene::set().await;
    let (gvt, degree) = (scene.gvt().await, scene.degree().await);
    let offer = issuer_create_credential_offer(&scene.issuer, &gvt.cred_def_id())
        .await
        .unwrap();
    let refused =
        prover_create_credential_req(&scene.prover, PROVER, &offer, &degree.cred_def, LINK_SECRET)
            .await;
    assert!(matches!(
        refused,
        Err(AnoncredsError::InvalidStructure { .. })
    ));
}

#[tokio::test]
async fn a_credential_is_found_by_its_id_until_it_is_deleted() {
    let scene = Scene::set().await;
    let gvt = scene.gvt().await;
    scene.hold(&gvt, "alex", &ALEX).await;

    let info = prover_get_credential(&scene.prover, "alex").await.unwrap();
    assert_eq!(info.referent, "alex");
    assert_eq!(info.attrs["name"], "Alex");
    assert_eq!(info.schema_id, gvt.schema_id());
    assert_eq!(info.cred_def_id, gvt.cred_def_id());
    assert_eq!((info.rev_reg_id, info.cred_rev_id), (None, None));

    prover_delete_credential(&scene.prover, "alex")
        .await
        .unwrap();
    let gone = [
        prover_get_credential(&scene.prover, "alex")
            .await
            .unwrap_err(),
        prover_delete_credential(&scene.prover, "alex")
            .await
            .unwrap_err(),
    ];
    for error in gone {
        assert_eq!(error.code(), "WalletItemNotFound");
        assert!(matches!(error, AnoncredsError::CredentialNotFound { id, .. } if id == "alex"));
    }
}

#[tokio::test]
async fn a_credential_id_is_used_once() {
    let scene = Scene::set().await;
    let gvt = scene.gvt().await;
    scene.hold(&gvt, "alex", &ALEX).await;
    let (credential, metadata) = scene
        .issue(
            &gvt,
            &[("sex", "f"), ("name", "Eve"), ("height", "1"), ("age", "2")],
        )
        .await;
    let refused = prover_store_credential(
        &scene.prover,
        Some("alex"),
        &metadata,
        &credential,
        &gvt.cred_def,
        None,
    );
    let error = refused.await.unwrap_err();
    assert_eq!(error.code(), "WalletItemAlreadyExists");
    let kept = prover_get_credential(&scene.prover, "alex").await.unwrap();
    assert_eq!(kept.attrs["name"], "Alex");
}

#[tokio::test]
async fn a_credential_that_was_altered_on_the_way_is_refused() {
    let scene = Scene::set().await;
    let gvt = scene.gvt().await;
    let (mut credential, metadata) = scene.issue(&gvt, &ALEX).await;
    let age = credential.values.0.get_mut("age").unwrap();
    (age.raw, age.encoded) = ("17".to_owned(), "17".to_owned());
    let refused = prover_store_credential(
        &scene.prover,
        None,
        &metadata,
        &credential,
        &gvt.cred_def,
        None,
    );
    assert!(matches!(
        refused.await,
        Err(AnoncredsError::CredentialForAnotherLinkSecret { .. })
    ));
}

#[tokio::test]
async fn a_credential_is_stored_under_the_definition_that_it_names() {
    let scene = Scene::set().await;
    let (gvt, degree) = (scene.gvt().await, scene.degree().await);
    let (credential, metadata) = scene.issue(&gvt, &ALEX).await;
    let refused = prover_store_credential(
        &scene.prover,
        None,
        &metadata,
        &credential,
        &degree.cred_def,
        None,
    );
    assert!(matches!(
        refused.await,
        Err(AnoncredsError::InvalidStructure { .. })
    ));
}

#[tokio::test]
async fn credentials_are_listed_by_filter_class_by_class_in_the_order_of_storing() {
    let scene = Scene::set().await;
    let (gvt, degree) = (scene.gvt().await, scene.degree().await);
    let ids = |found: Vec<indy::anoncreds::CredentialInfo>| -> Vec<String> {
        found.into_iter().map(|info| info.referent).collect()
    };
    scene.hold(&gvt, "one", &ALEX).await;
    scene.hold(&degree, "two", &MASTER).await;
    scene.hold(&gvt, "three", &ALEX).await;

    let all = prover_get_credentials(&scene.prover, None).await.unwrap();
    assert_eq!(ids(all), ["one", "three", "two"]);
    for (filter, expected) in [
        (json!({"issuer_did": GOVERNMENT}), vec!["one", "three"]),
        (json!({"schema_name": "degree"}), vec!["two"]),
        (json!({"attr::first name::value": "Alex"}), vec!["two"]),
        (json!({"schema_name": "passport"}), vec![]),
    ] {
        let filter = Restriction::parse(&filter).unwrap();
        let found = prover_get_credentials(&scene.prover, filter.as_ref())
            .await
            .unwrap();
        assert_eq!(ids(found), expected);
    }
}
