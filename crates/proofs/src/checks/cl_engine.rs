//! Our own engine, `cl`, as a verifier calls it.

use std::collections::{BTreeMap, VecDeque};
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use cl::{PreparedKey, Presentation, ProofRequest, PublicKey, Rejection};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::engine::{Engine, EngineError};
use crate::case::Case;

/// How many tables the keys that are kept, and those of one case, may have together. A table takes
/// about 0.2 MB; thirty keys of five attributes have so many.
const MAX_TABLES: usize = 600;

/// The digest of a credential definition's key.
type KeyDigest = [u8; 32];

/// Our own engine, with the keys that it has prepared.
///
/// Preparing an issuer's key takes longer than verifying with it, so use one engine for all
/// presentations. It keeps the latest keys, up to a limit.
#[derive(Default)]
pub struct ClEngine {
    keys: Mutex<VecDeque<KeptKey>>,
}

/// A prepared key, by the digest of its credential definition.
struct KeptKey {
    digest: KeyDigest,
    tables: usize,
    key: Arc<PreparedKey>,
}

impl ClEngine {
    /// Returns an engine without prepared keys.
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns the key of each sub-proof.
    fn keys_of(
        &self,
        case: &Case,
        presentation: &Presentation,
    ) -> Result<Vec<Arc<PreparedKey>>, String> {
        let mut definitions = Vec::new();
        let mut needed = BTreeMap::new();
        for id in presentation.credential_definitions() {
            let definition = case.cred_defs.get(id);
            let definition =
                definition.ok_or_else(|| format!("credential definition {id:?} is not given"))?;
            let digest = digest(definition);
            needed.insert(digest, tables(definition));
            definitions.push((digest, definition));
        }
        let total: usize = needed.values().sum();
        if total > MAX_TABLES {
            return Err(format!(
                "the issuers' keys need {total} tables, and no more than {MAX_TABLES} are made for one presentation"
            ));
        }
        self.make_room(&needed, total);
        let keys = definitions.into_iter();
        keys.map(|(digest, definition)| self.key(digest, definition)).collect()
    }

    fn recompute(&self, case: &Case) -> Result<bool, String> {
        let request = ProofRequest::from_json(&case.presentation_request)
            .map_err(|error| format!("the request: {error}"))?;
        let presentation = Presentation::from_json(&case.presentation)
            .map_err(|error| format!("the presentation: {error}"))?;
        let keys = self.keys_of(case, &presentation)?;
        let keys: Vec<&PreparedKey> = keys.iter().map(Arc::as_ref).collect();
        match cl::verify(&request, &presentation, &keys) {
            Ok(()) => Ok(true),
            Err(Rejection::Challenge { .. }) => Ok(false),
            Err(rejection) => Err(rejection.to_string()),
        }
    }

    /// Removes the oldest keys that are not needed, until there is room for those that are.
    fn make_room(&self, needed: &BTreeMap<KeyDigest, usize>, total: usize) {
        let mut keys = self.lock();
        let others = |kept: &&KeptKey| !needed.contains_key(&kept.digest);
        let mut tables: usize = keys.iter().filter(others).map(|kept| kept.tables).sum();
        keys.retain(|kept| {
            let stays = !others(&kept) || tables + total <= MAX_TABLES;
            if !stays {
                tables -= kept.tables;
            }
            stays
        });
    }

    fn key(&self, digest: KeyDigest, definition: &Value) -> Result<Arc<PreparedKey>, String> {
        if let Some(kept) = self.lock().iter().find(|kept| kept.digest == digest) {
            return Ok(Arc::clone(&kept.key));
        }
        // Not under the lock, so that other threads can verify meanwhile. Two that need the same
        // new key both prepare it.
        let key = PublicKey::from_credential_definition(definition)
            .and_then(|key| PreparedKey::new(&key));
        let key = Arc::new(key.map_err(|error| format!("the credential definition: {error}"))?);
        self.lock().push_back(KeptKey {
            digest,
            tables: tables(definition),
            key: Arc::clone(&key),
        });
        Ok(key)
    }

    /// A panic under the lock leaves whole entries, so a poisoned lock can be used.
    fn lock(&self) -> MutexGuard<'_, VecDeque<KeptKey>> {
        self.keys.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Engine for ClEngine {
    fn verify(&self, case: &Case) -> Result<bool, EngineError> {
        let mut sub_proofs = case.presentation["proof"]["proofs"].as_array().into_iter().flatten();
        if sub_proofs.any(|proof| !proof["non_revoc_proof"].is_null()) {
            let reason = "this engine does not compute non-revocation proofs";
            return Err(EngineError::Unable(reason.to_owned()));
        }
        self.recompute(case).map_err(EngineError::Refused)
    }
}

/// Counts the tables of an attribute's size that a key needs: one for each attribute, and as many
/// as 15 for `S` and the other bases that are raised to long numbers.
fn tables(definition: &Value) -> usize {
    let attributes = definition.pointer("/value/primary/r").and_then(Value::as_object);
    attributes.map_or(0, serde_json::Map::len) + 15
}

/// Returns the digest of a credential definition's key. Keys are not kept by identifier: a case may
/// hold another key under the same one.
fn digest(definition: &Value) -> KeyDigest {
    struct Hasher(Sha256);
    impl io::Write for Hasher {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.update(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let mut hasher = Hasher(Sha256::new());
    // Writing JSON into a hasher cannot fail.
    let _ = serde_json::to_writer(&mut hasher, &definition["value"]["primary"]);
    hasher.0.finalize().into()
}
