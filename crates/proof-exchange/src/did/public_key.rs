//! The ways in which a DID document writes a public key.

use serde_json::Value;

use super::{PublicKey, did_key};

/// Reads a key from a member's value, knowing the entry's `type`. `None` where the kind of key is not ours.
type Read = fn(&Value, &str) -> Result<Option<PublicKey>, String>;

/// The members in which a key can be written.
pub(super) const MEMBERS: [(&str, Read); 2] = [
    ("publicKeyBase58", base58),
    ("publicKeyMultibase", multibase),
];

/// The base58 of 32 bytes is not longer than this.
const MAX_BASE58: usize = 44;

/// The bare key: only the entry's type tells which algorithm it is for.
fn base58(value: &Value, kind: &str) -> Result<Option<PublicKey>, String> {
    if !kind.contains("Ed25519") {
        return Ok(None);
    }
    let key = value.as_str().and_then(ed25519_from_base58);
    let key = key.ok_or("it is not the base58 of the 32 bytes of an Ed25519 key")?;
    Ok(Some(PublicKey::Ed25519(key)))
}

/// The 32 bytes that a text spells in base58.
pub(super) fn ed25519_from_base58(text: &str) -> Option<[u8; 32]> {
    if text.len() > MAX_BASE58 {
        return None;
    }
    bs58::decode(text).into_vec().ok()?.try_into().ok()
}

/// A key that says itself which algorithm it is for.
fn multibase(value: &Value, kind: &str) -> Result<Option<PublicKey>, String> {
    let key = value.as_str().and_then(did_key::from_multibase);
    match key {
        Some(key) => Ok(Some(PublicKey::Ed25519(key))),
        None if kind.contains("Ed25519") => {
            Err("it is not the multibase of an Ed25519 key, which begins with z6Mk".to_owned())
        }
        None => Ok(None),
    }
}
