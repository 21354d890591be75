//! Wallets in PostgreSQL databases.
//!
//! These tests need a server whose user may create databases. They are skipped, and say so, unless
//! `NEGOTIATE_PROOF_POSTGRES_URL` holds its URL, such as `postgres://user:password@localhost:5432`.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

use std::io::Write;

use indy::{
    did::{MyDidConfig, create_and_store_my_did, list_my_dids},
    wallet::{
        WalletConfig, WalletCredentials, WalletStorage, close_wallet, create_wallet, delete_wallet,
        generate_wallet_key, open_wallet,
    },
};
use sqlx::{Connection, PgConnection};

const SERVER: &str = "NEGOTIATE_PROOF_POSTGRES_URL";

/// A wallet's configuration on the server, with an id that no other test run has.
fn config() -> Option<WalletConfig> {
    let Ok(url) = std::env::var(SERVER) else {
        // Past the test harness, which would show the line of a passing test to nobody.
        let _ = writeln!(
            std::io::stderr(),
            "SKIPPED: set {SERVER} to run this test against a PostgreSQL server"
        );
        return None;
    };
    Some(WalletConfig {
        id: format!("test-{}", uuid::Uuid::new_v4()),
        storage: WalletStorage::Postgres { url },
    })
}

fn new_key() -> WalletCredentials {
    WalletCredentials::raw(generate_wallet_key().unwrap())
}

#[tokio::test]
async fn a_wallet_is_created_opened_closed_and_deleted() {
    let Some(config) = config() else { return };
    let key = new_key();
    create_wallet(&config, &key).await.unwrap();
    let wallet = open_wallet(&config, &key).await.unwrap();
    let mine = create_and_store_my_did(&wallet, &MyDidConfig::random())
        .await
        .unwrap();
    close_wallet(wallet).await.unwrap();

    let wallet = open_wallet(&config, &key).await.unwrap();
    assert_eq!(list_my_dids(&wallet).await.unwrap(), [mine]);
    close_wallet(wallet).await.unwrap();

    delete_wallet(&config, &key).await.unwrap();
    let error = open_wallet(&config, &key).await.unwrap_err();
    assert_eq!(error.code(), "WalletNotFound", "{error}");
}

#[tokio::test]
async fn a_prefix_is_part_of_the_databases_name() {
    let Some(mut config) = config() else { return };
    let WalletStorage::Postgres { url } = &mut config.storage else {
        unreachable!()
    };
    let mut prefixed = url::Url::parse(url).unwrap();
    prefixed.set_path("/tutorial");
    *url = prefixed.to_string();
    config.id.truncate(20);
    let key = new_key();
    create_wallet(&config, &key).await.unwrap();
    let error = create_wallet(&config, &key).await.unwrap_err();
    let database = format!("database tutorial_{} at", config.id);
    assert!(error.to_string().contains(&database), "{error}");
    delete_wallet(&config, &key).await.unwrap();
}

