//! Fixtures of the tests: keys, options, and a document.

use std::{fs, path::PathBuf};

use chrono::{DateTime, Utc};
use exchange::{
    key::MemorySigner,
    signature::{KeyMember, ProofType, SignatureError, SignatureOptions},
};
use serde_json::{Value, json};

/// The key of ledger-common's own tests.
pub const SEED: &[u8; 32] = b"12345678901234567890123456789012";

/// Returns a file in this folder.
pub fn path(name: &str) -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "tests", "integration", "signatures", name].iter().collect()
}

/// Returns a JSON file in this folder.
pub fn json_file(name: &str) -> Value {
    let path = path(name);
    let text = fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_slice(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Returns a signer with the fixed key.
pub fn signer() -> MemorySigner {
    MemorySigner::from_seed(SEED, "did:work:6sYe1y3zXhmyrBkgHgAgaq#key-1")
}

/// Returns the time at which proofs are verified.
pub fn now() -> DateTime<Utc> {
    "2019-08-25T09:11:00Z".parse().unwrap()
}

/// Options with a fixed date and nonce.
pub fn options(proof_type: ProofType) -> SignatureOptions {
    SignatureOptions {
        proof_type,
        created: "2019-08-23T14:29:48Z".parse::<DateTime<Utc>>().unwrap(),
        nonce: "8ac448d4-6977-447c-9e58-b24ba2a2b07e".to_owned(),
        key_member: KeyMember::Creator,
    }
}

/// Returns whether a proof is refused for one of its members.
pub fn is_malformed(verified: &Result<(), SignatureError>, member: &str) -> bool {
    let text = format!("the proof's {member} ");
    matches!(verified, Err(SignatureError::Refused(reason)) if reason.starts_with(&text))
}

/// Returns whether the kind of key does not fit the proof type.
pub fn needs_other_key<T>(result: &Result<T, SignatureError>) -> bool {
    let text = " needs another kind of key than ";
    matches!(result, Err(SignatureError::Refused(reason)) if reason.contains(text))
}

/// Returns a document with every kind of value.
pub fn document() -> Value {
    json!({
        "id": "eedeec15-c364-4e4c-b7a7-871413e412f9",
        "list": [1, true, null, {"b": "ö", "a": "\u{20ac}"}],
        "number": 6,
    })
}
