//! The issuer's calls.

use std::time::Duration;

use anoncreds::{
    AnoncredsError, CredentialDefinitionConfig, KeySource, PreparedKey, Schema, credential_values,
    issuer_create_and_store_credential_def, issuer_create_credential,
    issuer_create_credential_offer, issuer_create_schema, issuer_get_credential_def,
    prover_create_credential_req, prover_create_master_secret, prover_store_credential,
};

use test_support::{
    credentials::{Class, LINK_SECRET, PROVER, Parties},
    keys,
    wallets::wallet_in,
};

use crate::classes::{ALEX, GOVERNMENT, define_gvt};

fn prepared(key: &str) -> KeySource {
    KeySource::Prepared(PreparedKey::from_json(key).unwrap())
}

#[test]
fn a_schema_is_named_after_its_issuer_name_and_version() {
    let schema = issuer_create_schema(GOVERNMENT, "gvt", "1.0", &["age", "name"]).unwrap();
    assert_eq!(schema.id().0, format!("{GOVERNMENT}:2:gvt:1.0"));
    let Schema::SchemaV1(parts) = schema;
    assert_eq!(parts.seq_no, None);
}

#[test]
fn a_schema_with_invalid_attributes_is_refused() {
    let many: Vec<String> = (0..126).map(|number| format!("a{number}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    for (attributes, reason) in [
        (&[][..], "it has 0 attributes"),
        (&many[..], "it has 126 attributes"),
        (&["name", " "][..], "an attribute name is empty"),
        (&["First Name", "firstname"][..], "`firstname` occurs twice"),
    ] {
        let error = issuer_create_schema(GOVERNMENT, "gvt", "1.0", attributes).unwrap_err();
        assert_eq!(error.code(), "CommonInvalidStructure");
        assert!(error.to_string().contains(reason), "{error}");
    }
}

#[test]
fn a_schema_whose_name_would_break_its_id_is_refused() {
    for (did, name, version) in [
        (GOVERNMENT, "", "1.0"),
        (GOVERNMENT, "g:vt", "1.0"),
        (GOVERNMENT, "gvt", ""),
        ("not a DID", "gvt", "1.0"),
    ] {
        let error = issuer_create_schema(did, name, version, &["name"]).unwrap_err();
        assert_eq!(error.code(), "CommonInvalidStructure");
    }
}

#[tokio::test]
async fn a_credential_definition_names_issuer_schema_and_tag() {
    let parties = Parties::new().await;
    let gvt = define_gvt(&parties).await;
    assert_eq!(gvt.cred_def_id(), format!("{GOVERNMENT}:3:CL:15:TAG1"));
}

#[tokio::test]
async fn a_credential_definition_cannot_be_created_twice() {
    let parties = Parties::new().await;
    let gvt = define_gvt(&parties).await;
    let config = CredentialDefinitionConfig {
        support_revocation: false,
        key: prepared(keys::GVT),
        ..CredentialDefinitionConfig::default()
    };
    let again = issuer_create_and_store_credential_def(
        &parties.issuer,
        GOVERNMENT,
        &gvt.schema,
        "TAG1",
        &config,
    )
    .await;
    let error = again.unwrap_err();
    assert_eq!(error.code(), "AnoncredsCredDefAlreadyExists");
    assert!(
        matches!(error, AnoncredsError::CredDefAlreadyExists { id, .. } if id == gvt.cred_def_id())
    );
}

#[tokio::test]
async fn a_stored_credential_definition_is_returned_as_it_was_made() {
    let parties = Parties::new().await;
    let gvt = define_gvt(&parties).await;
    let stored = issuer_get_credential_def(&parties.issuer, &gvt.cred_def_id()).await.unwrap();
    let json = |cred_def| serde_json::to_value(cred_def).unwrap();
    assert_eq!(json(&stored), json(&gvt.cred_def));
    let error = issuer_get_credential_def(&parties.issuer, "unknown").await.unwrap_err();
    assert!(matches!(error, AnoncredsError::CredDefNotFound { id, .. } if id == "unknown"));
}

#[tokio::test]
async fn a_prepared_key_of_another_schema_is_refused() {
    let parties = Parties::new().await;
    let schema = issuer_create_schema(GOVERNMENT, "gvt", "1.0", &["age", "name"]).unwrap();
    for (key, support_revocation, reason) in [
        (keys::DEGREE, false, "it was made for the attributes"),
        (keys::GVT, true, "no part for revocation"),
    ] {
        let config = CredentialDefinitionConfig {
            support_revocation,
            key: prepared(key),
            ..CredentialDefinitionConfig::default()
        };
        let refused = issuer_create_and_store_credential_def(
            &parties.issuer,
            GOVERNMENT,
            &schema,
            "TAG1",
            &config,
        );
        let error = refused.await.unwrap_err();
        assert_eq!(error.code(), "CommonInvalidStructure");
        assert!(error.to_string().contains(reason), "{error}");
    }
}

/// Searches for primes, as the next two tests.
#[tokio::test]
async fn a_generated_key_issues_credentials_that_its_prover_accepts() {
    let parties = Parties::new().await;
    let schema = issuer_create_schema(GOVERNMENT, "gvt", "1.0", &["name"]).unwrap();
    let config = CredentialDefinitionConfig::default();
    let cred_def =
        issuer_create_and_store_credential_def(&parties.issuer, GOVERNMENT, &schema, "T", &config)
            .await
            .unwrap();
    let class = Class { schema, cred_def };
    parties.hold(&class, &["id"], &[("name", "Alex")]).await;
}

#[tokio::test]
async fn the_library_generates_keys_on_request_and_for_revocation() {
    let parties = Parties::new().await;
    let schema = issuer_create_schema(GOVERNMENT, "gvt", "1.0", &["name"]).unwrap();
    for (support_revocation, key) in
        [(false, KeySource::GenerateWithLibrary), (true, KeySource::Generate)]
    {
        let config = CredentialDefinitionConfig {
            support_revocation,
            key,
            ..CredentialDefinitionConfig::default()
        };
        let tag = if support_revocation { "R" } else { "N" };
        let made = issuer_create_and_store_credential_def(
            &parties.issuer,
            GOVERNMENT,
            &schema,
            tag,
            &config,
        );
        let cred_def = serde_json::to_value(made.await.unwrap()).unwrap();
        assert_eq!(cred_def.pointer("/value/revocation").is_some(), support_revocation);
        // the library's search shows no progress
        assert_eq!(config.progress.tested(), 0);
    }
}

#[tokio::test]
async fn dropping_the_future_ends_the_search_for_primes() {
    let parties = Parties::new().await;
    let schema = issuer_create_schema(GOVERNMENT, "gvt", "1.0", &["name"]).unwrap();
    let config = CredentialDefinitionConfig::default();
    let search =
        issuer_create_and_store_credential_def(&parties.issuer, GOVERNMENT, &schema, "T", &config);
    let begun = async {
        while config.progress.tested() == 0 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    tokio::select! {
        found = search => { found.unwrap(); } // found in no time
        () = begun => {}
    }
    tokio::time::sleep(Duration::from_millis(500)).await;
    let tested = config.progress.tested();
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert_eq!(config.progress.tested(), tested);
}

#[test]
fn an_attribute_with_the_link_secrets_name_is_refused() {
    let refused = issuer_create_schema(GOVERNMENT, "gvt", "1.0", &["Master_Secret"]);
    let error = refused.unwrap_err();
    assert_eq!(error.code(), "CommonInvalidStructure");
    assert!(error.to_string().contains("the name of the link secret"), "{error}");
}

#[tokio::test]
async fn an_offer_needs_a_credential_definition_of_this_wallet() {
    let parties = Parties::new().await;
    let error = issuer_create_credential_offer(&parties.issuer, "unknown").await.unwrap_err();
    assert_eq!(error.code(), "WalletItemNotFound");
    assert!(matches!(error, AnoncredsError::CredDefNotFound { .. }));
}

#[tokio::test]
async fn a_credential_needs_a_value_for_each_attribute_and_no_other() {
    let parties = Parties::new().await;
    let gvt = define_gvt(&parties).await;
    let offer = issuer_create_credential_offer(&parties.issuer, &gvt.cred_def_id()).await.unwrap();
    let (request, _) =
        prover_create_credential_req(&parties.prover, PROVER, &offer, &gvt.cred_def, LINK_SECRET)
            .await
            .unwrap();
    for (values, reason) in [
        (vec![("name", "Alex"), ("age", "28")], r#"missing ["height", "sex"]"#),
        ([&ALEX[..], &[("shoe size", "44")]].concat(), r#"not in the schema ["shoesize"]"#),
        ([&ALEX[..], &[("Name", "Bob")]].concat(), "occurs twice"),
    ] {
        let values = credential_values(values);
        let error =
            issuer_create_credential(&parties.issuer, &offer, &request, values).await.unwrap_err();
        assert_eq!(error.code(), "CommonInvalidStructure");
        assert!(error.to_string().contains(reason), "{error}");
    }
}

#[tokio::test]
async fn a_request_for_another_offer_is_refused() {
    let parties = Parties::new().await;
    let gvt = define_gvt(&parties).await;
    let first = issuer_create_credential_offer(&parties.issuer, &gvt.cred_def_id()).await.unwrap();
    let second = issuer_create_credential_offer(&parties.issuer, &gvt.cred_def_id()).await.unwrap();
    let (request, _) =
        prover_create_credential_req(&parties.prover, PROVER, &first, &gvt.cred_def, LINK_SECRET)
            .await
            .unwrap();
    let refused =
        issuer_create_credential(&parties.issuer, &second, &request, credential_values(ALEX)).await;
    assert!(matches!(refused, Err(AnoncredsError::Library { .. })));
}

#[tokio::test]
async fn a_credential_for_another_link_secret_is_refused() {
    let parties = Parties::new().await;
    let gvt = define_gvt(&parties).await;
    let (credential, metadata) = parties.issue(&gvt, &ALEX).await;
    let thief = wallet_in(parties.directory(), "thief").await;
    prover_create_master_secret(&thief, LINK_SECRET).await.unwrap();
    let refused =
        prover_store_credential(&thief, None, &metadata, &credential, &gvt.cred_def, None).await;
    let error = refused.unwrap_err();
    assert!(matches!(error, AnoncredsError::CredentialForAnotherLinkSecret { .. }), "{error}");
}