#[tokio::test]
async fn an_existing_wallet_is_not_created_again_whatever_the_key() {
    let Some(config) = config() else { return };
    let key = new_key();
    create_wallet(&config, &key).await.unwrap();
    for credentials in [&key, &new_key(), &WalletCredentials::passphrase("key")] {
        let error = create_wallet(&config, credentials).await.unwrap_err();
        assert_eq!(error.code(), "WalletAlreadyExists", "{error}");
    }
    delete_wallet(&config, &key).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_that_create_the_same_wallet_at_once_one_succeeds() {
    let Some(config) = config() else { return };
    let key = new_key();
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..4 {
        let (config, key) = (config.clone(), key.clone());
        tasks.spawn(async move { create_wallet(&config, &key).await });
    }
    let mut created = 0;
    while let Some(result) = tasks.join_next().await {
        match result.unwrap() {
            Ok(()) => created += 1,
            Err(error) => assert_eq!(error.code(), "WalletAlreadyExists", "{error}"),
        }
    }
    assert_eq!(created, 1);
    delete_wallet(&config, &key).await.unwrap();
}

#[tokio::test]
async fn a_missing_wallet_is_reported() {
    let Some(config) = config() else { return };
    let error = open_wallet(&config, &new_key()).await.unwrap_err();
    assert_eq!(error.code(), "WalletNotFound", "{error}");
    let error = delete_wallet(&config, &new_key()).await.unwrap_err();
    assert_eq!(error.code(), "WalletNotFound", "{error}");
}

#[tokio::test]
async fn a_wrong_key_neither_opens_nor_deletes() {
    let Some(config) = config() else { return };
    let key = new_key();
    create_wallet(&config, &key).await.unwrap();
    for wrong in [new_key(), WalletCredentials::passphrase("not the key")] {
        let error = open_wallet(&config, &wrong).await.unwrap_err();
        assert_eq!(error.code(), "WalletAccessFailed", "{error}");
        let error = delete_wallet(&config, &wrong).await.unwrap_err();
        assert_eq!(error.code(), "WalletAccessFailed", "{error}");
    }
    delete_wallet(&config, &key).await.unwrap();
}

#[tokio::test]
async fn an_open_wallet_is_not_deleted() {
    let Some(config) = config() else { return };
    let key = new_key();
    create_wallet(&config, &key).await.unwrap();
    let wallet = open_wallet(&config, &key).await.unwrap();
    let error = delete_wallet(&config, &key).await.unwrap_err();
    assert_eq!(error.code(), "WalletAlreadyOpened", "{error}");
    assert!(list_my_dids(&wallet).await.unwrap().is_empty());
    close_wallet(wallet).await.unwrap();
    delete_wallet(&config, &key).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn tasks_that_store_the_same_did_at_once_all_succeed() {
    let Some(config) = config() else { return };
    let key = new_key();
    create_wallet(&config, &key).await.unwrap();
    let wallet = std::sync::Arc::new(open_wallet(&config, &key).await.unwrap());
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let wallet = wallet.clone();
        let steward = MyDidConfig::from_seed("000000000000000000000000Steward1");
        tasks.spawn(async move { create_and_store_my_did(&wallet, &steward).await });
    }
    while let Some(result) = tasks.join_next().await {
        assert_eq!(result.unwrap().unwrap().did, "Th7MpTaRZVRYnPiabds81Y");
    }
    let wallet = std::sync::Arc::into_inner(wallet).unwrap();
    assert_eq!(list_my_dids(&wallet).await.unwrap().len(), 1);
    close_wallet(wallet).await.unwrap();
    delete_wallet(&config, &key).await.unwrap();
}

#[tokio::test]
async fn a_database_of_somebody_else_is_neither_used_nor_dropped() {
    let Some(mut config) = config() else { return };
    // The database that every server has.
    config.id = "postgres".to_owned();
    let error = create_wallet(&config, &new_key()).await.unwrap_err();
    assert_eq!(error.code(), "WalletAlreadyExists", "{error}");
    let error = open_wallet(&config, &new_key()).await.unwrap_err();
    assert_eq!(error.code(), "WalletInvalidStorage", "{error}");
    let error = delete_wallet(&config, &new_key()).await.unwrap_err();
    assert_eq!(error.code(), "WalletInvalidStorage", "{error}");
    assert!(error.to_string().contains("holds no wallet"), "{error}");
}

#[tokio::test]
async fn a_creation_that_was_killed_before_its_tables_is_taken_up() {
    let Some(config) = config() else { return };
    execute("postgres", &format!("CREATE DATABASE \"{}\"", config.id)).await;
    let key = new_key();
    create_wallet(&config, &key).await.unwrap();
    close_wallet(open_wallet(&config, &key).await.unwrap())
        .await
        .unwrap();
    delete_wallet(&config, &key).await.unwrap();
}

#[tokio::test]
async fn a_database_with_a_table_of_somebody_else_is_left_alone() {
    let Some(config) = config() else { return };
    execute("postgres", &format!("CREATE DATABASE \"{}\"", config.id)).await;
    execute(&config.id, "CREATE TABLE diary (page text)").await;
    let error = create_wallet(&config, &new_key()).await.unwrap_err();
    assert_eq!(error.code(), "WalletAlreadyExists", "{error}");
    execute("postgres", &format!("DROP DATABASE \"{}\"", config.id)).await;
}

/// Run a statement in a database of the server.
async fn execute(database: &str, statement: &str) {
    let mut url = url::Url::parse(&std::env::var(SERVER).unwrap()).unwrap();
    url.set_path(database);
    let mut connection = PgConnection::connect(url.as_str()).await.unwrap();
    sqlx::query(statement)
        .execute(&mut connection)
        .await
        .unwrap();
    connection.close().await.unwrap();
}

/// Needs no server: it is about one that is not there.
#[tokio::test]
async fn a_server_that_does_not_answer_is_named_without_its_password() {
    // A port that was free a moment ago.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let config = WalletConfig {
        id: "w".to_owned(),
        storage: WalletStorage::Postgres {
            url: format!("postgres://user:hunter2@127.0.0.1:{port}"),
        },
    };
    let key = new_key();
    for error in [
        create_wallet(&config, &key).await.unwrap_err(),
        open_wallet(&config, &key).await.unwrap_err(),
        delete_wallet(&config, &key).await.unwrap_err(),
    ] {
        assert_eq!(error.code(), "WalletStorageUnreachable", "{error}");
        let shown = format!("{error} {error:?}");
        assert!(shown.contains(&format!("127.0.0.1:{port}")), "{shown}");
        assert!(!shown.contains("hunter2"), "{shown}");
    }
}
