//! A pool whose client program is a script.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use ledger::pool::{
    Pool, PoolError, PoolLedgerConfig, PoolOptions, create_pool_ledger_config,
    open_pool_ledger_with,
};
use serde_json::{Value, json};
use tempfile::TempDir;

/// Returns the directory of the script and the genesis file.
fn here() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/integration/pool_client")
}

pub fn genesis() -> PathBuf {
    here().join("genesis.jsonl")
}

/// A directory with a pool's configuration and the script of its client.
pub struct ScriptedPool {
    pub directory: TempDir,
    pub options: PoolOptions,
}

impl ScriptedPool {
    /// Makes a pool whose client behaves as this script says, which may call the functions of
    /// `fake.sh`.
    pub async fn new(behaviour: &str) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let config = PoolLedgerConfig::pool(&genesis()).unwrap();
        create_pool_ledger_config(directory.path(), "pool", &config).await.unwrap();
        fs::write(directory.path().join("behaviour.sh"), behaviour).unwrap();
        let options =
            PoolOptions { client: Some(here().join("fake.sh")), ..PoolOptions::default() };
        Self { directory, options }
    }

    /// Sets a timeout shorter than the default.
    pub fn with_timeout(mut self, timeout: Duration) -> Self {
        self.options.timeout = timeout;
        self
    }

    pub async fn try_open(&self) -> Result<Pool, PoolError> {
        open_pool_ledger_with(self.directory.path(), "pool", &self.options).await
    }

    pub async fn open(&self) -> Pool {
        self.try_open().await.expect("opened")
    }

    /// Returns a file that the script has written; empty if it does not exist.
    pub fn written(&self, name: &str) -> String {
        fs::read_to_string(self.directory.path().join(name)).unwrap_or_default()
    }

    /// Returns how often the client was started.
    pub fn runs(&self) -> usize {
        self.written("runs").lines().count()
    }
}

/// Returns a request that is sent to the client.
pub fn request(req_id: u64) -> String {
    let operation = json!({"type": "105", "dest": "Th7MpTaRZVRYnPiabds81Y"});
    json!({"identifier": "LibindyDid111111111111", "operation": operation, "protocolVersion": 2,
        "reqId": req_id})
    .to_string()
}

/// Submits a request, and returns the reply.
pub async fn submit(pool: &Pool, req_id: u64) -> Result<Value, PoolError> {
    let reply = pool.submit(&request(req_id)).await?;
    Ok(serde_json::from_str(&reply).unwrap())
}

/// Returns whether a process with this id is running.
pub fn is_running(pid: &str) -> bool {
    Command::new("kill").args(["-0", pid.trim()]).output().unwrap().status.success()
}
