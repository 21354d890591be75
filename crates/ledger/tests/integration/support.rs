//! Set-up that the tests share: identities from seeds, and an open pool in its own directory.

use aries_askar::kms::{KeyAlg, LocalKey};
use ledger::{
    LedgerRequest,
    pool::{self, Pool, PoolLedgerConfig},
};
use serde_json::{Value, json};
use tempfile::TempDir;

/// A key, and the DID that belongs to it.
pub struct Identity {
    key: LocalKey,
    pub did: String,
    pub verkey: String,
}

impl Identity {
    /// Derives an identity from a seed, which is padded with zeros on the left: `Steward1` is the
    /// first steward.
    pub fn new(seed: &str) -> Self {
        let seed = format!("{seed:0>32}");
        Self::of(LocalKey::from_secret_bytes(KeyAlg::Ed25519, seed.as_bytes()).expect("a key"))
    }

    /// Generates a new identity.
    pub fn random() -> Self {
        Self::of(LocalKey::generate_with_rng(KeyAlg::Ed25519, false).expect("a key"))
    }

    fn of(key: LocalKey) -> Self {
        let verkey = key.to_public_bytes().expect("a public key");
        Self {
            did: bs58::encode(&verkey[..16]).into_string(),
            verkey: bs58::encode(&verkey).into_string(),
            key,
        }
    }

    pub fn sign(&self, mut request: LedgerRequest) -> LedgerRequest {
        let signature =
            self.key.sign_message(request.signature_input().as_bytes(), None).expect("a signature");
        request.signature = Some(bs58::encode(signature).into_string());
        request
    }

    /// Returns a signed request with any operation, even one that the library does not build.
    pub fn request(&self, req_id: u64, operation: Value) -> String {
        self.request_as(&self.did, req_id, operation)
    }

    /// Returns the same with `did` as the author, which need not be this identity's.
    pub fn request_as(&self, did: &str, req_id: u64, operation: Value) -> String {
        let request = json!({
            "identifier": did, "operation": operation, "protocolVersion": 2, "reqId": req_id,
        });
        let request: LedgerRequest = serde_json::from_value(request).expect("a request");
        self.sign(request).to_json()
    }

    /// Returns the operation that adds this identity.
    pub fn nym(&self) -> Value {
        json!({"type": "1", "dest": self.did, "verkey": self.verkey})
    }
}

pub fn trustee() -> Identity {
    Identity::new("Trustee1")
}

pub fn steward() -> Identity {
    Identity::new("Steward1")
}

/// Returns a request number that is not in use, nor are those after it: below 2^62, so that many
/// more fit.
pub fn random_request_id() -> u64 {
    uuid::Uuid::new_v4().as_u64_pair().0 >> 2
}

/// Returns a new pool, and the directory that it is in.
pub async fn new_pool() -> (Pool, TempDir) {
    let directory = tempfile::tempdir().expect("a directory");
    pool::create_pool_ledger_config(directory.path(), "pool", &PoolLedgerConfig::embedded())
        .await
        .expect("created");
    (open(&directory).await, directory)
}

pub async fn open(directory: &TempDir) -> Pool {
    pool::open_pool_ledger(directory.path(), "pool").await.expect("opened")
}

pub async fn submit(pool: &Pool, request: &str) -> Value {
    let reply = pool.submit(request).await.expect("a reply");
    serde_json::from_str(&reply).expect("a reply is JSON")
}

/// Returns the sequence number of what was written.
#[track_caller]
pub fn written(reply: &Value) -> u64 {
    assert_eq!(reply["op"], "REPLY", "{reply}");
    reply["result"]["txnMetadata"]["seqNo"].as_u64().expect("a number")
}

/// Returns the reason of a refusal of this kind.
#[track_caller]
pub fn refused(reply: &Value, op: &str) -> String {
    assert_eq!(reply["op"], op, "{reply}");
    reply["reason"].as_str().expect("a reason").to_owned()
}
