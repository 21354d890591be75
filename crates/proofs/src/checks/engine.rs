//! Our own engine, `cl`, as a verifier calls it.

use std::collections::{BTreeMap, VecDeque};
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use cl::{PreparedKey, Presentation, ProofRequest, PublicKey, Rejection};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::mathematics::Mathematics;
use crate::case::Case;

/// Keys are kept, and prepared for one case, up to this many tables, of about 0.2 MB each: thirty keys of five
/// attributes.
const MAX_BASES: usize = 600;

/// The digest of a credential definition's key.
type Content = [u8; 32];

/// Our own engine, with the keys that it has prepared.
///
/// Preparing an issuer's key takes longer than verifying with it, so keep the engine as long as you verify. It
/// keeps a bounded number of keys, the latest.
#[derive(Default)]
pub struct ClEngine {
    keys: Mutex<VecDeque<Kept>>,
}

/// A prepared key, by the content of its credential definition.
struct Kept {
    content: Content,
    bases: usize,
    key: Arc<PreparedKey>,
}

impl ClEngine {
    /// An engine without keys.
    pub fn new() -> Self {
        Self::default()
    }

    /// The key of each sub-proof.
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
            let content = content(definition);
            needed.insert(content, bases(definition));
            definitions.push((content, definition));
        }
        let total: usize = needed.values().sum();
        if total > MAX_BASES {
            return Err(format!(
                "the issuers' keys need {total} tables, and no more than {MAX_BASES} are made for one presentation"
            ));
        }
        self.make_room(&needed, total);
        let keys = definitions.into_iter();
        keys.map(|(content, definition)| self.key(content, definition))
            .collect()
    }

    /// Forgets the oldest keys that are not needed, until there is room for those that are.
    fn make_room(&self, needed: &BTreeMap<Content, usize>, total: usize) {
        let mut keys = self.lock();
        let others = |kept: &&Kept| !needed.contains_key(&kept.content);
        let mut bases: usize = keys.iter().filter(others).map(|kept| kept.bases).sum();
        keys.retain(|kept| {
            let stays = !others(&kept) || bases + total <= MAX_BASES;
            if !stays {
                bases -= kept.bases;
            }
            stays
        });
    }

    fn key(&self, content: Content, definition: &Value) -> Result<Arc<PreparedKey>, String> {
        if let Some(kept) = self.lock().iter().find(|kept| kept.content == content) {
            return Ok(Arc::clone(&kept.key));
        }
        // Not under the lock: others verify meanwhile. Two who miss the same key both prepare it.
        let key = PublicKey::from_credential_definition(definition)
            .and_then(|key| PreparedKey::new(&key));
        let key = Arc::new(key.map_err(|error| format!("the credential definition: {error}"))?);
        self.lock().push_back(Kept {
            content,
            bases: bases(definition),
            key: Arc::clone(&key),
        });
        Ok(key)
    }

    /// Whoever panicked while holding the lock has left whole entries.
    fn lock(&self) -> MutexGuard<'_, VecDeque<Kept>> {
        self.keys.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Mathematics for ClEngine {
    fn verify(&self, case: &Case) -> Result<bool, String> {
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

    fn computes_non_revocation(&self) -> bool {
        false
    }
}

/// How many tables of an attribute's size the key needs: one for each base of an attribute, and as many as 15
/// for `S` and the others that are raised to long numbers.
fn bases(definition: &Value) -> usize {
    let attributes = definition
        .pointer("/value/primary/r")
        .and_then(Value::as_object);
    attributes.map_or(0, serde_json::Map::len) + 15
}

/// The digest of a credential definition's key. An identifier would not do: whoever gives the case may have
/// given another key under it.
fn content(definition: &Value) -> Content {
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
