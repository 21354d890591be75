//! The configuration of a pool of nodes.

use std::{fs, path::Path};

use ledger::pool::{PoolLedgerConfig, create_pool_ledger_config, delete_pool_ledger_config};

use super::scripted::{ScriptedPool, genesis, submit};

#[tokio::test]
async fn a_configuration_copies_the_genesis_transactions() {
    let directory = tempfile::tempdir().unwrap();
    let original = directory.path().join("given");
    fs::copy(genesis(), &original).unwrap();
    let config = PoolLedgerConfig::pool(&original).unwrap();
    create_pool_ledger_config(directory.path(), "pool", &config).await.unwrap();
    fs::remove_file(original).unwrap();
    let read = PoolLedgerConfig::read(directory.path(), "pool").unwrap();
    assert_eq!(read, config);
    assert!(!read.is_embedded());
    let copy = directory.path().join("pool/genesis.jsonl");
    assert_eq!(PoolLedgerConfig::pool(&copy).unwrap(), config);
}

#[test]
fn white_space_in_a_genesis_file_does_not_matter() {
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
fn a_file_that_does_not_describe_a_pool_is_refused() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let error = PoolLedgerConfig::pool(&here.join("Cargo.toml")).unwrap_err();
    assert_eq!(error.code(), "PoolLedgerInvalidGenesis");
    assert!(error.to_string().contains("line 1"), "{error}");
    let error = PoolLedgerConfig::pool(&here.join("nowhere")).unwrap_err();
    assert_eq!(error.code(), "CommonIOError");
}

#[tokio::test]
async fn a_damaged_copy_is_refused_when_the_pool_is_opened() {
    let scripted = ScriptedPool::new("ready; serve").await;
    fs::write(scripted.directory.path().join("pool/genesis.jsonl"), "{").unwrap();
    let error = scripted.try_open().await.unwrap_err();
    assert_eq!(error.code(), "PoolLedgerInvalidGenesis");
}

#[tokio::test]
async fn deleting_a_configuration_leaves_the_pool_open() {
    let scripted = ScriptedPool::new("ready; serve").await;
    let pool = scripted.open().await;
    delete_pool_ledger_config(scripted.directory.path(), "pool").await.unwrap();
    assert!(!scripted.directory.path().join("pool").exists());
    submit(&pool, 1).await.unwrap();
}
