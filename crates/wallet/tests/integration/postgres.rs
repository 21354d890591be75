//! Wallets in PostgreSQL databases.
//!
//! These tests need a server whose user may create databases. They are skipped, and say so, unless
//! `NEGOTIATE_PROOF_POSTGRES_URL` holds its URL, such as `postgres://user:password@localhost:5432`.

use std::sync::Arc;

use sqlx::{Connection, PgConnection};
use test_support::wallets::{TestWallet, postgres_url, raw_key};
use tokio::task::JoinSet;
use wallet::{
    WalletConfig, WalletCredentials, WalletStorage, close_wallet, create_wallet, delete_wallet,
    did::{MyDidConfig, create_and_store_my_did, list_my_dids},
    open_wallet,
};

/// The configuration and the key of a new wallet on the server, if there is one.
fn new_wallet() -> Option<(WalletConfig, WalletCredentials)> {
    TestWallet::postgres().map(|test| (test.config, test.credentials))
}

#[tokio::test]
async fn a_wallet_is_created_opened_closed_and_deleted() {
    let Some((config, key)) = new_wallet() else {
        return;
    };
    create_wallet(&config, &key).await.unwrap();
    let wallet = open_wallet(&config, &key).await.unwrap();
    let mine = create_and_store_my_did(&wallet, &MyDidConfig::random()).await.unwrap();
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
    let Some((mut config, key)) = new_wallet() else {
        return;
    };
    let WalletStorage::Postgres { url } = &mut config.storage else { unreachable!() };
    let mut prefixed = url::Url::parse(url).unwrap();
    prefixed.set_path("/tutorial");
    *url = prefixed.to_string();
    config.id.truncate(20);
    create_wallet(&config, &key).await.unwrap();
    let error = create_wallet(&config, &key).await.unwrap_err();
    let database = format!("database tutorial_{} at", config.id);
    assert!(error.to_string().contains(&database), "{error}");
    delete_wallet(&config, &key).await.unwrap();
}

#[tokio::test]
async fn an_existing_wallet_is_not_created_again_whatever_the_key() {
    let Some((config, key)) = new_wallet() else {
        return;
    };
    create_wallet(&config, &key).await.unwrap();
    for credentials in [&key, &raw_key(), &WalletCredentials::passphrase("key")] {
        let error = create_wallet(&config, credentials).await.unwrap_err();
        assert_eq!(error.code(), "WalletAlreadyExists", "{error}");
    }
    delete_wallet(&config, &key).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_concurrent_creations_one_succeeds() {
    let Some((config, key)) = new_wallet() else {
        return;
    };
    let mut tasks = JoinSet::new();
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
    let Some((config, _)) = new_wallet() else {
        return;
    };
    let error = open_wallet(&config, &raw_key()).await.unwrap_err();
    assert_eq!(error.code(), "WalletNotFound", "{error}");
    let error = delete_wallet(&config, &raw_key()).await.unwrap_err();
    assert_eq!(error.code(), "WalletNotFound", "{error}");
}

#[tokio::test]
async fn a_wrong_key_neither_opens_nor_deletes() {
    let Some((config, key)) = new_wallet() else {
        return;
    };
    create_wallet(&config, &key).await.unwrap();
    for wrong in [raw_key(), WalletCredentials::passphrase("not the key")] {
        let error = open_wallet(&config, &wrong).await.unwrap_err();
        assert_eq!(error.code(), "WalletAccessFailed", "{error}");
        let error = delete_wallet(&config, &wrong).await.unwrap_err();
        assert_eq!(error.code(), "WalletAccessFailed", "{error}");
    }
    delete_wallet(&config, &key).await.unwrap();
}

#[tokio::test]
async fn an_open_wallet_is_not_deleted() {
    let Some((config, key)) = new_wallet() else {
        return;
    };
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
    let Some((config, key)) = new_wallet() else {
        return;
    };
    create_wallet(&config, &key).await.unwrap();
    let wallet = Arc::new(open_wallet(&config, &key).await.unwrap());
    let mut tasks = JoinSet::new();
    for _ in 0..8 {
        let wallet = wallet.clone();
        let steward = MyDidConfig::from_seed("000000000000000000000000Steward1");
        tasks.spawn(async move { create_and_store_my_did(&wallet, &steward).await });
    }
    while let Some(result) = tasks.join_next().await {
        assert_eq!(result.unwrap().unwrap().did, "Th7MpTaRZVRYnPiabds81Y");
    }
    let wallet = Arc::into_inner(wallet).unwrap();
    assert_eq!(list_my_dids(&wallet).await.unwrap().len(), 1);
    close_wallet(wallet).await.unwrap();
    delete_wallet(&config, &key).await.unwrap();
}

#[tokio::test]
async fn another_programs_database_is_neither_used_nor_dropped() {
    let Some((mut config, _)) = new_wallet() else {
        return;
    };
    // The database that every server has.
    config.id = "postgres".to_owned();
    let error = create_wallet(&config, &raw_key()).await.unwrap_err();
    assert_eq!(error.code(), "WalletAlreadyExists", "{error}");
    let error = open_wallet(&config, &raw_key()).await.unwrap_err();
    assert_eq!(error.code(), "WalletInvalidStorage", "{error}");
    let error = delete_wallet(&config, &raw_key()).await.unwrap_err();
    assert_eq!(error.code(), "WalletInvalidStorage", "{error}");
    assert!(error.to_string().contains("holds no wallet"), "{error}");
}

#[tokio::test]
async fn a_creation_that_was_killed_before_its_tables_is_completed() {
    let Some((config, key)) = new_wallet() else {
        return;
    };
    execute("postgres", &format!("CREATE DATABASE \"{}\"", config.id)).await;
    create_wallet(&config, &key).await.unwrap();
    close_wallet(open_wallet(&config, &key).await.unwrap()).await.unwrap();
    delete_wallet(&config, &key).await.unwrap();
}

#[tokio::test]
async fn a_database_with_a_foreign_table_is_not_changed() {
    let Some((config, _)) = new_wallet() else {
        return;
    };
    execute("postgres", &format!("CREATE DATABASE \"{}\"", config.id)).await;
    execute(&config.id, "CREATE TABLE diary (page text)").await;
    let error = create_wallet(&config, &raw_key()).await.unwrap_err();
    assert_eq!(error.code(), "WalletAlreadyExists", "{error}");
    execute("postgres", &format!("DROP DATABASE \"{}\"", config.id)).await;
}

/// Runs a statement in a database of the server.
async fn execute(database: &str, statement: &str) {
    let mut url = url::Url::parse(&postgres_url().unwrap()).unwrap();
    url.set_path(database);
    let mut connection = PgConnection::connect(url.as_str()).await.unwrap();
    sqlx::query(statement).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

/// Needs no server: the one of this test does not exist.
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
    let key = raw_key();
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
