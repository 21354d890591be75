//! The prover's calls for its credentials.

use anoncreds::{
    AnoncredsError, CredentialInfo, issuer_create_credential_offer, prover_create_credential_req,
    prover_create_master_secret, prover_delete_credential, prover_find_credential_like,
    prover_get_credential, prover_get_credentials, prover_list_link_secrets,
    prover_store_credential,
};
use proofs::Restriction;
use serde_json::json;

use test_support::credentials::{LINK_SECRET, PROVER, Parties};

use crate::classes::{ALEX, GOVERNMENT, MASTER, define_degree, define_gvt};

#[tokio::test]
async fn a_second_link_secret_of_a_name_is_refused() {
    let parties = Parties::new().await;
    let gvt = define_gvt(&parties).await;
    let (credential, metadata) = parties.issue(&gvt, &ALEX).await;

    let error = prover_create_master_secret(&parties.prover, LINK_SECRET).await.unwrap_err();
    assert_eq!(error.code(), "AnoncredsMasterSecretDuplicateName");

    // a credential for the first one is still accepted
    prover_store_credential(&parties.prover, None, &metadata, &credential, &gvt.cred_def, None)
        .await
        .unwrap();
}

#[tokio::test]
async fn link_secrets_are_listed_by_their_names() {
    let parties = Parties::new().await;
    prover_create_master_secret(&parties.prover, "another").await.unwrap();
    let names = prover_list_link_secrets(&parties.prover).await.unwrap();
    assert_eq!(names, ["another", LINK_SECRET]);
    assert!(prover_list_link_secrets(&parties.issuer).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_request_needs_a_link_secret_of_this_wallet() {
    let parties = Parties::new().await;
    let gvt = define_gvt(&parties).await;
    let offer = issuer_create_credential_offer(&parties.issuer, &gvt.cred_def_id()).await.unwrap();
    let refused =
        prover_create_credential_req(&parties.prover, PROVER, &offer, &gvt.cred_def, "other").await;
    let error = refused.unwrap_err();
    assert_eq!(error.code(), "WalletItemNotFound");
    assert!(matches!(error, AnoncredsError::LinkSecretNotFound { name, .. } if name == "other"));
}

#[tokio::test]
async fn a_request_needs_the_offered_credential_definition() {
    let parties = Parties::new().await;
    let (gvt, degree) = (define_gvt(&parties).await, define_degree(&parties).await);
    let offer = issuer_create_credential_offer(&parties.issuer, &gvt.cred_def_id()).await.unwrap();
    let refused = prover_create_credential_req(
        &parties.prover,
        PROVER,
        &offer,
        &degree.cred_def,
        LINK_SECRET,
    )
    .await;
    assert!(matches!(refused, Err(AnoncredsError::InvalidStructure { .. })));
}

#[tokio::test]
async fn a_credential_is_found_by_its_id_until_it_is_deleted() {
    let parties = Parties::new().await;
    let gvt = define_gvt(&parties).await;
    parties.hold(&gvt, &["alex"], &ALEX).await;

    let info = prover_get_credential(&parties.prover, "alex").await.unwrap();
    assert_eq!(info.referent, "alex");
    assert_eq!(info.attrs["name"], "Alex");
    assert_eq!(info.schema_id, gvt.schema_id());
    assert_eq!(info.cred_def_id, gvt.cred_def_id());
    assert_eq!((info.rev_reg_id, info.cred_rev_id), (None, None));

    prover_delete_credential(&parties.prover, "alex").await.unwrap();
    let gone = [
        prover_get_credential(&parties.prover, "alex").await.unwrap_err(),
        prover_delete_credential(&parties.prover, "alex").await.unwrap_err(),
    ];
    for error in gone {
        assert_eq!(error.code(), "WalletItemNotFound");
        assert!(matches!(error, AnoncredsError::CredentialNotFound { id, .. } if id == "alex"));
    }
}

#[tokio::test]
async fn a_credential_id_is_used_once() {
    let parties = Parties::new().await;
    let gvt = define_gvt(&parties).await;
    parties.hold(&gvt, &["alex"], &ALEX).await;
    let (credential, metadata) =
        parties.issue(&gvt, &[("sex", "f"), ("name", "Eve"), ("height", "1"), ("age", "2")]).await;
    let refused = prover_store_credential(
        &parties.prover,
        Some("alex"),
        &metadata,
        &credential,
        &gvt.cred_def,
        None,
    );
    let error = refused.await.unwrap_err();
    assert_eq!(error.code(), "WalletItemAlreadyExists");
    let kept = prover_get_credential(&parties.prover, "alex").await.unwrap();
    assert_eq!(kept.attrs["name"], "Alex");
}

#[tokio::test]
async fn a_credential_like_another_has_its_definition_and_its_values() {
    let parties = Parties::new().await;
    let (gvt, degree) = (define_gvt(&parties).await, define_degree(&parties).await);
    let (wanted, _) = parties.issue(&gvt, &ALEX).await;
    let found = || prover_find_credential_like(&parties.prover, &wanted);
    parties.hold(&degree, &["degree"], &MASTER).await;
    let older = ALEX.map(|(name, value)| (name, if name == "age" { "29" } else { value }));
    parties.hold(&gvt, &["older"], &older).await;
    assert_eq!(found().await.unwrap(), None);
    parties.hold(&gvt, &["alex"], &ALEX).await;
    assert_eq!(found().await.unwrap().as_deref(), Some("alex"));
}

#[tokio::test]
async fn an_altered_credential_is_refused() {
    let parties = Parties::new().await;
    let gvt = define_gvt(&parties).await;
    let (mut credential, metadata) = parties.issue(&gvt, &ALEX).await;
    let age = credential.values.0.get_mut("age").unwrap();
    (age.raw, age.encoded) = ("17".to_owned(), "17".to_owned());
    let refused =
        prover_store_credential(&parties.prover, None, &metadata, &credential, &gvt.cred_def, None);
    assert!(matches!(refused.await, Err(AnoncredsError::CredentialForAnotherLinkSecret { .. })));
}

#[tokio::test]
async fn a_credential_needs_the_definition_that_it_names() {
    let parties = Parties::new().await;
    let (gvt, degree) = (define_gvt(&parties).await, define_degree(&parties).await);
    let (credential, metadata) = parties.issue(&gvt, &ALEX).await;
    let refused = prover_store_credential(
        &parties.prover,
        None,
        &metadata,
        &credential,
        &degree.cred_def,
        None,
    );
    assert!(matches!(refused.await, Err(AnoncredsError::InvalidStructure { .. })));
}

#[tokio::test]
async fn credentials_are_listed_by_filter_and_class_by_class() {
    let parties = Parties::new().await;
    let (gvt, degree) = (define_gvt(&parties).await, define_degree(&parties).await);
    let ids = |found: Vec<CredentialInfo>| -> Vec<String> {
        found.into_iter().map(|info| info.referent).collect()
    };
    parties.hold(&gvt, &["one"], &ALEX).await;
    parties.hold(&degree, &["two"], &MASTER).await;
    parties.hold(&gvt, &["three"], &ALEX).await;

    let all = prover_get_credentials(&parties.prover, None).await.unwrap();
    assert_eq!(ids(all), ["one", "three", "two"]);
    for (filter, expected) in [
        (json!({"issuer_did": GOVERNMENT}), vec!["one", "three"]),
        (json!({"schema_name": "degree"}), vec!["two"]),
        (json!({"attr::first name::value": "Alex"}), vec!["two"]),
        (json!({"schema_name": "passport"}), vec![]),
    ] {
        let filter = Restriction::parse(&filter).unwrap();
        let found = prover_get_credentials(&parties.prover, filter.as_ref()).await.unwrap();
        assert_eq!(ids(found), expected);
    }
}
