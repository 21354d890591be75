//! DIDs of other programs, and their private keys.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::Value;
use wallet::{Wallet, did::SigningKey, foreign::ForeignRecord};
use zeroize::Zeroizing;

use super::{ForeignReport, parse, store_did, text};
use crate::error::AnoncredsError;

/// What stands before an Ed25519 public key in multibase's notation.
const ED25519_PREFIX: [u8; 2] = [0xed, 0x01];

/// The length of an Ed25519 public key, in bytes.
const PUBLIC_KEY_LENGTH: usize = 32;

/// DIDs and keys, until all have been read.
#[derive(Default)]
pub(super) struct Dids {
    /// By verkey.
    keys: BTreeMap<String, SigningKey>,
    dids: Vec<Did>,
}

/// A DID, and the verkeys that may be its own.
struct Did {
    did: String,
    verkeys: Vec<String>,
}

impl Dids {
    pub(super) fn add_key(&mut self, key: SigningKey) {
        self.keys.insert(key.verkey().to_owned(), key);
    }

    /// Reads a private key of indy-sdk.
    pub(super) fn add_indy_key(&mut self, record: &ForeignRecord) -> Result<(), String> {
        #[derive(Deserialize)]
        struct Key<'r> {
            signkey: &'r str,
        }
        let wrong = || "it is not a private key in base58".to_owned();
        let key: Key<'_> = serde_json::from_str(text(record)?).map_err(|_| wrong())?;
        let bytes = bs58::decode(key.signkey).into_vec().map(Zeroizing::new);
        let bytes = bytes.map_err(|_| wrong())?;
        self.add_key(SigningKey::from_bytes(&bytes).map_err(|_| wrong())?);
        Ok(())
    }

    /// Reads a DID of ACA-Py or indy-sdk.
    pub(super) fn add_plain(&mut self, record: &ForeignRecord) -> Result<(), String> {
        #[derive(Deserialize)]
        struct Plain {
            did: String,
            verkey: String,
        }
        let plain: Plain = serde_json::from_str(text(record)?)
            .map_err(|_| "it has no texts `did` and `verkey`".to_owned())?;
        self.dids.push(Did { did: plain.did, verkeys: vec![plain.verkey] });
        Ok(())
    }

    /// Reads a DID of Credo.
    pub(super) fn add_credo(&mut self, record: &ForeignRecord) -> Result<(), String> {
        let value = parse(text(record)?)?;
        let text = |name: &str| value.get(name).and_then(Value::as_str);
        // before version 0.3 the record's id was the DID
        let did = text("did").or_else(|| text("id").filter(|id| id.starts_with("did:")));
        let did = did.ok_or("member `did` is missing")?;
        let mut verkeys: Vec<String> =
            did.strip_prefix("did:key:").and_then(of_multibase).into_iter().collect();
        if let Some(document) = value.get("didDocument") {
            for list in ["verificationMethod", "authentication", "publicKey"] {
                let methods = document.get(list).and_then(Value::as_array);
                verkeys.extend(methods.into_iter().flatten().filter_map(of_method));
            }
        }
        self.dids.push(Did { did: did.to_owned(), verkeys });
        Ok(())
    }

    /// Stores the DIDs whose private keys are there, and counts the others.
    pub(super) async fn store(
        self,
        wallet: &Wallet,
        report: &mut ForeignReport,
    ) -> Result<(), AnoncredsError> {
        let mut used = BTreeSet::new();
        for Did { did, verkeys } in &self.dids {
            match verkeys.iter().find_map(|verkey| self.keys.get(verkey)) {
                Some(key) => {
                    store_did(wallet, did, key, report).await?;
                    used.insert(key.verkey());
                }
                None => report.leave("DIDs without a private key"),
            }
        }
        let unused = self.keys.keys().filter(|verkey| !used.contains(verkey.as_str())).count();
        report.leave_many("keys without a DID", unused as u64);
        Ok(())
    }
}

/// Returns the verkey of a verification method, if it is of Ed25519.
fn of_method(method: &Value) -> Option<String> {
    let text = |name: &str| method.get(name).and_then(Value::as_str);
    if let Some(verkey) = text("publicKeyBase58") {
        return Some(verkey.to_owned());
    }
    of_multibase(text("publicKeyMultibase")?)
}

/// Returns the verkey of an Ed25519 public key in multibase's notation.
fn of_multibase(key: &str) -> Option<String> {
    // what follows `#` in a did:key is the same again
    let key = key.split('#').next()?.strip_prefix('z')?;
    let bytes = bs58::decode(key).into_vec().ok()?;
    let public = bytes.strip_prefix(&ED25519_PREFIX)?;
    (public.len() == PUBLIC_KEY_LENGTH).then(|| bs58::encode(public).into_string())
}
