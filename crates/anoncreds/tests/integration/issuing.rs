//! The issuer's calls.

use std::time::Duration;

use indy::{
    anoncreds::{
        CredentialDefinitionConfig, KeySource, Schema, credential_values,
        issuer_create_and_store_credential_def, issuer_create_credential,
        issuer_create_credential_offer, issuer_create_schema, prover_create_credential_req,
        prover_create_master_secret, prover_store_credential,
    },
    error::AnoncredsError,
};

use crate::scene::{ALEX, GOVERNMENT, LINK_SECRET, PROVER, Scene, degree_key, gvt_key};

#[test]
fn a_schema_is_named_after_its_issuer_name_and_version() {
    let schema = issuer_create_schema(GOVERNMENT, "gvt", "1.0", &["age", "name"]).unwrap();
    assert_eq!(schema.id().0, format!("{GOVERNMENT}:2:gvt:1.0"));
    let Schema::SchemaV1(parts) = schema;
    assert_eq!(parts.seq_no, None);
}

#[test]
fn a_schema_with_unusable_attributes_is_refused_with_the_reason() {
    let many: Vec<String> = (0..126).map(|number| format!("a{number}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    for (attributes, reason) in [
        (&[][..], "it has 0 attributes"),
        (&many[..], "it has 126 attributes"),
        (&["name", " "][..], "an attribute name is empty"),
        (
            &["First Name", "firstname"][..],
            "`firstname` is there twice",
        ),
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
    let scene = Scene::set().await;
    let gvt = scene.gvt().await;
    assert_eq!(gvt.cred_def_id(), format!("{GOVERNMENT}:3:CL:15:TAG1"));
}

#[tokio::test]
async fn a_credential_definition_cannot_be_created_twice() {
    let scene = Scene::set().await;
    let gvt = scene.gvt().await;
    let config = CredentialDefinitionConfig {
        support_revocation: false,
        key: KeySource::Prepared(gvt_key()),
        ..CredentialDefinitionConfig::default()
    };
    let again = issuer_create_and_store_credential_def(
        &scene.issuer,
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
async fn a_prepared_key_of_another_schema_is_refused() {
    let scene = Scene::set().await;
    let schema = issuer_create_schema(GOVERNMENT, "gvt", "1.0", &["age", "name"]).unwrap();
    for (key, support_revocation, reason) in [
        (degree_key(), false, "it was made for the attributes"),
        (gvt_key(), true, "no part for revocation"),
    ] {
        let config = CredentialDefinitionConfig {
            support_revocation,
            key: KeySource::Prepared(key),
            ..CredentialDefinitionConfig::default()
        };
        let refused = issuer_create_and_store_credential_def(
            &scene.issuer,
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

/// Waits for primes, as the next two.
#[tokio::test]
async fn a_generated_key_issues_credentials_that_its_prover_accepts() {
    let scene = Scene::set().await;
    let schema = issuer_create_schema(GOVERNMENT, "gvt", "1.0", &["name"]).unwrap();
    let config = CredentialDefinitionConfig::default();
    let cred_def =
        issuer_create_and_store_credential_def(&scene.issuer, GOVERNMENT, &schema, "T", &config)
            .await
            .unwrap();
    let class = crate::scene::Class { schema, cred_def };
    scene.hold(&class, "id", &[("name", "Alex")]).await;
}

#[tokio::test]
async fn the_library_generates_a_key_where_that_is_asked_for_and_where_it_can_be_revoked() {
    let scene = Scene::set().await;
    let schema = issuer_create_schema(GOVERNMENT, "gvt", "1.0", &["name"]).unwrap();
    for (support_revocation, key) in [
        (false, KeySource::GenerateWithLibrary),
        (true, KeySource::Generate),
    ] {
        let config = CredentialDefinitionConfig {
            support_revocation,
            key,
            ..CredentialDefinitionConfig::default()
        };
        let tag = if support_revocation { "R" } else { "N" };
        let made = issuer_create_and_store_credential_def(
            &scene.issuer,
            GOVERNMENT,
            &schema,
            tag,
            &config,
        );
        let cred_def = serde_json::to_value(made.await.unwrap()).unwrap();
        assert_eq!(
            cred_def.pointer("/value/revocation").is_some(),
            support_revocation
        );
        // it tells nothing of its search
        assert_eq!(config.progress.tested(), 0);
    }
}

#[tokio::test]
async fn a_search_that_nobody_waits_for_any_more_ends() {
    let scene = Scene::set().await;
    let schema = issuer_create_schema(GOVERNMENT, "gvt", "1.0", &["name"]).unwrap();
    let config = CredentialDefinitionConfig::default();
    let search =
        issuer_create_and_store_credential_def(&scene.issuer, GOVERNMENT, &schema, "T", &config);
    let begun = async {
        while config.progress.tested() == 0 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    tokio::select! {
        found = search => { found.unwrap(); } // lucky
        () = begun => {}
    }
    tokio::time::sleep(Duration::from_millis(500)).await;
    let tested = config.progress.tested();
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert_eq!(config.progress.tested(), tested);
}

#[tokio::test]
async fn an_attribute_named_like_the_link_secret_is_refused() {
    let scene = Scene::set().await;
    let schema = issuer_create_schema(GOVERNMENT, "gvt", "1.0", &["Master_Secret"]).unwrap();
    let config = CredentialDefinitionConfig::default();
    let refused =
        issuer_create_and_store_credential_def(&scene.issuer, GOVERNMENT, &schema, "T", &config);
    let error = refused.await.unwrap_err();
    assert_eq!(error.code(), "CommonInvalidStructure");
    assert!(error.to_string().contains("master_secret"), "{error}");
}

#[tokio::test]
async fn an_offer_needs_a_credential_definition_of_this_wallet() {
    let scene = Scene::set().await;
    let error = issuer_create_credential_offer(&scene.issuer, "unknown")
        .await
        .unwrap_err();
    assert_eq!(error.code(), "WalletItemNotFound");
    assert!(matches!(error, AnoncredsError::CredDefNotFound { .. }));
}

#[tokio::test]
async fn a_credential_needs_a_value_for_each_attribute_and_no_other() {
    let scene = Scene::set().await;
    let gvt = scene.gvt().await;
    let offer = issuer_create_credential_offer(&scene.issuer, &gvt.cred_def_id())
        .await
        .unwrap();
    let (request, _) =
        prover_create_credential_req(&scene.prover, PROVER, &offer, &gvt.cred_def, LINK_SECRET)
            .await
            .unwrap();
    for (values, reason) in [
        (
            vec![("name", "Alex"), ("age", "28")],
            r#"missing ["height", "sex"]"#,
        ),
        (
            [&ALEX[..], &[("shoe size", "44")]].concat(),
            r#"not in the schema ["shoesize"]"#,
        ),
        ([&ALEX[..], &[("Name", "Bob")]].concat(), "is there twice"),
    ] {
        let values = credential_values(values);
        let error = issuer_create_credential(&scene.issuer, &offer, &request, values)
            .await
            .unwrap_err();
        assert_eq!(error.code(), "CommonInvalidStructure");
        assert!(error.to_string().contains(reason), "{error}");
    }
}

#[tokio::test]
async fn a_request_for_another_offer_is_refused() {
    let scene = Scene::set().await;
    let gvt = scene.gvt().await;
    let first = issuer_create_credential_offer(&scene.issuer, &gvt.cred_def_id())
        .await
        .unwrap();
    let second = issuer_create_credential_offer(&scene.issuer, &gvt.cred_def_id())
        .await
        .unwrap();
    let (request, _) =
        prover_create_credential_req(&scene.prover, PROVER, &first, &gvt.cred_def, LINK_SECRET)
            .await
            .unwrap();
    let refused =
        issuer_create_credential(&scene.issuer, &second, &request, credential_values(ALEX)).await;
    assert!(matches!(refused, Err(AnoncredsError::Library { .. })));
}

#[tokio::test]
async fn a_credential_for_another_link_secret_is_refused() {
    let scene = Scene::set().await;
    let gvt = scene.gvt().await;
    let (credential, metadata) = scene.issue(&gvt, &ALEX).await;
    let thief = scene.another_wallet("thief").await;
    prover_create_master_secret(&thief, LINK_SECRET)
        .await
        .unwrap();
    let refused =
        prover_store_credential(&thief, None, &metadata, &credential, &gvt.cred_def, None).await;
    let error = refused.unwrap_err();
    assert!(
        matches!(error, AnoncredsError::CredentialForAnotherLinkSecret { .. }),
        "{error}"
    );
}
