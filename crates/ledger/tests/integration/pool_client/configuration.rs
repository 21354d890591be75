//! The configuration of a pool of nodes.

use std::{fs, path::Path};

use indy::pool::{PoolLedgerConfig, create_pool_ledger_config, delete_pool_ledger_config};

use crate::play::{Play, genesis, submit};

#[tokio::test]
async fn a_configuration_has_its_own_copy_of_the_genesis_transactions() {
    let directory = tempfile::tempdir().unwrap();
    let original = directory.path().join("given");
    fs::copy(genesis(), &original).unwrap();
    let config = PoolLedgerConfig::pool(&original).unwrap();
    create_pool_ledger_config(directory.path(), "pool", &config)
        .await
        .unwrap();
    fs::remove_file(original).unwrap();
    let read = PoolLedgerConfig::read(directory.path(), "pool").unwrap();
    assert_eq!(read, config);
    assert!(!read.is_embedded());
    let copy = directory.path().join("pool/genesis.jsonl");
    assert_eq!(PoolLedgerConfig::pool(&copy).unwrap(), config);
}

#[test]
fn genesis_files_that_differ_in_spaces_only_lead_to_the_same_ledger() {
    let directory = tempfile::tempdir().unwrap();
    let text = fs::read_to_string(genesis()).unwrap();
    let path = directory.path().join("genesis");
    fs::write(&path, text.replace(':', ": ").replace('\n', "\r\n\n")).unwrap();
    let same = PoolLedgerConfig::pool(&path).unwrap();
    let config = PoolLedgerConfig::pool(&genesis()).unwrap();
    assert_eq!(config, same);
    assert_ne!(config, PoolLedgerConfig::embedded());
    fs::write(&path, text.lines().next().unwrap()).unwrap();
    assert_ne!(config, PoolLedgerConfig::pool(&path).unwrap());
}

#[test]
fn a_file_that_describes_no_pool_is_refused() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let error = PoolLedgerConfig::pool(&here.join("Cargo.toml")).unwrap_err();
    assert_eq!(error.code(), "PoolLedgerInvalidGenesis");
    assert!(error.to_string().contains("line 1"), "{error}");
    let error = PoolLedgerConfig::pool(&here.join("nowhere")).unwrap_err();
    assert_eq!(error.code(), "CommonIOError");
}

#[tokio::test]
async fn a_damaged_copy_is_found_when_the_pool_is_opened() {
    let play = Play::new("ready; serve").await;
    fs::write(play.directory.path().join("pool/genesis.jsonl"), "{").unwrap();
    let error = play.try_open().await.unwrap_err();
    assert_eq!(error.code(), "PoolLedgerInvalidGenesis");
}

#[tokio::test]
async fn deleting_takes_the_copy_away_and_leaves_the_pool_open() {
    let play = Play::new("ready; serve").await;
    let pool = play.open().await;
    delete_pool_ledger_config(play.directory.path(), "pool")
        .await
        .unwrap();
    assert!(!play.directory.path().join("pool").exists());
    submit(&pool, 1).await.unwrap();
}
